"""What a change takes in a draft of the demo district, beside a full assessment of it.

Run by `scripts/bench draft [--json FILE]`: 30 facilities of all types at homes, every lift, every profile, new ways of 150 m.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from pyproj import Transformer

import lifecircle
from lifecircle.engine.network.tags import Kind


def middle(values: list[float]) -> dict[str, float]:
    return {"median_s": round(statistics.median(values), 3), "most_s": round(max(values), 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bundle = Path(name) / "demo"
        lifecircle.make_demo(bundle)
        lifecircle.assess(bundle, Path(name) / "out")  # compiled, and warm
        start = time.perf_counter()
        lifecircle.assess(bundle, Path(name) / "out")
        full_s = time.perf_counter() - start
        district = lifecircle.read_district(bundle)
        network = lifecircle.network_of(district)
    start = time.perf_counter()
    draft = lifecircle.Draft(district, network)
    first_s = time.perf_counter() - start
    rng = np.random.default_rng(0)
    to_wgs84 = Transformer.from_crs(district.crs, "EPSG:4326", always_xy=True)
    kinds = [key for key, kind in district.standards.types.items() if kind.walk_s is not None]
    facility, lift, types = [], [], []
    for kind in rng.choice(kinds, 30):
        home = rng.integers(len(district.demand.x))
        spot = to_wgs84.transform(district.demand.x[home], district.demand.y[home])
        facility.append(draft.add_facility(str(kind), *spot, capacity=100).seconds)
        draft.undo()
    edges = network.edges
    for node in np.unique(network.nodes.osm[edges.tail[edges.kind == Kind.LIFT]]):
        done = draft.close_lift(int(node))
        lift.append(done.seconds)
        types.append(len(done.types))
        draft.undo()
    profile = []
    for name in district.standards.profiles:
        profile.append(draft.change_profile(name, lift_wait_s=45.0).seconds)
        draft.undo()
    ways: dict[str, list[float]] = {"path": [], "steps": [], "lift": []}
    nodes = network.nodes
    for kind, seconds in ways.items():
        for node in rng.integers(len(nodes.x), size=5):
            away = np.hypot(nodes.x - nodes.x[node], nodes.y - nodes.y[node])
            other = int(np.argmin(np.abs(away - 150.0)))
            ends = (to_wgs84.transform(nodes.x[k], nodes.y[k]) for k in (node, other))
            try:
                seconds.append(draft.add_way(kind, *ends).seconds)
            except lifecircle.NetworkError:
                continue  # on an island
            draft.undo()
    found = {
        "full_assessment_s": round(full_s, 2), "draft_opened_s": round(first_s, 2),
        "facility": middle(facility), "lift": middle(lift), "profile": middle(profile),
        **{f"new_{kind}": middle(seconds) for kind, seconds in ways.items()},
        "types_walked_again_by_a_lift": statistics.median(types), "types": len(kinds),
    }  # fmt: skip
    print(json.dumps(found))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
