"""Writing leaves the old or the new: also when the process is killed in the middle."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lifecircle.atomic import atomic_file, atomic_folder

KILLED = """
import os, signal, sys
from pathlib import Path
from lifecircle.atomic import atomic_folder
with atomic_folder(Path(sys.argv[1])) as folder:
    (folder / "cards").write_text("new, half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_in_the_middle_leaves_the_old_results_whole(tmp_path):
    out = tmp_path / "out"
    with atomic_folder(out) as folder:
        (folder / "cards").write_text("old")
    done = subprocess.run([sys.executable, "-c", KILLED, str(out)], check=False)
    assert done.returncode == -9
    assert (out / "cards").read_text() == "old"
    with atomic_folder(out) as folder:
        (folder / "cards").write_text("new")
    assert (out / "cards").read_text() == "new"


def test_an_error_in_the_middle_leaves_nothing_behind(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old")
    with pytest.raises(RuntimeError), atomic_file(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"]
    assert path.read_text() == "old"


def test_a_crash_between_the_two_renames_is_put_right_by_the_next_write(tmp_path):
    out, aside = tmp_path / "out", tmp_path / ".out.old"
    aside.mkdir()
    (aside / "cards").write_text("old")
    with pytest.raises(RuntimeError), atomic_folder(out):
        raise RuntimeError
    assert (out / "cards").read_text() == "old"
