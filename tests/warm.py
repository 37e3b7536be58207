"""Compile the kernels once, before many processes want them at the same time: `python tests/warm.py`."""

import tempfile
from pathlib import Path

import lifecircle
from conftest import SmallDistrict

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        lifecircle.assess(SmallDistrict(Path(folder, "bundle")).write(), Path(folder, "results"))
