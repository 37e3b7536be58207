"""Starting a hub: its data folder, its database, its first accounts, then server and worker together."""

from __future__ import annotations

import ipaddress
import os
import secrets
import sys
from pathlib import Path

from lifecircle.errors import LifecircleError
from lifecircle.hub.beside import Beside

MQTT_PORT = 1883
FIRST = (
    ("sysadmin", "系统管理员 System administrator", "system_administrator"),
    ("secadmin", "安全管理员 Security administrator", "security_administrator"),
    ("auditor", "审计员 Auditor", "auditor"),
)


def set_up(data: Path, **environment: str) -> None:
    """Point Django at a data folder; to be called once, before anything of the hub is used."""
    os.environ["LIFECIRCLE_DATA"] = str(data.absolute())
    os.environ.update(environment)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lifecircle.hub.settings")
    import django  # noqa: PLC0415

    django.setup()


def migrate() -> None:
    """Bring the database to this version, all the way or not at all."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415

    # Alone, Django commits each migration before it notes down that it was made: a kill between the
    # two leaves tables that the next attempt stumbles over.
    with connection.constraint_checks_disabled(), transaction.atomic():
        if connection.vendor == "postgresql":  # two servers that start together
            connection.cursor().execute("SELECT pg_advisory_xact_lock(7103)")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)


def first_accounts() -> list[tuple[str, str, str]]:
    """Make the three that check each other where there is nobody yet: user name, password, role.

    The passwords are known to whoever reads this answer only, and have to be changed at once.
    """
    from lifecircle.hub.actor import Actor  # noqa: PLC0415
    from lifecircle.hub.people import actions  # noqa: PLC0415
    from lifecircle.hub.people.models import Account  # noqa: PLC0415

    if Account.objects.exists():
        return []
    system, made = Actor.system("first run"), []
    for username, name, role in FIRST:
        password = one_time_password()
        actions.create_account(
            system, username=username, name=name, kind="staff", password=password
        )
        actions.grant(system, username=username, role=role)
        made.append((username, password, role))
    return made


def one_time_password() -> str:
    """Twenty characters of three classes."""
    while True:
        text = secrets.token_urlsafe(15)
        if any(c.isdigit() for c in text) and text.lower() != text != text.upper():
            return text


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(host: str, port: int, *, workers: int, threads: int, mqtt: int | None = None) -> None:
    """Serve until interrupted, with the worker beside, and what takes MQTT where there is a broker; all end together.

    Parameters
    ----------
    host, port
        Where the web listens.
    workers, threads
        Processes of the web, and threads of each.
    mqtt
        Start a broker on this port too.

    Raises
    ------
    LifecircleError
        A port is taken, or Mosquitto is not installed.
    """
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    _check_free(host, port)
    os.environ["LIFECIRCLE_THREADS"] = str(threads)
    beside = [[sys.executable, "-m", "lifecircle.hub.worker"]]
    if mqtt is not None:
        _check_free(host, mqtt)
        beside.append(_broker(host, mqtt))
    if os.environ.get("LIFECIRCLE_MQTT_URL"):
        beside.append([sys.executable, "-m", "lifecircle.hub.ingester"])
    with Beside(beside):
        Server(
            "lifecircle.hub.stream.asgi:application", address=host, port=port,
            interface=Interfaces.ASGI, workers=workers, backlog=1024, workers_kill_timeout=3,
            respawn_failed_workers=True, log_access=False, websockets=False,
            log_level=LogLevels.warning,  # else it reports each page that is left
        ).serve()  # fmt: skip


def port_for_devices(host: str) -> int | None:
    """The usual port of a broker, where Mosquitto is installed and nobody listens there; for the demo."""
    from lifecircle.hub.devices import mosquitto  # noqa: PLC0415  (needs the tables)

    try:
        mosquitto.program()
        _check_free(host, MQTT_PORT)
    except LifecircleError:
        return None
    return MQTT_PORT


def _broker(host: str, port: int) -> list[str]:
    """The command of our own broker; what it reads is written, and the address said to the ingester."""
    from django.conf import settings  # noqa: PLC0415

    from lifecircle.hub.devices import mosquitto  # noqa: PLC0415  (needs the tables)

    program, folder = mosquitto.program(), settings.DATA / "mosquitto"
    listener = mosquitto.Listener(
        host,
        port,
        settings.MQTT_CERTIFICATE,
        settings.MQTT_CERTIFICATE_KEY,
        settings.MQTT_DEVICE_CA,
    )
    if listener.device_ca:
        _check_free(host, port + 1)
    os.environ["LIFECIRCLE_MQTT_URL"] = f"unix://{folder / mosquitto.SOCKET}"
    return [program, "-c", str(mosquitto.written(folder, listener))]


def _check_free(host: str, port: int) -> None:
    import socket  # noqa: PLC0415

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise LifecircleError(
                f"{host}:{port}: {error.strerror}; choose another with --port / 端口不可用"
            ) from error
