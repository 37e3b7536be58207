"""From device to screen: `scripts/bench messages [--quick] [--soak MINUTES] [--json FILE]`.

A whole platform of this machine's own PostgreSQL and Mosquitto; the devices are on the same machine. What is measured: readings a
second that one ingester takes after-commit-acknowledged; at 500 messages a second the time to acknowledgement and, of the alarms
among them, to a screen; how late escalations are, also after the worker was killed; a power cut of 5,000 detectors; memory over a
soak (24 hours: `--soak 1440`).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from faults.fleet import Fleet
from faults.system import System

PEER = 3333
"""Data points a second that ThingsBoard publishes for one server of four cores."""
DEVICES = 5000
FILLED = f"""
from lifecircle.hub.actor import Actor
from lifecircle.hub.devices.models import Device
from lifecircle.hub.people import actions as people
from lifecircle.hub.people.models import Account
from lifecircle.hub.places.models import Place
from django.contrib.sessions.backends.db import SessionStore
d = Place.objects.create(code="D", level="district", name_zh="区", lineage="/D/")
places = []
for s in range(4):
    street = Place.objects.create(code=f"S{{s}}", level="street", name_zh=f"街{{s}}", lineage=f"/D/S{{s}}/", parent=d)
    for k in range(5):
        code = f"C{{s}}{{k}}"
        places.append(Place.objects.create(
            code=code, level="community", name_zh=code, lineage=f"/D/S{{s}}/{{code}}/", parent=street
        ))
system = Actor.system("benchmark")
grants = [("command_operator", "D"), *(("street_officer", f"S{{s}}") for s in range(4))]
grants += [(role, one.code) for one in places for role in ("community_worker", "grid_worker")]
for role, place in grants:
    username = f"{{role}}-{{place}}"
    people.create_account(
        system, username=username, name=username, kind="staff", password=serving.one_time_password(),
        must_change_password=False,
    )
    people.grant(system, username=username, role=role, place=place)
