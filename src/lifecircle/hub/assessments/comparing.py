"""Cards beside other cards: two runs, or a drawing and today; only for places that the caller sees."""

from __future__ import annotations

import math
import time
from typing import Any

from lifecircle.engine.drafting import CardChange
from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import queries, workbench
from lifecircle.hub.assessments.models import Run
from lifecircle.hub.errors import ConflictError
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.places import queries as places

ORDER = ("red", "orange", "yellow", "blue", "green")
_SAME = 1e-9


def compare(actor: Actor, before: Run, after: Run) -> dict[str, Any]:
    """What rose and what fell between two runs."""
    old, new = (
        {
            (card.place.code, card.scope, card.key): (card.colour, card.score)
            for card in queries.cards(actor, run)
        }
        for run in (before, after)
    )
    items = [
        _item(*key, *old[key], *new[key])
        for key in new
        if key in old and _differs(*old[key], *new[key])
    ]
    return {"before": before, "after": after, **_counted(items), "items": items[:1000]}


def draft(actor: Actor, run: Run, changes: list[workbench.Change]) -> dict[str, Any]:
    """Grade a drawing beside today.

    Raises
    ------
    ConflictError
        The run is not done.
    InvalidError
        A change cannot be made.
    """
    actor.check("card.read")
    if run.state != "done":
        raise ConflictError(f"the assessment is {run.state}", "评估尚未完成")
    for change in changes:
        if "ref" in change:  # what the caller may not see is not there to be drawn
            facilities.facility(actor, change["ref"])
    start = time.perf_counter()
    done = workbench.workbench(run).draw(changes)
    moved = workbench.whole_change(done)
    seen = set(
        places.places(actor, right="card.read")
        .filter(code__in={card.area for card in moved})
        .values_list("code", flat=True)
    )
    items = [_of(card) for card in moved if card.area in seen]
    types = sorted({key for step in done for key in step.types})
    return {
        "items": items, "types": types, "all_types": done[0].all_types if done else 0,
        "seconds": time.perf_counter() - start,
    }  # fmt: skip


def _counted(items: list[dict[str, Any]]) -> dict[str, int]:
    steps = [
        ORDER.index(item["colour_after"]) - ORDER.index(item["colour_before"])
        for item in items
        if "grey" not in (item["colour_before"], item["colour_after"])
    ]
    return {"rose": sum(step > 0 for step in steps), "fell": sum(step < 0 for step in steps)}


def _of(card: CardChange) -> dict[str, Any]:
    return _item(
        card.area, card.scope, card.key, card.colour_before, _plain(card.score_before),
        card.colour_after, _plain(card.score_after),
    )  # fmt: skip


def _plain(score: float) -> float | None:
    return None if math.isnan(score) else score


def _differs(old: str, before: float | None, new: str, after: float | None) -> bool:
    if before is None or after is None:
        return old != new or before is not after
    return old != new or abs(before - after) > _SAME


def _item(
    area: str, scope: str, key: str, old: str, before: float | None, new: str, after: float | None
) -> dict[str, Any]:
    return {
        "area": area, "scope": scope, "key": key, "colour_before": old, "colour_after": new,
        "score_before": before, "score_after": after,
    }  # fmt: skip
