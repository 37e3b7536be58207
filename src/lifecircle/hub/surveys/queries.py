"""Reads of surveys: those of the caller's places, and of the places above them, of which they see their own part."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections import Counter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from lifecircle.engine.polling.asking import Questionnaire, from_json
from lifecircle.engine.standards import Band
from lifecircle.hub.actor import Actor
from lifecircle.hub.errors import MissingError
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.places.queries import within
from lifecircle.hub.rights import Right
from lifecircle.hub.surveys.models import Answer, Invitation, Quota, Survey

YOUNGEST = 15
"""Nobody younger is asked (proposal)."""


def surveys(actor: Actor, *, state: str = "", right: Right = "survey.read") -> QuerySet[Survey]:
    """The surveys of a caller's places, and of those above them; the latest first."""
    lineages = actor.lineages(right)
    above = {lineage[: k + 1] for lineage in lineages for k, c in enumerate(lineage) if c == "/"}
    rows = Survey.objects.filter(
        within(actor, right, "place__lineage") | Q(place__lineage__in=above - {"/"})
    )
    if "/" in lineages:  # no condition, which one more would take away
        rows = Survey.objects.all()
    if state:
        rows = rows.filter(state=state)
    return rows.select_related("place")


def survey(actor: Actor, number: int, *, right: Right = "survey.read") -> Survey:
    """One survey; `MissingError` if there is none for this caller."""
    found = surveys(actor, right=right).filter(pk=number).first()
    if found is None:
        raise MissingError("no such survey", "没有这项调查")
    return found


def told(actor: Actor, one: Survey) -> dict[str, Any]:
    """What is said of a survey; where it is held only to those who see that place."""
    where = one.place if actor.may("place.read", one.place.lineage) else None
    names = (
        "zh",
        "en",
        "state",
        "counts",
        "ends_on",
        "created_by",
        "opened_at",
        "closed_at",
        "version",
    )
    return {
        **{name: getattr(one, name) for name in names}, "id": one.pk,
        "place": where.code if where else "", "place_zh": where.name_zh if where else "",
        "place_en": where.name_en if where else "",
        "questions": sum(len(part["questions"]) for part in one.questionnaire["sections"]),
    }  # fmt: skip


def questionnaire(one: Survey) -> Questionnaire:
    """What a survey asks."""
    return from_json({**one.questionnaire, "zh": one.zh, "en": one.en})


def bands() -> list[Band]:
    """The age bands whose people are asked: those of which everybody is old enough."""
    known = facilities.standards().bands.values()
    return [band for band in known if band.ages is not None and band.ages[0] >= YOUNGEST]


def band_of(birth_year: int) -> str:
    """The age band of somebody born in a year; empty for those who are not asked."""
    age = timezone.localdate().year - birth_year
    for band in bands():
        first, last = band.ages or (0, None)
        if first <= age and (last is None or age <= last):
            return band.id
    return ""


def is_open(one: Survey) -> bool:
    """Whether a survey can be answered today."""
    return one.state == "open" and (one.ends_on is None or timezone.localdate() <= one.ends_on)


def quotas(actor: Actor, one: Survey) -> QuerySet[Quota]:
    """How many answers are wanted where the caller may see."""
    rows = one.quotas.filter(within(actor, "survey.read", "place__lineage"))
    return rows.select_related("place")


def invitations(actor: Actor, one: Survey, right: Right = "survey.answer") -> QuerySet[Invitation]:
    """Who was asked, where the caller may enter answers."""
    rows = one.invitations.filter(within(actor, right, "place__lineage"))
    return rows.select_related("place", "resident")


def invitation(code: str) -> Invitation:
    """The invitation with a code; `MissingError` if there is none. Whoever has the code may ask."""
    rows = Invitation.objects.select_related("survey__place", "place")
    found = rows.filter(digest=digest_of(code)).first()
    if found is None or found.survey.state == "draft":
        raise MissingError("no invitation with this code", "没有这个编号的邀请")
    return found


def digest_of(code: str) -> str:
    """What is looked up of a code: letters that look alike are the same, spaces and hyphens nothing."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(plain.replace("O", "0").replace("I", "1").replace("L", "1").encode()).hexdigest()  # fmt: skip


def contact_of(one: Survey, phone: str) -> str:
    """The keyed hash of a telephone number for one survey: it cannot be turned back, nor held against another survey."""
    digits = "".join(c for c in phone if c.isdigit())[-11:]
    key = hashlib.sha256(f"survey contact {settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, f"{one.pk}:{digits}".encode(), hashlib.sha256).hexdigest()


def answers(actor: Actor, one: Survey, *, place: str = "") -> list[tuple[Answer, dict[str, Any]]]:
    """The answers of places that the caller may see, with their values."""
    rows = one.answers.filter(within(actor, "survey.read", "place__lineage"))
    if place:
        rows = rows.filter(place__lineage__contains=f"/{place}/")
    return [(row, json.loads(row.values)) for row in rows.select_related("place")]


def has_answer(key: UUID) -> Answer | None:
    """The answer with a key, whoever asks."""
    return Answer.objects.filter(pk=key).first()


def progress(actor: Actor, one: Survey) -> list[dict[str, Any]]:
    """Of each place and band: answers wanted, people asked, and answers there are."""
    wanted = {(q.place.code, q.band): q.wanted for q in quotas(actor, one)}
    names = {q.place.code: q.place for q in quotas(actor, one)}
    asked: Counter[tuple[str, str]] = Counter()
    for row in invitations(actor, one, "survey.read"):
        asked[row.place.code, row.band] += 1
        names[row.place.code] = row.place
    given: Counter[tuple[str, str]] = Counter()
    rows = one.answers.filter(within(actor, "survey.read", "place__lineage"))
    for answer in rows.select_related("place"):
        given[answer.place.code, answer.band] += 1
        names[answer.place.code] = answer.place
    keys = sorted({*wanted, *asked, *given}, key=lambda key: (names[key[0]].lineage, key[1]))
    return [
        {"place": code, "place_zh": names[code].name_zh, "place_en": names[code].name_en, "band": band,
         "wanted": wanted.get((code, band), 0), "asked": asked[code, band], "answered": given[code, band]}
        for code, band in keys
    ]  # fmt: skip


def changed_since(moment: dt.datetime) -> bool:
    """Whether a survey that counts was closed, or opened again, since a moment."""
    rows = Survey.objects.filter(counts=True)
    return rows.filter(Q(closed_at__gt=moment) | Q(opened_at__gt=moment, closed_at__isnull=False)).exists()  # fmt: skip
