"""Writes of warnings: drafted, sent, followed by an update or a cancellation; what was sent is never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.cases import queries as cases
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.places import queries as places
from lifecircle.hub.stream import actions as stream
from lifecircle.hub.versions import check_version
from lifecircle.hub.warnings import cap, queries
from lifecircle.hub.warnings.hazards import hazard
from lifecircle.hub.warnings.models import Warning  # noqa: A004
from lifecircle.hub.xml import is_writable

_COPIED = (
    "areas", "case", "status", "hazard", "urgency", "severity", "certainty", "onset", "expires", "headline_zh",
    "headline_en", "description_zh", "description_en", "instruction_zh", "instruction_en",
)  # fmt: skip
_FIXED = frozenset({"status", "hazard"})
"""What a message has in common with the one that it follows."""
_TRIES = 5


@transaction.atomic
def write(actor: Actor, *, place: str, values: Mapping[str, Any]) -> Warning:
    """Draft a warning for a place.

    Raises
    ------
    ForbiddenError
        The caller may not warn there.
    InvalidError
        An area lies outside the place, there is no such hazard or case, or a text cannot be written.
    """
    where = places.open_place(actor, place)
    actor.check("warning.write", where.lineage)
    return _added(actor, Warning(place=where, written_by=actor.name), values)


@transaction.atomic
def change(actor: Actor, ref: str, *, version: int, values: Mapping[str, Any]) -> Warning:
    """Change a draft; `ConflictError` if it was sent, or changed since the caller saw `version`."""
    one = _draft(actor, ref, version)
    if one.follows is not None and _FIXED & set(values):
        raise InvalidError(
            "status and hazard as in the message that it follows", "与所跟进的预警一致"
        )
    _set(actor, one, values)
    one.version += 1
    one.save()
    audit.record(actor, "warning.changed", f"warning:{ref}", one.place.lineage)
    return one


@transaction.atomic
def drop(actor: Actor, ref: str, *, version: int) -> None:
    """Throw a draft away; `ConflictError` if it was sent."""
    one = _draft(actor, ref, version)
    audit.record(actor, "warning.dropped", f"warning:{ref}", one.place.lineage)
    one.delete()


@transaction.atomic
def follow(actor: Actor, ref: str, msg_type: str) -> Warning:
    """Draft an update or a cancellation of a warning that was sent: its texts, to be changed.

    Raises
    ------
    ConflictError
        It is over or a draft, cancels another, or is followed already.
    """
    one = _locked(actor, ref)
    actor.check("warning.write", one.place.lineage)
    if one.state != "sent" or one.msg_type == "Cancel" or one.expires <= timezone.now():
        raise ConflictError("a warning that was sent and goes on", "已发布且仍有效的预警")
    if one.followers.exists():
        raise ConflictError(f"{ref} is followed already", f"{ref} 已有后续预警")
    new = Warning(place=one.place, follows=one, msg_type=msg_type, written_by=actor.name)
    values = {name: getattr(one, name) for name in _COPIED}
    if msg_type == "Cancel":
        for language, word in cap.LIFTED.items():
            headline = values[f"headline_{language}"]
            values[f"headline_{language}"] = f"{word}{headline}"[:160] if headline else ""
    return _added(actor, new, values)


@transaction.atomic
def send(actor: Actor, ref: str, *, version: int) -> Warning:
    """Send a draft: it is public from now on, and never changed.

    Raises
    ------
    ConflictError
        It was sent, or changed since the caller saw `version`.
    InvalidError
        It would be over before it begins, or one of its places has ended.
    """
    one = _draft(actor, ref, version)
    now = timezone.now()
    if one.expires <= max(now, one.onset or now):
        raise InvalidError(
            "an end that is to come, after the beginning", "结束时间须晚于现在和开始时间"
        )
    areas = queries.areas(one)
    if len(areas) != len(one.areas or [0]) or any(place.until is not None for place in areas):
        raise InvalidError("places that go on", "现有的地方")
    one.state, one.sent_by, one.sent_at = "sent", actor.name, now.replace(microsecond=0)
    one.sender = settings.CAP_SENDER
    one.xml = cap.message(one, areas, queries.chain(one))
    one.version += 1
    one.save()
    detail = {"status": one.status, "type": one.msg_type, "hazard": one.hazard}
    audit.record(actor, "warning.sent", f"warning:{ref}", one.place.lineage, detail)
    data = {"ref": ref, "severity": one.severity, "headline": one.headline_zh, **detail}
    stream.emit("warning", one.place.lineage, "place.read", data)
    return one


def inherit(place: Any, heirs: Sequence[Any]) -> None:
    """Warnings of a place that ended go to the first that goes on; what was sent says what it said."""
    Warning.objects.filter(place=place).update(place=heirs[0])


def _added(actor: Actor, one: Warning, values: Mapping[str, Any]) -> Warning:
    _set(actor, one, values)
    for _ in range(_TRIES):  # two may take the same number at once
        one.ref = queries.free_ref(timezone.localdate())
        try:
            with transaction.atomic():
                one.save(force_insert=True)
        except IntegrityError:
            if one.follows is not None and one.follows.followers.exists():
                break
            continue
        audit.record(actor, "warning.written", f"warning:{one.ref}", one.place.lineage)
        return one
    raise ConflictError("somebody else was faster", "他人已先操作")


def _set(actor: Actor, one: Warning, values: Mapping[str, Any]) -> None:
    given = dict(values)
    if isinstance(given.get("case"), str):
        given["case"] = cases.case(actor, given["case"]) if given["case"] else None
    for name, value in given.items():
        if isinstance(value, str) and not is_writable(value):
            raise InvalidError(f"{name}: text without control characters", "不含控制字符的文字")
        setattr(one, name, value)
    hazard(one.hazard)
    one.areas = list(dict.fromkeys(one.areas))
    known = places.by_code(one.areas)
    for code in one.areas:
        if code not in known or not known[code].lineage.startswith(one.place.lineage):
            raise InvalidError(
                f"places at or below {one.place.code}, not {code}", "本地方及以下的地方"
            )


def _locked(actor: Actor, ref: str) -> Warning:
    seen = queries.warning(actor, ref)
    rows = Warning.objects.select_for_update(of=("self",)).select_related("place", "follows")
    return rows.get(pk=seen.pk)


def _draft(actor: Actor, ref: str, version: int) -> Warning:
    one = _locked(actor, ref)
    actor.check("warning.write", one.place.lineage)
    if one.state != "draft":
        raise ConflictError(
            "a draft: what was sent is updated or cancelled", "已发布的预警只能更新或解除"
        )
    check_version(one, version)
    return one
