"""Entries cannot be changed, nor deleted within a year, whoever is logged in to the database."""

from collections.abc import Mapping
from typing import Any

from django.db import migrations

_SQLITE = (
    """
    CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'audit entries are not changed'); END
    """,
    """
    CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry
    WHEN OLD.at > datetime('now', '-365 days')
    BEGIN SELECT RAISE(ABORT, 'audit entries are kept for a year'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'UPDATE' THEN RAISE EXCEPTION 'audit entries are not changed'; END IF;
      IF OLD.at > now() - interval '365 days' THEN
        RAISE EXCEPTION 'audit entries are kept for a year';
      END IF;
      RETURN OLD;
    END $$
    """,
    """
    CREATE TRIGGER audit_entry_guard BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_guard()
    """,
)
_UNDO = {
    "sqlite": ("DROP TRIGGER audit_entry_unchanged", "DROP TRIGGER audit_entry_kept"),
    "postgresql": (
        "DROP TRIGGER audit_entry_guard ON audit_entry", "DROP FUNCTION audit_entry_guard"
    ),
}  # fmt: skip


def _run(statements: Mapping[str, tuple[str, ...]]) -> Any:
    def act(apps: Any, schema_editor: Any) -> None:
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return act


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunPython(_run({"sqlite": _SQLITE, "postgresql": _POSTGRESQL}), _run(_UNDO))
    ]
