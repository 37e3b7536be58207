"""What happened to a case, appended, and told to every screen in the same transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from lifecircle.hub.cases.models import Case, CaseEvent
from lifecircle.hub.stream import actions as stream


def append(
    case: Case, what: str, *, by: str, at: dt.datetime, note: str = "", detail: dict[str, Any] | None = None
) -> None:  # fmt: skip
    """Append an event to a case's history, and say on the stream how the case stands."""
    CaseEvent.objects.create(case=case, at=at, by=by, what=what, note=note, detail=detail or {})
    data = {"ref": case.ref, "state": case.state, "what": what, "priority": case.priority}
    stream.emit("case", case.place.lineage, "case.read", data)
