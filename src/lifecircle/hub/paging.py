"""A page of a list, and how long the whole list is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet


def page_of(
    rows: QuerySet[Any], limit: int, offset: int, shown: Callable[[Any], Any] = lambda row: row
) -> dict[str, Any]:
    """Return `count` and `items`; a page that shows the list's end says its length without a query."""
    items = [shown(row) for row in rows[offset : offset + limit]]
    ends_here = len(items) < limit and (items or offset == 0)
    return {"count": offset + len(items) if ends_here else rows.count(), "items": items}
