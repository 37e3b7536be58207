"""The whole assessment of the demo district, and of real Yuzhong where its data is: seconds by stage.

Run by `scripts/bench assess [--json FILE]`. The first run compiles the kernels and is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import tempfile
from pathlib import Path

import lifecircle
from lifecircle.progress import Progress
from networks import real_yuzhong

RUNS = 3


def measure(name: str, bundle: Path, out: Path, draws: int = 0) -> dict[str, object]:
    runs = []
    for _ in range(RUNS + 1):
        progress = Progress()
        lifecircle.assess(bundle, out, draws=draws, progress=progress)
        runs.append(dict(progress.seconds))
    stages = {stage: statistics.median(run[stage] for run in runs[1:]) for stage in runs[0]}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row = {"district": name, "total_s": round(sum(stages.values()), 2), "peak_mib": round(peak)}
    return row | {"stages_s": {k: round(v, 3) for k, v in stages.items()}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lifecircle.make_demo(folder / "demo")
        rows.append(measure("demo", folder / "demo", folder / "out"))
        rows.append(measure("demo, 200 draws", folder / "demo", folder / "out3", draws=200))
        yuzhong = real_yuzhong(folder / "yuzhong")
        if yuzhong is not None:
            rows.append(measure("real Yuzhong", yuzhong, folder / "out2"))
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    if options.json:
        options.json.write_text(json.dumps(rows, ensure_ascii=False, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
