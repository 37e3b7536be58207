"""Figures of cases: how many were settled at each tier, and how long answers and arrivals took, against their norms."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from lifecircle.hub.actor import Actor
from lifecircle.hub.cases import queries
from lifecircle.hub.cases.ladder import TIERS
from lifecircle.hub.cases.models import Case

_DONE = ("resolved", "verified", "closed")


def figures(
    actor: Actor, *, since: dt.datetime, until: dt.datetime, place: str = ""
) -> dict[str, Any]:
    """What came and was settled between two moments where the caller may see; drills and canaries are not counted.

    `settled` are shares by the tier at which a case was resolved: 小事不出网格 is that of the grid. Times are seconds:
    p50, p90, p97.5, and the share within the norm of each case's priority.
    """
    rows = queries.cases(actor, place=place).filter(opened_at__gte=since, opened_at__lt=until)
    found = list(rows.exclude(queries.NOT_COUNTED).exclude(state="merged"))
    done = [one for one in found if one.state in _DONE]
    by_tier = {tier: sum(one.tier == tier for one in done) for tier in TIERS}
    return {
        "received": len(found), "settled_count": len(done), "open": sum(one.state in queries.OPEN[:4] for one in found),
        "settled": {tier: count / len(done) if done else None for tier, count in by_tier.items()},
        "answer": _times(found, "answered_at", "answer"), "arrive": _times(found, "arrived_at", "arrive"),
        "close": _times(found, "resolved_at", "close"),
        "by_kind": _counted(found, "kind"), "by_priority": _counted(found, "priority"),
        "ratings": _counted([one for one in found if one.rating], "rating"),
    }  # fmt: skip


def _times(found: list[Case], name: str, norm: str) -> dict[str, Any]:
    spans = [
        (max((getattr(one, name) - one.opened_at).total_seconds(), 0.0), getattr(one, name) <= getattr(one, f"{norm}_due"))
        for one in found if getattr(one, name) is not None
    ]  # fmt: skip
    if not spans:
        return {"count": 0, "p50": None, "p90": None, "p975": None, "in_time": None}
    took = np.array([span for span, _ in spans])
    p50, p90, p975 = (float(np.quantile(took, q)) for q in (0.5, 0.9, 0.975))
    return {
        "count": len(spans), "p50": p50, "p90": p90, "p975": p975,
        "in_time": sum(good for _, good in spans) / len(spans),
    }  # fmt: skip


def _counted(found: list[Case], name: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in found:
        counts[getattr(one, name)] = counts.get(getattr(one, name), 0) + 1
    return counts
