"""Lifecircle beside its peers: the same arrays, origins and cut-off, answers compared, in turns.

Run by `scripts/bench peers [--quick] [--json FILE] [--only TASK,...]`. Every side runs in a process
of its own, peers with clashing pins in an environment of their own; they take turns (ours, theirs, ours,
theirs ...), and the ratio is that of the medians. A peer that would take minutes is timed on a part of the
facilities and scaled up, which the table says. Valhalla needs Python 3.12: name one in PYTHON_3_12 where uv finds none.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from networks import CATEGORIES, Case, make

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "peers"
SERVE = Path(__file__).resolve().parent / "sides" / "serve.py"
TURNS, QUICK_TURNS = 5, 2
LONG_S = 10.0
"""A side that takes longer takes fewer turns."""


@dataclass(frozen=True)
class Env:
    """An environment of its own: Python's version and pinned packages."""

    python: str
    packages: tuple[str, ...]

    def make(self, name: str) -> str:
        folder = CACHE / "envs" / name
        stamp = folder / ".stamp"
        wanted = " ".join((self.python, *self.packages))
        if not stamp.exists() or stamp.read_text() != wanted:
            python = os.environ.get(f"PYTHON_{self.python.replace('.', '_')}", self.python)
            uv = str(Path(sys.executable).with_name("uv"))
            subprocess.run([uv, "venv", "-q", "--clear", "--python", python, folder], check=True)
            subprocess.run(
                [uv, "pip", "install", "-q", "--python", folder / "bin" / "python", *self.packages],
                check=True,
            )
            stamp.write_text(wanted)
        return str(folder / "bin" / "python")


ENVS = {
    "pandana": Env("3.11", ("pandana==0.8", "numpy", "pandas<3")),
    "valhalla": Env("3.12", ("pyvalhalla==3.9.1", "osmium", "numpy")),
    "cityseer": Env("3.11", ("cityseer==5.8.0",)),
}


@dataclass(frozen=True)
class Task:
    """One row a network: our function and the peer's, and how much of the sources each network takes."""

    name: str
    peer: str
    module: str
    ours: str
    theirs: str
    parts: dict[str, int]
    """The networks, and how many sources the peer is timed on there; 0 is all."""
    quick: tuple[str, ...] = ("demo", "yuzhong")
    """The networks of a quick run."""
    share: float = 1.0
    """How much of the task the peer is timed on."""


ALL = {"demo": 0, "yuzhong": 0, "sao_paulo": 0, "city": 0, "metropolis": 0}
TASKS = (
    Task("nearest by category", "scipy min_only", "with_scipy", "nearest", "nearest",
         ALL),
    Task("counts, capacities, 2SFCA", "scipy counts", "with_scipy", "sums", "sums",
         {"demo": 0, "yuzhong": 0, "sao_paulo": 0, "city": 1000, "metropolis": 300}),
    Task("the same, there and back", "scipy counts", "with_scipy", "both", "both",
         {"demo": 0, "yuzhong": 0, "sao_paulo": 0, "city": 1000}),
    Task("Gaussian 2SFCA", "scipy + access", "with_scipy", "catchment", "catchment",
         {"demo": 300, "yuzhong": 300, "sao_paulo": 300, "city": 300}),
    Task("nearest + counts", "cityseer", "with_cityseer", "nearest_counts", "nearest_counts",
         {"demo": 0, "yuzhong": 0, "sao_paulo": 0, "city": 0}, ("yuzhong",)),
    Task("counts and capacities", "pandana", "with_pandana", "totals", "totals",
         {"yuzhong": 0}),
    Task("counts and capacities", "pandana", "with_pandana", "totals", "totals_one",
         {"demo": 0, "sao_paulo": 0, "city": 0}, (), 1 / CATEGORIES),
    Task("counts and capacities", "pandana prepared", "with_pandana", "totals", "totals_prepared",
         {"demo": 0, "yuzhong": 0, "sao_paulo": 0}, ("yuzhong",)),
    Task("counts and capacities", "pandana prepared", "with_pandana", "totals",
         "totals_one_prepared", {"city": 0}, (), 1 / CATEGORIES),
    Task("20 x isochrones, cells of 10 m", "valhalla", "with_valhalla", "isochrones",
         "isochrones", {"demo": 0, "yuzhong": 0, "city": 0}, ()),
    Task("20 x isochrones, cells of 50 m", "valhalla", "with_valhalla", "isochrones_coarse",
         "isochrones", {"demo": 0, "yuzhong": 0, "city": 0}, ()),
    Task("one facility changes", "our full run", "ours", "facility", "both", ALL),
    Task("one lift or edge changes", "our full run", "ours", "edge", "both", ALL),
    Task("on two Dask workers", "one process", "ours", "dask", "whole", {"city": 0, "metropolis": 0}, ()),
    Task("a node settled, one thread", "a node swept", "ours", "settling", "sweep", ALL),
)  # fmt: skip


