"""The background process: assessments one at a time, sealing of the audit, retention.

`python -m lifecircle.hub.worker`; several may run beside each other.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from functools import partial

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lifecircle.hub.settings")

import django

SEAL_S, RETAIN_S, UPKEEP_S, READY_S, TELL_S, IDLE_S = 10.0, 3600.0, 20.0, 10.0, 1.0, 0.5


def main() -> None:
    """Work until told to stop."""
    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db import close_old_connections  # noqa: PLC0415  (needs the set-up)

    from lifecircle.hub.cases.ladder import climb  # noqa: PLC0415
    from lifecircle.hub.notify.actions import send  # noqa: PLC0415
    from lifecircle.hub.rules.watching import watch  # noqa: PLC0415

    over = threading.Event()
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: over.set())
    due: dict[str, float] = {}

    def every(seconds: float, name: str, job: Callable[[], object]) -> None:
        if time.monotonic() >= due.get(name, 0.0):
            due[name] = time.monotonic() + seconds
            _tried(name, job)

    def beside(act: Callable[[], object]) -> None:
        def forever() -> None:
            while not over.wait(IDLE_S):
                close_old_connections()
                act()

        threading.Thread(target=forever, daemon=True).start()

    # An alarm waits in no queue, and not for the seconds that it takes to import what computes.
    beside(lambda: _tried("ladder", climb))
    for channel in (
        *settings.GATEWAYS,
        *(["chat"] if settings.CHATS else []),
        *(["push"] if settings.WEBPUSH else []),
    ):  # one that is slow holds up no other
        beside(partial(_tried, f"notices by {channel}", partial(send, channel)))
    beside(lambda: _tried("rules", watch))

    from lifecircle.hub.assessments.tasks import keep_up, prune, run_next  # noqa: PLC0415
    from lifecircle.hub.audit.actions import seal  # noqa: PLC0415
    from lifecircle.hub.cases import retention  # noqa: PLC0415
    from lifecircle.hub.devices import canary, upkeep  # noqa: PLC0415
    from lifecircle.hub.open311.retention import forget as forget_callers  # noqa: PLC0415
    from lifecircle.hub.people.actions import erase_expired  # noqa: PLC0415
    from lifecircle.hub.planning.tasks import get_ready, solve_next  # noqa: PLC0415
    from lifecircle.hub.stream.actions import deliver, forget, number  # noqa: PLC0415

    let_go = {
        "residents": erase_expired, "people of old cases": retention.forget, "callers": forget_callers,
        "old events": forget, "old runs": prune, "old readings": upkeep.forget,
    }  # fmt: skip

    def keep_house() -> None:
        every(SEAL_S, "seal", seal)
        for name, job in let_go.items():
            every(RETAIN_S, name, job)
        every(UPKEEP_S, "silent devices", upkeep.silent)
        every(UPKEEP_S, "hours of readings", upkeep.roll_up)
        every(UPKEEP_S, "upkeep", keep_up)
        every(TELL_S, "numbering", number)

    # A long run holds up neither the seals nor the webhooks, and a slow webhook nothing else.
    beside(keep_house)
    beside(lambda: every(TELL_S, "webhooks", deliver))
    beside(lambda: every(canary.EVERY_S, "canary", canary.walk))
    while not over.is_set():
        close_old_connections()
        if not _tried("run", run_next) and not _tried("proposal", solve_next):
            every(READY_S, "getting ready", get_ready)
            over.wait(IDLE_S)


def _tried(name: str, job: Callable[[], object]) -> object:
    """One job's failure is logged, and stops no other."""
    try:
        return job()
    except Exception:
        logging.getLogger(__name__).exception("%s failed", name)
        return False


if __name__ == "__main__":
    main()
