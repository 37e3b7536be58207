"""Calling departments together over a case: who may be called, and that they were, in its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.cases import queries
from lifecircle.hub.cases.history import append
from lifecircle.hub.cases.models import Case
from lifecircle.hub.duty import queries as duty
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.notify import actions as notify
from lifecircle.hub.people import queries as people

_ENDED = ("closed", "merged")


def callable_to(one: Case, at: dt.datetime | None = None) -> dict[str, Any]:
    """Accounts by user name that can be called to a meeting over a case.

    The departments' officers at its place and above, and who is on duty at its street and its district.
    """
    codes = one.place.lineage.strip("/").split("/")
    above = [f"/{'/'.join(codes[: k + 1])}/" for k in range(len(codes))]
    officers = [each for each in people.holding(("department_officer",), above) if each.is_usable]
    leading = [
        each for tier in ("street", "district") for each in duty.on_duty(one.place, tier, at)
    ]
    return {each.username: each for each in (*officers, *leading)}


@transaction.atomic
def call_meeting(actor: Actor, ref: str, *, people_: Sequence[str], note: str) -> Case:
    """Call people together over a case: they are told, and its history says who was called to what.

    Parameters
    ----------
    people_
        User names out of `callable_to`.
    note
        When and where they meet, and about what.

    Raises
    ------
    ConflictError
        The case is over.
    InvalidError
        Nobody is called, somebody who cannot be, or to nothing.
    """
    one = queries.case(actor, ref)
    actor.check("case.dispatch", one.place.lineage)
    if one.state in _ENDED:
        raise ConflictError("a case that is open", "进行中的事件")
    known = callable_to(one)
    unknown = [name for name in people_ if name not in known]
    if not people_ or unknown or not note.strip():
        raise InvalidError(
            f"people of {', '.join(known) or 'nobody'}, and when and where they meet",
            f"可召集的人 ({', '.join(known) or '无'}), 及时间、地点",
        )
    called = [known[name] for name in dict.fromkeys(people_)]
    notify.tell(one, called, channels=("app", "sms"), text=note)
    names = [each.username for each in called]
    append(one, "meeting", by=actor.name, at=timezone.now(), note=note, detail={"told": names})
    audit.record(actor, "case.meeting", f"case:{ref}", one.place.lineage, {"people": len(names)})
    return one
