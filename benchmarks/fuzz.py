"""Damage every kind of file that is read, guided by coverage (atheris), and say what breaks.

Run by `scripts/fuzz [SECONDS]`; the seconds are shared out among the kinds of file. What ends in
an error that is not ours is kept in `.cache/fuzz/<kind>/`, to be turned into a test.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".cache" / "fuzz"
COMPILED = [
    "lifecircle.engine.reach.dynamic_kernels",
    "lifecircle.engine.reach.isochrone",
    "lifecircle.engine.reach.kernels",
    "lifecircle.engine.reach.opportunity_kernels",
    "lifecircle.engine.tiling.kernels",
]
"""Numba compiles what atheris would have changed."""


def fuzz(name: str, seconds: int, folder: Path) -> None:
    """Fuzz one kind of file in this process, which ends with it."""
    import atheris
    import numpy as np

    with atheris.instrument_imports(include=["lifecircle"], exclude=COMPILED):
        sys.path.insert(0, str(ROOT / "tests"))
        from damage import HOSTILE, TARGETS, WAYS, Whole, damaged, try_read

        (folder / "whole").mkdir()
        path, read = TARGETS[name](folder, Whole(folder / "whole"))
        read()  # what is imported late is instrumented too
    warnings.simplefilter("ignore")
    good = path.read_bytes()
    corpus = KEPT / name / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    (corpus / "good").write_bytes(good)

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        random = np.random.default_rng(seed)
        if random.random() < 0.3:
            return atheris.Mutate(data or good, max_size)
        changes = [
            (
                WAYS[random.integers(len(WAYS))],
                random.random(),
                random.random(),
                HOSTILE[random.integers(len(HOSTILE))]
                if random.random() < 0.7
                else random.bytes(8),
            )
            for _ in range(random.integers(1, 5))
        ]
        return damaged(data or good, changes)[:max_size]

    def one(data: bytes) -> None:
        path.write_bytes(data)
        try_read(read)

    atheris.Setup(
        [
            sys.argv[0], str(corpus), f"-max_total_time={seconds}", "-timeout=120",
            "-rss_limit_mb=4096", f"-max_len={4 * len(good) + 4096}", "-verbosity=1",
            f"-artifact_prefix={KEPT / name}/", "-print_final_stats=1",
        ],
        one,
        custom_mutator=mutate,
    )  # fmt: skip
    atheris.Fuzz()


def run(name: str, seconds: int) -> tuple[str, int | None, str]:
    """Fuzz one kind in a process of its own: its name, how many damages, what broke."""
    (KEPT / name).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        done = subprocess.run(
            [sys.executable, __file__, "--kind", name, "--seconds", str(seconds),
             "--folder", folder],
            capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
    log = "".join(
        line + "\n"
        for line in (done.stdout + done.stderr).splitlines()
        if not line.startswith("INFO: Instrumenting")
    )
    (KEPT / name / "log.txt").write_text(log, encoding="utf-8")
    count = re.search(r"stat::number_of_executed_units:\s*(\d+)", log)
    fault = "" if done.returncode == 0 else log[-3000:]
    return name, int(count[1]) if count else None, fault


def main() -> int:
    sys.path.insert(0, str(ROOT / "tests"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds_in_all", nargs="?", type=int, default=3600)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kind")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.kind:
        fuzz(options.kind, options.seconds, options.folder)
        return 0
    from damage import TARGETS

    each = max(1, options.seconds_in_all * options.workers // len(TARGETS))
    faults = 0
    with ThreadPoolExecutor(options.workers) as pool:
        for name, count, fault in pool.map(lambda name: run(name, each), TARGETS):
            print(f"{name:22} {count or '?':>8} damages in {each} s  {fault or 'ok'}", flush=True)
            faults += bool(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
