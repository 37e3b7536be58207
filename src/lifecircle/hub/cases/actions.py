"""Writes of cases: raised once, moved by the one workflow, merged, split, paused; each with its history and its screens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.cases import ladder, over, queries
from lifecircle.hub.cases.clocks import after, left
from lifecircle.hub.cases.history import append, made_with
from lifecircle.hub.cases.kinds import Move, kind, kinds, moves
from lifecircle.hub.cases.models import Case, CaseEvent
from lifecircle.hub.cases.raising import Report, Told, open_again, raise_all, raise_case
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError
from lifecircle.hub.notify import actions as notify
from lifecircle.hub.notify import queries as notices
from lifecircle.hub.people import queries as people
from lifecircle.hub.places import queries as places
from lifecircle.hub.versions import check_version

__all__ = [
    "RATINGS", "Report", "Told", "end_canary", "forget_canaries", "inherit", "merge", "move", "pause", "raise_all",
    "raise_case", "rate", "report", "resume", "settled_by_device", "split",
]  # fmt: skip
RATINGS = ("satisfied", "fairly", "dissatisfied")
_ENDED = ("closed", "merged")
_LATE_S = 60
"""A move that comes so long after it was made says when that was."""


def report(actor: Actor, *, place: str, told: Report) -> Case:
    """Enter a case by hand: a worker's, an inspection's, the hotline's; once, where it comes with a key.

    Raises
    ------
    ForbiddenError
        The caller may not enter cases there.
    """
    try:
        return _reported(actor, place, told)
    except IntegrityError:  # sent twice at the same moment
        again = made_with(told.key, "received", by=actor.name)
        if again is None:
            raise
        return again


@transaction.atomic
def _reported(actor: Actor, place: str, told: Report) -> Case:
    again = made_with(told.key, "received", by=actor.name)
    if again is not None:
        return again
    where = places.open_place(actor, place, right="case.read")
    actor.check("case.write", where.lineage)
    one, _ = raise_case(where, told, by=actor.name)
    audit.record(actor, "case.reported", f"case:{one.ref}", where.lineage, {"kind": told.kind})
    return one


@transaction.atomic
def move(
    actor: Actor, ref: str, name: str, *, version: int, values: Mapping[str, str] | None = None,
    checked: Sequence[str] = (), key: UUID | None = None, made_at: dt.datetime | None = None,
) -> Case:  # fmt: skip
    """Make a move of the workflow.

    Parameters
    ----------
    name
        A move of `workflow.toml`.
    values
        What it needs: `note`, `assignee`, `body`.
    checked
        What of the kind's check list was seen to.
    key
        Made where the move was: sent again, it is the move that was made.
    made_at
        When it was made where there was no network. An answer counts from when it is heard, arriving and resolving
        from when they happened.

    Raises
    ------
    ConflictError
        The case is in a state from which it does not go there, or changed since the caller saw `version`.
    ForbiddenError
        The caller may not, or does not hold the case.
    InvalidError
        Something that the move needs is missing.
    """
    step = moves().get(name)
    if step is None:
        raise InvalidError(f"one of {', '.join(moves())}", "已有的流转")
    given = dict(values or {})
    one = _locked(actor, ref, None)
    if made_with(key, name, by=actor.name, on=one) is not None:
        return one
    check_version(one, version)
    _check(actor, one, step, given)
    now = timezone.now()
    before, one.state = one.state, step.to
    if name in _MADE:
        _MADE[name](actor, one, given, _happened_at(one, name, made_at, now))
    one.version += 1
    one.save()
    _clocks(one, name, now)
    if before == "handed":
        over.end_handed(one, at=now)
    append(
        one,
        name,
        by=actor.name,
        at=now,
        note=given.get("note", ""),
        detail={"from": before, **_said(given), **_on_the_way(one, checked, made_at, now)},
        key=key,
    )
    if one.state == "closed":
        over.end(one, by=actor.name, at=now)
    audit.record(actor, f"case.{name}", f"case:{ref}", one.place.lineage)
    return one


@transaction.atomic
def pause(actor: Actor, ref: str, *, version: int, note: str) -> Case:
    """Stop a case's clocks, with a reason; `resume` starts them again with what was left of each."""
    one = _locked(actor, ref, version)
    actor.check("case.dispatch", one.place.lineage)
    if one.paused_at is not None or one.state in _ENDED or not note.strip() or one.priority == "P1":
        raise ConflictError(
            "a reason, for a case that runs and is no P1", "须说明原因; P1 不可暂停"
        )
    now = timezone.now()
    one.paused_at = now
    one.version += 1
    one.save(update_fields=["paused_at", "version"])
    ladder.call_off(one, now)
    append(one, "paused", by=actor.name, at=now, note=note)
    return one


