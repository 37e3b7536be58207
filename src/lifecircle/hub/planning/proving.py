"""Proof: what an accepted project changed, from the cards before and after."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import queries as assessments
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.planning.models import Project, Proof
from lifecircle.hub.stream import actions as stream

_SHOWN = ("colour", "score", "covered_share", "uncovered", "people", "satisfaction", "answers")


def settle(run: Any) -> None:
    """Fill in the proofs that waited for a run, or for one before it that came to nothing."""
    if run.state != "done":
        return
    waits = Q(after=run) | Q(after__number__lt=run.number) | Q(after__isnull=True)
    for proof in Proof.objects.filter(waits, made_at__isnull=True).select_related(
        "project__place", "before"
    ):
        if run.place.lineage and not proof.project.place.lineage.startswith(run.place.lineage):
            continue
        proof.after = run
        proof.figures = figures(proof.project, proof.before, run)
        proof.made_at = timezone.now()
        proof.save()
        lineage = proof.project.place.lineage
        stream.emit("project.proved", lineage, "project.read", {"ref": proof.project.ref})


def figures(one: Project, before: Any, after: Any) -> dict[str, Any]:
    """Promised against achieved.

    `cards` are those of the type, its category, its theme and the whole, at the project's place and above, before and
    after; `turned` the places where the type's colour changed; `newly_reached` the people of the type's group newly
    within the walk, over the district; money as planned and spent.
    """
    lines = list(one.budget.all())
    result: dict[str, Any] = {
        "promised": one.promised, "planned_cny": sum(line.planned_cny for line in lines),
        "spent_cny": sum(line.spent_cny for line in lines), "cards": [], "turned": [], "newly_reached": None,
        "group": "",
    }  # fmt: skip
    kind = facilities.standards().types.get(one.facility_type)
    if kind is None or before is None:
        return result
    system = Actor.system("proof")
    codes = [code for code in one.place.lineage.split("/") if code]
    keys = {kind.id, kind.category, kind.theme, "overall"}
    then, now = (
        {(c.place.code, c.scope, c.key): c.detail for c in assessments.cards(system, run).filter(key__in=keys)}
        for run in (before, after)
    )  # fmt: skip
    pairs = {key: (then.get(key), card) for key, card in now.items()}
    result["cards"] = [
        {"area": area, "area_zh": card["area_zh"], "scope": scope, "key": key, "key_zh": card["key_zh"],
         "before": _part(old), "after": _part(card)}
        for (area, scope, key), (old, card) in pairs.items() if area in codes
    ]  # fmt: skip
    result["turned"] = [
        {"area": area, "area_zh": card["area_zh"], "before": old["colour"], "after": card["colour"]}
        for (area, scope, key), (old, card) in pairs.items()
        if scope == "type" and key == kind.id and old and old["colour"] != card["colour"]
    ]  # fmt: skip
    top = pairs.get((codes[0], "type", kind.id))
    if (
        top
        and top[0]
        and top[0].get("uncovered") is not None
        and top[1].get("uncovered") is not None
    ):
        result["newly_reached"] = top[0]["uncovered"] - top[1]["uncovered"]
        result["group"] = kind.group
    return result


def _part(card: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if card is None else {name: card.get(name) for name in _SHOWN}
