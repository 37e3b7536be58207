"""Reads of links to outside bodies: those of a case that the caller sees, and the one that somebody holds."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.cases import photos, queries
from lifecircle.hub.cases.kinds import kinds
from lifecircle.hub.cases.models import Case, CaseEvent, CasePhoto, OutsideLink
from lifecircle.hub.errors import MissingError
from lifecircle.hub.places import queries as places
from lifecircle.hub.tokens import digest_of


def links(one: Case) -> QuerySet[OutsideLink]:
    """The links of a case, whoever has found it."""
    return one.outside_links.select_related("order", "made_by", "case__place")


def link(actor: Actor, ref: str, number: int) -> OutsideLink:
    """One link of a case; `MissingError` if there is none for this caller."""
    found = links(queries.case(actor, ref)).filter(pk=number).first()
    if found is None:
        raise MissingError
    return found


def state(one: OutsideLink) -> str:
    """Where it stands: sent, accepted, done, declined, ended, expired."""
    if one.done_at is not None:
        return "done"
    if one.declined_at is not None:
        return "declined"
    if one.ended_at is not None:
        return "ended"
    if one.expires_at <= timezone.now():
        return "expired"
    return "accepted" if one.accepted_at is not None else "sent"


def told(actor: Actor, one: OutsideLink) -> dict[str, Any]:
    """A link as the case's page shows it: never where it leads."""
    names = (
        "body", "ask", "door", "made_at", "expires_at", "looked_at", "accepted_at", "accepted_by", "done_at",
        "declined_at",
    )  # fmt: skip
    now = state(one)
    return {
        "id": one.pk, **{name: getattr(one, name) for name in names}, "state": now, "made_by": one.made_by.username,
        "order": one.order.number if one.order else None, "photos": one.shown.count(),
        "may_end": now in ("sent", "accepted") and actor.may("case.dispatch", one.case.place.lineage),
    }  # fmt: skip


def once(token: str) -> OutsideLink | None:
    """The link that a token is or was of; None if it never was."""
    rows = OutsideLink.objects.select_related("case__place", "case__holder", "order", "made_by")
    return rows.filter(digest=digest_of(token)).first()


def held(token: str) -> OutsideLink:
    """The link that somebody holds; `MissingError`, always the same, for one that is unknown, ended or expired."""
    found = once(token)
    if found is None or is_over(found):
        raise MissingError("no such link, or it is over", "链接无效或已失效")
    return found


def is_over(one: OutsideLink) -> bool:
    """Whether a link leads nowhere any more: it was ended or expired, or what it is of is out of the body's hands."""
    if one.ended_at is not None or one.expires_at <= timezone.now():
        return True
    if answered(one):
        return one.case.state in ("closed", "merged")
    return one.case.state != "handed" if one.order is None else one.order.state != "approved"


def answered(one: OutsideLink) -> bool:
    """Whether the body has said its last word: then it is shown that, and nothing more of the case."""
    return one.done_at is not None or one.declined_at is not None


def shown(one: OutsideLink) -> dict[str, Any]:
    """What a body reads: what is asked of it, where down to the building, by when; the door if it may."""
    known = kinds().get(one.case.kind)
    found = {
        "ref": one.case.ref, "body": one.body, "state": state(one), "accepted_by": one.accepted_by,
        "kind_zh": known.zh if known else one.case.kind, "kind_en": known.en if known else one.case.kind,
        "contact": settings.CONTACT, "expires_at": one.expires_at,
    }  # fmt: skip
    if answered(one):
        nothing: dict[str, Any] = {
            "ask": "",
            "door": "",
            "due": None,
            "paused": False,
            "work": None,
        }
        return {**found, **nothing, "place_zh": [], "place_en": [], "photos": [], "notes": []}
    return {
        **found, **_where(one.case), "ask": one.ask, "door": (one.case.door or "") if one.door else "",
        "due": one.case.close_due, "paused": one.case.paused_at is not None,
        "photos": [{"id": row.pk, "own": row.outside_id == one.pk} for row in pictures(one)], "work": _work(one),
        "notes": list(notes(one).values("at", "note")),
    }  # fmt: skip


def pictures(one: OutsideLink) -> QuerySet[CasePhoto]:
    """The photos that a body sees: those chosen for it, and its own."""
    if answered(one):
        return CasePhoto.objects.none()
    chosen = one.shown.values("pk")
    there = photos.there(one.case)
    return there.filter(pk__in=chosen) | there.filter(outside=one)


def notes(one: OutsideLink) -> QuerySet[CaseEvent]:
    """What the body has written, the earliest first."""
    return one.case.events.filter(what="outside_note", detail__link=one.pk)


def _where(one: Case) -> dict[str, list[str]]:
    """The names from the street down to the building: a dwelling is the door."""
    codes = one.place.lineage.strip("/").split("/")
    found = places.by_code(codes)
    known = [found[code] for code in codes if code in found]
    told_ = [each for each in known if each.level not in ("district", "dwelling")]
    return {
        "place_zh": [each.name_zh for each in told_],
        "place_en": [each.name_en or each.name_zh for each in told_],
    }


def _work(one: OutsideLink) -> dict[str, Any] | None:
    """What an order asks for; its prices are not the body's to read."""
    if one.order is None:
        return None
    rows = one.order.lines.all()
    lines = [{"name": row.name, "unit": row.unit, "quantity": row.quantity} for row in rows]
    return {"number": one.order.number, "what": one.order.what, "lines": lines}
