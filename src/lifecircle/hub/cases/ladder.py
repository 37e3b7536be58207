"""Escalation: who is told when nobody answers, one tier after the other, none left out and none forgotten."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone

from lifecircle.hub.cases.clocks import AROUND_THE_CLOCK, NORMS, after
from lifecircle.hub.cases.history import Happened, append_all
from lifecircle.hub.cases.kinds import kinds
from lifecircle.hub.cases.models import Case, Rung
from lifecircle.hub.duty import queries as duty
from lifecircle.hub.notify import actions as notify
from lifecircle.hub.notify import chats

_log = logging.getLogger(__name__)
TIERS = ("grid", "community", "street", "district")
OPEN = frozenset({"received", "assigned"})
"""States in which nobody has answered yet."""
WAITING = Q(fired_at__isnull=True, off_at__isnull=True)
EVERY_S = 180
"""An unanswered P1 adds a tier this often, and goes on telling all of them."""
_BATCH = 200
_A_LOOK = dt.timedelta(seconds=2)
"""What was due shortly before the clock was set back may not have been fired yet."""


def set_up(case: Case, *, at: dt.datetime, tier: str = "grid") -> None:
    """Plan the ladder of a case from a tier up; what was planned before is called off."""
    call_off(case, at)
    begin_all([case], at=at, tier=tier)


def begin_all(cases: Sequence[Case], *, at: dt.datetime, tier: str = "grid") -> None:
    """Plan the ladders of cases that have none."""
    tiers = TIERS[TIERS.index(tier) :]
    Rung.objects.bulk_create(
        Rung(case=case, tier=one, due_at=after(case.priority, at, _gap(case) * k))  # type: ignore[arg-type]
        for case in cases for k, one in enumerate(tiers)
    )  # fmt: skip


def call_off(case: Case, at: dt.datetime) -> None:
    """Nobody more is told: somebody has answered, or it is over."""
    case.rungs.filter(WAITING).update(off_at=at)


def set_back(by: dt.timedelta) -> int:
    """The clock was set back: rungs that the clock ahead planned keep their distance; how many.

    Of cases around the clock; the others wait for hours of work, which are told by the clock.
    """
    planned = timezone.now() + by - _A_LOOK
    rows = Rung.objects.filter(WAITING, due_at__gte=planned, case__priority__in=AROUND_THE_CLOCK)
    return rows.update(due_at=F("due_at") - by)


def climb() -> int:
    """Fire the rungs that are due; how many. Where they fail together each is fired by itself: one stops no other."""
    count = 0
    while True:  # after an outage many are due at once, and none of them waits for the next look
        waiting = Rung.objects.filter(WAITING, due_at__lte=timezone.now())
        due = list(waiting.values_list("pk", flat=True)[:_BATCH])
        fired = _fired(due)
        count += fired
        if not fired or len(due) < _BATCH:
            return count


def _fired(due: Sequence[int]) -> int:
    try:
        return fire(due)
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # noqa: BLE001  (whatever it is, the others climb)
        _log.exception("%d rungs, now one by one", len(due))
    return sum(_alone(number) for number in due)


@transaction.atomic
def fire(numbers: Sequence[int]) -> int:
    """Fire rungs that still wait, and whose cases do; an empty tier passes on to the next at once. How many were fired."""
    if not numbers:
        return 0
    # The case first, as a move does: neither waits for the other. One that is being moved now is looked at again soon.
    rows = Case.objects.select_for_update(of=("self",), skip_locked=True).select_related("place")
    cases = {one.pk: one for one in rows.filter(rungs__pk__in=numbers).order_by("pk")}
    rungs = list(
        Rung.objects.select_for_update(of=("self",)).filter(WAITING, pk__in=numbers, case__in=cases)
    )
    now, duty_at = timezone.now(), _Roster()
    fired: list[tuple[Case, Rung, list[Any]]] = []
    empty: list[tuple[Case, Rung]] = []
    for rung in rungs:
        case = cases[rung.case_id]
        if case.state not in OPEN:
            rung.off_at = now
            continue
        told = [] if case.canary else duty_at.told(case, rung.tier)
        rung.fired_at, rung.reached = now, len(told)
        fired.append((case, rung, told))
        if not case.canary and not duty_at.has(case, rung.tier):
            empty.append((case, rung))
    Rung.objects.bulk_update(rungs, ["off_at", "fired_at", "reached"], batch_size=100)
    _climbed(fired)
    notify.tell_all((case, told, _channels(case)) for case, _, told in fired)
    chats.tell((case, rung.tier, _kind_of(case)) for case, rung, _ in fired if not case.canary)
    nobody = {rung.pk for _, rung in empty}
    append_all(
        [_said(case, rung, told, now, empty=rung.pk in nobody) for case, rung, told in fired]
    )
    for case, rung in empty:
        _pass_on(case, rung, now)
    again = now + dt.timedelta(seconds=EVERY_S)
    Rung.objects.bulk_create(
        Rung(case=case, tier=rung.tier, due_at=again)
        for case, rung, _ in fired if case.priority == "P1" and rung.tier == TIERS[-1] and not case.canary
    )  # fmt: skip
    return len(fired)


def _alone(number: int) -> int:
    try:
        return fire([number])
    except Exception:  # noqa: BLE001  (it waits, and is tried again)
        _log.exception("rung %s", number)
        return 0


def _climbed(fired: Sequence[tuple[Case, Rung, list[Any]]]) -> None:
    """A case is as far up as the highest of its rungs that was fired."""
    higher: dict[str, list[int]] = {}
    for case, rung, _ in fired:
        if TIERS.index(rung.tier) > TIERS.index(case.tier):
            case.tier = rung.tier
            higher.setdefault(rung.tier, []).append(case.pk)
    for tier in TIERS:
        if tier in higher:
            Case.objects.filter(pk__in=higher[tier]).update(tier=tier)


class _Roster:
    """Who is on duty where, asked once for all cases that are looked at together."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], list[Any]] = {}

    def told(self, case: Case, tier: str) -> list[Any]:
        """Who is told at a tier: of a P1 the duty desk and everybody up to it, again."""
        tiers = (*TIERS[: TIERS.index(tier) + 1], "desk") if case.priority == "P1" else (tier,)
        found: dict[int, Any] = {}
        for one in tiers:
            found |= {account.pk: account for account in self._at(case.place, one)}
        if not found and tier == TIERS[-1]:
            found = {account.pk: account for account in self._at(case.place, "")}
        return list(found.values())

    def has(self, case: Case, tier: str) -> bool:
        """Whether anybody is there at a tier; at the last whoever there is counts."""
        return bool(self._at(case.place, tier) or (tier == TIERS[-1] and self._at(case.place, "")))

    def _at(self, place: Any, tier: str) -> list[Any]:
        key = place.pk, tier
        if key not in self._known:
            self._known[key] = duty.on_duty(place, tier) if tier else duty.anybody(place)
        return self._known[key]


def _pass_on(case: Case, rung: Rung, now: dt.datetime) -> None:
    """Nobody is there: the next tier is due now."""
    later = case.rungs.filter(WAITING).exclude(tier=rung.tier).first()
    if later is not None and later.due_at > now:
        later.due_at = now
        later.save(update_fields=["due_at"])


def _gap(case: Case) -> float:
    """Seconds between two tiers."""
    if case.priority == "P1":
        return EVERY_S
    return float(NORMS[case.priority]["answer"])  # type: ignore[index]


def _kind_of(case: Case) -> str:
    known = kinds().get(case.kind)
    return f"{known.zh} {known.en}" if known else case.kind


def _channels(case: Case) -> tuple[str, ...]:
    return ("app", "sms", "voice") if case.priority == "P1" else ("app",)


def _said(
    case: Case, rung: Rung, told: Sequence[Any], now: dt.datetime, *, empty: bool
) -> Happened:
    names = [account.username for account in told]
    detail = {"tier": rung.tier, "told": names}
    return Happened(
        case, "nobody" if empty or not told else "escalated", by="ladder", at=now, detail=detail
    )
