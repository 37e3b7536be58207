"""Rules at work: each message of a device is judged as it is stored, and time by itself once a second."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from lifecircle.hub.cases import actions as cases
from lifecircle.hub.devices import actions as devices
from lifecircle.hub.devices.signals import Measured
from lifecircle.hub.rules import reading
from lifecircle.hub.rules.judging import Change, State, judge, moment_of
from lifecircle.hub.rules.judging import Rule as Definition
from lifecircle.hub.rules.models import Judgement, Rule

_log = logging.getLogger(__name__)
_FRESH_S = 1.0
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Held:
    """A rule that holds."""

    version: int
    code: str
    name: str
    lineage: str
    device_kind: str
    definition: Definition

    def is_for(self, said: Measured) -> bool:
        """Whether a device is one of its."""
        return said.lineage.startswith(self.lineage) and self.device_kind in ("", said.kind)


class _Known:
    """The rules that hold, looked up once a second at most: every message asks."""

    def __init__(self) -> None:
        self._rules: dict[int, Held] = {}
        self._at = -_FRESH_S

    def rules(self) -> dict[int, Held]:
        if time.monotonic() - self._at >= _FRESH_S:
            rows = Rule.objects.filter(holds__isnull=False).select_related("place", "holds")
            self._rules = {one.holds_id: _held(one) for one in rows if one.holds_id}
            self._at = time.monotonic()
        return self._rules

    def forget(self) -> None:
        self._at = -_FRESH_S


known = _Known()


def heard(said: Sequence[Measured], now: dt.datetime) -> None:
    """Judge what devices told. A rule that fails is logged: it costs no device its message."""
    rules = known.rules()
    wanted = [(one, rule) for one in said for rule in rules.values() if rule.is_for(one)]
    if not wanted:
        return
    try:
        with transaction.atomic():
            _judge_all(wanted, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # noqa: BLE001
        _log.exception("rules of %d messages", len(said))


def watch() -> int:
    """Judge what time alone may have changed; how many devices."""
    now = timezone.now()
    rules = known.rules()
    with transaction.atomic():
        rows = Judgement.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
            "device"
        )
        due = list(rows.filter(look_at__lte=now, version_id__in=rules).order_by("pk")[:_BATCH])
        _apply([(one, rules[one.version_id], one.device.ref, [(now, None)]) for one in due], now)
    return len(due)


def _judge_all(wanted: Iterable[tuple[Measured, Held]], now: dt.datetime) -> None:
    told: dict[tuple[int, int], list[tuple[dt.datetime, Mapping[str, float] | None]]] = {}
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


def _apply(
    work: Sequence[
        tuple[Judgement, Held, str, list[tuple[dt.datetime, Mapping[str, float] | None]]]
    ],
    now: dt.datetime,
) -> None:
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


def _held(one: Rule) -> Held:
    assert one.holds is not None  # noqa: S101  (only such are asked for)
    definition = reading.rule(one.holds.definition)
    return Held(one.holds.pk, one.code, one.name, one.place.lineage, one.device_kind, definition)
