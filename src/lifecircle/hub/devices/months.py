"""Readings by month on PostgreSQL: a table for each month that comes, and one less for each that is over."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction

AHEAD = 2
"""Months that have a table before they begin."""
_NAME = "devices_reading_y"
_PATIENCE = "SET LOCAL lock_timeout = '2s'"
"""Rather another time than in the way of messages, which wait behind whoever waits for the whole table."""


def make(now: dt.datetime) -> int:
    """Make the tables of this month and the next; how many. What is in the table of the rest already moves in."""
    if connection.vendor != "postgresql":
        return 0
    there, made = set(tables()), 0
    first = now.astimezone(dt.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(1 + AHEAD):
        after = (first + dt.timedelta(days=32)).replace(day=1)
        name = f"{_NAME}{first:%Ym%m}"
        if name not in there:
            _add(name, first, after)
            made += 1
        first = after
    return made


def drop(before: dt.datetime) -> int:
    """Drop the tables of months that ended before a moment; how many."""
    last = f"{_NAME}{before.astimezone(dt.UTC):%Ym%m}"
    over = [name for name in tables() if name < last]
    for name in over:
        with transaction.atomic():
            _execute(_PATIENCE)
            _execute(f"DROP TABLE {name}")
    return len(over)


def tables() -> list[str]:
    """The tables of months that there are, in order; on SQLite none."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'devices_reading'::regclass"
        )
        return sorted(name for (name,) in cursor.fetchall() if name.startswith(_NAME))


@transaction.atomic
def _add(name: str, first: dt.datetime, after: dt.datetime) -> None:
    _execute(_PATIENCE)
    span = f"'{first.isoformat()}'", f"'{after.isoformat()}'"
    where = f"received_at >= {span[0]} AND received_at < {span[1]}"
    columns = "id, device_id, name, value, at, received_at, skewed"
    _execute("LOCK TABLE devices_reading_rest IN ACCESS EXCLUSIVE MODE")
    _execute(f"CREATE TABLE {name} (LIKE devices_reading INCLUDING DEFAULTS)")
    _execute(
        f"WITH gone AS (DELETE FROM devices_reading_rest WHERE {where} RETURNING {columns}) "  # noqa: S608
        f"INSERT INTO {name} ({columns}) SELECT {columns} FROM gone"
    )
    _execute(
        f"ALTER TABLE devices_reading ATTACH PARTITION {name} FOR VALUES FROM ({span[0]}) TO ({span[1]})"
    )


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
