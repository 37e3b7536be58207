"""The worker's share of planning: the next proposal in the queue, one at a time."""

from __future__ import annotations

import datetime as dt
import math
import time
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lifecircle.engine.siting import Plan, Wishes, plan
from lifecircle.engine.siting.programmes import Programme
from lifecircle.errors import InputError, LifecircleError
from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import queries as assessments
from lifecircle.hub.assessments.workbench import is_ready, workbench
from lifecircle.hub.errors import MissingError
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.places import queries as places
from lifecircle.hub.planning.models import Proposal
from lifecircle.hub.planning.proposing import tell

MOST_ATTEMPTS = 3
SILENT = dt.timedelta(seconds=180)
_TOLD_S = 0.5


def solve_next() -> bool:
    """Take the oldest proposal that waits, or whose worker fell silent, and search; False if there is none."""
    one = _taken()
    if one is None:
        return False
    try:
        _solve(one)
    except InputError as error:
        issues = [issue.to_json() for issue in error.issues[:50]]
        _end(one, "failed", error={"message": str(error).split("\n")[0][:500], "issues": issues})
    except LifecircleError as error:
        _end(one, "failed", error={"message": str(error)[:500], "issues": []})
    except Exception as error:
        _end(
            one, "failed", error={"message": f"{type(error).__name__}: {error}"[:500], "issues": []}
        )
        raise
    return True


def get_ready() -> bool:
    """Open the drawing board of the latest assessment, where proposals are asked for at all; whether it is open.

    The first answer of the next one then takes as long as its search, not as long as grading the district.
    """
    if not Proposal.objects.exists():
        return False
    try:
        run = assessments.run(Actor.system("getting ready"))
    except MissingError:
        return False
    if not is_ready(run):
        _ = workbench(run).draft
    return True


def _solve(one: Proposal) -> None:
    asked = dict(one.asked)
    budgets, seconds, exact = (asked.pop(name, None) for name in ("budgets", "seconds", "exact"))
    asked["apart"] = [tuple(pair) for pair in asked.get("apart", ())]
    draft = workbench(one.run).draft.copy()
    known = set(draft.district.spaces.id)
    here = set(facilities.space_refs(one.place.lineage)) & known
    told = 0.0

    def watch(now: Programme) -> bool:
        nonlocal told
        if time.monotonic() - told < _TOLD_S:
            return True
        told = time.monotonic()
        so_far = {"value": now.value, "bound": now.bound, "gap": now.gap, "seconds": now.seconds}
        Proposal.objects.filter(pk=one.pk).update(
            result={"so_far": so_far}, heard_at=timezone.now()
        )
        return not Proposal.objects.filter(pk=one.pk, cancel=True).exists()

    found = plan(
        draft, budgets, Wishes(spaces=sorted(here), **asked), seconds=seconds or 10.0, exact=bool(exact), watch=watch
    )  # fmt: skip
    stopped = Proposal.objects.filter(pk=one.pk, cancel=True).exists()
    _end(one, "cancelled" if stopped else "done", result=_said(one, found))


def _said(one: Proposal, found: Plan) -> dict[str, Any]:
    """A plan as JSON: communities below the place only, cards that change colour, NaN as null."""
    below = {place.code for place in places.below(one.place.lineage)}
    best = found.programme
    builds = [
        {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in asdict(b).items()}
        for b in found.builds
    ]  # fmt: skip
    shares = [asdict(share) for share in found.shares if share.place in below]
    turned = [
        {"area": c.area, "scope": c.scope, "key": c.key, "before": c.colour_before, "after": c.colour_after}
        for c in found.cards if c.area in below and c.colour_before != c.colour_after
    ]  # fmt: skip
    return {
        "options": found.options, "value": best.value, "bound": best.bound, "gap": best.gap, "seconds": best.seconds,
        "builds": builds, "promised": found.promised, "reached": found.reached, "cost_by_year": found.cost_by_year,
        "shares": shares, "turned": turned[:2000], "notes": [note.to_json() for note in found.notes],
    }  # fmt: skip


@transaction.atomic
def _taken() -> Proposal | None:
    now = timezone.now()
    waits = Q(state="queued") | Q(state="running", heard_at__lt=now - SILENT)
    rows = Proposal.objects.select_for_update(skip_locked=True, of=("self",)).filter(waits)
    one = rows.select_related("place", "run").order_by("requested_at").first()
    if one is None:
        return None
    if one.attempts >= MOST_ATTEMPTS:
        message = "its worker ended each time / 后台进程每次都中断"
        _end(one, "failed", error={"message": message, "issues": []})
        return None
    one.state, one.heard_at, one.attempts = "running", now, one.attempts + 1
    one.save(update_fields=["state", "heard_at", "attempts"])
    tell(one)
    return one


def _end(one: Proposal, state: str, **values: Any) -> None:
    with transaction.atomic():
        Proposal.objects.filter(pk=one.pk).update(state=state, finished_at=timezone.now(), **values)
        one.state = state
        tell(one)