@transaction.atomic
def resume(actor: Actor, ref: str, *, version: int) -> Case:
    """Start a case's clocks again."""
    one = _locked(actor, ref, version)
    actor.check("case.dispatch", one.place.lineage)
    if one.paused_at is None:
        raise ConflictError("a case that is paused", "未暂停的事件")
    now, since = timezone.now(), one.paused_at
    for name in ("answer_due", "arrive_due", "close_due"):
        rest = left(one.priority, since, getattr(one, name))  # type: ignore[arg-type]
        setattr(one, name, after(one.priority, now, max(rest, 0.0)))  # type: ignore[arg-type]
    one.paused_at = None
    one.version += 1
    one.save()
    if one.state in ladder.OPEN:
        ladder.set_up(one, at=now, tier=one.tier)
    append(one, "resumed", by=actor.name, at=now)
    return one


@transaction.atomic
def merge(actor: Actor, ref: str, into: str, *, version: int) -> Case:
    """Merge a case into another that is about the same; its reporters join, its ladder ends.

    Raises
    ------
    ConflictError
        One of them is over, they are the same, or a repair order of the one is approved and not done.
    """
    one = _locked(actor, ref, version)
    actor.check("case.dispatch", one.place.lineage)
    other = _locked(actor, into, None)
    if one.state in _ENDED or other.state in _ENDED or one.pk == other.pk:
        raise ConflictError("two cases that are open", "两件进行中的事件")
    over.check_orders(one)
    now = timezone.now()
    one.state, one.duplicate_of, one.closed_at, one.origin = "merged", other, now, None
    one.version += 1
    one.save()
    _quiet(one, now)
    append(one, "merged", by=actor.name, at=now, detail={"into": into})
    over.end(one, by=actor.name, at=now)
    append(other, "joined", by=actor.name, at=now, detail={"of": ref})
    audit.record(actor, "case.merged", f"case:{ref}", one.place.lineage, {"into": into})
    return one


@transaction.atomic
def split(actor: Actor, ref: str, parts: Sequence[Report], *, version: int) -> list[Case]:
    """Split matters off a case: each a case of its own at the same place."""
    one = _locked(actor, ref, version)
    actor.check("case.dispatch", one.place.lineage)
    if one.state in _ENDED or not parts:
        raise ConflictError("an open case, and matters to split off", "进行中的事件和要拆出的事项")
    made = [raise_case(one.place, part, by=actor.name)[0] for part in parts]
    one.version += 1
    one.save(update_fields=["version"])
    append(
        one, "split", by=actor.name, at=timezone.now(), detail={"into": [each.ref for each in made]}
    )
    return made


@transaction.atomic
def rate(actor: Actor, ref: str, rating: str, *, note: str = "") -> Case:
    """Enter what the reporter said when called back: satisfied, fairly, dissatisfied; the last reopens the case."""
    one = _locked(actor, ref, None)
    actor.check("case.verify", one.place.lineage)
    if one.state not in ("resolved", "verified", "closed") or rating not in RATINGS:
        raise ConflictError(
            f"a case that is resolved, and one of {', '.join(RATINGS)}", "已办结的事件和评价"
        )
    now = timezone.now()
    one.rating = rating
    if rating == "dissatisfied":
        one.state = "assigned" if one.holder else "received"
        open_again(one, now, tier="community")
    one.version += 1
    one.save()
    append(one, "rated", by=actor.name, at=now, note=note, detail={"rating": rating})
    return one


