"""Telling people: notices on every channel at once, and whether they arrived."""
