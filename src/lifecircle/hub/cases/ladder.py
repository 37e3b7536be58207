"""Escalation: who is told when nobody answers, one tier after the other, none left out and none forgotten."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
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


def begin_all(cases: Iterable[Case], *, at: dt.datetime, tier: str = "grid") -> None:
    """Plan the ladders of cases that have none; who is due already is told right after this transaction, by whoever made it.

    The worker tells them where a crash comes between the two; and those of the canary, which finds out whether it climbs.
    """
    tiers, begun = TIERS[TIERS.index(tier) :], list(cases)
    Rung.objects.bulk_create(
        Rung(case=case, tier=one, due_at=after(case.priority, at, _gap(case) * k))  # type: ignore[arg-type]
        for case in begun for k, one in enumerate(tiers)
    )  # fmt: skip
    if told := [one.pk for one in begun if not one.canary]:
        transaction.on_commit(partial(climb, told), robust=True)


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


def climb(cases: Sequence[int] | None = None) -> int:
    """Fire the rungs that are due, of some cases or of all; how many.

    Where they fail together each is fired by itself: one stops no other.
    """
    mine = WAITING if cases is None else WAITING & Q(case__in=cases)
    count, tried = 0, list[int]()
    while True:  # none waits for the next look: after an outage many are due, and an empty tier makes the next one due
        waiting = Rung.objects.filter(mine, due_at__lte=timezone.now()).exclude(pk__in=tried)
        due = list(waiting.values_list("pk", flat=True)[:_BATCH])
        if not due:
            return count
        fired = _fired(due)
        count += fired
        if fired < len(due):  # some fail, or are being moved: they hold up no other
            tried += due


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
    due = _held(numbers)
    if not due:
        return 0
    now, reached = timezone.now(), defaultdict[int, list[int]](list)
    present = duty.OnDuty({case.place_id: case.place for case, _ in due}.values())
    told: list[tuple[Case, Rung, list[Any]]] = []
    for case, rung in due:
        who = [] if case.canary else _told(case, rung.tier, present)
        reached[len(who)].append(rung.pk)
        told.append((case, rung, who))
    for count, fired in reached.items():
        Rung.objects.filter(pk__in=fired).update(fired_at=now, reached=count)
    _climbed(due)
    notify.tell_all((case, who, _channels(case)) for case, who in _each_once(told))
    chats.tell((case, rung.tier, _kind_of(case)) for case, rung in due if not case.canary)
    empty = {
        rung.pk for case, rung in due if not case.canary and _is_empty(case, rung.tier, present)
    }
    append_all([_said(case, rung, who, now, empty=rung.pk in empty) for case, rung, who in told])
    for case, rung in due:
        if rung.pk in empty:
            _pass_on(case, rung, now)
    again = now + dt.timedelta(seconds=EVERY_S)
    Rung.objects.bulk_create(
        Rung(case=case, tier=rung.tier, due_at=again)
        for case, rung in due if case.priority == "P1" and rung.tier == TIERS[-1] and not case.canary
    )  # fmt: skip
    return len(due)


def _each_once(told: Sequence[tuple[Case, Rung, list[Any]]]) -> list[tuple[Case, list[Any]]]:
    """Who is told of each case, once, though several of its rungs are due together after an outage."""
    found: dict[int, tuple[Case, dict[int, Any]]] = {}
    for case, _, who in told:
        found.setdefault(case.pk, (case, {}))[1].update((each.pk, each) for each in who)
    return [(case, list(who.values())) for case, who in found.values()]


def _held(numbers: Sequence[int]) -> list[tuple[Case, Rung]]:
    """Hold those of some rungs that are to be fired, with their cases; those of cases that do not wait are called off."""
    # The case first, as a move does: neither waits for the other. One that is being moved now is looked at again soon.
    rows = Case.objects.select_for_update(of=("self",), skip_locked=True).select_related("place")
    cases = {one.pk: one for one in rows.filter(rungs__pk__in=numbers).order_by("pk")}
    rungs = list(
        Rung.objects.select_for_update(of=("self",)).filter(WAITING, pk__in=numbers, case__in=cases)
    )
    closed = [one.pk for one in rungs if cases[one.case_id].state not in OPEN]
    Rung.objects.filter(pk__in=closed).update(off_at=timezone.now())
    return [(cases[one.case_id], one) for one in rungs if one.pk not in closed]


def _alone(number: int) -> int:
    try:
        return fire([number])
    except Exception:  # noqa: BLE001  (it waits, and is tried again)
        _log.exception("rung %s", number)
        return 0


def _climbed(fired: Sequence[tuple[Case, Rung]]) -> None:
    """A case is as far up as the highest of its rungs that was fired."""
    higher: dict[str, list[int]] = {}
    for case, rung in fired:
        if TIERS.index(rung.tier) > TIERS.index(case.tier):
            case.tier = rung.tier
            higher.setdefault(rung.tier, []).append(case.pk)
    for tier in TIERS:
        if tier in higher:
            Case.objects.filter(pk__in=higher[tier]).update(tier=tier)


def _told(case: Case, tier: str, present: duty.OnDuty) -> list[Any]:
    """Who is told at a tier: of a P1 the duty desk and everybody up to it, again."""
    tiers = (*TIERS[: TIERS.index(tier) + 1], "desk") if case.priority == "P1" else (tier,)
    found = {account.pk: account for one in tiers for account in present.at(case.place, one)}
    if not found and tier == TIERS[-1]:
        return present.anybody(case.place)
    return list(found.values())


def _is_empty(case: Case, tier: str, present: duty.OnDuty) -> bool:
    """Whether nobody is there at a tier; at the last whoever there is counts."""
    last = tier == TIERS[-1] and present.anybody(case.place)
    return not (present.at(case.place, tier) or last)


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