def hold(origins: Iterable[str]) -> list[str]:
    """Hold the open cases that came of these until the transaction ends, in one order; which of them there are."""
    wanted = list(origins)
    if not wanted:
        return []
    rows = Case.objects.select_for_update(of=("self",)).filter(origin__in=wanted).order_by("pk")
    return [
        one.origin for one in rows.only("origin", "state") if one.origin and one.state not in _ENDED
    ]


def settled_by_device(origin: str, *, at: dt.datetime) -> Case | None:
    """The device says that it is over: a case that a device may close is resolved, and one that nobody took is noted so."""
    one = (
        Case.objects.select_for_update(of=("self",))
        .select_related("place")
        .filter(origin=origin)
        .first()
    )
    if one is None or one.state in ("resolved", "verified", *_ENDED):
        return None
    unanswered = one.state in ladder.OPEN and one.priority == "P1"
    if kind(one.kind).closes != "device" or unanswered or over.has_open_orders(one):
        append(one, "cleared", by="device", at=at)  # somebody looks all the same
        return one
    one.state, one.resolved_at, one.version = "resolved", at, one.version + 1
    one.save(update_fields=["state", "resolved_at", "version"])
    _quiet(one, at)
    over.end_handed(one, at=at)
    append(one, "resolve", by="device", at=at)
    return one


def end_canary(origin: str, *, at: dt.datetime) -> None:
    """The canary's case is over, however far it came."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("place")
    for one in rows.filter(origin=origin, canary=True):
        one.state, one.closed_at, one.origin = "closed", at, None
        one.save(update_fields=["state", "closed_at", "origin"])
        _quiet(one, at)
        append(one, "close", by="canary", at=at)


def forget_canaries(before: dt.datetime) -> int:
    """Delete canaries that are over and old: nobody's matter. How many."""
    old = Case.objects.filter(canary=True, state="closed", closed_at__lt=before)
    CaseEvent.objects.filter(case__in=old).delete()
    return old.delete()[0]


def inherit(place: Any, heirs: Sequence[Any]) -> None:
    """Cases of a place that ended go to the first that goes on."""
    Case.objects.filter(place=place).update(place=heirs[0])


def _locked(actor: Actor, ref: str, version: int | None) -> Case:
    seen = queries.case(actor, ref)
    one = (
        Case.objects.select_for_update(of=("self",))
        .select_related("place", "holder")
        .get(pk=seen.pk)
    )
    if version is not None:
        check_version(one, version)
    return one


def _check(actor: Actor, one: Case, step: Move, given: Mapping[str, str]) -> None:
    actor.check(step.right, one.place.lineage)
    if one.state not in step.sources:
        raise ConflictError(f"{step.name} does not go from {one.state}", "当前状态不能这样流转")
    if step.who == "holder" and one.holder_id != actor.account_id:
        raise ForbiddenError("only who holds the case", "仅承办人可以操作")
    others = one.state == "assigned" and one.holder_id not in (None, actor.account_id)
    if step.name == "accept" and others and not notices.told(one, actor.account_id):
        raise ForbiddenError("it was assigned to somebody else", "已指派他人")
    missing = [name for name in step.needs if not given.get(name, "").strip()]
    if missing:
        raise InvalidError(f"{', '.join(missing)} is needed", f"须填写: {', '.join(missing)}")
    if step.name == "resolve":
        over.check_orders(one)


