"""One side of a comparison, in its own process and environment: `serve.py SIDE TASK NETWORK.npz PART`.

Reads lines: `run` does the task and prints its seconds, `answer FILE` saves what it found. PART is the
number of sources to use, 0 for all. The first line printed is the preparation.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def peak_mib() -> int:
    """The most memory that this process has held (`getrusage` counts that of its parent too)."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024


def say(**values: object) -> None:
    print(json.dumps(values), flush=True)


def main() -> None:
    side, task, network, part = sys.argv[1:]
    from networks import Case

    case = Case.load(Path(network))
    if int(part):
        case = case.first(int(part))
    start, before = time.perf_counter(), peak_mib()
    act = getattr(importlib.import_module(side), task)(case)
    say(prepared_s=time.perf_counter() - start, peak_mib=peak_mib(), loaded_mib=before)
    found = None
    for line in sys.stdin:
        words = line.split()
        if words[0] == "run":
            found = None  # the last answer makes room for this one
            start = time.perf_counter()
            found = act()
            say(s=time.perf_counter() - start, peak_mib=peak_mib())
        else:
            np.savez(words[1], **(found or act())())
            say(saved=words[1])


if __name__ == "__main__":
    main()
