"""Run a command against a PostgreSQL of its own: `python tests/postgres.py pytest tests/hub`.

The cluster lives in a temporary folder, listens on a socket there only, and is gone afterwards. Where no
PostgreSQL is installed it says so and the command is not run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def binaries() -> Path | None:
    """Where the newest PostgreSQL of this machine has its programs."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in installed), default=None, key=lambda p: int(p.parent.name))


def main(command: list[str]) -> int:
    """Start, run, stop."""
    programs = binaries()
    if programs is None:
        sys.stderr.write("skipped: no PostgreSQL is installed (apt-get install postgresql)\n")
        return 0
    # PostgreSQL refuses to run as root.
    other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="lifecircle-pg-"))
    folder.chmod(0o777)
    try:
        data = folder / "data"
        start = [
            *other,
            programs / "initdb",
            "-D",
            data,
            "-U",
            "lifecircle",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        subprocess.run([*start, "--locale=C.UTF-8", "-N"], check=True, stdout=subprocess.DEVNULL)
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=60"
        server = [*other, programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        subprocess.run([*server, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL)
        try:
            url = f"postgres://lifecircle@/postgres?host={folder}"
            environment = {**os.environ, "LIFECIRCLE_DATABASE_URL": url}
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            stop = [*server, "-m", "immediate", "stop"]
            subprocess.run(stop, check=True, stdout=subprocess.DEVNULL)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
