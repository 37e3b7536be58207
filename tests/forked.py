"""The command line as a shell sees it, in copies of one process that has imported what commands use.

Each command has a process, an output and an end of its own; what it does not pay is a second of imports.
"""

from __future__ import annotations

import multiprocessing
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

FORKS = "forkserver" in multiprocessing.get_all_start_methods() and not any(
    name.startswith("COVERAGE_") for name in os.environ
)  # copies are not measured by coverage
IMPORTED = ("assess", "drafting", "papers", "siting", "circles", "demand", "methods", "verifying")


def lifecircle(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [str(word) for word in words]
    if not FORKS:
        return subprocess.run(
            [sys.executable, "-X", "utf8", "-m", "lifecircle", *command], cwd=cwd, timeout=300,
            check=False, capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["forked", *(f"lifecircle.engine.{one}" for one in IMPORTED)])
    with tempfile.TemporaryDirectory() as folder:
        said = [Path(folder, name) for name in ("out", "err")]
        process = context.Process(target=_run, args=(command, str(cwd or Path.cwd()), said))
        process.start()
        process.join(300)
        if process.is_alive():
            process.kill()
            raise AssertionError(f"no end within 300 s: {shlex.join(command)}")
        out, err = (one.read_text("utf-8") for one in said)
    return subprocess.CompletedProcess(command, process.exitcode, out, err)


def _run(command: list[str], cwd: str, said: list[Path]) -> None:
    for number, path in enumerate(said, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    sys.stdout, sys.stderr = (
        open(number, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        for number in (1, 2)
    )
    os.chdir(cwd)
    sys.argv = ["lifecircle", *command]
    from lifecircle.cli import main

    main()
