"""A whole platform on this machine, each part a process that can be killed: PostgreSQL, Mosquitto, ingester, web, worker."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest

import postgres
from hub.test_serving import free_port

PYTHON = [sys.executable, "-m"]


class Database:
    """A PostgreSQL of its own that keeps its word: with fsync, on a socket, killed and started again."""

    def __init__(self, folder: Path, host=""):
        self.folder, self.programs, self.host = folder, postgres.binaries(), host
        self.port = free_port()
        self._other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        folder.chmod(0o777)
        subprocess.run(
            [*self._other, self.programs / "initdb", "-D", folder / "pg", "-U", "lifecircle", "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        with (folder / "pg" / "pg_hba.conf").open("a") as rights:
            rights.write("host all all samenet trust\n")
        self.url = f"postgres://lifecircle@/postgres?host={folder}&port={self.port}"
        self.start()

    def start(self):
        options = f"-k {self.folder} -c listen_addresses={self.host} -c port={self.port} -c max_connections=60"
        command = [
            self.programs / "pg_ctl",
            "-D",
            self.folder / "pg",
            "-w",
            "-l",
            self.folder / "pg.log",
            "-o",
            options,
            "start",
        ]
        subprocess.run([*self._other, *command], check=True, stdout=subprocess.DEVNULL)

    def processes(self):
        """The postmaster and its children."""
        number = int((self.folder / "pg" / "postmaster.pid").read_text().split()[0])
        found = subprocess.run(
            ["pgrep", "-P", str(number)], capture_output=True, text=True, check=False
        )
        return [number, *map(int, found.stdout.split())]

    def kill(self):
        """As a power cut would: all of its processes at once."""
        processes = self.processes()
        for each in processes:
            with_no_such(os.kill, each, signal.SIGKILL)
        while Path(f"/proc/{processes[0]}").exists():
            time.sleep(0.02)

    def is_running(self):
        command = [self.programs / "pg_ctl", "-D", self.folder / "pg", "status"]
        return (
            subprocess.run(
                [*self._other, *command], check=False, stdout=subprocess.DEVNULL
            ).returncode
            == 0
        )

    def ask(self, query, *values):
        with psycopg.connect(self.url) as line:
            return line.execute(query, values).fetchall()

    def stop(self):
        command = [self.programs / "pg_ctl", "-D", self.folder / "pg", "-m", "immediate", "stop"]
        subprocess.run([*self._other, *command], check=False, stdout=subprocess.DEVNULL)


def with_no_such(act, *values):
    with contextlib.suppress(ProcessLookupError):
        act(*values)


def mosquitto():
    return shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin")


@contextlib.contextmanager
def small_disk(megabytes: int):
    """A disk of a few megabytes; where this machine lets nobody mount one, the test is skipped."""
    folder = Path(tempfile.mkdtemp(prefix="lifecircle-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "none", folder]
    if (
        os.geteuid() != 0
        or subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode
    ):
        pytest.skip("a disk of its own can be mounted by root only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=False)
        folder.rmdir()


def fake_clock() -> Path | None:
    """The library that lets a process see a clock that we set (Debian's `faketime`)."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


class Network:
    """A room of this machine with one cable to the rest of it, which can be pulled."""

    HOST, INSIDE = "10.213.7.1", "10.213.7.2"

    def __init__(self):
        self.name, self._cable = f"lc{os.getpid()}", f"lc{os.getpid()}h"
        self.command = ["ip", "netns", "exec", self.name]
        for line in (
            f"netns add {self.name}",
            f"link add {self._cable} type veth peer name eth0 netns {self.name}",
            f"addr add {self.HOST}/24 dev {self._cable}",
            f"link set {self._cable} up",
            f"-n {self.name} addr add {self.INSIDE}/24 dev eth0",
            f"-n {self.name} link set eth0 up",
            f"-n {self.name} link set lo up",
        ):
            if self._ip(line):
                self.end()
                pytest.skip("networks of their own can be made by root only, with iproute2")

    def pull(self):
        self._ip(f"-n {self.name} link set eth0 down")

    def plug_in(self):
        self._ip(f"-n {self.name} link set eth0 up")

    def end(self):
        self._ip(f"netns del {self.name}")
        self._ip(f"link del {self._cable}")

    @staticmethod
    def _ip(line):
        if shutil.which("ip") is None:
            return 1
        return subprocess.run(
            ["ip", *line.split()], stderr=subprocess.DEVNULL, check=False
        ).returncode


class System:
    """Everything, from nothing; `kill` ends a part as `kill -9` does, `start` begins it again."""

    bridge = ("bridge", "bridge")
    """A device of which the broker believes that it speaks for all: user and password."""

    def __init__(self, script, folder=None, *, host="127.0.0.1", elsewhere=()):
        """`elsewhere`: the command before the ingester's, which then comes to the database and the broker by their host."""
        self.folder = folder or Path(tempfile.mkdtemp(prefix="lifecircle-faults-"))
        self.database = Database(self.folder, host if elsewhere else "")
        self.host, self.elsewhere = host, list(elsewhere)
        self.port, self.mqtt = free_port(), free_port()
        kept = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("DJANGO_", "COV", "LIFECIRCLE_"))
        }
        data = self.folder / "data"
        self.environment = {
            **kept, "LIFECIRCLE_DATA": str(data), "LIFECIRCLE_DATABASE_URL": self.database.url,
            "LIFECIRCLE_MQTT_URL": f"unix://{data / 'mosquitto' / 'socket'}", "LIFECIRCLE_WEBHOOKS_ANYWHERE": "1",
        }  # fmt: skip
        self.parts: dict[str, subprocess.Popen] = {}
        self._set_up(script)

    def _set_up(self, script: str):
        """Migrate, run a script that fills the hub, write what the broker reads."""
        ready = (
            "import sys; from pathlib import Path; from lifecircle.hub import serving\n"
            f"serving.set_up(Path({self.environment['LIFECIRCLE_DATA']!r})); serving.migrate()\n{script}\n"
            "from lifecircle.hub.devices.models import Device; from lifecircle.hub.devices.keys import mqtt_hash\n"
            "from lifecircle.hub.places.models import Place\n"
            f"Device.objects.create(ref={self.bridge[0]!r}, kind='gateway', name='bridge', digest='x',"
            f" place=Place.objects.first(), mqtt_hash=mqtt_hash({self.bridge[1]!r}))\n"
            "from lifecircle.hub.devices import mosquitto; from django.conf import settings\n"
            f"mosquitto.written(settings.DATA / 'mosquitto', mosquitto.Listener({self.host!r}, {self.mqtt}))\n"
        )
        subprocess.run([sys.executable, "-c", ready], check=True, env=self.environment)
        with (self.folder / "data" / "mosquitto" / "rights").open("a") as rights:
            rights.write(f"user {self.bridge[0]}\ntopic write lc/+/up\ntopic read lc/+/ack\n")

    def environment_of(self, name):
        """What a part is told of where the others are."""
        if name != "ingester" or not self.elsewhere:
            return self.environment
        return {
            **self.environment,
            "LIFECIRCLE_DATABASE_URL": f"postgres://lifecircle@{self.host}:{self.database.port}/postgres",
            "LIFECIRCLE_MQTT_URL": f"mqtt://{self.host}:{self.mqtt}",
        }

    def commands(self):
        return {
            "broker": [mosquitto(), "-c", str(self.folder / "data" / "mosquitto" / "mosquitto.conf")],
            "ingester": [*self.elsewhere, *PYTHON, "lifecircle.hub.ingester"],
            "worker": [*PYTHON, "lifecircle.hub.worker"],
            "web": [
                *PYTHON, "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(self.port), "--no-ws",
                "lifecircle.hub.stream.asgi:application",
            ],
        }  # fmt: skip

    def start(self, name):
        with (self.folder / f"{name}.log").open("ab") as log:
            self.parts[name] = subprocess.Popen(
                self.commands()[name],
                env=self.environment_of(name),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def set_clock(self, seconds: float):
        """From now on the hub's processes see a clock that is so far from the true one; called before they start, too."""
        file = self.folder / "clock"
        file.with_suffix(".new").write_text(f"{seconds:+f}")
        file.with_suffix(".new").replace(file)
        self.environment |= {
            "LD_PRELOAD": str(fake_clock()), "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }  # fmt: skip

    def start_all(self):
        for name in self.commands():
            self.start(name)
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=1)
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError((self.folder / "web.log").read_text())

    def kill(self, name):
        if name == "database":
            self.database.kill()
            return
        with_no_such(os.killpg, self.parts[name].pid, signal.SIGKILL)
        self.parts[name].wait()

    @staticmethod
    def fill(disk: Path):
        """Leave no room on a disk."""
        with (disk / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
            while True:
                ballast.write(b"0" * 2**16)

    @contextlib.contextmanager
    def frozen(self, name):
        """While a part answers nobody and holds its connections, as behind a network that was cut."""
        groups = self.database.processes() if name == "database" else [self.parts[name].pid]
        for each in groups:
            with_no_such(os.kill, each, signal.SIGSTOP)
        try:
            yield
        finally:
            for each in groups:
                with_no_such(os.kill, each, signal.SIGCONT)

    def again(self, name):
        self.database.start() if name == "database" else self.start(name)

    def log(self, name):
        return (self.folder / f"{name}.log").read_text()

    def end(self):
        for name in self.parts:
            self.kill(name)
        self.database.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
