"""The life of circles: from the plan to acceptance by check list and cards, and how many a district is to have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone

from lifecircle.engine.circles import LEAST, MOST, draw_circles, units_of
from lifecircle.errors import Issue
from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import queries as assessments
from lifecircle.hub.assessments.workbench import workbench
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, InvalidError, MissingError
from lifecircle.hub.places import circles as areas
from lifecircle.hub.places import queries as places
from lifecircle.hub.planning import checking
from lifecircle.hub.planning.models import Circle, CircleStep, CircleTarget
from lifecircle.hub.rights import Right
from lifecircle.hub.stream import actions as stream
from lifecircle.hub.versions import check_version

CircleState = Literal["planned", "building", "accepted", "demonstration"]

MOVES: dict[tuple[str, str], Right] = {
    ("planned", "building"): "project.write", ("building", "planned"): "project.write",
    ("building", "accepted"): "project.approve", ("accepted", "building"): "project.approve",
    ("accepted", "demonstration"): "project.approve", ("demonstration", "accepted"): "project.approve",
}  # fmt: skip
_FIT: dict[str, frozenset[str]] = {
    "accepted": frozenset({"green", "blue", "yellow"}), "demonstration": frozenset({"green", "blue"}),
}  # fmt: skip
"""Overall colours with which a circle is accepted, or shown to others (proposal)."""


def circles(actor: Actor) -> list[dict[str, Any]]:
    """The circles that a caller may see, each with its people, its state and its overall card of the latest assessment."""
    actor.check("project.read")
    seen = list(places.places(actor, right="project.read").filter(level="circle"))
    lives = {one.place_id: one for one in Circle.objects.filter(place__in=seen)}
    colours = _cards(actor, {place.code for place in seen})
    members = {code for place in seen for code in place.members}
    people = places.residents(members)
    names = {code: one.name_zh for code, one in places.by_code(members).items()}
    return [_told(place, lives.get(place.pk), colours, people, names) for place in seen]


def circle(actor: Actor, code: str) -> dict[str, Any]:
    """One circle; `MissingError` if there is none for this caller."""
    found = next((one for one in circles(actor) if one["code"] == code), None)
    if found is None:
        raise MissingError(f"no circle {code}", f"没有生活圈 {code}")
    return found


def steps(actor: Actor, code: str) -> list[CircleStep]:
    """What states a circle has been in, the latest first."""
    circle(actor, code)
    return list(CircleStep.objects.filter(circle__place__code=code).order_by("-pk"))


@transaction.atomic
def draw(
    actor: Actor, *, name_zh: str, members: Sequence[str], name_en: str = "", code: str = ""
) -> dict[str, Any]:
    """Draw a circle by hand; errors as `places.circles.draw`."""
    code = code or _free_code()
    place = areas.draw(
        actor, code=code, name_zh=name_zh, name_en=name_en, members=members, on=timezone.localdate()
    )
    one = Circle.objects.create(place=place)
    _step(actor, one, "planned", "")
    return circle(actor, place.code)


@transaction.atomic
def redraw(actor: Actor, code: str, members: Sequence[str]) -> dict[str, Any]:
    """Give a circle other members."""
    areas.redraw(actor, code, members=members, on=timezone.localdate())
    return circle(actor, code)


@transaction.atomic
def dissolve(actor: Actor, code: str) -> None:
    """End a circle that is not accepted.

    Raises
    ------
    ConflictError
        It is accepted: it goes back to being built first.
    """
    one = _life(actor, code)
    if one.state in {"accepted", "demonstration"}:
        raise ConflictError(f"a circle that is not {one.state}", "已验收的生活圈不能直接撤销")
    areas.dissolve(actor, code, on=timezone.localdate())


@transaction.atomic
def adopt(actor: Actor, drawn: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Draw several circles at once, all or none: a division that was chosen."""
    made = [draw(actor, name_zh=one["name_zh"], members=one["members"]) for one in drawn]
    return [circle(actor, one["code"]) for one in made]


@transaction.atomic
def move(
    actor: Actor, code: str, to: CircleState, *, version: int, note: str = "", checklist: str = ""
) -> dict[str, Any]:
    """Move a circle on, or back with a reason.

    Raises
    ------
    ConflictError
        It does not go there from where it is, or changed since the caller saw `version` of it.
    InvalidError
        Items of the check list are not met, or its card is not good enough: each is named.
    """
    one = _life(actor, code)
    check_version(one, version)
    right = MOVES.get((one.state, to))
    if right is None:
        raise ConflictError(
            f"from {one.state} a circle does not go to {to}", "当前状态不能这样流转"
        )
    actor.check(right, one.place.lineage)
    if checklist:
        one.checklist = checking.checklist(checklist).id
    states = Circle.STATES
    if states.index(to) < states.index(one.state) and not note.strip():
        raise InvalidError("a reason to go back", "退回须说明原因")
    detail: dict[str, Any] = {"checklist": one.checklist}
    if states.index(to) > states.index(one.state) and to in _FIT:
        detail |= _fit(actor, one, to)
    one.state = to
    one.version += 1
    one.save()
    _step(actor, one, to, note, detail)
    return circle(actor, code)


