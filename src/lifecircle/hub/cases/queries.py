"""Reads of cases, narrowed to the caller's places; the door only to whoever holds the case."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.cases.kinds import kinds, moves
from lifecircle.hub.cases.models import Case, CaseEvent, Rung
from lifecircle.hub.errors import ForbiddenError, MissingError
from lifecircle.hub.notify import queries as notices
from lifecircle.hub.people import queries as people
from lifecircle.hub.places import queries as places
from lifecircle.hub.places.queries import within
from lifecircle.hub.stream import queries as stream

OPEN = ("received", "assigned", "accepted", "on_site", "resolved", "verified", "handed")
WORKING = frozenset({"received", "assigned", "accepted", "on_site", "handed"})
"""States of a case that is not resolved yet: in them orders are proposed and approved, and outside bodies asked."""
_MOST_AT_A_DESK = 200
NOT_COUNTED = Q(drill=True) | Q(canary=True)


def cases(
    actor: Actor, *, state: str = "", place: str = "", kind: str = "", priority: str = "", text: str = "",
    mine: bool = False, open_: bool = False,
) -> QuerySet[Case]:  # fmt: skip
    """The cases of places that a caller may see, the latest first."""
    rows = Case.objects.filter(within(actor, "case.read", "place__lineage"), canary=False)
    wanted = {
        "state": state, "place__lineage__contains": f"/{place}/" if place else "", "kind": kind, "priority": priority,
        "holder_id": actor.account_id if mine else "",
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(ref__icontains=text))
    if open_:
        rows = rows.filter(state__in=OPEN)
    return rows.select_related("place", "holder", "duplicate_of")


def about_device(rows: QuerySet[Case], ref: str) -> QuerySet[Case]:
    """Those that came of a device; in a storm one device names the case."""
    return rows.filter(source="device", about=ref)


def case(actor: Actor, ref: str) -> Case:
    """One case; `MissingError` if there is none for this caller."""
    found = cases(actor).filter(ref=ref).first()
    if found is None:
        raise MissingError(f"no case {ref}", f"没有事件 {ref}")
    return found


def known_to_all() -> QuerySet[Case]:
    """The cases that everybody may know of, duplicates among them; `updated_at` is when something last happened to each.

    They are of a kind that the public reports, and told by people: what a device says is of somebody's home.
    """
    open_to_all = [one.id for one in kinds().values() if one.public is not None]
    rows = Case.objects.filter(kind__in=open_to_all).exclude(NOT_COUNTED).exclude(source="device")
    return rows.select_related("place", "duplicate_of").annotate(updated_at=Max("events__at"))


def desk(actor: Actor) -> list[dict[str, Any]]:
    """What somebody has to do: the cases that they hold, and those that they were told of and nobody has answered.

    The most urgent first; each as `whole`.
    """
    told_of = Q(state__in=("received", "assigned"), pk__in=notices.cases_told(actor.account_id))
    held = Q(state__in=("assigned", "accepted", "on_site"), holder_id=actor.account_id or 0)
    rows = cases(actor).filter(held | told_of).order_by("priority", "opened_at", "pk")
    return [whole(actor, one) for one in rows[:_MOST_AT_A_DESK]]


def events(one: Case) -> QuerySet[CaseEvent]:
    """What happened to a case, the earliest first."""
    return one.events.all()


def past(rows: QuerySet[Case], *, until: dt.datetime) -> dict[int, list[CaseEvent]]:
    """What had happened to cases by a moment, the earliest first, by their keys."""
    found: dict[int, list[CaseEvent]] = {}
    happened = CaseEvent.objects.filter(case__in=rows.order_by().values("pk"), at__lte=until)
    for event in happened.order_by("pk"):
        found.setdefault(event.case_id, []).append(event)
    return found


def told(one: Case) -> dict[str, Any]:
    """A case as lists show it: without the door and who reported it; which of its clocks are late."""
    now = timezone.now()
    known = kinds().get(one.kind)
    names = (
        "ref", "kind", "priority", "source", "title", "about", "state", "tier", "department", "body", "lon", "lat",
        "opened_at", "answer_due", "arrive_due", "close_due", "paused_at", "answered_at", "arrived_at", "resolved_at",
        "closed_at", "rating", "drill", "canary", "held", "forgotten_on", "version",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names}, "place": one.place.code, "place_zh": one.place.name_zh,
        "kind_zh": known.zh if known else one.kind, "kind_en": known.en if known else one.kind,
        "holder": one.holder.username if one.holder else "", "holder_name": one.holder.name if one.holder else "",
        "duplicate_of": one.duplicate_of.ref if one.duplicate_of else "", "late": late(one, now),
        "has_door": _has_door(one),
    }  # fmt: skip


def whole(actor: Actor, one: Case) -> dict[str, Any]:
    """A case, what to look at, and what the caller may do with it now."""
    known = kinds().get(one.kind)
    at = one.place.lineage
    holds = _holds(actor, one)
    allowed = [
        {"name": step.name, "needs": list(step.needs)}
        for step in moves().values()
        if one.state in step.sources and actor.may(step.right, at) and (step.who != "holder" or one.holder_id == actor.account_id)
    ]  # fmt: skip
    over = one.state in ("closed", "merged")
    return {
        **told(one), "checklist": list(known.checklist) if known else [], "moves": allowed,
        "may_pause": not over and one.priority != "P1" and actor.may("case.dispatch", at),
        "may_hold": actor.may("case.dispatch", at),
        "may_rate": one.state in ("resolved", "verified", "closed") and actor.may("case.verify", at),
        "may_order": one.state in WORKING and actor.may("case.act", at),
        "may_hand": one.state in WORKING and actor.may("case.dispatch", at),
        "may_see_door": holds, **_spot(one),
    }  # fmt: skip


def late(one: Case, now: dt.datetime) -> list[str]:
    """Which clocks of an open case have run out: answer, arrive, close."""
    if one.state in ("closed", "merged") or one.paused_at is not None:
        return []
    clocks = (
        ("answer", one.answer_due, one.answered_at), ("arrive", one.arrive_due, one.arrived_at),
        ("close", one.close_due, one.resolved_at),
    )  # fmt: skip
    return [name for name, due, done in clocks if done is None and now > due]


def door(actor: Actor, ref: str) -> dict[str, Any]:
    """The door, who reported it, whom to call and what to know of the home, for who holds the case; every look is audited."""
    one = case(actor, ref)
    holds = _holds(actor, one)
    audit.record(actor, "case.door", f"case:{ref}", one.place.lineage, allowed=holds)
    if not holds:
        raise ForbiddenError("the door is shown to who has accepted the case", "仅承办人可查看门牌")
    contacts = json.loads(one.contacts or "[]")
    home = people.at_home(actor, one.place, one.door, about=f"case:{ref}")
    return {
        "door": one.door or "",
        "reporter": one.reporter or "",
        "contacts": contacts,
        "home": home,
    }


def _has_door(one: Case) -> bool:
    """Whether there is something that only its holder is shown: a door, a dwelling, a reporter, whom to call."""
    named = one.door or one.reporter or (one.contacts or "[]") != "[]"
    return bool(named) or one.place.level == "dwelling"


def _holds(actor: Actor, one: Case) -> bool:
    mine = one.holder_id is not None and one.holder_id == actor.account_id
    return mine and one.state in ("accepted", "on_site")


def _spot(one: Case) -> dict[str, Any]:
    if one.lon is not None and one.lat is not None:
        return {"spot": (one.lon, one.lat), "spot_is_place": False}
    return {"spot": places.point_in(one.place), "spot_is_place": True}


@dataclass(frozen=True, slots=True)
class Storm:
    """How many device cases of a kind came to a community, and to the whole district, since a moment."""

    community: int
    district: int


def is_open(origin: str) -> bool:
    """Whether an open case came of this; for the message path."""
    return Case.objects.filter(origin=origin, state__in=OPEN).exists()


def open_among(origins: Iterable[str]) -> list[str]:
    """Which of these open cases came of; for the message path."""
    wanted = list(origins)
    if not wanted:
        return []
    rows = Case.objects.filter(origin__in=wanted, state__in=OPEN)
    return sorted(origin for origin in rows.values_list("origin", flat=True) if origin)


def has_climbed(origin: str) -> bool:
    """Whether the first rung of what came of this was fired; for the canary."""
    return Rung.objects.filter(case__origin=origin, fired_at__isnull=False).exists()


def is_on_stream(origin: str) -> bool:
    """Whether the stream has told of what came of this; for the canary."""
    found = Case.objects.filter(origin=origin).first()
    return found is not None and stream.is_told("case", found.ref, since=found.opened_at)


def open_about_devices(refs: Sequence[str] | None = None) -> set[str]:
    """The numbers of devices of which a case is open, of these or of all; in a storm one device names the case."""
    rows = Case.objects.filter(source="device", state__in=OPEN).exclude(about="")
    rows = rows if refs is None else rows.filter(about__in=refs)
    return set(rows.values_list("about", flat=True))


def storm(kind: str, lineage: str, *, since: dt.datetime) -> Storm:
    """How many cases alike came of devices lately; for the message path."""
    recent = Case.objects.filter(kind=kind, source="device", opened_at__gte=since, drill=False)
    codes = lineage.strip("/").split("/")
    near = f"/{'/'.join(codes[:3])}/"
    top = f"/{codes[0]}/"
    return Storm(
        recent.filter(place__lineage__startswith=near).count(),
        recent.filter(place__lineage__startswith=top).count(),
    )


def gathered(place: Any, *, whole: bool) -> tuple[Any, str]:
    """The place whose case a storm is: the district, or the community; and its code."""
    codes = place.lineage.strip("/").split("/")
    code = codes[0] if whole else codes[:3][-1]
    return places.by_code([code])[code], code