account, session = Account.objects.get(username="command_operator-D"), SessionStore()
session.update({{
    "_auth_user_id": str(account.pk), "_auth_user_hash": account.get_session_auth_hash(),
    "_auth_user_backend": "allauth.account.auth_backends.AuthenticationBackend",
}})
session.save()
(Path(os.environ["LIFECIRCLE_DATA"]) / "session").write_text(session.session_key)
Device.objects.bulk_create(
    Device(ref=f"d{{k}}", kind="smoke", name=f"d{{k}}", place=places[k % 20], digest="x", mqtt_hash="x", silent_after_s=3600)
    for k in range({DEVICES})
)
"""


class Screen:
    """A wall screen: reads the stream and notes when it was told of each case."""

    def __init__(self, system: System) -> None:
        key = (system.folder / "data" / "session").read_text()
        address = f"http://127.0.0.1:{system.port}/stream"
        request = urllib.request.Request(address, headers={"Cookie": f"sessionid={key}"})
        self._answer = urllib.request.urlopen(request)  # noqa: S310  (this machine)
        self.told: dict[str, float] = {}
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._answer:
            if line.startswith(b"data: "):
                told = json.loads(line[6:])
                if told.get("kind") == "case" and told["data"]["what"] == "received":
                    self.told.setdefault(told["data"]["ref"], time.monotonic())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--soak", type=float, default=0.0, help="minutes")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    system = System("import os\n" + FILLED)
    try:
        system.start_all()
        found = {"cores": os.cpu_count(), **measured(system, options)}
    finally:
        system.end()
    print(json.dumps(found, indent=2))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


def measured(system: System, options: argparse.Namespace) -> dict[str, Any]:
    count = 20_000 if options.quick else 100_000
    found: dict[str, Any] = {}
    for values in (1, 5):
        found[f"readings_a_second_{values}_a_message"] = taken(system, count // values, values)
    found["peer_published_a_second"] = PEER
    found["ratio_to_peer"] = round(found["readings_a_second_1_a_message"] / PEER, 2)
    found |= at_a_rate(system, 500, 20.0 if options.quick else 60.0)
    found |= power_cut(system)
    found |= escalations(system)
    if options.soak:
        found |= soak(system, options.soak)
    return found


def taken(system: System, messages: int, values: int) -> float:
    """Readings a second of one ingester that finds the broker full: from its start to the last commit, without its imports."""
    system.kill("ingester")
    fleet = Fleet(system.mqtt, *system.bridge, resends=False)
    boot = f"rate{values}"
    for k in range(messages):
        fleet.say(f"d{k % DEVICES}", boot, k, values={f"v{j}": k + j / 10 for j in range(values)})
    fleet.handed_over()
    system.start("ingester")
    seen: list[tuple[float, int]] = []
    while not seen or seen[-1][1] < messages:
        query = "select count(*) from devices_receipt where boot = %s"
        seen.append((time.perf_counter(), system.database.ask(query, boot)[0][0]))
        time.sleep(0.1)
    fleet.wait(30)
    fleet.end()
    first = next(k for k, (_, done) in enumerate(seen) if done)
    (began, before), (ended, after) = seen[first], seen[-1]
    return round((after - before) * values / (ended - began), 0)


def at_a_rate(system: System, rate: int, seconds: float) -> dict[str, Any]:
    """One message in a hundred is an alarm of a device that had none: how long until the device, and a screen, know."""
    fleet, screen = Fleet(system.mqtt, *system.bridge), Screen(system)
    sent: dict[str, float] = {}
    start = time.monotonic()
    for k in range(int(rate * seconds)):
        time.sleep(max(0.0, start + k / rate - time.monotonic()))
        ref = f"d{k % DEVICES}"
        alarm = k % 100 == 0 and ref not in sent
        if alarm:
            sent[ref] = time.monotonic()
        fleet.say(ref, "steady", k, values={"t": float(k)}, alarm="smoke" if alarm else "")
    left = fleet.wait(30)
    time.sleep(3)
    fleet.end()
    cases = system.database.ask(
        "select ref, split_part(origin, ':', 2) from cases_case where kind = 'smoke' and not canary"
    )
    shown = [
        screen.told[ref] - sent[device]
        for ref, device in cases
        if ref in screen.told and device in sent
    ]
    return {
        "messages_a_second": rate, "unacknowledged": left, "alarms": len(sent), "alarms_on_screen": len(shown),
        **quantiles("acknowledged", fleet.took), **quantiles("on_screen", shown),
    }  # fmt: skip


def power_cut(system: System) -> dict[str, Any]:
    """Every detector says within a minute that it lost power."""
    fleet, start = Fleet(system.mqtt, *system.bridge), time.monotonic()
    for k in range(DEVICES):
        time.sleep(max(0.0, start + k * 60 / DEVICES - time.monotonic()))
        fleet.say(f"d{k}", "cut", 1, alarm="power")
    left = fleet.wait(60)
    fleet.end()
    ask = system.database.ask
    named = ask(
        "select count(distinct e.by) from cases_caseevent e join cases_case c on c.id = e.case_id where c.kind = 'power_cut'"
    )
    return {
        "cut_devices": DEVICES, "cut_unacknowledged": left, "cut_devices_named": named[0][0],
        "cut_cases": ask("select count(*) from cases_case where kind = 'power_cut'")[0][0],
    }  # fmt: skip


def escalations(system: System, span: float = 20.0) -> dict[str, Any]:
    """Steps of ladders due at any time in the next seconds; the worker is killed in the middle, and starts again."""
    ask = system.database.ask
    ask(
        "update cases_rung set due_at = clock_timestamp() + random() * %s * interval '1 second' "
        "where fired_at is null and off_at is null and tier = 'community' returning 1", span,
    )  # fmt: skip
    time.sleep(span / 3)
    system.kill("worker")
    time.sleep(2)
    system.start("worker")
    waiting = "select count(*) from cases_rung where fired_at is null and off_at is null and tier = 'community'"
    back = "select min(fired_at) from cases_rung where fired_at > %s"
    restarted = ask("select clock_timestamp()")[0][0]
    while ask(waiting)[0][0]:
        time.sleep(0.2)
    recovered = ask(back, restarted)[0][0]
    rows = ask(
        "select extract(epoch from fired_at - case when due_at < %s and fired_at >= %s then %s else due_at end)::float8 "
        "from cases_rung where tier = 'community' and fired_at is not null", recovered, recovered, recovered,
    )  # fmt: skip
    return {"escalations": len(rows), **quantiles("escalated_late", [row[0] for row in rows])}


def soak(system: System, minutes: float, rate: int = 200) -> dict[str, Any]:
    """Memory of each part in the first and in the last tenth of the time."""
    fleet, start, k = Fleet(system.mqtt, *system.bridge), time.monotonic(), 0
    seen: dict[str, list[float]] = {name: [] for name in ("broker", "ingester", "worker", "web")}
    while time.monotonic() - start < minutes * 60:
        fleet.say(f"d{k % DEVICES}", "soak", k, values={"t": float(k)})
        k += 1
        time.sleep(max(0.0, start + k / rate - time.monotonic()))
        if k % (rate * 5) == 0:
            for name, sizes in seen.items():
                sizes.append(resident_mb(system.parts[name].pid))
    left = fleet.wait(60)
    fleet.end()
    found: dict[str, Any] = {
        "soak_minutes": minutes,
        "soak_messages": k,
        "soak_unacknowledged": left,
    }
    for name, sizes in seen.items():
        tenth = max(1, len(sizes) // 10)
        found[f"{name}_mb"] = [
            round(float(np.mean(part)), 1) for part in (sizes[tenth : 2 * tenth], sizes[-tenth:])
        ]
    return found


def resident_mb(number: int) -> float:
    """A process and its children."""
    children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    lines = Path(f"/proc/{number}/status").read_text().splitlines()
    own = next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))
    return own + sum(resident_mb(int(child)) for child in children)


def quantiles(name: str, seconds: list[float]) -> dict[str, float]:
    if not seconds:
        return {}
    return {
        f"{name}_{label}_ms": round(float(np.quantile(seconds, q)) * 1e3, 1)
        for label, q in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
    }


if __name__ == "__main__":
    main()
