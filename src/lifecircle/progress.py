"""Long work says where it is: stages with a name, a total, and the seconds they took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[int], None]


class Progress:
    """Times the stages of a piece of work; shows nothing. The command line subclasses it.

    Examples
    --------
    >>> progress = Progress()
    >>> with progress.stage("network", total=3) as advance:
    ...     advance(3)
    >>> list(progress.seconds)
    ['network']
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        """Open a stage of `total` steps; call what it yields with the number of steps done."""
        start = time.perf_counter()
        with self.shown(name, total) as advance:
            yield advance
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start

    @contextmanager
    def shown(self, name: str, total: int | None) -> Iterator[Advance]:  # noqa: ARG002
        """How a stage is shown; here not at all."""
        yield lambda _steps: None
