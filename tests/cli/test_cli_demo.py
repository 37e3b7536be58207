"""The README's main job as a shell sees it: it ends well only when everything is there."""

from __future__ import annotations

import shutil

from lifecircle.engine.report import Results, incomplete


def test_the_demo_is_as_large_as_it_says(demo):
    _, said = demo
    assert said["population"] == 576_300
    assert said["places"] == {"district": 1, "street": 11, "community": 79}
    assert said["network"]["nodes"] > 30_000
    assert said["network"]["lifts"] > 0
    assert len(said["synthetic"]) == 8


def test_every_colour_occurs_among_types_and_themes(demo):
    _, said = demo
    for scope in ("type", "category", "theme"):
        assert {"green", "blue", "yellow", "orange", "red"} <= set(said["cards"][scope])


def test_results_are_complete_and_a_missing_or_changed_file_is_noticed(demo, tmp_path):
    out = tmp_path / "results"
    shutil.copytree(demo[0] / "results", out)
    assert incomplete(out) == ()
    files = Results.within(out)
    with files.report.open("a", encoding="utf-8") as file:
        file.write(" ")
    files.gaps.unlink()
    assert incomplete(out) == ("gaps.parquet", "report.html")
    files.manifest.unlink()
    assert incomplete(out) == ("gaps.parquet", "manifest.json")
