"""What alarms do to cases: each device's in the order in which it said them, by whichever way and however late they come."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from lifecircle.hub.cases import actions as cases
from lifecircle.hub.devices import raising, storing
from lifecircle.hub.devices.decoders import Message

Said = tuple[storing.Speaker, Message]
ALARMS = {
    "help_call": "help_call", "smoke": "smoke", "gas": "gas", "co": "co", "trapped": "lift_trapped", "lift_fault": "lift_fault",
    "leak": "water_leak", "pump": "pump", "lamp": "lamp", "door": "door_open", "power": "power_cut",
}  # fmt: skip
"""The kind of case that an alarm is."""


def act_on(new: Sequence[Said], now: dt.datetime) -> None:
    """Raise and end the cases that new messages are about, in their transaction; the devices are held already."""
    silences = {
        raising.origin_of(one.ref, "device_silent")
        for one, _ in new
        if one.silent_after_s is not None
    }
    alarms = [each for each in new if acts(*each)]
    # all cases before anything is raised, in one order: whoever splits or moves one holds it first too
    held = cases.hold({*silences, *(origin for each in alarms for origin in _origins(*each))})
    for origin in sorted(silences.intersection(held)):
        cases.settled_by_device(origin, at=now)  # it speaks again
    told = storing.last_alarms({one.pk for one, _ in alarms})
    for wave in _waves(alarms):
        raising.raise_all(
            [raising.Alarm(one.pk, ALARMS[said.alarm], said.test) for one, said in wave if said.on], now
        )  # fmt: skip
        for one, said in wave:
            if _is_over(told, one, said):
                for origin in _origins(one, said):
                    cases.settled_by_device(origin, at=now)
    storing.keep_alarms(told)


def acts(one: storing.Speaker, said: Message) -> bool:
    """Whether a message is an alarm that raises or ends cases."""
    return said.alarm in ALARMS and one.state != "maintenance"


def _origins(one: storing.Speaker, said: Message) -> list[str]:
    kind = ALARMS[said.alarm]
    return [raising.origin_of(one.ref, kind, drill=drill) for drill in (False, True)]


def _is_over(
    told: dict[storing.Alarmed, storing.LastAlarm], one: storing.Speaker, said: Message
) -> bool:
    """Whether an alarm is over after this message; one that a later message has overtaken decides nothing."""
    key = one.pk, said.alarm
    before = told.get(key)
    if before is None or before.boot != said.boot or before.seq < said.seq:
        told[key] = storing.LastAlarm(said.boot, said.seq, over=not said.on)
    return told[key].over


def _waves(alarms: Sequence[Said]) -> list[list[Said]]:
    """Alarms each device's in the order in which it said them, one of each device at a time."""
    waves: list[list[Said]] = []
    told: Counter[int] = Counter()
    came: dict[tuple[int, str], int] = {}
    for k, (one, said) in enumerate(alarms):
        came.setdefault((one.pk, said.boot), k)  # boots in the order in which they came
    for one, said in sorted(alarms, key=lambda each: (came[each[0].pk, each[1].boot], each[1].seq)):
        if told[one.pk] == len(waves):
            waves.append([])
        waves[told[one.pk]].append((one, said))
        told[one.pk] += 1
    return waves
