"""What other apps are told of the tree, in the transaction of the change: they import places, not the reverse."""

from __future__ import annotations

from django.dispatch import Signal

ended = Signal()
"""A place ended: `place`, and `heirs`, the places that go on in its stead. What hung from it has to move."""
