"""Many staff at once: `scripts/bench load [--staff 300] [--seconds 30] [--think 2] [--json FILE]`.

A hub of two processes with the demo district. Each of the staff has a session and, now and then (exponential, `--think` seconds
on average), looks at cards (3 of 10) or loads a tile of the base map (7 of 10). The load comes from a process of its own on
the same machine. With LIFECIRCLE_DATABASE_URL on that database, which has to be empty.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from multiprocessing import get_context
from pathlib import Path

import numpy as np

import lifecircle
from lifecircle.hub import serving

PORT = 8377


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--staff", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--think", type=float, default=2.0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lifecircle.make_demo(folder / "demo")
        with get_context("spawn").Pool(1) as pool:
            keys, run, vendor = pool.apply(prepare, (folder, options.staff))
        found = {"database": vendor, **measure(folder, keys, run, options)}
    print(json.dumps(found))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


def prepare(folder: Path, staff: int) -> tuple[list[str], str, str]:
    """A hub with the demo, assessed, and a session for everybody."""
    serving.set_up(folder / "data")
    serving.migrate()
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection

    from lifecircle.hub.actor import Actor
    from lifecircle.hub.assessments import actions, tasks
    from lifecircle.hub.assessments.loading import load
    from lifecircle.hub.people import actions as people
    from lifecircle.hub.people.models import Account
    from lifecircle.hub.places.models import Place

    system = Actor.system("benchmark")
    load(system, folder / "demo")
    run = actions.request(system)
    tasks.run_next()
    communities = list(Place.objects.filter(level="community").values_list("code", flat=True))
    keys = []
    for k in range(staff):
        role, place = (
            ("district_planner", "500103")
            if k % 4 == 0
            else ("community_worker", communities[k % 79])
        )
        username = f"staff{k}"
        people.create_account(
            system, username=username, name=username, kind="staff", password=serving.one_time_password(),
            must_change_password=False,
        )  # fmt: skip
        people.grant(system, username=username, role=role, place=place)
        account, session = Account.objects.get(username=username), SessionStore()
        session.update(
            {"_auth_user_id": str(account.pk), "_auth_user_hash": account.get_session_auth_hash(),
             "_auth_user_backend": "allauth.account.auth_backends.AuthenticationBackend"}
        )  # fmt: skip
        session.save()
        keys.append(session.session_key)
    return keys, str(run.pk), connection.vendor


def measure(
    folder: Path, keys: list[str], run: str, options: argparse.Namespace
) -> dict[str, object]:
    server = subprocess.Popen(
        [sys.executable, "-m", "lifecircle", "serve", "--data", folder / "data", "--port", str(PORT)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ,
    )  # fmt: skip
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health", timeout=1)
                break
            except OSError:
                time.sleep(0.2)
        asyncio.run(load_it(keys, run, 5.0, options.think))  # warm
        answers = asyncio.run(load_it(keys, run, options.seconds, options.think))
        walks = asyncio.run(from_here(keys[0], run))
    finally:
        server.terminate()
        server.wait(30)
    taken = {
        kind: np.array([ms for k, ms, _ in answers if k == kind]) for kind in ("cards", "tile")
    }
    found: dict[str, object] = {
        "staff": len(keys), "requests_a_second": round(len(answers) / options.seconds, 1),
        "failed": sum(status != 200 for _, _, status in answers),
    }  # fmt: skip
    found["from_here_ms"] = round(walks, 1)
    for kind, ms in {**taken, "all": np.concatenate(list(taken.values()))}.items():
        found[f"{kind}_p50_ms"], found[f"{kind}_p95_ms"], found[f"{kind}_p99_ms"] = (
            round(float(np.percentile(ms, q)), 1) for q in (50, 95, 99)
        )
    return found


async def load_it(
    keys: list[str], run: str, seconds: float, think: float
) -> list[tuple[str, float, int]]:
    until, answers = time.perf_counter() + seconds, []

    async def person(k: int, key: str) -> None:
        rng = np.random.default_rng(k)
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        await asyncio.sleep(rng.uniform(0, think))
        while time.perf_counter() < until:
            kind = "cards" if rng.random() < 0.3 else "tile"
            x, y = 26081 + rng.integers(0, 6), 13564 + rng.integers(0, 4)
            path = (
                f"/api/v1/runs/{run}/cards?scope=overall&level=community"
                if kind == "cards"
                else f"/api/v1/map/tiles/15/{x}/{y}"
            )
            start = time.perf_counter()
            writer.write(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={key}\r\n\r\n".encode()
            )
            status = await answer(reader)
            answers.append((kind, (time.perf_counter() - start) * 1e3, status))
            await asyncio.sleep(rng.exponential(think))
        writer.close()

    await asyncio.gather(*(person(k, key) for k, key in enumerate(keys)))
    return answers


async def from_here(key: str, run: str) -> float:
    """Milliseconds of the isochrones of 5, 10 and 15 minutes from a point, there and back, by one caller; the median."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    path, taken = f"/api/v1/map/reach?run={run}&lon=106.5577&lat=29.5519", []
    for _ in range(24):  # each process loads the district once
        start = time.perf_counter()
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={key}\r\n\r\n".encode()
        )
        assert await answer(reader) == 200
        taken.append((time.perf_counter() - start) * 1e3)
    writer.close()
    return float(np.median(taken[4:]))


async def answer(reader: asyncio.StreamReader) -> int:
    """Read one answer to its end; its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(" ", 2)[1])
    if "content-length:" in head:
        await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))
    elif "transfer-encoding: chunked" in head:
        while size := int((await reader.readline()).strip() or b"0", 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return status


if __name__ == "__main__":
    main()