class Side:
    """A process that does one task when told to."""

    def __init__(self, python: str, module: str, task: str, network: Path, part: int) -> None:
        self.process = subprocess.Popen(
            [python, SERVE, module, task, network, str(part)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")},
        )  # fmt: skip
        self.ready = self._hear()

    def _hear(self) -> dict:
        line = self.process.stdout.readline()
        while line and not line.startswith("{"):
            line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"a side ended: {self.process.args}")
        return json.loads(line)

    def tell(self, words: str) -> dict:
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()
        return self._hear()

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def difference(ours: Path, theirs: Path) -> str:
    """What the two answers have in common, compared: cells that differ, and by how much at most."""
    said = []
    with np.load(ours) as one, np.load(theirs) as two:
        for name in sorted(set(one.files) & set(two.files)):
            a, b = one[name].astype(float), two[name].astype(float)
            apart = ~np.isclose(a, b, rtol=1e-6, atol=1e-9) & ~np.isnan(b)
            if apart.any():
                worst = float(np.abs(a - b)[apart].max())
                said.append(f"{name}: {apart.mean():.1e} of cells differ, by {worst:.3g} at most")
    return "; ".join(said)


def measure(task: Task, name: str, network: Path, folder: Path, turns: int) -> dict:
    case = Case.load(network)
    sources, part = len(case.node), task.parts[name]
    env = task.module.removeprefix("with_")
    python = ENVS[env].make(env) if env in ENVS else sys.executable
    theirs = Side(python, task.module, task.theirs, network, part)
    ours = Side(sys.executable, "ours", task.ours, network, 0)
    same = ours
    if part:
        same = Side(sys.executable, "ours", task.ours, network, part)
    for side in {same, ours, theirs} if task.module == "ours" else {same, ours}:
        side.tell("run")  # compiled, and warm
    a, b = [], []
    for turn in range(turns):
        a += [ours.tell("run") for _ in range(3)]
        if turn < 2 or b[-1]["s"] < LONG_S:
            b.append(theirs.tell("run"))
    if len(a) % 2 == 0:
        a.append(
            ours.tell("run")
        )  # with the first, an even number: what is changed is changed back
    same.tell(f"answer {folder / 'ours.npz'}")
    theirs.tell(f"answer {folder / 'theirs.npz'}")
    for side in {ours, same, theirs}:
        side.close()
    scale = (sources / part if part else 1.0) / task.share
    ours_s = statistics.median(one["s"] for one in a)
    peer_s = statistics.median(one["s"] for one in b) * scale
    apart = difference(folder / "ours.npz", folder / "theirs.npz")
    with np.load(folder / "ours.npz") as one, np.load(folder / "theirs.npz") as two:
        if "units" in one:  # seconds of one unit
            ours_s, peer_s, apart = ours_s / one["units"], peer_s / two["units"], ""
    return {
        "task": task.name, "network": name, "nodes": len(case.x), "sources": sources,
        "peer": task.peer, "ours_s": ours_s, "peer_s": peer_s, "ratio": peer_s / ours_s,
        "ours_prepared_s": ours.ready["prepared_s"], "peer_prepared_s": theirs.ready["prepared_s"],
        "equal": not apart, "difference": apart, "peer_timed_on": 1 / scale,
        "ours_mib": a[-1]["peak_mib"] - ours.ready["loaded_mib"],
        "peer_mib": b[-1]["peak_mib"] - theirs.ready["loaded_mib"],
    }  # fmt: skip


def processor() -> str:
    names = re.findall(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return f"{platform.machine()} {names[0] if names else ''}".strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only the two districts")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", default="", help="words that a task or peer must contain")
    parser.add_argument("--networks", default="", help="names of networks")
    options = parser.parse_args()
    rows = []
    for task in TASKS:
        if options.only and not any(
            word in f"{task.name} {task.peer}" for word in options.only.split(",")
        ):
            continue
        for name in task.parts:
            if options.quick and name not in task.quick:
                continue
            if options.networks and name not in options.networks.split(","):
                continue
            network = make(name, CACHE / "networks")
            if network is None:
                print(f"{name}: no real data (LIFECIRCLE_SHARED_DATA)", file=sys.stderr)
                continue
            with tempfile.TemporaryDirectory() as folder:
                turns = QUICK_TURNS if options.quick else TURNS
                try:
                    row = measure(task, name, network, Path(folder), turns)
                except subprocess.CalledProcessError as error:
                    print(f"{task.peer}: no environment ({error})", file=sys.stderr)
                    continue
            rows.append(row)
            print(
                f"{row['task']:26} {row['network']:10} {row['peer']:17} {row['ours_s']:9.3g} s "
                f"{row['peer_s']:9.3g} s {row['ratio']:9.3g} x  "
                f"{'equal' if row['equal'] else row['difference']}  "
                f"{row['ours_mib']} / {row['peer_mib']} MiB",
                flush=True,
            )
            if options.json:
                machine = {
                    "date": time.strftime("%Y-%m-%d"), "cores": os.cpu_count(), "processor": processor(),
                    "python": platform.python_version(),
                }  # fmt: skip
                options.json.write_text(json.dumps({"machine": machine, "rows": rows}, indent=2))


if __name__ == "__main__":
    main()
