"""Patrols and inspections (巡查): check lists, who looks where and when, and the cases that come of what is found."""
