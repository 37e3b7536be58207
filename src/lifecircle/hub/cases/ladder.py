"""Escalation: who is told when nobody answers, one tier after the other, none left out and none forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from lifecircle.hub.cases.clocks import NORMS, after
from lifecircle.hub.cases.models import Case, Rung
from lifecircle.hub.duty import queries as duty
from lifecircle.hub.notify import actions as notify

TIERS = ("grid", "community", "street", "district")
OPEN = frozenset({"received", "assigned"})
"""States in which nobody has answered yet."""
EVERY_S = 180
"""An unanswered P1 adds a tier this often, and goes on telling all of them."""
_BATCH = 200


def set_up(case: Case, *, at: dt.datetime, tier: str = "grid") -> None:
    """Plan the ladder of a case from a tier up; what was planned before is called off."""
    call_off(case, at)
    start = TIERS.index(tier)
    gap = _gap(case)
    Rung.objects.bulk_create(
        Rung(case=case, tier=one, due_at=after(case.priority, at, gap * k))  # type: ignore[arg-type]
        for k, one in enumerate(TIERS[start:])
    )


def call_off(case: Case, at: dt.datetime) -> None:
    """Nobody more is told: somebody has answered, or it is over."""
    case.rungs.filter(fired_at__isnull=True, off_at__isnull=True).update(off_at=at)


def climb() -> int:
    """Fire every rung that is due; how many. Each in a transaction of its own: one that fails stops no other."""
    count = 0
    waiting = Rung.objects.filter(
        fired_at__isnull=True, off_at__isnull=True, due_at__lte=timezone.now()
    )
    for number in list(waiting.values_list("pk", flat=True)[:_BATCH]):
        count += fire(number)
    return count


@transaction.atomic
def fire(number: int) -> bool:
    """Fire one rung, if it still waits and its case too; an empty tier passes on to the next at once."""
    rung = Rung.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        pk=number, fired_at__isnull=True, off_at__isnull=True
    ).first()  # fmt: skip
    if rung is None:
        return False
    case = Case.objects.select_for_update(of=("self",)).select_related("place").get(pk=rung.case_id)
    now = timezone.now()
    if case.state not in OPEN:
        rung.off_at = now
        rung.save(update_fields=["off_at"])
        return False
    told = _told(case, rung.tier)
    rung.fired_at, rung.reached = now, len(told)
    rung.save(update_fields=["fired_at", "reached"])
    if TIERS.index(rung.tier) > TIERS.index(case.tier):
        Case.objects.filter(pk=case.pk).update(tier=rung.tier)
    notify.tell(case, told, channels=_channels(case))
    _say(case, rung, told, now)
    if not told:
        _pass_on(case, rung, now)
    if case.priority == "P1" and rung.tier == TIERS[-1]:
        Rung.objects.create(case=case, tier=rung.tier, due_at=now + dt.timedelta(seconds=EVERY_S))
    return True


def _told(case: Case, tier: str) -> Sequence[Any]:
    """Who is told at a tier: of a P1 everybody up to it, again."""
    tiers = TIERS[: TIERS.index(tier) + 1] if case.priority == "P1" else (tier,)
    found: dict[int, Any] = {}
    for one in tiers:
        found |= {account.pk: account for account in duty.on_duty(case.place, one)}
    if not found and tier == TIERS[-1]:
        found = {account.pk: account for account in duty.anybody(case.place)}
    return list(found.values())


def _pass_on(case: Case, rung: Rung, now: dt.datetime) -> None:
    """Nobody is there: the next tier is due now."""
    later = (
        case.rungs.filter(fired_at__isnull=True, off_at__isnull=True)
        .exclude(tier=rung.tier)
        .first()
    )
    if later is not None and later.due_at > now:
        later.due_at = now
        later.save(update_fields=["due_at"])


def _gap(case: Case) -> float:
    """Seconds between two tiers."""
    if case.priority == "P1":
        return EVERY_S
    return float(NORMS[case.priority]["answer"])  # type: ignore[index]


def _channels(case: Case) -> tuple[str, ...]:
    return ("app", "sms", "voice") if case.priority == "P1" else ("app",)


def _say(case: Case, rung: Rung, told: Sequence[Any], now: dt.datetime) -> None:
    from lifecircle.hub.cases.history import append  # noqa: PLC0415  (each needs the other)

    names = [account.username for account in told]
    what = "escalated" if told else "nobody"
    append(case, what, by="ladder", at=now, detail={"tier": rung.tier, "told": names})
