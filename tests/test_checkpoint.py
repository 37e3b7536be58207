"""Pieces of long work are found again, whole, and only for the same work."""

import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import lifecircle
from conftest import SmallDistrict
from lifecircle.checkpoint import Checkpoint


def test_a_piece_is_made_once_and_found_again_only_for_the_same_work(tmp_path):
    made = []

    def make():
        made.append(1)
        return {"a": np.arange(3), "b": np.array([[np.nan, 0.1]])}

    first = Checkpoint(tmp_path / "out", ["x", 1]).piece("p", make)
    again = Checkpoint(tmp_path / "out", ["x", 1]).piece("p", make)
    assert len(made) == 1
    for name, values in first.items():
        assert values.tobytes() == again[name].tobytes()
    Checkpoint(tmp_path / "out", ["x", 2]).piece("p", make)
    assert len(made) == 2
    kept = Checkpoint(tmp_path / "out", ["x", 1])
    next(kept.folder.glob("*.npz")).write_bytes(b"PK half")
    for of in (["x", 1], ["x", 2]):
        Checkpoint(tmp_path / "out", of).piece("p", make)
    assert len(made) == 3
    (kept.folder / "thesis.doc").write_text("mine")
    kept.discard()
    assert [path.name for path in kept.folder.iterdir()] == ["thesis.doc"]
    (kept.folder / "thesis.doc").unlink()
    kept.discard()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_draws_that_were_killed_in_the_middle_are_gone_on_with(tmp_path, monkeypatch):
    small = SmallDistrict(tmp_path / "bundle")
    small.tables["facilities"].append(small.facility("T1", "toilet", 700))
    bundle = small.write()
    lifecircle.assess(bundle, tmp_path / "whole", draws=30)
    out, unfinished = tmp_path / "results", tmp_path / ".results.unfinished"
    process = subprocess.Popen(
        [sys.executable, "-m", "lifecircle", "assess", bundle, "--out", out, "--uncertainty", "30"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while not list(unfinished.glob("speed-0-*.npz")):
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not out.exists()
    done = {file.name for file in unfinished.glob("*.npz")}
    from lifecircle.engine.grading import uncertainty

    drawn, draw = [], uncertainty._draw_at
    monkeypatch.setattr(uncertainty, "_draw_at", lambda *a: (drawn.append(1), draw(*a))[1])
    lifecircle.assess(bundle, out, draws=30)
    assert len(drawn) == 3 - len(done) < 3
    assert not unfinished.exists()
    for file in (tmp_path / "whole").iterdir():
        assert file.read_bytes() == (out / file.name).read_bytes(), file.name
