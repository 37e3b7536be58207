"""What Mosquitto needs to know: each device's credentials, its own two topics and no other, limits, what it keeps.

A device writes `lc/{ref}/up` and reads `lc/{ref}/ack`. Its user name is its number, and its client id its user name, so
that nobody ends another's session. One that shows a certificate instead of a secret does so at a listener of its own, whose
rights are listed device by device: a certificate goes on being valid when its device is retired, and then has none.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max, Sum

from lifecircle.errors import LifecircleError
from lifecircle.hub.devices import keys
from lifecircle.hub.devices.decoders.message import MOST_BYTES
from lifecircle.hub.devices.models import Device

UP, ACK, EVERY_UP = "lc/{ref}/up", "lc/{ref}/ack", "lc/+/up"
MOST_INGESTERS = 8
INGESTERS = tuple(f"lifecircle.ingester.{k}" for k in range(1, MOST_INGESTERS + 1))
"""User names that no device can have: a device's number has no dot."""
SOCKET = "socket"
"""Where our own ingesters speak to the broker, in its folder."""
_HEADER = 512
"""Bytes of a packet besides its payload."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Where the broker listens; with a certificate and its key, with TLS.

    With `device_ca` it listens on the next port too, for devices that show a certificate which that one signed: their
    number is its common name.
    """

    host: str
    port: int
    certificate: str = ""
    key: str = ""
    device_ca: str = ""


def program() -> str:
    """Where Mosquitto is.

    Raises
    ------
    LifecircleError
        It is not installed.
    """
    found = shutil.which(
        "mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    )
    if found is None:
        raise LifecircleError(
            "Mosquitto is not installed (apt-get install mosquitto, brew install mosquitto); without --mqtt devices "
            "speak HTTP / 未安装 Mosquitto; 不加 --mqtt 时设备走 HTTP"
        )
    return found


def written(folder: Path, listener: Listener) -> Path:
    """Write everything that Mosquitto reads into a folder; its configuration's path.

    Raises
    ------
    LifecircleError
        Devices are to show certificates where the broker itself shows none.
    """
    if listener.device_ca and not listener.certificate:
        raise LifecircleError(
            "LIFECIRCLE_MQTT_DEVICE_CA needs LIFECIRCLE_MQTT_CERTIFICATE and its key / 设备用证书时, 代理须先有证书与私钥"
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "pid").unlink(
        missing_ok=True
    )  # of a broker that is gone: the number may be another's by now
    write_credentials(folder)
    _write(folder / "rights", _rights())
    _write(folder / "mosquitto.conf", _configuration(folder, listener))
    return folder / "mosquitto.conf"


def write_credentials(folder: Path) -> None:
    """Write who is let in: Mosquitto's own hashes of every device in use and of the ingesters; whose certificate has rights."""
    devices = Device.objects.exclude(state="retired").order_by("ref")
    secrets = devices.filter(certificate=False).exclude(
        mqtt_hash=""
    )  # the demo's devices have none
    rows = [*secrets.values_list("ref", "mqtt_hash")]
    rows += [(name, keys.mqtt_hash(settings.MQTT_KEY)) for name in INGESTERS]
    _write(folder / "passwords", "".join(f"{name}:{hashed}\n" for name, hashed in rows))
    certified = devices.filter(certificate=True).values_list("ref", flat=True)
    _write(folder / "certified", "".join(
        f"user {ref}\ntopic write {UP.format(ref=ref)}\ntopic read {ACK.format(ref=ref)}\n" for ref in certified
    ))  # fmt: skip


class InStep:
    """Keeps a broker's credentials as the register has them."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._known = folder, (-1, -1, -1)

    def look(self) -> bool:
        """Write them and tell the broker where a device was registered, renewed or retired; whether so."""
        found = Device.objects.aggregate(count=Count("pk"), last=Max("pk"), changes=Sum("version"))
        now = (found["count"], found["last"] or 0, found["changes"] or 0)
        if now == self._known:
            return False
        write_credentials(self._folder)
        with contextlib.suppress(
            OSError, ValueError
        ):  # it is not there: it reads them when it starts
            os.kill(int((self._folder / "pid").read_text()), signal.SIGHUP)
        self._known = now
        return True


def _rights() -> str:
    own = f"pattern write {UP.format(ref='%u')}\npattern read {ACK.format(ref='%u')}\n"
    ours = f"topic read {EVERY_UP}\ntopic write {ACK.format(ref='+')}\n"
    return own + "".join(f"user {name}\n{ours}" for name in INGESTERS)


def _configuration(folder: Path, listener: Listener) -> str:
    lines: list[tuple[str, object]] = [
        ("per_listener_settings", "true"),
        ("pid_file", folder / "pid"),
        ("persistence", "true"),
        ("persistence_location", f"{folder}/"),
        ("autosave_interval", 30),
        ("persistent_client_expiration", "14d"),
        ("max_queued_messages", 200_000),  # an ingester that is away for a while
        ("max_inflight_messages", 2000),
        ("max_packet_size", MOST_BYTES + _HEADER),
        ("max_keepalive", 1200),
        ("set_tcp_nodelay", "true"),
        ("log_dest", "stderr"),
        ("connection_messages", "false"),
        ("log_type", "error"),  # its warnings are of options that our own socket has no use for
    ]
    if os.geteuid() == 0:
        lines.append(
            ("user", "root")
        )  # else it would leave root, and could not read the folder any more
    # Of each listener: one that stands before them all opens port 1883 to everybody, and holds for that alone.
    secrets: list[tuple[str, object]] = [
        ("allow_anonymous", "false"), ("use_username_as_clientid", "true"),
        ("password_file", folder / "passwords"), ("acl_file", folder / "rights"),
    ]  # fmt: skip
    tls = [
        ("certfile", listener.certificate),
        ("keyfile", listener.key),
        ("tls_version", "tlsv1.2"),
    ]
    lines += [("listener", f"0 {folder / SOCKET}"), *secrets]
    lines += [("listener", f"{listener.port} {listener.host}"), *secrets]
    lines += tls if listener.certificate else []
    if listener.device_ca:
        lines += [
            ("listener", f"{listener.port + 1} {listener.host}"), *tls, ("cafile", listener.device_ca),
            ("allow_anonymous", "false"), ("use_username_as_clientid", "true"), ("require_certificate", "true"),
            ("use_identity_as_username", "true"), ("acl_file", folder / "certified"),
        ]  # fmt: skip
    return "".join(f"{name} {value}\n" for name, value in lines)


def _write(path: Path, content: str) -> None:
    """Whole, or as it was; for its owner only."""
    made = path.with_name(f".{path.name}.new")
    made.touch(mode=0o600)
    made.write_text(content, encoding="utf-8")
    made.replace(path)
