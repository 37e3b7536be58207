"""Need against supply in the hub: by place and home, today and later; and a theme as map, table and list."""

import io
import zipfile

import openpyxl
import pytest
from PIL import Image

from hub.conftest import FOREIGN
from lifecircle.engine.demand import demand as engine_demand
from lifecircle.hub.assessments import queries
from lifecircle.hub.assessments.workbench import workbench

pytestmark = pytest.mark.one_database


def test_demand_is_the_engines_for_the_places_that_the_caller_sees(hub):
    client = hub.client("planner")
    path = f"/api/v1/runs/{hub.run}/demand"
    rows = client.get(path, {"type": "elder_canteen"}).json()
    bench = workbench(queries.run(hub.actor("planner")))
    there = {
        row["place"]: row for row in engine_demand(bench.district, bench.network).to_pylist() if row["type"] == "elder_canteen"
    }  # fmt: skip
    assert {row["place"] for row in rows} == set(there)
    for row in rows:
        assert row["people_now"] == pytest.approx(there[row["place"]]["people_now"])
        assert row["people_then"] == pytest.approx(there[row["place"]]["people_then"])
    assert sorted(rows, key=lambda r: -(r["beyond_then"] or 0)) == rows
    one = client.get(path, {"place": "C1", "years": 0}).json()
    assert {row["place"] for row in one} == {"C1"}
    assert all(row["people_now"] == pytest.approx(row["people_then"]) for row in one)
    seen = hub.client("worker1").get(path, {"type": "elder_canteen"}).json()
    assert {row["place"] for row in seen} == {"C1"}
    assert client.get(path).status_code == 422


def test_demand_lies_over_every_home_and_hexagons_hold_sums(hub):
    client = hub.client("planner")
    asked = {"run": hub.run, "key": "elder_canteen", "measure": "need"}
    homes = client.get("/api/v1/map/surface", asked).json()
    later = client.get("/api/v1/map/surface", {**asked, "measure": "need_later"}).json()
    cells = client.get("/api/v1/map/surface", {**asked, "by": "hexagon"}).json()
    assert sum(homes["value"]) > 0
    assert sum(cells["value"]) == pytest.approx(
        sum(homes["value"]), rel=0.05
    )  # cells of few are left out
    assert homes["value"] != later["value"]
    rows = client.get(
        f"/api/v1/runs/{hub.run}/demand", {"type": "elder_canteen", "level": "district"}
    ).json()
    assert sum(homes["value"]) == pytest.approx(rows[0]["people_now"], rel=1e-3)
    short = client.get(
        "/api/v1/map/surface", {**asked, "key": "kindergarten", "measure": "short"}
    ).json()
    assert len(short["value"]) == len(homes["value"])
    assert min(short["value"]) >= 0
    unknown = client.get("/api/v1/map/surface", {**asked, "measure": "short"})
    assert unknown.status_code == 404  # nobody knows what one person needs of a canteen


def test_a_theme_is_one_map_one_table_and_one_list_of_what_the_caller_sees(hub):
    answer = hub.client("planner").get(f"/api/v1/runs/{hub.run}/themes/S2")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["一张图 Map", "一张表 Table", "一张清单 List"]
    table = [[cell.value for cell in row] for row in book["一张表 Table"].iter_rows(min_row=2)]
    assert {row[1] for row in table} >= {"养老服务圈"}
    assert len([row for row in table if row[1] == "养老服务圈"]) == 4
    todo = [[cell.value for cell in row] for row in book["一张清单 List"].iter_rows(min_row=2)]
    assert todo
    assert all(row[3] for row in todo)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        picture = Image.open(io.BytesIO(file.read("xl/media/image1.png")))
    assert len(picture.convert("RGB").getcolors(10**6)) > 5
    own = openpyxl.load_workbook(
        io.BytesIO(hub.client("worker1").get(f"/api/v1/runs/{hub.run}/themes/S2").content)
    )
    text = str([[cell.value for cell in row] for sheet in own for row in sheet.iter_rows()])
    assert FOREIGN not in text
    assert hub.client("planner").get(f"/api/v1/runs/{hub.run}/themes/S9").status_code == 404
    assert hub.client("planner").get(f"/api/v1/runs/{hub.run}/themes/overall").status_code == 200
