"""Check lists at a place: what the register says of each item, and what people found."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import transaction

from lifecircle.engine.standards.checklists import Checklist, Item, Present, checklists, met
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import MissingError
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.places import queries as places
from lifecircle.hub.planning.models import Check


def checklist(name: str) -> Checklist:
    """A list by its id; `MissingError` if there is none."""
    found = checklists().get(name)
    if found is None:
        raise MissingError(f"no check list {name}", f"没有清单 {name}")
    return found


def checked(actor: Actor, code: str, name: str) -> dict[str, Any]:
    """How a place stands on a list: each item by the register, or as people found it, and how many are met."""
    where, listed = places.place(actor, code), checklist(name)
    actor.check("project.read", where.lineage)
    there = _present(where)
    found = {row.item: row for row in Check.objects.filter(place=where, checklist=name)}
    items = [_told(item, there, found.get(item.id)) for item in listed.items]
    counted = Counter(item["met"] for item in items)
    return {
        "place": where.code, "place_zh": where.name_zh, "checklist": name, "items": items, "met": counted[True],
        "unmet": counted[False], "open": counted[None],
    }  # fmt: skip


@transaction.atomic
def say(
    actor: Actor, code: str, name: str, item: str, *, found: bool | None, note: str
) -> dict[str, Any]:
    """Say what people found of an item, with a note; None takes it back, and the register speaks again."""
    where, listed = places.open_place(actor, code), checklist(name)
    actor.check("project.write", where.lineage)
    if item not in {one.id for one in listed.items}:
        raise MissingError(f"no item {item}", f"没有条目 {item}")
    rows = Check.objects.filter(place=where, checklist=name, item=item)
    if found is None:
        rows.delete()
    else:
        values = {"met": found, "note": note, "by": actor.name}
        Check.objects.update_or_create(place=where, checklist=name, item=item, defaults=values)
    detail = {"list": name, "item": item, "met": found}
    audit.record(actor, "check.said", f"place:{code}", where.lineage, detail)
    return checked(actor, code, name)


def inherit(place: Any, heirs: list[Any]) -> None:
    """What people found at a place that ended holds for the one that goes on, where nothing is known of it."""
    for row in Check.objects.filter(place=place):
        if not Check.objects.filter(
            place=heirs[0], checklist=row.checklist, item=row.item
        ).exists():
            Check.objects.filter(pk=row.pk).update(place=heirs[0])


def _present(where: Any) -> list[Present]:
    """The facilities of a place that are not closed; those of a circle are its members'."""
    lineages = [where.lineage]
    if where.members:
        lineages = [one.lineage for one in places.by_code(where.members).values()]
    return [
        Present(row.ref, row.type, row.floor_area_m2)
        for row in facilities.open_at(lineages)
    ]  # fmt: skip


def _told(item: Item, there: list[Present], said: Check | None) -> dict[str, Any]:
    register, refs = met(item, there)
    return {
        "id": item.id, "zh": item.zh, "en": item.en, "norm": item.norm, "types": list(item.types),
        "register_says": register, "facilities": list(refs)[:50], "met": register if said is None else said.met,
        "note": "" if said is None else said.note, "by": "" if said is None else said.by,
    }  # fmt: skip
