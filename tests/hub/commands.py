"""Commands as a shell gives them to a hub of its own, which may begin as a copy of another."""

import os
import shutil
import subprocess
import sys
import uuid
from urllib.parse import urlsplit

import psycopg


def environment(tmp_path, name="data", like=None):
    """Of a hub of its own: a data folder, and on PostgreSQL a database, empty or like another's."""
    # Not measured by coverage: a dozen processes that start at half their speed.
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "COV"))}
    url = kept.pop("LIFECIRCLE_DATABASE_URL", "")
    if url.startswith("postgres"):
        own = f"serving_{uuid.uuid4().hex}"
        template = urlsplit(like["LIFECIRCLE_DATABASE_URL"]).path[1:] if like else "template1"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{own}" TEMPLATE "{template}"')
        kept["LIFECIRCLE_DATABASE_URL"] = url.replace("/postgres?", f"/{own}?")
    return {**kept, "LIFECIRCLE_DATA": str(tmp_path / name)}


def run(env, *words, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "lifecircle", *words], capture_output=True, text=True, env=env, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def copied(of, tmp_path, name="data"):
    """The environment of a new hub that holds what another holds, which nobody is using."""
    shutil.copytree(of["LIFECIRCLE_DATA"], tmp_path / name)
    return environment(tmp_path, name, like=of)
