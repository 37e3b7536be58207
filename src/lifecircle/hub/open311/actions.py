"""Writes of Open311: keys of applications, and cases that came by them."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.cases import actions as cases
from lifecircle.hub.cases.kinds import Kind
from lifecircle.hub.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    MissingError,
    TooManyError,
)
from lifecircle.hub.open311 import reading
from lifecircle.hub.open311.models import Application, Submission
from lifecircle.hub.places import queries as places
from lifecircle.hub.tokens import digest_of

KEY_PREFIX = "o3_"
MOST_AN_HOUR, MOST_AN_HOUR_OF_ADDRESS = 300, 60
_HOUR = dt.timedelta(hours=1)
_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Sent:
    """A report as it came: its form, the bytes of it, from where, and what its client calls it ("" for nothing)."""

    form: reading.Form
    body: bytes
    address: str
    token: str = ""


@transaction.atomic
def make(actor: Actor, *, name: str, contact: str = "") -> tuple[Application, str]:
    """Give an application a key; it, and the key, which nobody is shown again."""
    actor.check("application.write")
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    one = Application.objects.create(
        name=name, contact=contact, digest=digest_of(key), made_by=actor.name
    )
    audit.record(actor, "application.made", f"application:{one.pk}", detail={"name": name})
    return one, key


@transaction.atomic
def end(actor: Actor, number: int) -> Application:
    """Take a key back: it is worth nothing from now on.

    Raises
    ------
    ConflictError
        That was done before.
    MissingError
        There is no such application.
    """
    actor.check("application.write")
    one = Application.objects.select_for_update().filter(pk=number).first()
    if one is None:
        raise MissingError
    if one.ended_at is not None:
        raise ConflictError("a key that still holds", "已停用的密钥")
    one.ended_at = timezone.now()
    one.save(update_fields=["ended_at"])
    audit.record(actor, "application.ended", f"application:{number}")
    return one


@transaction.atomic
def report(application: Application, about: Kind, sent: Sent) -> Any:
    """Raise a case of what an application sends; what its client named by the same token is the same case.

    Raises
    ------
    ForbiddenError
        The key was taken back meanwhile.
    InvalidError
        It lacks something, lies outside the district, or the token was another report's.
    TooManyError
        Too many came by this key, or from this address, within the hour.
    """
    held = Application.objects.select_for_update().filter(pk=application.pk, ended_at__isnull=True)
    one = held.first()  # its reports one by one
    if one is None:
        raise ForbiddenError("api_key: it was taken back", "密钥已停用")
    if len(sent.token) > _TOKEN:
        raise InvalidError(f"a key of at most {_TOKEN} characters", f"不超过 {_TOKEN} 字的编号")
    body = hashlib.sha256(sent.body).hexdigest()
    if sent.token and (before := one.submissions.filter(token=sent.token).first()) is not None:
        if before.body != body:
            raise InvalidError(
                "an Idempotency-Key of its own for each report", "每件报事单独的编号"
            )
        return before.case
    caller = salted_hmac("open311", sent.address, algorithm="sha256").hexdigest()
    now = timezone.now()
    _check_share(one, caller, now)
    place, told = _told(about, sent.form)
    case, _ = cases.raise_case(place, told, by=f"open311: {one.name}")
    Submission.objects.create(
        application=one, case=case, token=sent.token or None, body=body, caller=caller, at=now
    )
    actor = Actor(f"open311: {one.name}"[:150])  # whose address is a resident's own
    audit.record(actor, "case.reported", f"case:{case.ref}", place.lineage, {"kind": about.id})
    return case


def _check_share(one: Application, caller: str, now: dt.datetime) -> None:
    lately = Submission.objects.filter(at__gt=now - _HOUR)
    for rows, most in (
        (lately.filter(application=one), MOST_AN_HOUR),
        (lately.filter(caller=caller), MOST_AN_HOUR_OF_ADDRESS),
    ):
        times = list(rows.order_by("-at").values_list("at", flat=True)[:most])
        if len(times) == most:
            raise TooManyError(math.ceil((times[-1] + _HOUR - now).total_seconds()))


def _told(about: Kind, form: reading.Form) -> tuple[Any, cases.Report]:
    """Where it is and what is told; who told it, and an address to a door, where only its holder sees them."""
    if about.public is None:
        raise MissingError
    reading.check(form, about.public)
    point, given = reading.place_of(form), form.fields
    place = _place(point, given)
    who = " ".join(given[name] for name in ("last_name", "first_name") if name in given)
    reached = [given[name] for name in ("phone", "email", "account_id") if name in given]
    lines = [given.get("description", "")]
    lines += [
        f"{one.zh}: {', '.join(_words(one.values, value) for value in form.attributes[one.code])}"
        for one in about.public.attributes if one.code in form.attributes
    ]  # fmt: skip
    lines += [f"照片 {given['media_url']}"] if "media_url" in given else []
    lon, lat = point or (None, None)
    return place, cases.Report(
        kind=about.id, source="open311", about="\n".join(line for line in lines if line),
        door=given.get("address_string"), reporter=", ".join(filter(None, [who, *reached])) or None, lon=lon, lat=lat,
    )  # fmt: skip


def _place(point: tuple[float, float] | None, given: dict[str, str]) -> Any:
    """A point decides, then a code, then what an address names."""
    if point is not None:
        found = places.smallest_at(*point)
        if found is None:
            raise InvalidError("a point in the district", "本区内的位置")
        return found
    if "address_id" in given:
        found = places.by_code([given["address_id"]]).get(given["address_id"])
        if found is None or found.until is not None:
            raise InvalidError("address_id: the code of a place that goes on", "现有地方的代码")
        return found
    found = places.named_in(given["address_string"]) if "address_string" in given else None
    if found is None:
        raise InvalidError("lat and long, address_id or address_string", "经纬度、地方代码或地址")
    return found


def _words(values: tuple[tuple[str, str], ...], key: str) -> str:
    return dict(values).get(key, key)
