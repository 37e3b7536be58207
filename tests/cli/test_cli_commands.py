"""The commands as a shell sees them: output, exit codes, no tracebacks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from forked import lifecircle as run


def started(*arguments):
    """A command from its very start."""
    return subprocess.run(
        [sys.executable, "-m", "lifecircle", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def assessed(tmp_path_factory):
    from conftest import SmallDistrict

    folder = tmp_path_factory.mktemp("cli")
    district = SmallDistrict(folder / "bundle")
    district.tables["facilities"].append(district.facility("F2", "toilet", 700))
    bundle, out = district.write(), folder / "results"
    done = started("assess", bundle, "--out", out, "--json")
    assert done.returncode == 0, done.stderr
    return bundle, out, json.loads(done.stdout)


def test_assess_says_seconds_places_cards_and_warnings(assessed):
    _, out, said = assessed
    assert {"read", "network", "reach", "grade", "write"} <= set(said["seconds"])
    assert said["places"] == {"district": 1, "street": 2, "community": 4}
    assert sum(said["cards"]["type"].values()) == 62 * 7
    assert said["synthetic"] == []
    names = {path.name for path in out.iterdir()}
    assert {"cards.parquet", "workbook.xlsx", "report.html", "manifest.json"} <= names


def test_results_are_the_same_bytes_again(assessed, tmp_path):
    bundle, out, _ = assessed
    assert run("assess", bundle, "--out", tmp_path / "again").returncode == 0
    for path in out.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_explain_gives_the_reason_in_both_languages(assessed):
    _, out, _ = assessed
    done = run("explain", "社区4", "convenience", "--run", out)
    assert done.returncode == 0
    assert "便利店" in done.stdout
    assert "red" in done.stdout
    assert (
        json.loads(run("explain", "C4", "overall", "--run", out, "--json").stdout)["area"] == "C4"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("explain", "nowhere", "toilet", "--run", "{out}"), 4, "no place"),
        (("explain", "C1", "nothing", "--run", "{out}"), 4, "no type"),
        (("explain", "C1", "toilet", "--run", "{bundle}"), 4, "no results"),
        (("explain", "", "toilet", "--run", "{out}"), 4, "without a name"),
        (("isochrone", "{bundle}", "--at", "29.55,106.55"), 3, "swapped"),
        (("isochrone", "{bundle}", "--at", "106.55,29.55", "--minutes=-5"), 3, "above 0"),
        (("isochrone", "{bundle}", "--at", "106.55,29.55", "--minutes", "nan"), 3, "a number"),
        (("assess", "{bundle}", "--out", "{bundle}"), 5, "it holds"),
        (("assess", "{bundle}", "--out", ""), 5, "a folder of its own"),
        (("network", "{bundle}", "--out", "{bundle}"), 5, "it holds"),
        (("standards", "export", "{bundle}"), 5, "it holds"),
        (("new", "{bundle}", "--osm", "a", "--boundary", "b"), 5, "it holds"),
        (("assess", "{bundle}", "--out", "x", "--moments", "noon"), 3, "--moments"),
        (("compare", "{out}", "{bundle}"), 3, "no results there"),
        (("demo", "{taken}", "--once"), 5, "it holds mine.txt"),
        (("check", "/nowhere/at/all"), 3, "district.toml"),
        (("assess", "/nowhere/at/all", "--out", "x"), 3, "district.toml"),
        (("route", "{bundle}", "--from", "1", "--to", "2,3"), 3, "--from"),
        (("route", "{bundle}", "--from", "106.55,29.55", "--to", "0,0"), 4, "no path within"),
        (("isochrone", "{bundle}", "--at", "106.55,29.55", "--profile", "bird"), 4, "no profile"),
        (("isochrone", "{bundle}", "--at", "206.55,29.55"), 3, "--at"),
        (("isochrone", "{bundle}", "--at", "106.55,29.55", "--way", "up"), 3, "--way"),
        (("isochrone", "{bundle}", "--at", "106.55,29.55", "--minutes", "five"), 3, "--minutes"),
        (("standards", "show", "nothing"), 4, "nothing called"),
        (("assess",), 2, "Missing argument"),
        (
            (
                "new",
                "x",
                "--osm",
                "a",
                "--boundary",
                "b",
                "--population",
                "1",
                "--synthesise",
                "cake",
            ),
            3,
            "cake",
        ),
    ],
)
def test_mistakes_have_their_exit_code_and_no_traceback(assessed, arguments, code, said):
    bundle, out, _ = assessed
    taken = out.parent / "taken"
    (taken / "results").mkdir(parents=True, exist_ok=True)
    (taken / "results" / "mine.txt").write_text("mine")
    done = run(*(a.format(bundle=bundle, out=out, taken=taken) for a in arguments))
    assert done.returncode == code, done.stderr
    assert said in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_check_lists_issues_as_text_and_json(assessed, tmp_path):
    bundle, _, _ = assessed
    assert run("check", bundle).returncode == 0
    broken = tmp_path / "broken"
    broken.mkdir()
    for path in bundle.iterdir():
        (broken / path.name).write_bytes(path.read_bytes())
    text = (broken / "population.csv").read_text(encoding="utf-8")
    (broken / "population.csv").write_text(text.replace("C1,residents,1000", "C1,residents,-1"))
    done = run("check", broken, "--json")
    assert done.returncode == 3
    issues = json.loads(done.stdout)["issues"]
    assert [
        (i["file"], i["row"], i["column"], i["value"]) for i in issues if i["severity"] == "error"
    ] == [("population.csv", 2, "persons", "-1")]


def test_network_isochrone_and_route(assessed, tmp_path):
    bundle, _, _ = assessed
    done = run("network", bundle, "--out", tmp_path / "net", "--json")
    assert json.loads(done.stdout)["nodes"] > 50
    assert (tmp_path / "net" / "edges.arrow").is_file()
    drawn = run(
        "isochrone", bundle, "--at", "106.552,29.55", "--profile", "elder_75", "--way", "both"
    )
    features = json.loads(drawn.stdout)["features"]
    areas = [f["properties"]["area_m2"] for f in features]
    assert [f["properties"]["minutes"] for f in features] == [15, 10, 5]
    assert areas == sorted(areas, reverse=True)
    walked = run(
        "route", bundle, "--from", "106.552,29.55", "--to", "106.557,29.55", "--json",
        "--out", tmp_path / "route.geojson",
    )  # fmt: skip
    facts = json.loads(walked.stdout)
    assert facts["length_m"] == pytest.approx(485, rel=0.02)
    assert facts["steps"]
    assert json.loads((tmp_path / "route.geojson").read_text())["features"]


def test_standards_show_check_and_export_round_trip(tmp_path):
    shown = run("standards", "show", "kindergarten")
    assert "幼儿园" in shown.stdout
    assert "GB" in shown.stdout
    assert len(json.loads(run("standards", "show", "--json").stdout)) == 62
    assert run("standards", "export", tmp_path / "std").returncode == 0
    assert run("standards", "check", "--standard", tmp_path / "std").returncode == 0


def test_the_version_and_help_start_without_heavy_libraries():
    code = (
        "import sys, lifecircle.cli.app, lifecircle; "
        "heavy = {'numba', 'pandas', 'pyarrow', 'rasterio', 'scipy', 'openpyxl'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert started("--version").stdout.startswith("lifecircle ")


def test_an_unwritable_place_leaves_the_old_results(assessed, tmp_path):
    bundle, _, _ = assessed
    (tmp_path / "file").write_text("in the way")
    done = run("assess", bundle, "--out", tmp_path / "file" / "results")
    assert done.returncode == 5
    assert "Traceback" not in done.stderr
    assert (tmp_path / "file").read_text() == "in the way"


def test_explain_says_what_is_no_table_of_cards(assessed, tmp_path):
    import shutil

    _, out, _ = assessed
    shutil.copy(out / "manifest.json", tmp_path)
    for content in (b"PAR1 broken", (out / "gaps.parquet").read_bytes()):
        (tmp_path / "cards.parquet").write_bytes(content)
        done = run("explain", "C1", "toilet", "--run", tmp_path)
        assert (done.returncode, "Traceback" in done.stderr) == (3, False)
        assert "cards.parquet" in done.stderr


def test_what_is_made_up_is_said_of_walks_too(assessed, tmp_path):
    bundle, _, _ = assessed
    import shutil

    made_up = tmp_path / "made-up"
    shutil.copytree(bundle, made_up)
    toml = (made_up / "district.toml").read_text(encoding="utf-8")
    (made_up / "district.toml").write_text(
        toml.replace("[crs]", 'synthetic = ["network", "places"]\n[crs]'), encoding="utf-8"
    )
    at = ("--at", "106.552,29.55")
    drawn = json.loads(run("isochrone", made_up, *at, "--minutes", "5").stdout)
    assert drawn["features"][0]["properties"]["synthetic"] == ["network"]
    ends = ("--from", "106.552,29.55", "--to", "106.56,29.55")
    assert json.loads(run("route", made_up, *ends, "--json").stdout)["synthetic"] == ["network"]
    assert "SYNTHETIC" in run("route", made_up, *ends).stdout
    assert "SYNTHETIC" in run("network", made_up).stdout
    assert "SYNTHETIC" not in run("network", bundle).stdout


def test_compare_and_verify_speak_to_people_and_machines(assessed, tmp_path):
    bundle, out, _ = assessed
    done = run("verify", out, "--bundle", bundle)
    assert (done.returncode, "一致 equal" in done.stdout) == (0, True)
    said = json.loads(
        run("verify", out, "--bundle", bundle, "--card", "C1", "overall", "--json").stdout
    )
    assert said["equal"]
    import shutil

    other = tmp_path / "other"
    shutil.copytree(bundle, other)
    text = (other / "facilities.csv").read_text(encoding="utf-8")
    (other / "facilities.csv").write_text("\n".join(text.splitlines()[:-1]), encoding="utf-8")
    assert run("assess", other, "--out", tmp_path / "later", "--moments", "night").returncode == 0
    done = run("compare", out, tmp_path / "later", "--out", tmp_path / "changes.csv")
    assert "facilities.csv" in done.stdout
    assert "不再评 社区1 · 公共厕所" in done.stdout
    assert "gone" in (tmp_path / "changes.csv").read_text(encoding="utf-8-sig")
    assert json.loads(run("compare", out, out, "--json").stdout)["changes"] == []
    done = run("verify", out, "--bundle", other)
    assert (done.returncode, "不一致 not equal" in done.stdout) == (1, True)


def test_a_survey_workbook_is_made_checked_and_taken_in(assessed, tmp_path):
    bundle, _, _ = assessed
    book = tmp_path / "survey.xlsx"
    assert run("template", book, "--bundle", bundle).returncode == 0
    assert run("check", book).returncode == 3
    done = run("check", book, "--bundle", bundle, "--out", tmp_path / "checked.xlsx")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "checked.xlsx").is_file()
    done = run("import", book, "--bundle", bundle, "--out", tmp_path / "new")
    assert done.returncode == 0, done.stderr
    assert run("check", tmp_path / "new").returncode == 0


def test_timed_walks_are_read_row_by_row_and_give_overrides(assessed, tmp_path):
    bundle, _, _ = assessed
    head = "profile,from_lon,from_lat,to_lon,to_lat,seconds\n"
    rows = [
        f"adult,106.5502,29.55,{106.5502 + 0.001 * k},29.55,{96.9 * k / 1.5:.1f}"
        for k in range(1, 9)
    ]
    (tmp_path / "walks.csv").write_text(head + "\n".join(rows), encoding="utf-8")
    done = run("calibrate", bundle, tmp_path / "walks.csv")
    assert done.returncode == 0, done.stderr
    assert '"profiles.adult.flat_mps" = 1.' in done.stdout
    said = json.loads(run("calibrate", bundle, tmp_path / "walks.csv", "--json").stdout)
    assert said["adult"]["overrides"]["profiles.adult.flat_mps"] == pytest.approx(1.5, rel=0.03)
    (tmp_path / "bad.csv").write_text(head + "adult,999,29.55,106.56,29.55,-4", encoding="utf-8")
    done = run("calibrate", bundle, tmp_path / "bad.csv")
    assert done.returncode == 3
    assert "bad.csv:2 [from_lon]" in done.stderr
    assert "bad.csv:2 [seconds]" in done.stderr
    assert run("calibrate", bundle, tmp_path / "none.csv").returncode == 3


def test_places_are_ranked_and_surfaces_written_by_command(assessed, tmp_path):
    bundle, out, _ = assessed
    done = run(
        "rank",
        out,
        "--weights",
        "equal",
        "--composite",
        "mean",
        "--classes",
        "equal",
        "--by",
        "theme",
    )
    assert done.returncode in {0, 4}, done.stderr  # most themes of so small a district are grey
    (tmp_path / "ahp.csv").write_text("1,2\n1/2,x\n", encoding="utf-8")
    done = run("rank", out, "--weights", "ahp", "--pairwise", tmp_path / "ahp.csv")
    assert (done.returncode, "ahp.csv:2" in done.stderr) == (3, True)
    done = run(
        "surface",
        bundle,
        "--out",
        tmp_path / "s.parquet",
        "--measure",
        "convenience",
        "--decay",
        "power",
    )
    assert done.returncode == 0, done.stderr
    import pyarrow.parquet as pq

    assert {"gravity", "geometry"} <= set(pq.read_table(tmp_path / "s.parquet").column_names)
    assert (
        run("surface", bundle, "--out", tmp_path / "s.parquet", "--measure", "castle").returncode
        == 4
    )


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.parametrize(
    "command",
    [
        ("assess", "BUNDLE", "--out", "new/results"),
        ("report", "RESULTS", "--out", "new/paper.pdf"),
        ("report", "RESULTS", "--out", "new/paper.html"),
        ("geopackage", "RESULTS", "--out", "new/cards.gpkg"),
        ("template", "new/survey.xlsx", "--bundle", "BUNDLE"),
    ],
    ids=" ".join,
)
def test_where_nothing_more_can_be_written_it_is_said_and_nothing_is_left(
    assessed, tmp_path, command
):
    """A limit on the size of files stands for a disk that is full.

    Coverage keeps a file of its own, which the limit would break: this process goes unmeasured.
    """
    import resource

    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
    bundle, out, _ = assessed
    (tmp_path / "new").mkdir()
    words = [{"BUNDLE": bundle, "RESULTS": out}.get(word, word) for word in command]
    done = subprocess.run(
        [sys.executable, "-m", "lifecircle", *map(str, words)], cwd=tmp_path, check=False,
        capture_output=True, text=True, encoding="utf-8", timeout=120, env=environment,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000)),
    )  # fmt: skip
    assert done.returncode == 5, done.stderr
    assert "Traceback" not in done.stderr
    assert "读写失败" in done.stderr
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("sign", ["SIGINT", "SIGKILL"])
def test_a_run_stopped_in_the_middle_leaves_the_earlier_results_and_can_be_made_again(
    assessed, tmp_path, sign
):
    bundle, _, _ = assessed
    results = tmp_path / "results"
    assert run("assess", bundle, "--out", results).returncode == 0
    before = {path.name: path.read_bytes() for path in results.iterdir()}
    process = subprocess.Popen(
        [sys.executable, "-m", "lifecircle", "assess", bundle, "--out", results],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        # A shell starts what runs in its background deaf to interrupts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )  # fmt: skip
    while len(list(tmp_path.iterdir())) == 1:  # it has not begun to write
        assert process.poll() is None
    process.send_signal(getattr(signal, sign))
    _, said = process.communicate(timeout=60)
    assert {path.name: path.read_bytes() for path in results.iterdir()} == before
    if sign == "SIGINT":
        assert process.returncode == 130, said
        assert "已中断" in said
        assert [path.name for path in tmp_path.iterdir()] == ["results"]
    assert run("assess", bundle, "--out", results).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["results"]
