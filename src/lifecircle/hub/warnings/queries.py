"""Reads of warnings: drafts where the caller may write them; what was sent is everybody's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.errors import MissingError
from lifecircle.hub.places import queries as places
from lifecircle.hub.places.queries import within
from lifecircle.hub.warnings.cap import said
from lifecircle.hub.warnings.hazards import hazard
from lifecircle.hub.warnings.models import Warning  # noqa: A004

_TEXTS = ("headline", "description", "instruction")


def warnings(actor: Actor, *, state: str = "", place: str = "") -> QuerySet[Warning]:
    """The drafts that a caller may write, and what was sent, wherever it is for; the latest first."""
    drafts = Q(state="draft") & within(actor, "warning.write", "place__lineage")
    sent = Q(state="sent") if actor.may("place.read") else Q(pk__in=[])
    rows = Warning.objects.filter(drafts | sent)
    wanted = {"state": state, "place__lineage__contains": f"/{place}/" if place else ""}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return rows.select_related("place", "case", "follows").prefetch_related("followers")


def warning(actor: Actor, ref: str) -> Warning:
    """One warning; `MissingError` if there is none for this caller."""
    found = warnings(actor).filter(ref=ref).first()
    if found is None:
        raise MissingError(f"no warning {ref}", f"没有预警 {ref}")
    return found


def public(*, status: str = "Actual") -> QuerySet[Warning]:
    """What everybody is told now: sent, not over, and not followed by another that was sent."""
    rows = Warning.objects.filter(state="sent", status=status, expires__gt=timezone.now())
    rows = rows.exclude(pk__in=Warning.objects.filter(state="sent", follows__isnull=False).values("follows"))  # fmt: skip
    return rows.select_related("place").order_by("-sent_at", "-pk")


def sent(ref: str) -> Warning:
    """One that was sent, whoever asks, as long as it is kept."""
    found = Warning.objects.filter(ref=ref, state="sent").first()
    if found is None:
        raise MissingError(f"no warning {ref}", f"没有预警 {ref}")
    return found


def chain(one: Warning) -> list[Warning]:
    """The messages that one follows, the first first."""
    found: list[Warning] = []
    before = one.follows
    while before is not None:
        found.insert(0, before)
        before = before.follows
    return found


def areas(one: Warning) -> list[Any]:
    """The places that a warning is for."""
    codes = one.areas or [one.place.code]
    known = places.by_code(codes)
    return [known[code] for code in codes if code in known]


def told(one: Warning) -> dict[str, Any]:
    """What everybody may know of a warning, in both languages, with what its hazard says where nothing was written."""
    about = hazard(one.hazard)
    names = ("ref", "hazard", "status", "msg_type", "urgency", "severity", "certainty", "onset", "expires", "sent_at")  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names},
        **{f"{name}_{language}": said(one, name, language) for name in _TEXTS for language in ("zh", "en")},
        "event_zh": about.zh, "event_en": about.en,
        "areas": [{"code": place.code, "name_zh": place.name_zh, "name_en": place.name_en} for place in areas(one)],
        "follows": one.follows.ref if one.follows else "",
    }  # fmt: skip


def whole(actor: Actor, one: Warning) -> dict[str, Any]:
    """A warning as staff see it: what everybody is told, what was written, where it came from, what may be done with it."""
    writes = actor.may("warning.write", one.place.lineage)
    follower = next(iter(one.followers.all()), None)
    goes_on = one.state == "sent" and one.expires > timezone.now()
    return {
        **told(one), "written": one, "place": one.place.code, "place_zh": one.place.name_zh, "state": one.state,
        "case": one.case.ref if one.case and actor.may("case.read", one.case.place.lineage) else "",
        "followed_by": follower.ref if follower and (writes or follower.state == "sent") else "",
        "written_by": one.written_by, "sent_by": one.sent_by, "version": one.version,
        "may_change": writes and one.state == "draft",
        "may_follow": writes and goes_on and follower is None and one.msg_type != "Cancel",
    }  # fmt: skip


def free_ref(day: dt.date) -> str:
    """The next number of a day: W-20261128-0001."""
    start = f"W-{day:%Y%m%d}-"
    rows = Warning.objects.filter(ref__startswith=start).order_by("-ref")
    last = rows.values_list("ref", flat=True).first()
    return f"{start}{int(last.rsplit('-', 1)[1]) + 1 if last else 1:04}"
