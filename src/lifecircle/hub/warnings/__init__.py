"""Warnings (预警): what many people have to know at once, written for a place, sent as CAP 1.2, never changed afterwards."""
