"""What happened to a case, appended, and told to every screen in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from lifecircle.hub.cases.models import Case, CaseEvent
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.stream import actions as stream


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a case, and by whom."""

    case: Case
    what: str
    by: str
    at: dt.datetime
    note: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    key: UUID | None = None


def append(
    case: Case, what: str, *, by: str, at: dt.datetime, note: str = "", detail: dict[str, Any] | None = None,
    key: UUID | None = None,
) -> None:  # fmt: skip
    """Append an event to a case's history, with the state that it left it in, and say so on the stream."""
    append_all([Happened(case, what, by, at, note, detail or {}, key)])


def append_all(happened: Sequence[Happened]) -> None:
    """Append what happened to several cases, in its order."""
    CaseEvent.objects.bulk_create(
        CaseEvent(
            case=one.case, at=one.at, by=one.by, what=one.what, note=one.note,
            detail={"state": one.case.state, **one.detail}, key=one.key,
        )
        for one in happened
    )  # fmt: skip
    stream.emit_all(
        "case", "case.read", [(one.case.place.lineage, _shown(one)) for one in happened]
    )


def made_with(key: UUID | None, what: str, *, by: str, on: Case | None = None) -> Case | None:
    """Return the case on which somebody did this with a key already (`on` is which it has to be); None if they did not.

    Raises
    ------
    InvalidError
        The key was another's, or of something else.
    """
    found = CaseEvent.objects.filter(key=key).first() if key is not None else None
    if found is None:
        return None
    if (found.what, found.by) != (what, by) or on not in (None, found.case):
        raise InvalidError("a key of its own for each move", "每一步单独的编号")
    return found.case


def _shown(one: Happened) -> dict[str, Any]:
    return {
        "ref": one.case.ref,
        "state": one.case.state,
        "what": one.what,
        "priority": one.case.priority,
    }