def _assign(actor: Actor, one: Case, given: Mapping[str, str], now: dt.datetime) -> None:  # noqa: ARG001
    found = people.staff(given["assignee"])
    if found is None:
        raise InvalidError(f"somebody of staff, not {given['assignee']}", "工作人员用户名")
    if not people.actor_of(found, "").may("case.act", one.place.lineage):
        raise InvalidError(
            f"somebody who works there, not {found.username}", "在此地承办事件的工作人员"
        )
    one.holder = found
    one.answered_at = None
    ladder.set_up(one, at=now, tier=one.tier)
    notify.tell(one, [found], channels=("app", "sms") if one.priority in ("P1", "P2") else ("app",))


def _accept(actor: Actor, one: Case, given: Mapping[str, str], now: dt.datetime) -> None:  # noqa: ARG001
    one.holder_id = actor.account_id
    one.answered_at = one.answered_at or now


def _decline(actor: Actor, one: Case, given: Mapping[str, str], now: dt.datetime) -> None:  # noqa: ARG001
    """Not mine: it goes up a tier at once."""
    one.holder = None
    one.answered_at = None
    up = min(ladder.TIERS.index(one.tier) + 1, len(ladder.TIERS) - 1)
    ladder.set_up(one, at=now, tier=ladder.TIERS[up])


def _arrive(actor: Actor, one: Case, given: Mapping[str, str], now: dt.datetime) -> None:  # noqa: ARG001
    one.arrived_at = one.arrived_at or now


def _resolve(actor: Actor, one: Case, given: Mapping[str, str], now: dt.datetime) -> None:  # noqa: ARG001
    one.resolved_at = now


def _close(actor: Actor, one: Case, given: Mapping[str, str], now: dt.datetime) -> None:  # noqa: ARG001
    one.closed_at = now
    one.origin = None


def _again(actor: Actor, one: Case, given: Mapping[str, str], now: dt.datetime) -> None:  # noqa: ARG001
    open_again(one, now)


def _hand_off(actor: Actor, one: Case, given: Mapping[str, str], now: dt.datetime) -> None:  # noqa: ARG001
    one.body = given["body"][:100]
    one.answered_at = one.answered_at or now


def _take_back(actor: Actor, one: Case, given: Mapping[str, str], now: dt.datetime) -> None:  # noqa: ARG001
    one.body, one.holder = "", None
    ladder.set_up(one, at=now, tier=one.tier)


_MADE: dict[str, Callable[[Actor, Case, Mapping[str, str], dt.datetime], None]] = {
    "assign": _assign, "accept": _accept, "decline": _decline, "arrive": _arrive, "resolve": _resolve, "close": _close,
    "hand_up": _decline, "send_back": _again, "reopen": _again, "hand_off": _hand_off, "take_back": _take_back,
}  # fmt: skip


def _clocks(one: Case, name: str, now: dt.datetime) -> None:
    if name in ("accept", "arrive", "resolve", "verify", "close", "hand_off"):
        _quiet(one, now)


def _quiet(one: Case, now: dt.datetime) -> None:
    """Somebody has answered, or it is over: nobody more is told."""
    ladder.call_off(one, now)
    notify.call_off(one)


def _happened_at(one: Case, name: str, made_at: dt.datetime | None, now: dt.datetime) -> dt.datetime:  # fmt: skip
    """When a move happened: as the phone says, neither before the case nor after now."""
    if made_at is None or name not in ("arrive", "resolve"):
        return now
    return min(max(made_at, one.opened_at), now)


def _on_the_way(
    one: Case, checked: Sequence[str], made_at: dt.datetime | None, now: dt.datetime
) -> dict[str, Any]:
    """What a worker says with a move: of the check list what was seen to, and when it was made if it comes late."""
    known = kinds().get(one.kind)
    wrong = set(checked) - set(known.checklist if known else ())
    if wrong:
        raise InvalidError("points of the kind's check list", "该类别的处置要点")
    late = made_at is not None and (now - made_at).total_seconds() > _LATE_S
    return ({"checked": list(checked)} if checked else {}) | (
        {"made_at": made_at.isoformat()} if made_at is not None and late else {}
    )


def _said(given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if name != "note"}
