"""Writing leaves the old or the new, also when killed, and never touches what is not ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lifecircle.atomic import FolderKind, atomic_file, atomic_folder, check_folder
from lifecircle.errors import OutputError

KIND = FolderKind("cards of a test", "测试卡片", "cards", ("cards", "extra*.csv"))

KILLED = """
import os, signal, sys
from pathlib import Path
from lifecircle.atomic import FolderKind, atomic_file, atomic_folder
kind = FolderKind("", "", "cards", ("cards",))
what = atomic_folder(Path(sys.argv[1]), kind) if sys.argv[2] == "folder" else atomic_file(Path(sys.argv[1]))
with what as temporary:
    (temporary / "cards" if temporary.is_dir() else temporary).write_text("new, half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(path: Path, what: str) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), what], check=False)
    assert done.returncode == -9


def write(out: Path, text: str) -> None:
    with atomic_folder(out, KIND) as folder:
        (folder / "cards").write_text(text)


def test_a_kill_in_the_middle_leaves_the_old_results_whole_and_the_next_write_clears_up(tmp_path):
    out = tmp_path / "out"
    write(out, "old")
    killed(out, "folder")
    assert (out / "cards").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 2
    write(out, "new")
    assert (out / "cards").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_file_half_written_by_a_killed_process_is_cleared_away(tmp_path):
    path = tmp_path / "walk.geojson"
    path.write_text("old")
    (tmp_path / ".walk.geojson.note").write_text("somebody else's")
    killed(path, "file")
    assert path.read_text() == "old"
    with atomic_file(path) as temporary:
        temporary.write_text("new")
    assert sorted(p.name for p in tmp_path.iterdir()) == [".walk.geojson.note", "walk.geojson"]


def test_what_a_living_process_is_writing_is_left_alone(tmp_path):
    out = tmp_path / "out"
    with atomic_folder(out, KIND) as first:
        (first / "cards").write_text("first")
        write(out, "second")
        assert first.is_dir()
    assert (out / "cards").read_text() == "first"


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
    with pytest.raises(RuntimeError), atomic_folder(out, KIND):
        raise RuntimeError
    assert (out / "cards").read_text() == "old"


@pytest.mark.parametrize(
    "held", [["thesis.txt"], ["cards", "thesis.txt"], ["extra1.csv"], ["sub/x"]]
)
def test_a_folder_that_holds_something_else_is_refused_and_left_as_it_is(tmp_path, held):
    out = tmp_path / "out"
    for name in held:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("mine")
    with pytest.raises(OutputError, match=r"it holds .*cards of a test|cards of a test; it holds"):
        write(out, "new")
    assert all((out / name).read_text() == "mine" for name in held)


def test_our_own_folder_an_empty_one_and_the_litter_of_file_managers_are_no_hindrance(tmp_path):
    (tmp_path / "out").mkdir()
    write(tmp_path / "out", "one")
    (tmp_path / "out" / "extra7.csv").write_text("")
    (tmp_path / "out" / ".DS_Store").write_text("")
    write(tmp_path / "out", "two")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["cards"]


def test_a_file_the_working_directory_and_what_is_above_it_are_refused(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for path in (tmp_path / "file", Path(), Path(), tmp_path / "here", tmp_path, Path("/")):
        with pytest.raises(OutputError, match="not written"):
            check_folder(path, KIND)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_link_is_followed_to_the_folder_that_it_means(tmp_path):
    write(tmp_path / "real", "old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "cards").read_text() == "new"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_that_cannot_be_written_is_said_before_the_work(tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    with pytest.raises(OutputError, match="cannot be written"):
        check_folder(locked / "out", KIND)
