"""Reads of runs and cards, narrowed to the caller's places."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from lifecircle.engine.report.colours import swatches
from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments.models import Card, Ground, Publication, Run
from lifecircle.hub.errors import ConflictError, MissingError
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.places import queries as places
from lifecircle.hub.places.queries import within
from lifecircle.hub.surveys import queries as surveys


def ground(actor: Actor) -> Ground:
    """The district that a caller sees a part of; `MissingError` if there is none."""
    for lineage in actor.lineages("card.read"):
        code = lineage.strip("/").split("/")[0]
        found = Ground.objects.filter(place__code=code) if code else Ground.objects.all()
        if (one := found.select_related("place").first()) is not None:
            return one
    raise MissingError("no district is loaded", "尚未载入任何区")


def runs(actor: Actor) -> QuerySet[Run]:
    """The runs over districts that a caller sees a part of, the latest first."""
    codes = {lineage.strip("/").split("/")[0] for lineage in actor.lineages("card.read")}
    everywhere = "" in codes
    mine = Q() if everywhere else Q(place__code__in=codes)
    return Run.objects.filter(mine).select_related("place")


def run(actor: Actor, number: UUID | None = None) -> Run:
    """One run, or the latest that is done.

    Raises
    ------
    MissingError
        There is none for this caller.
    """
    rows = runs(actor)
    found = (rows.filter(state="done") if number is None else rows.filter(pk=number)).first()
    if found is None:
        raise MissingError("no such assessment", "没有这次评估")
    return found


def waiting(one: Run) -> Run | None:
    """The run of the same district that is queued, if there is one."""
    return Run.objects.filter(place=one.place, state="queued").first()


def cards(
    actor: Actor, one: Run, *, scope: str | None = None, key: str | None = None,
    level: str | None = None, place: str | None = None, colour: str | None = None,
) -> QuerySet[Card]:  # fmt: skip
    """The cards of a run for places that the caller may see."""
    rows = Card.objects.filter(within(actor, "card.read", "place__lineage"), run=one)
    wanted = {
        "scope": scope, "key": key, "colour": colour, "place__level": level, "place__code": place,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return rows.select_related("place").order_by("place__lineage", "pk")


def latest_cards(actor: Actor) -> QuerySet[Card]:
    """The cards of the latest run that is done; none where there is none."""
    last = runs(actor).filter(state="done").first()
    return Card.objects.none() if last is None else cards(actor, last)


def card(actor: Actor, one: Run, place: str, scope: str, key: str) -> Card:
    """One card; `MissingError` if there is none for this caller."""
    found = cards(actor, one, scope=scope, key=key, place=place).first()
    if found is None:
        raise MissingError("no such card", "没有这张卡")
    return found


def publication(code: str) -> Publication:
    """What residents of a place may read, whoever asks; `MissingError` if nothing is published."""
    rows = Publication.objects.filter(place__code=code, withdrawn_at__isnull=True)
    found = rows.select_related("run", "place").first()
    if found is None:
        raise MissingError("nothing is published here", "此地尚未公布卡片")
    return found


def publications(actor: Actor) -> QuerySet[Publication]:
    """What is published at places that the caller sees."""
    rows = Publication.objects.filter(
        within(actor, "card.read", "place__lineage"), withdrawn_at__isnull=True
    )
    return rows.select_related("place", "run")


def published(code: str) -> dict[str, Any]:
    """The published cards of a place and of what lies below it, for anybody."""
    one = publication(code)
    rows = Card.objects.filter(run=one.run, key__in=one.keys, place__code__in=one.areas).order_by(
        "place__lineage", "pk"
    )
    return {
        "place": code, "place_zh": one.place.name_zh, "published_at": one.published_at,
        "cards": [{name: card.detail[name] for name in _PUBLIC} for card in rows],
    }  # fmt: skip


def short(card: Card) -> dict[str, Any]:
    """What a list shows of a card."""
    return {name: card.detail[name] for name in _SHORT}


def matrix(actor: Actor, one: Run, scope: str, level: str) -> dict[str, Any]:
    """The colours of areas by keys, a letter each, in the order of the standard."""
    rows = list(
        cards(actor, one, scope=scope, level=level).values_list(
            "place__code", "place__name_zh", "place__name_en", "key", "detail__key_zh",
            "detail__key_en", "colour",
        )
    )  # fmt: skip
    areas = {row[0]: {"code": row[0], "zh": row[1], "en": row[2]} for row in rows}
    keys = {row[3]: {"key": row[3], "zh": row[4], "en": row[5]} for row in rows}
    found = {(row[0], row[3]): _LETTER[row[6]] for row in rows}
    return {
        "areas": list(areas.values()), "keys": list(keys.values()),
        "colours": ["".join(found.get((area, key), "-") for key in keys) for area in areas],
    }  # fmt: skip


def is_stale(actor: Actor) -> bool:
    """Whether what the latest run stands on has changed since it was asked for."""
    last = runs(actor).filter(state="done").first()
    return last is not None and changed_since(last.started_at or last.requested_at)


def changed_since(moment: dt.datetime) -> bool:
    """Whether the register, the tree of places or what residents say has changed since a moment."""
    return any(app.changed_since(moment) for app in (facilities, places, surveys))


_LETTER = {
    "green": "g", "blue": "b", "yellow": "y", "orange": "o", "red": "r", "grey": "-"
}  # fmt: skip
_PUBLIC = (
    "area", "area_zh", "area_en", "level", "scope", "key", "key_zh", "key_en", "colour", "score",
    "covered_share", "reason_zh", "reason_en", "synthetic",
)  # fmt: skip
_SHORT = (*_PUBLIC, "gap", "gap_unit_zh", "gap_unit", "uncovered", "people")


def finished(actor: Actor, number: UUID) -> Run:
    """A run that is done.

    Raises
    ------
    MissingError
        There is none for this caller.
    ConflictError
        It is not done.
    """
    one = run(actor, number)
    if one.state != "done":
        raise ConflictError(f"the assessment is {one.state}", "评估尚未完成")
    return one


def profiles(actor: Actor) -> list[dict[str, str]]:
    """The kinds of walkers of the standard."""
    actor.check("card.read")
    return [
        {"id": one.id, "zh": one.name_zh, "en": one.name_en}
        for one in facilities.standards().profiles.values()
    ]


def colours() -> list[dict[str, str]]:
    """The legend: best first, not rated last."""
    return [
        {
            "id": one.id, "hex": one.style.hex, "ink": one.ink, "symbol": one.style.symbol,
            "zh": one.style.name_zh, "en": one.style.name_en,
        }
        for one in swatches(facilities.standards()).values()
    ]  # fmt: skip
