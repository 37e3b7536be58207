"""Grids and circles are graded like places: over their own residents, from sums."""

from __future__ import annotations

import openpyxl
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from lifecircle.engine.assess import assess
from lifecircle.engine.bundle import check_district


def with_areas(small):
    """C1 in two grids at 150 m and the rest; a circle of C2 and C3, one drawn over C4's west half."""
    places = small.tables["places"]
    places += [
        {
            "code": "G1",
            "name_zh": "网格1",
            "level": "grid",
            "parent": "C1",
            "wkt": small.box(0, 150),
        },
        {
            "code": "G2",
            "name_zh": "网格2",
            "level": "grid",
            "parent": "C1",
            "wkt": small.box(150, 400),
        },
        {"code": "L1", "name_zh": "圈1", "level": "circle", "members": "C2;C3", "wkt": ""},
        {"code": "L2", "name_zh": "圈2", "level": "circle", "wkt": small.box(1200, 1450)},
    ]
    small.tables["facilities"] += [
        small.facility("H1", "health_center", 500, floor_area_m2=2000, condition=5),
        small.facility("W1", "waste_station", 120),
    ]
    small.tables["surveys"] = [
        {"place": f"C{c}", "type": "convenience", "answers": 60, "score": 20 * c}
        for c in (1, 2, 3, 4)
    ]
    return small


@pytest.fixture
def result(small_district, tmp_path):
    return assess(with_areas(small_district).write(), tmp_path / "out")


def test_grids_sum_to_their_community(result):
    for field in ("people", "supply", "needed", "uncovered"):
        parts = [result.card(code, "convenience")[field] for code in ("G1", "G2")]
        assert sum(parts) == pytest.approx(result.card("C1", "convenience")[field])
    assert result.card("G1", "convenience")["people"] == pytest.approx(1000 / 3)
    assert result.card("G1", "waste_station")["supply"] == 1
    assert result.card("G2", "waste_station")["supply"] == 0


def test_a_circle_sums_its_members_wherever_their_streets_are(result):
    for field in ("people", "supply", "needed", "uncovered"):
        parts = [result.card(code, "convenience")[field] for code in ("C2", "C3")]
        assert sum(parts) == pytest.approx(result.card("L1", "convenience")[field])
    assert result.card("L2", "overall")["level"] == "circle"
    assert result.card("L2", "convenience")["people"] == pytest.approx(2000 / 3)


def test_a_circle_has_of_a_street_what_its_residents_are_of_it(result):
    """Half of S1, which has its centre, and half of S2, which has none."""
    card = result.card("L1", "health_center")
    assert (card["supply"], card["needed"]) == (pytest.approx(0.5), pytest.approx(1.0))
    assert result.card("G1", "health_center")["scale"] == 100


def test_satisfaction_of_a_circle_is_its_communities_by_people(result):
    one, two = (result.card(code, "convenience")["satisfaction"] for code in ("C2", "C3"))
    card = result.card("L1", "convenience")
    assert card["satisfaction"] == pytest.approx((one + two) / 2)
    assert card["answers"] == 120
    assert result.card("L2", "convenience")["answers"] == 40


def test_results_show_grids_and_circles(result, tmp_path):
    levels = set(pq.read_table(tmp_path / "out" / "places.parquet")["level"].to_pylist())
    assert levels == {"district", "street", "community", "grid", "circle"}
    book = openpyxl.load_workbook(tmp_path / "out" / "workbook.xlsx", read_only=True)
    assert {"生活圈 Circles", "网格 Grids"} <= set(book.sheetnames)
    assert "圈1" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    ranks = result.gaps.filter(pc.field("level") == "circle")["rank"].to_pylist()
    assert ranks == list(range(1, len(ranks) + 1))


@pytest.mark.parametrize(
    ("row", "values", "column"),
    [
        (8, {"parent": "S1"}, "parent"),
        (9, {"wkt": ""}, "geometry"),
        (10, {"members": "C2;C9"}, "members"),
        (10, {"members": "S1"}, "members"),
        (8, {"members": "C2"}, "members"),
        (11, {"wkt": ""}, "geometry"),
    ],
)
def test_areas_that_do_not_hold_together_are_named(small_district, row, values, column):
    small = with_areas(small_district)
    small.tables["places"][row - 1] |= values
    found = [(i.row, i.column) for i in check_district(small.write()) if i.severity == "error"]
    assert (row + 1, column) in found


def test_people_are_given_for_the_tree_and_not_for_what_is_drawn_over_it(small_district):
    small = with_areas(small_district)
    small.tables["population"].append({"place": "G1", "group": "residents", "persons": 9})
    (issue,) = [i for i in check_district(small.write()) if i.severity == "error"]
    assert (issue.file, issue.value) == ("population.csv", "G1")
