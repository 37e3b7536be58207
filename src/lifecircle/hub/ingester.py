"""The ingester's process: takes what devices say by MQTT. `python -m lifecircle.hub.ingester [NUMBER]`, numbers from 1."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lifecircle.hub.settings")

import django

LOOK_S = 1.0


def main(number: int) -> None:
    """Listen until told to stop."""
    django.setup()
    from django.conf import settings  # noqa: PLC0415  (needs the set-up)
    from django.db import DatabaseError  # noqa: PLC0415

    from lifecircle.hub.devices.listening import Ingester  # noqa: PLC0415
    from lifecircle.hub.devices.mosquitto import INGESTERS, InStep  # noqa: PLC0415

    over = threading.Event()
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: over.set())
    folder = settings.DATA / "mosquitto"
    in_step = InStep(folder) if number == 1 and (folder / "mosquitto.conf").exists() else None
    looked = 0.0

    def beat() -> None:
        nonlocal looked
        if in_step is not None and time.monotonic() - looked > LOOK_S:
            looked = time.monotonic()
            with contextlib.suppress(DatabaseError):  # one that is away comes back
                in_step.look()

    name = INGESTERS[number - 1]
    Ingester(settings.MQTT_URL, name, key=settings.MQTT_KEY, ca=settings.MQTT_CA).run(over, beat)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
