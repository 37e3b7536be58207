"""Migrations: there and back again, and killed in the middle."""

import subprocess
import sys

import pytest

from .commands import copied, environment, run

TABLES = """
from django.db import connection
with connection.cursor() as cursor:
    for table in sorted(connection.introspection.table_names(cursor)):
        columns = connection.introspection.get_table_description(cursor, table)
        keys = connection.introspection.get_constraints(cursor, table).values()
        print(table, [(c.name, c.type_code, c.null_ok) for c in columns],
              sorted((k["columns"], k["primary_key"], k["unique"], k["foreign_key"] or ()) for k in keys))
"""


def script(env, text, code=0):
    start = (
        "import os, pathlib, lifecircle.hub.serving as serving\n"
        "serving.set_up(pathlib.Path(os.environ['LIFECIRCLE_DATA']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", start + text], env=env, capture_output=True, text=True, timeout=180, check=False
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wanted(empty):
    """The tables as the migrations make them when nothing goes wrong."""
    return script(empty, TABLES)


def test_each_step_back_and_all_of_them_forward_give_the_same_tables(tmp_path, empty, wanted):
    migrated = copied(empty, tmp_path)
    said = script(
        migrated,
        """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
executor.migrate([(app, None) for app in sorted(executor.loader.migrated_apps)])
print(sorted(set(connection.introspection.table_names()) - {"django_migrations", "hub_cache"}))
""",
    )
    assert said.strip() == "[]"
    run(migrated, "hub", "migrate")
    assert script(migrated, TABLES) == wanted


@pytest.mark.one_database
@pytest.mark.parametrize("at", ["applying", "noting down"])
def test_killed_in_the_middle_a_migration_is_made_by_the_next_attempt(tmp_path, at, wanted):
    env = environment(tmp_path)
    patched = {
        "applying": "from django.db.migrations.migration import Migration as Where; name = 'apply'",
        "noting down": (
            "from django.db.migrations.recorder import MigrationRecorder as Where; name = 'record_applied'"
        ),
    }[at]
    script(
        env,
        f"""
{patched}
original, count = getattr(Where, name), 0
def counted(*values, **more):
    global count
    count += 1
    if count == 25:
        os.kill(os.getpid(), 9)
    return original(*values, **more)
setattr(Where, name, counted)
serving.migrate()
""",
        code=-9,
    )
    assert script(env, TABLES) == ""
    run(env, "hub", "migrate")
    assert script(env, TABLES) == wanted
    run(env, "hub", "check")
