"""Papers that are sent on: PDF and HTML by place and language; a GeoPackage that opens coloured."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import numpy as np
import pyogrio
import pypdf
import pytest

from conftest import SmallDistrict
from lifecircle.engine.assess import assess
from lifecircle.engine.papers import content, write_geopackage, write_paper
from lifecircle.engine.papers.maps import Shape, draw_map
from lifecircle.engine.runs import Run
from lifecircle.errors import InputError, MissingExtraError, NotFoundError

HOSTILE = '<script>alert(1)</script>"=1+1 #let x = 1 $'


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("papers")
    small = SmallDistrict(folder / "bundle")
    small.tables["places"][0]["name_en"] = "Small town"
    small.tables["places"][4]["name_zh"] = HOSTILE
    small.tables["places"].append(
        {"code": "L1", "name_zh": "圈一", "level": "circle", "members": "C2;C3", "wkt": ""}
    )
    small.tables["facilities"] += [small.facility(f"T{k}", "toilet", 150 + 400 * k) for k in (0, 1)]
    small.toml = small.toml.replace("[crs]", 'synthetic = ["places"]\n[crs]')
    assess(small.write(), folder / "old")
    small.tables["facilities"].append(small.facility("T9", "toilet", 1400))
    assess(small.write(), folder / "new")
    return folder / "old", folder / "new"


def text_of(path) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("area", ["", "S1", "社区4", "L1"])
def test_every_place_has_its_paper_in_both_languages(runs, tmp_path, area, lang):
    for ending in ("pdf", "html"):
        write_paper(runs[1], tmp_path / f"p.{ending}", area=area, lang=lang)
    text = text_of(tmp_path / "p.pdf")
    assert ("合成数据" if lang == "zh" else "Synthetic data") in text
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in page
    assert ("怎样读颜色" if lang == "zh" else "How to read the colours") in page
    if area == "社区4":
        assert len(pypdf.PdfReader(tmp_path / "p.pdf").pages) == 1


def test_a_paper_is_the_same_bytes_again_and_asks_nothing_of_a_server(runs, tmp_path):
    for name in ("a", "b"):
        for ending in ("pdf", "html"):
            write_paper(runs[1], tmp_path / f"{name}.{ending}", area="S1")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert page == (tmp_path / "b.html").read_text(encoding="utf-8")
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page
    assert "<script" not in page


def test_names_from_data_stay_text(runs, tmp_path):
    write_paper(runs[1], tmp_path / "p.html", area="S1")
    write_paper(runs[1], tmp_path / "p.pdf", area="C2")
    assert "<script>alert" not in (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "#let x = 1" in text_of(tmp_path / "p.pdf")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in {"meta", "link", "br", "path", "polyline", "rect"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in {"path", "polyline", "rect"}:
            assert self.open.pop() == tag


def test_tags_of_the_page_close_in_order(runs, tmp_path):
    write_paper(runs[1], tmp_path / "p.html", since=runs[0])
    tags = _Tags()
    tags.feed((tmp_path / "p.html").read_text(encoding="utf-8"))
    assert tags.open == []


def test_what_changed_since_an_earlier_run_is_told(runs):
    page = content(Run.open(runs[1]), "C4", since=Run.open(runs[0]))
    toilet = next(c for c in page["changes"] if c["name"] == "公共厕所")
    assert toilet["before"]["word"] == "红"
    assert "T9" in toilet["why"]
    assert content(Run.open(runs[1]), "C4")["changes"] is None


def test_a_district_tells_of_its_streets_groups_and_evenness(runs):
    page = content(Run.open(runs[1]), lang="en")
    assert [m["level"] for m in page["members"]] == ["street", "community", "community"] * 2
    assert page["heads"][0] == "Overall"
    assert {g["name"] for g in page["groups"]} >= {"Adult", "Child"}
    assert page["title"] == "Small town"
    assert "lorenz.svg" in page["svgs"]
    figures = dict(map(tuple, page["figures"]))
    assert (figures["Residents"], figures["Streets"], figures["Communities"]) == ("4,000", "2", "4")


def test_maps_are_well_formed_and_leave_out_what_has_no_shape():
    ET.fromstring(draw_map([Shape(None, "red")], {}))
    with_marks = content.__globals__["swatches"](content.__globals__["default"]())
    import shapely

    svg = draw_map([Shape(shapely.box(106, 29, 107, 30), "red", label="<a>")], with_marks)
    assert "&lt;a&gt;" in svg
    ET.fromstring(svg)


def test_what_cannot_be_written_is_said(runs, tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"\.pdf"):
        write_paper(runs[0], tmp_path / "p.docx")
    with pytest.raises(NotFoundError, match="没有这个地方"):
        write_paper(runs[0], tmp_path / "p.pdf", area="nowhere")
    with pytest.raises(InputError, match=r"manifest\.json"):
        write_paper(tmp_path, tmp_path / "p.pdf")
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingExtraError, match="report"):
        write_paper(runs[0], tmp_path / "p.pdf")
    assert list(tmp_path.iterdir()) == []


def test_the_geopackage_opens_with_every_layer_and_a_style_for_each(runs, tmp_path):
    write_geopackage(runs[1], tmp_path / "cards.gpkg")
    layers = dict(pyogrio.list_layers(tmp_path / "cards.gpkg"))
    shown = {"district", "street", "community", "circle", "facilities", "buildings"}
    assert set(layers) == shown | {"layer_styles"}
    meta, _, geometry, values = pyogrio.raw.read(tmp_path / "cards.gpkg", layer="community")
    columns = dict(zip(meta["fields"], values, strict=True))
    assert (len(geometry), meta["crs"]) == (4, "EPSG:4326")
    overall = {
        r["area"]: r["colour"] for r in Run.open(runs[1]).cards.to_pylist() if r["key"] == "overall"
    }
    assert columns["overall"].tolist() == [overall[code] for code in columns["code"]]
    with sqlite3.connect(tmp_path / "cards.gpkg") as base:
        styles = base.execute(
            "SELECT f_table_name, styleQML, useAsDefault FROM layer_styles"
        ).fetchall()
    assert {name for name, *_ in styles} == shown - {"buildings"}
    for name, qml, default in styles:
        assert default == 1
        renderer = ET.fromstring(qml).find("renderer-v2")
        categories = renderer.find("categories")
        assert renderer.get("attr") == ("colour" if name == "facilities" else "overall")
        assert [c.get("value") for c in categories] == [
            "green",
            "blue",
            "yellow",
            "orange",
            "red",
            "grey",
        ]
        assert all(" " in c.get("label") for c in categories)
        assert len(renderer.find("symbols")) == 6


def test_the_geopackage_is_the_same_bytes_again(runs, tmp_path):
    for name in ("a", "b"):
        write_geopackage(runs[1], tmp_path / f"{name}.gpkg")
    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()


def test_the_commands_write_them(runs, tmp_path):
    for arguments in (
        ("report", runs[1], "--out", tmp_path / "p.pdf", "--area", "C4", "--since", runs[0]),
        ("geopackage", runs[1], "--out", tmp_path / "c.gpkg"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "lifecircle", *map(str, arguments)], check=False,
            capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF")


def test_figures_of_groups_and_evenness_follow_their_definitions(runs):
    from lifecircle.engine.grading.equity import gini, lorenz

    rng = np.random.default_rng(1)
    values, weights = rng.uniform(0, 1, 30), rng.integers(1, 5, 30).astype(float)
    people = np.repeat(values, weights.astype(int))
    apart = np.abs(people[:, None] - people[None, :]).mean()
    assert gini(values, weights) == pytest.approx(apart / (2 * people.mean()), rel=1e-9)
    assert gini(np.ones(5), np.ones(5)) == pytest.approx(0.0)
    assert np.isnan(gini(np.array([np.nan]), np.ones(1)))
    x, y = lorenz(values, weights)
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, pytest.approx(1), pytest.approx(1))
    assert (y <= x + 1e-12).all()
    groups = Run.open(runs[1]).table("groups").to_pylist()
    whole = [g for g in groups if g["area"] == "D"]
    assert sum(g["people"] for g in whole) == pytest.approx(4000)
    quick, slow = (next(g for g in whole if g["profile"] == p) for p in ("adult", "elder_75"))
    assert quick["covered_share"] > slow["covered_share"]
    assert quick["compliance_share"] == pytest.approx(slow["compliance_share"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_community_of_the_demo_has_one_page_to_pin_up(demo, tmp_path, lang):
    run = demo[0] / "results"
    cards = Run.open(run).cards.to_pylist()
    codes = [c["area"] for c in cards if c["level"] == "community" and c["scope"] == "overall"]
    assert len(codes) == 79
    for code in codes[::8]:
        write_paper(run, tmp_path / "p.pdf", area=code, lang=lang)
        assert len(pypdf.PdfReader(tmp_path / "p.pdf").pages) == 1, code


def test_the_html_paper_has_the_maps_plots_and_gaps_of_the_printed_one(demo, tmp_path):
    run = demo[0] / "results"
    for area, maps in (("", 10), ("解放碑街道", 9), ("临江门社区", 1)):  # overall, themes, Lorenz
        write_paper(run, tmp_path / "p.html", area=area)
        page = (tmp_path / "p.html").read_text(encoding="utf-8")
        assert page.count("<svg") == maps, area
        assert "缺口, 按影响人数" in page
