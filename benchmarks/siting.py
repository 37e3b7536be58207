"""Location models beside spopt: `scripts/bench siting [--quick] [--radius 1000] [--json FILE]`.

Maximal covering: 500 candidates, 5,000 points with 1 to 100 people each, uniform in a square of 10 km, 20 chosen, who
lives within the radius (`--quick`: 200 x 2,000) is covered; to a proven gap of 0.1 %, model building included. The p-median:
the OR-Library's pmed1 to pmed20 from the shared data, to the proven optimum; spopt with CBC on some of them. A peer
that is at its time limit has a ratio that is a lower bound, marked `>`.

A plan: the demo district, all graded types, 300 idle spaces on doorsteps (areas and prices as the demo's), three budgets of
20 million CNY; and its circles. No peer does either.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pulp
from scipy.sparse.csgraph import floyd_warshall
from scipy.spatial.distance import cdist
from spopt.locate import MCLP, PMedian

import lifecircle
from lifecircle.engine.bundle.demo.make import make_demo
from lifecircle.engine.bundle.model import Spaces
from lifecircle.engine.circles import draw_circles, units_of
from lifecircle.engine.drafting import Draft
from lifecircle.engine.siting import maximal_covering, p_median, plan

DATA = Path(os.environ.get("LIFECIRCLE_SHARED_DATA", "../shared/data")) / "pmed"
GAP = 1e-3
LIMIT_S = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--radius", type=float, default=1000.0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    warnings.simplefilter("ignore", DeprecationWarning)  # spopt's, of pulp
    maximal_covering(np.eye(3), np.ones(3), 2)  # compiled
    found = {
        "covering": covering(options.radius, quick=options.quick),
        "median": medians(quick=options.quick),
        "plan": plans(quick=options.quick),
    }
    if options.json:
        options.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


def solvers() -> dict[str, object]:
    about = {"msg": False, "timeLimit": LIMIT_S, "gapRel": GAP, "threads": 2}
    return {"HiGHS": pulp.HiGHS(**about), "CBC": pulp.PULP_CBC_CMD(**about)}


def covering(radius: float, *, quick: bool) -> list[dict[str, object]]:
    rng = np.random.default_rng(0)
    candidates, size, count = (200, 2000, 12) if quick else (500, 5000, 20)
    points, sites = rng.uniform(0, 10_000, (size, 2)), rng.uniform(0, 10_000, (candidates, 2))
    people = rng.integers(1, 101, size).astype(float)
    far = cdist(sites, points)
    print(f"maximal covering, {candidates} x {size}, {count} within {radius:g} m, gap {GAP:.1%}")
    first: list[tuple[float, float]] = []
    start = time.perf_counter()
    ours = maximal_covering(
        far <= radius, people, count, gap=GAP,
        watch=lambda now: first.append((time.perf_counter() - start, now.value)),
    )  # fmt: skip
    spent = time.perf_counter() - start
    rows = [
        row("lifecircle", spent, ours.value, ours.bound, nodes=ours.nodes),
        row("lifecircle, first answer", *first[0], ours.bound),
        row("lifecircle, at the optimum", *best_of(far <= radius, people, count)),
    ]
    for name, solver in solvers().items():
        start = time.perf_counter()
        model = MCLP.from_cost_matrix(far.T, people, radius, count).solve(solver)
        spent_there = time.perf_counter() - start
        value = float(pulp.value(model.problem.objective))
        rows.append(row(f"spopt + {name}", spent_there, value, None, ratio=spent_there / spent))
    return rows


def best_of(covers: np.ndarray, people: np.ndarray, count: int) -> tuple[float, float, float]:
    start = time.perf_counter()
    done = maximal_covering(covers, people, count, gap=0)
    return time.perf_counter() - start, done.value, done.bound


def medians(*, quick: bool) -> list[dict[str, object]]:
    if not DATA.is_dir():
        print("no OR-Library instances in LIFECIRCLE_SHARED_DATA: the p-median is left out")
        return []
    lines = (DATA / "optimal_values.txt").read_text("ascii").split("\n")[1:]
    optima = {int(line.split()[0][4:]): int(line.split()[1]) for line in lines if line.strip()}
    rows, peers = [], {1, 6} if quick else {1, 6, 11, 16}
    print("p-median, OR-Library; distances are given")
    for number in range(1, 21):
        far, count = instance(number)
        one = np.ones(len(far))
        start = time.perf_counter()
        quickly = p_median(far, one, count, seconds=0)
        early = time.perf_counter() - start
        start = time.perf_counter()
        done = p_median(far, one, count, gap=0, seconds=600)
        spent = time.perf_counter() - start
        about = {"optimum": optima[number], "over": round(quickly.value / optima[number] - 1, 5)}
        proven = done.value == done.bound == optima[number]
        rows.append(row(f"pmed{number} heuristic", early, quickly.value, None, **about))
        rows.append(row(f"pmed{number}", spent, done.value, done.bound, proven=proven))
        if number in peers:
            solver = pulp.PULP_CBC_CMD(msg=False, timeLimit=LIMIT_S, threads=2)
            start = time.perf_counter()
            model = PMedian.from_cost_matrix(far, one, count).solve(solver)
            there = time.perf_counter() - start
            value = float(pulp.value(model.problem.objective))
            rows.append(row(f"pmed{number} spopt + CBC", there, value, None, ratio=there / spent))
    heuristic = [one["seconds"] for one in rows if "heuristic" in str(one["what"])]
    print(f"all heuristics {sum(heuristic):.2f} s")
    return rows


def plans(*, quick: bool) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        make_demo(Path(folder) / "demo")
        district = lifecircle.read_district(Path(folder) / "demo")
        network = lifecircle.network_of(district)
        district = replace(district, spaces=spaces_of(district, 60 if quick else 300))
        start = time.perf_counter()
        draft = Draft(district, network)
        print(
            f"plan, {district}, {len(district.spaces.id)} spaces; first assessment {time.perf_counter() - start:.1f} s"
        )
        seen: list[tuple[float, float]] = []
        start = time.perf_counter()
        found = plan(
            draft, [2e7, 2e7, 2e7], seconds=5 if quick else 20,
            watch=lambda now: seen.append((time.perf_counter() - start, now.value)) or True,
        )  # fmt: skip
        best = found.programme
        rows = [
            row("first answer", *seen[0], best.bound, short=round(1 - seen[0][1] / best.bound, 4)),
            row("plan", time.perf_counter() - start, best.value, best.bound, gap=round(best.gap, 4),
                options=found.options, builds=len(found.builds)),
        ]  # fmt: skip
        start = time.perf_counter()
        divisions = draw_circles(units_of(district, network), steps=10_000 if quick else 60_000)
        counts = sorted({len(one.circles) for one in divisions})
        rows.append(
            row("circles", time.perf_counter() - start, len(divisions), None, counts=counts)
        )
        return rows


def spaces_of(district: lifecircle.District, count: int) -> Spaces:
    rng, types = np.random.default_rng(3), district.standards.types.values()
    homes = rng.choice(np.flatnonzero(district.demand.community >= 0), count, replace=False)
    area = np.round(np.exp(rng.normal(np.log(320), 0.8, count))).clip(30, 4000)
    text = np.array([f"space-{k}" for k in range(count)], dtype=object)
    none = np.full(count, np.nan)
    kinds = [t for t in types if t.graded]
    allowed = [
        ";".join(t.id for t in kinds if (t.min_area_m2.value if t.min_area_m2 else 0) <= a)
        for a in area
    ]
    return Spaces(
        text, text, district.demand.x[homes], district.demand.y[homes], area, none,
        area * rng.uniform(1500, 4200, count), np.array(allowed, dtype=object), np.array([""] * count, dtype=object),
        none,
    )  # fmt: skip


def instance(number: int) -> tuple[np.ndarray, int]:
    text = (DATA / f"pmed{number}.txt").read_text("ascii").split()
    size, edges, count = map(int, text[:3])
    near = np.full((size, size), np.inf)
    for a, b, length in np.array(text[3 : 3 + 3 * edges], dtype=int).reshape(-1, 3):
        near[a - 1, b - 1] = near[b - 1, a - 1] = length  # the last of an edge counts
    return floyd_warshall(near), count


def row(
    what: str, seconds: float, value: float, bound: float | None, **more: object
) -> dict[str, object]:
    if "ratio" in more:
        limited = seconds > LIMIT_S
        more = {"ratio": f"{'> ' if limited else ''}{more['ratio']:.1f}"}
    told = {"what": what, "seconds": round(seconds, 3), "value": float(value)}
    if bound is not None:
        told["bound"] = float(bound)
    told |= more
    print(
        "  " + ", ".join(f"{k} {v}" if k != "what" else str(v) for k, v in told.items()), flush=True
    )
    return told


if __name__ == "__main__":
    main()
