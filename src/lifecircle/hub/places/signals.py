"""What other apps are told of the tree, in the transaction of the change: they import places, not the reverse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.dispatch import Signal

ended = Signal()
"""A place ended: `place`, and `heirs`, the places that go on in its stead. What hung from it has to move."""


def follow(app: str, inherit: Callable[[Any, Sequence[Any]], object]) -> None:
    """Let an app's rows of a place that ended go to the places that go on; called once, when the app is ready."""
    ended.connect(lambda place, heirs, **_: inherit(place, heirs), weak=False, dispatch_uid=app)