@transaction.atomic
def set_targets(actor: Actor, place: str, rows: Sequence[Mapping[str, Any]]) -> list[CircleTarget]:
    """Set how many circles a district is to have accepted by which days; never fewer later.

    Raises
    ------
    InvalidError
        A day occurs twice, or a later target is smaller.
    """
    where = places.open_place(actor, place)
    actor.check("project.approve", where.lineage)
    ordered = sorted(rows, key=lambda row: row["on"])
    for earlier, later in pairwise(ordered):
        if later["on"] == earlier["on"] or later["circles"] < earlier["circles"]:
            raise InvalidError(
                "each day once, and never fewer circles later", "日期不重复, 数量不递减"
            )
    CircleTarget.objects.filter(place=where).delete()
    CircleTarget.objects.bulk_create(CircleTarget(place=where, **row) for row in ordered)
    audit.record(actor, "circle.targets", f"place:{place}", where.lineage, {"count": len(ordered)})
    return targets(actor)


def targets(actor: Actor) -> list[CircleTarget]:
    """The targets of places that a caller may see."""
    rows = CircleTarget.objects.filter(places.within(actor, "project.read", "place__lineage"))
    return list(rows.select_related("place"))


def accepted_by(actor: Actor, day: dt.date) -> int:
    """How many of the circles that a caller sees were accepted by a day."""
    seen = places.places(actor, right="project.read", ended=True).filter(level="circle")
    rows = CircleStep.objects.filter(circle__place__in=seen, on__lte=day).order_by("pk")
    last = {step.circle_id: step.state for step in rows}
    return sum(state in {"accepted", "demonstration"} for state in last.values())


def divisions(
    actor: Actor, *, count: int | None, least: float, most: float, hard: bool, by: Literal["community", "grid"]
) -> list[dict[str, Any]]:  # fmt: skip
    """Divisions of the district into circles that the engine finds, none worse than another in everything.

    Raises
    ------
    InputError
        The bounds allow none: it says which do.
    """
    run = assessments.run(actor)
    actor.check("place.write", run.place.lineage)
    bench = workbench(run)
    units = units_of(bench.district, bench.network, by)
    names = dict(zip(units.code, units.name, strict=True))
    found = draw_circles(units, count, least=least, most=most, hard=hard, steps=20_000)
    return [
        {
            "wish": one.wish, "walk_s": one.walk_s, "split": one.split, "uneven": one.uneven,
            "circles": [
                {"name_zh": f"{names[c.centre]}生活圈", "members": list(c.members), "people": c.people,
                 "walk_s": c.walk_s, "beyond": c.beyond}
                for c in one.circles
            ],
        }
        for one in found
    ]  # fmt: skip


def _fit(actor: Actor, one: Circle, to: str) -> dict[str, Any]:
    """Hold a circle against its check list and its card; what was found, or every issue at once."""
    found = checking.checked(actor, one.place.code, one.checklist)
    issues = [
        Issue("check", one.place.code, f"{item['en']}: {item['norm']}", f"{item['zh']}: {item['norm']}", column=item["id"])
        for item in found["items"] if item["met"] is not True
    ]  # fmt: skip
    colour = _cards(actor, {one.place.code}).get(one.place.code, {}).get("colour", "")
    if colour not in _FIT[to]:
        wanted = ", ".join(sorted(_FIT[to]))
        expected = f"an overall card that is {wanted}", f"总体卡片为 {wanted}"
        issues.append(
            Issue("card", one.place.code, *expected, column="overall", value=colour or "-")
        )
    if issues:
        raise InvalidError(f"the circle cannot be {to} yet", "验收条件尚未具备", issues)
    return {"met": found["met"], "colour": colour}


def _life(actor: Actor, code: str) -> Circle:
    place = places.place(actor, code, right="project.read")
    if place.level != "circle" or place.until is not None:
        raise MissingError(f"no circle {code}", f"没有生活圈 {code}")
    Circle.objects.get_or_create(place=place)
    return Circle.objects.select_for_update(of=("self",)).select_related("place").get(place=place)


def _cards(actor: Actor, codes: set[str]) -> dict[str, dict[str, Any]]:
    try:
        run = assessments.run(actor)
    except MissingError:
        return {}
    rows = assessments.cards(actor, run).filter(scope="overall", place__code__in=codes)
    return {row.place.code: row.detail for row in rows}


def _told(
    place: Any, life: Circle | None, cards: Mapping[str, Mapping[str, Any]], people: Mapping[str, float],
    names: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    card = cards.get(place.code, {})
    counted = [people[code] for code in place.members if code in people]
    total = sum(counted) if len(counted) == len(place.members) else None
    bounds = [place.west, place.south, place.east, place.north]
    return {
        "code": place.code, "name_zh": place.name_zh, "name_en": place.name_en, "members": place.members,
        "members_zh": [names.get(code, code) for code in place.members], "people": total,
        "beyond": None if total is None else min(total - LEAST, 0.0) or max(total - MOST, 0.0),
        "state": life.state if life else "planned", "checklist": life.checklist if life else "life_circle",
        "version": life.version if life else 1, "colour": card.get("colour"), "score": card.get("score"),
        "since": place.since, "bounds": bounds if place.west is not None else None,
    }  # fmt: skip


def _step(
    actor: Actor, one: Circle, state: str, note: str, detail: dict[str, Any] | None = None
) -> None:
    CircleStep.objects.create(
        circle=one,
        on=timezone.localdate(),
        by=actor.name,
        state=state,
        note=note,
        detail=detail or {},
    )
    audit.record(
        actor, f"circle.{state}", f"place:{one.place.code}", one.place.lineage, detail or {}
    )
    stream.emit(
        "circle", one.place.lineage, "project.read", {"code": one.place.code, "state": state}
    )


def _free_code() -> str:
    taken = places.codes_like("circle-")
    number = 1
    while f"circle-{number}" in taken:
        number += 1
    return f"circle-{number}"
