from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Router, Schema

from lifecircle.hub.audit import queries
from lifecircle.hub.paging import page_of
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Instant, Limit, Offset, Text

router = Router(tags=["audit"])


class EntryOut(Schema):
    """One act: who, when, from where, what, on what, and whether it was allowed."""

    id: int
    at: dt.datetime
    name: str
    address: str
    action: str
    target: str
    lineage: str
    allowed: bool
    detail: dict[str, Any]


class EntryPage(Schema):
    """Some of the audit."""

    count: int
    items: list[EntryOut]


@router.get("", response={200: EntryPage, **ERRORS}, summary="The audit, for the auditor")
def entries(
    request: HubRequest, name: Text = "", action: Text = "", target: Text = "",
    since: Instant | None = None, limit: Limit = 100, offset: Offset = 0,
) -> dict[str, Any]:  # fmt: skip
    request.actor.check("audit.read")
    rows = queries.entries(request.actor)
    wanted = {
        "name": name, "action__startswith": action, "target__startswith": target, "at__gte": since
    }  # fmt: skip
    rows = rows.filter(**{field: value for field, value in wanted.items() if value})
    return page_of(rows, limit, offset)
