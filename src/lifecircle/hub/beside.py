"""Processes beside the server: started again when they end, and ended with it."""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from collections.abc import Sequence
from types import TracebackType

_LOOK_S, _LONGEST_S, _WELL_S = 0.2, 10.0, 30.0


class Beside:
    """A context in which commands run; one that ends is started again, each time after twice the wait."""

    def __init__(self, commands: Sequence[Sequence[str]]) -> None:
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._keep, args=(one,)) for one in commands]

    def __enter__(self) -> None:
        """Start them."""
        for thread in self._threads:
            thread.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End them, and wait until they have."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _keep(self, command: Sequence[str]) -> None:
        wait = _LOOK_S
        while not self._over.is_set():
            started = time.monotonic()
            process = _started(command)
            while process is not None and process.poll() is None and not self._over.wait(_LOOK_S):
                pass
            if self._over.is_set():
                if process is not None:
                    _end(process)
            elif time.monotonic() - started > _WELL_S:
                wait = _LOOK_S
            else:
                self._over.wait(wait)
                wait = min(wait * 2, _LONGEST_S)


def _started(command: Sequence[str]) -> subprocess.Popen[bytes] | None:
    """A process; None where it cannot be started now."""
    try:
        return subprocess.Popen(command)  # noqa: S603  (our own)
    except OSError:
        logging.getLogger(__name__).exception("%s", command[0])
        return None


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
