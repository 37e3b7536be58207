"""The command line: thin commands over the engine.

Exit codes: 0 done, 1 it failed on purpose with a message, 2 wrong usage, 3 bad input (every place
at fault is named), 4 asked for something that does not exist, 5 nothing can be written there,
130 interrupted.
"""

from __future__ import annotations

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line; errors are messages, not tracebacks."""
    try:
        _run()
    except (KeyboardInterrupt, SystemExit) as end:
        if isinstance(end, SystemExit) and end.code != INTERRUPTED:  # typer's own answer to ^C
            raise
        sys.stderr.write("interrupted; nothing half written / 已中断, 没有写入一半的结果\n")
        raise SystemExit(INTERRUPTED) from None


def _run() -> None:
    from lifecircle.cli.app import app  # noqa: PLC0415  (kept out of start-up)
    from lifecircle.errors import LifecircleError  # noqa: PLC0415

    try:
        app()
    except LifecircleError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(error.exit_code) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"{where}{error.strerror or error} / 读写失败\n")
        raise SystemExit(5) from None
