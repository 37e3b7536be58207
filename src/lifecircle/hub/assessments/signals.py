"""What other apps are told of assessments, in the transaction in which one ends."""

from __future__ import annotations

from django.dispatch import Signal

finished = Signal()
"""A run ended: `run`, whose `state` says how."""
