"""What the database knows about its tables when it plans a query."""

from __future__ import annotations

from django.db import connection, models


def refresh(*tables: type[models.Model]) -> None:
    """Have tables counted anew after many rows at once: the database itself would do so minutes later."""
    with connection.cursor() as cursor:
        for one in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(one._meta.db_table)}")  # noqa: SLF001
