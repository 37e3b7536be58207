"""What cases keep of people, and for how long: let go some time after they are closed, unless somebody holds them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from lifecircle.hub import pictures
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.cases import queries
from lifecircle.hub.cases.history import append
from lifecircle.hub.cases.models import Case, CasePhoto
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.notify import actions as notify
from lifecircle.hub.personal import kept
from lifecircle.hub.versions import check_version

_BATCH, _BATCH_OF_PHOTOS = 200, 50


@transaction.atomic
def hold(actor: Actor, ref: str, *, held: bool, version: int, note: str) -> Case:
    """Keep everything of a case beyond its terms (a complaint, a court), or no longer; with a reason, in its history.

    Raises
    ------
    ConflictError
        It is held already, or is not.
    ForbiddenError
        The caller does not dispatch there.
    InvalidError
        There is no reason.
    """
    seen = queries.case(actor, ref)
    actor.check("case.dispatch", seen.place.lineage)
    one = Case.objects.select_for_update(of=("self",)).select_related("place").get(pk=seen.pk)
    check_version(one, version)
    if not note.strip():
        raise InvalidError("a reason", "须说明原因")
    if one.held == held:
        raise ConflictError("it is so already", "已是如此")
    one.held = held
    one.version += 1
    one.save(update_fields=["held", "version"])
    what = "held" if held else "released"
    append(one, what, by=actor.name, at=timezone.now(), note=note)
    audit.record(actor, f"case.{what}", f"case:{ref}", one.place.lineage)
    return one


def forget() -> int:
    """Let go of what the terms say is over, in batches that are each done or not begun; of how many cases."""
    now, count = timezone.now(), 0
    while batch := _forget_people(now - kept("contacts"), timezone.localdate(now)):
        count += batch
    while _forget_photos(now - kept("photos"), now):
        pass
    return count


@transaction.atomic
def _forget_people(before: dt.datetime, today: dt.date) -> int:
    rows = Case.objects.select_for_update(of=("self",), skip_locked=True).select_related(
        "place__parent"
    )
    found = list(
        rows.filter(_over(before), forgotten_on__isnull=True).order_by("closed_at", "pk")[:_BATCH]
    )
    if not found:
        return 0
    mine = Case.objects.filter(pk__in=[one.pk for one in found])
    counts = mine.aggregate(
        cases=Count("pk"),
        doors=Count("door"),
        reporters=Count("reporter"),
        contacts=Count("contacts"),
    )
    mine.update(door=None, reporter=None, contacts=None, forgotten_on=today)
    homes = [one for one in found if one.place.level == "dwelling"]
    for one in homes:
        _out_of_home(one)
    counts |= {"phones": notify.forget_phones(found), "dwellings": len(homes)}
    audit.record(Actor.system("retention"), "case.forgotten", "cases", detail=counts)
    return len(found)


@transaction.atomic
def _forget_photos(before: dt.datetime, now: dt.datetime) -> int:
    """Files first: one that was killed in between is gone on with, and nothing outlives its row."""
    rows = CasePhoto.objects.select_for_update(of=("self", "case"), skip_locked=True)
    over = rows.select_related("case").filter(
        removed_at__isnull=True, case__state__in=("closed", "merged"), case__held=False, case__closed_at__lt=before,
        case__forgotten_on__isnull=False,
    )  # fmt: skip
    found = list(over.order_by("pk")[:_BATCH_OF_PHOTOS])
    if not found:
        return 0
    for one in found:
        pictures.erase(one.key)
    CasePhoto.objects.filter(pk__in=[one.pk for one in found]).update(removed_at=now, digest="")
    detail = {"photos": len(found), "cases": len({one.case_id for one in found})}
    audit.record(Actor.system("retention"), "case.photos_forgotten", "cases", detail=detail)
    return len(found)


def _over(before: dt.datetime) -> Q:
    """Closed since before then and not held; a duplicate only after the case that it was merged into."""
    closed = Q(state="closed") | Q(state="merged", duplicate_of__forgotten_on__isnull=False)
    return closed & Q(held=False, closed_at__lt=before)


def _out_of_home(one: Case) -> None:
    """A case in a dwelling becomes one of its building: the dwelling is a door by another name."""
    home: Any = one.place
    building: Any = home.parent
    title = one.title
    if title.startswith(home.name_zh):
        title = f"{building.name_zh}{title.removeprefix(home.name_zh)}"[:200]
    Case.objects.filter(pk=one.pk).update(place=building, title=title)
