"""What an import of facilities takes: `scripts/bench imports [--rows N] [--json FILE]`.

A hub with the demo district; a CSV of new facilities is previewed, applied and undone. With LIFECIRCLE_DATABASE_URL on that
database, which has to be empty.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import tempfile
import time
from pathlib import Path

import numpy as np

import lifecircle
from lifecircle.hub import serving


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lifecircle.make_demo(folder / "demo")
        serving.set_up(folder / "data")
        serving.migrate()
        found = measure(folder, options.rows)
    print(json.dumps(found))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


def measure(folder: Path, rows: int) -> dict[str, object]:
    from django.db import connection

    from lifecircle.hub.actor import Actor
    from lifecircle.hub.assessments.loading import load
    from lifecircle.hub.facilities import imports
    from lifecircle.hub.people import actions as people
    from lifecircle.hub.people import queries
    from lifecircle.hub.people.models import Account

    system, seconds = Actor.system("benchmark"), {}

    def timed(step, act):
        start = time.perf_counter()
        result = act()
        seconds[step] = round(time.perf_counter() - start, 2)
        return result

    timed("load_district", lambda: load(system, folder / "demo"))
    people.create_account(
        system, username="p", name="p", kind="staff", password=serving.one_time_password(), must_change_password=False
    )  # fmt: skip
    people.grant(system, username="p", role="district_planner", place="500103")
    actor = queries.actor_of(Account.objects.get(username="p"), "")
    path = folder / "facilities.csv"
    write(path, rows)
    day = dt.date(2026, 11, 1)
    batch = timed(
        "preview",
        lambda: imports.preview(actor, path, name="f.csv", source="b", on=day, crs="EPSG:4326"),
    )
    timed("apply", lambda: imports.apply(actor, batch.pk))
    write(path, rows, capacity=31)
    again = imports.preview(actor, path, name="f.csv", source="b", on=day, crs="EPSG:4326")
    timed("apply_changes", lambda: imports.apply(actor, again.pk))
    timed("undo_changes", lambda: imports.undo(actor, again.pk))
    timed("undo", lambda: imports.undo(actor, batch.pk))
    return {"database": connection.vendor, "rows": len(batch.changes), **seconds}


def write(path: Path, rows: int, capacity: int = 30) -> None:
    rng = np.random.default_rng(0)
    kinds = rng.choice(["toilet", "kindergarten", "convenience", "clinic", "elder_canteen"], rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "type", "lon", "lat", "capacity", "hours", "operating"])
        for k, kind in enumerate(kinds):
            lon, lat = 106.55 + rng.uniform(-0.02, 0.02), 29.553 + rng.uniform(-0.008, 0.008)
            writer.writerow(
                [
                    f"N{k}",
                    f"新设施{k}",
                    kind,
                    round(lon, 7),
                    round(lat, 7),
                    capacity,
                    "Mo-Fr 08:00-18:00",
                    "yes",
                ]
            )


if __name__ == "__main__":
    main()
