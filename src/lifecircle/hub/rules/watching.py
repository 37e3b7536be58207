"""Rules at work: each message of a device is judged as it is stored, and time by itself once a second."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from lifecircle.hub.cases import actions as cases
from lifecircle.hub.devices import actions as devices
from lifecircle.hub.devices import queries as device_queries
from lifecircle.hub.devices.signals import Measured
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.rules import reading
from lifecircle.hub.rules.judging import Change, State, judge, moment_of, shortest_silence
from lifecircle.hub.rules.judging import Rule as Definition
from lifecircle.hub.rules.models import Judgement, Rule

_log = logging.getLogger(__name__)
_FRESH_S = 1.0
_BATCH = 200
_LATER = dt.timedelta(seconds=30)


Told = tuple[dt.datetime, Mapping[str, float] | None]
"""A moment, and what was told then (None: nothing, time went by)."""


@dataclass(frozen=True, slots=True)
class Held:
    """A rule that holds."""

    version: int
    code: str
    name: str
    lineage: str
    device_kind: str
    definition: Definition

    silence: dt.timedelta | None
    """The shortest silence that it speaks of."""

    def covers(self, lineage: str, kind: str) -> bool:
        """Whether a device of a kind at a place is one of its."""
        return lineage.startswith(self.lineage) and self.device_kind in ("", kind)


class _Known:
    """The rules that hold, looked up once a second at most: every message asks."""

    def __init__(self) -> None:
        self._rules: dict[int, Held] = {}
        self._at = -_FRESH_S

    def rules(self) -> dict[int, Held]:
        if time.monotonic() - self._at >= _FRESH_S:
            rows = Rule.objects.filter(holds__isnull=False).select_related("place", "holds")
            found = [_held(one) for one in rows]
            self._rules = {one.version: one for one in found if one is not None}
            self._at = time.monotonic()
        return self._rules

    def forget(self) -> None:
        self._at = -_FRESH_S


known = _Known()
Work = tuple[Judgement, Held, str, list[Told]]
"""How a rule stands with a device, the device's number, and what came since."""


def heard(said: Sequence[Measured], now: dt.datetime) -> None:
    """Judge what devices told. A rule that fails is logged: it costs no device its message, and no other rule its judgement."""
    wanted = [
        (one, rule)
        for one in said
        for rule in known.rules().values()
        if rule.covers(one.lineage, one.kind)
    ]
    if not wanted or _tried(partial(_judge_all, wanted, now)):
        return
    for version in {rule.version for _, rule in wanted}:
        _tried(partial(_judge_all, [each for each in wanted if each[1].version == version], now))


def watch() -> int:
    """Judge what time alone may have changed; how many devices."""
    now, rules = timezone.now(), known.rules()
    rows = Judgement.objects.filter(look_at__lte=now, version_id__in=rules).order_by("pk")
    due = list(rows.values_list("pk", flat=True)[:_BATCH])
    if due and not _tried(partial(_look_at, due, now)):
        for number in due:
            _tried(partial(_look_at, [number], now))
    return len(due)


def forget(devices_: Sequence[int]) -> None:
    """What rules remember of devices goes with what those measured."""
    Judgement.objects.filter(device__in=devices_).delete()


def _tried(act: Callable[[], object]) -> bool:
    """Whether something worked, in a transaction of its own; a database that is away is for the caller."""
    try:
        with transaction.atomic():
            act()
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # noqa: BLE001  (whatever it is, the others go on)
        _log.exception("rules")
        return False
    return True


def _look_at(numbers: Sequence[int], now: dt.datetime) -> None:
    rules, since = known.rules(), device_queries.listens_since(now)
    rows = Judgement.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
        "device__place"
    )
    work: list[Work] = []
    for row in rows.filter(pk__in=numbers).order_by("pk"):
        rule, one = rules.get(row.version_id), row.device
        if rule is None or one.state != "active" or not rule.covers(one.place.lineage, one.kind):
            row.delete()  # retired, in maintenance, moved: begun anew when it speaks
        elif since is not None and rule.silence is not None and now - since < rule.silence:
            Judgement.objects.filter(pk=row.pk).update(
                look_at=now + _LATER
            )  # nobody could speak for so long
        else:
            work.append((row, rule, one.ref, [(now, None)]))
    _apply(work, now)


def _judge_all(wanted: Iterable[tuple[Measured, Held]], now: dt.datetime) -> None:
    told: dict[tuple[int, int], list[Told]] = {}
    refs: dict[int, str] = {}
    held: dict[int, Held] = {}
    for one, rule in wanted:
        told.setdefault((rule.version, one.device), []).append((one.at, one.values))
        refs[one.device], held[rule.version] = one.ref, rule
    Judgement.objects.bulk_create(
        [Judgement(version_id=version, device_id=device, state={}) for version, device in sorted(told)], ignore_conflicts=True
    )  # fmt: skip
    rows = (
        Judgement.objects.select_for_update()
        .filter(version_id__in=held, device_id__in=refs)
        .order_by("pk")
    )
    _apply(
        [(one, held[one.version_id], refs[one.device_id], told[key]) for one in rows if (key := (one.version_id, one.device_id)) in told],
        now,
    )  # fmt: skip


def _apply(work: Sequence[Work], now: dt.datetime) -> None:
    changed: list[tuple[Judgement, Held, str, list[Change]]] = []
    for row, rule, ref, told in work:
        state = State.of({**row.state, "look_at": row.look_at and row.look_at.timestamp()})
        changes: list[Change] = []
        for at, values in told:
            changes += judge(rule.definition, state, at, values)
        row.state, row.on, row.look_at = state.to_json(), state.on, moment_of(state.look_at)
        changed.append((row, rule, ref, changes))
    Judgement.objects.bulk_update(
        [row for row, *_ in changed], ["state", "on", "look_at"], batch_size=100
    )
    devices.alarm(
        [
            _alarm(row, rule, ref)
            for row, rule, ref, changes in changed
            if any(one.on for one in changes)
        ],
        now,
    )
    for _, rule, ref, changes in changed:
        if changes and not changes[-1].on:
            cases.settled_by_device(_origin(rule, ref), at=now)


def _alarm(row: Judgement, rule: Held, ref: str) -> Any:
    return devices.Alarm(
        row.device_id, rule.definition.kind, origin=_origin(rule, ref), title=f"{rule.name} ({ref})"
    )


def _origin(rule: Held, ref: str) -> str:
    return f"rule:{rule.code}:{ref}"


def _held(one: Rule) -> Held | None:
    """A rule at work; None for one that this version of ours does not understand any more, which is logged."""
    if one.holds is None:
        return None
    try:
        definition = reading.rule(one.holds.definition)
    except InvalidError:
        _log.exception("the rule %s", one.code)
        return None
    span = shortest_silence(definition)
    silence = None if span is None else dt.timedelta(seconds=span)
    return Held(
        one.holds.pk, one.code, one.name, one.place.lineage, one.device_kind, definition, silence
    )
