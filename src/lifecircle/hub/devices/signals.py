"""What other apps are told of devices, in the transaction in which it is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from django.dispatch import Signal


class Measured(NamedTuple):
    """What a device told in a message: when by its own clock, or when it came where that is far off."""

    device: int
    ref: str
    kind: str
    lineage: str
    at: dt.datetime
    values: Mapping[str, float]


forgotten = Signal()
"""What devices measured was deleted, for consent was withdrawn: what was made of it (`devices`, their keys) has to go."""
measured = Signal()
"""Messages of devices were stored: `said` (Measured, in the order in which they came) and `now`."""
