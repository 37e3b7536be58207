"""The background process: assessments one at a time, sealing of the audit, retention.

`python -m lifecircle.hub.worker`; several may run beside each other.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from functools import partial

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lifecircle.hub.settings")

import django

_log = logging.getLogger(__name__)
SEAL_S, RETAIN_S, UPKEEP_S, READY_S = 10.0, 3600.0, 20.0, 10.0
TELL_S, IDLE_S, LADDER_S, AHEAD_S = 1.0, 0.5, 0.2, 1.0


def main() -> None:
    """Work until told to stop."""
    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db import close_old_connections  # noqa: PLC0415  (needs the set-up)

    from lifecircle.hub.cases import ladder  # noqa: PLC0415
    from lifecircle.hub.notify import actions as notify  # noqa: PLC0415
    from lifecircle.hub.rules.watching import watch  # noqa: PLC0415
    from lifecircle.hub.set_back import Clock  # noqa: PLC0415

    over = threading.Event()
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: over.set())
    due: dict[str, float] = {}

    def every(seconds: float, name: str, job: Callable[[], object]) -> None:
        if time.monotonic() >= due.get(name, 0.0):
            due[name] = time.monotonic() + seconds
            _tried(name, job)

    def beside(act: Callable[[], object], pause_s: float = IDLE_S) -> None:
        def forever() -> None:
            while not over.is_set():
                close_old_connections()
                act()
                over.wait(pause_s)

        threading.Thread(target=forever, daemon=True).start()

    # An alarm waits in no queue, and not for the seconds that it takes to import what computes.
    beside(partial(_tried, "ladder", ladder.climb), LADDER_S)
    own = [name for name, on in (("chat", settings.CHATS), ("push", settings.WEBPUSH)) if on]
    for channel in (*settings.GATEWAYS, *own):  # one that is slow holds up no other
        beside(partial(_tried, f"notices by {channel}", partial(notify.send, channel)))
    beside(lambda: _tried("rules", watch))
    beside(partial(_tried, "clock", Clock(_set_back).look))
    over.wait(AHEAD_S)  # what became due while no worker was there comes first

    from lifecircle.hub.assessments.tasks import run_next  # noqa: PLC0415
    from lifecircle.hub.devices import canary  # noqa: PLC0415
    from lifecircle.hub.planning.tasks import get_ready, solve_next  # noqa: PLC0415
    from lifecircle.hub.stream.actions import deliver  # noqa: PLC0415

    chores = _chores()

    def keep_house() -> None:
        for name, (seconds, job) in chores.items():
            every(seconds, name, job)

    # A long run holds up neither the seals nor the webhooks, and a slow webhook nothing else.
    beside(keep_house)
    beside(lambda: every(TELL_S, "webhooks", deliver))
    beside(lambda: every(canary.EVERY_S, "canary", canary.walk))
    while not over.is_set():
        close_old_connections()
        if not _tried("run", run_next) and not _tried("proposal", solve_next):
            every(READY_S, "getting ready", get_ready)
            over.wait(IDLE_S)


def _chores() -> dict[str, tuple[float, Callable[[], object]]]:
    """What is done now and then, and how often: seals, upkeep, and letting go of what is over its time."""
    from lifecircle.hub.assessments.tasks import keep_up, prune  # noqa: PLC0415
    from lifecircle.hub.audit.actions import seal  # noqa: PLC0415
    from lifecircle.hub.cases import retention  # noqa: PLC0415
    from lifecircle.hub.devices import upkeep  # noqa: PLC0415
    from lifecircle.hub.open311.retention import forget as forget_callers  # noqa: PLC0415
    from lifecircle.hub.people.actions import erase_expired  # noqa: PLC0415
    from lifecircle.hub.people.dwelling_notes import delete_expired  # noqa: PLC0415
    from lifecircle.hub.stream.actions import forget, number  # noqa: PLC0415

    return {
        "seal": (SEAL_S, seal),
        "silent devices": (UPKEEP_S, upkeep.silent),
        "hours of readings": (UPKEEP_S, upkeep.roll_up),
        "upkeep": (UPKEEP_S, keep_up),
        "numbering": (TELL_S, number),
        "residents": (RETAIN_S, erase_expired),
        "notes of dwellings": (RETAIN_S, delete_expired),
        "people of old cases": (RETAIN_S, retention.forget),
        "callers": (RETAIN_S, forget_callers),
        "old events": (RETAIN_S, forget),
        "old runs": (RETAIN_S, prune),
        "old readings": (RETAIN_S, upkeep.forget),
    }


def _set_back(by: dt.timedelta) -> None:
    """What is urgent was planned by a clock that was ahead, and keeps its distance."""
    from django.db import transaction  # noqa: PLC0415

    from lifecircle.hub.cases import ladder  # noqa: PLC0415
    from lifecircle.hub.notify import actions as notify  # noqa: PLC0415

    _log.warning("the clock was set back by %s", by)
    with transaction.atomic():  # all of it, or all of it again
        ladder.set_back(by)
        notify.set_back(by)


def _tried(name: str, job: Callable[[], object]) -> object:
    """One job's failure is logged, and stops no other."""
    try:
        return job()
    except Exception:  # noqa: BLE001
        _log.exception("%s failed", name)
        return False


if __name__ == "__main__":
    main()
