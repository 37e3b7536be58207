"""The survey workbook: made, filled in badly, given back with every bad cell marked, taken in."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from lifecircle.engine.bundle import read_district
from lifecircle.engine.bundle.crs import wgs84_to_gcj02
from lifecircle.engine.bundle.survey import check_workbook, import_workbook, write_template
from lifecircle.engine.standards import default
from lifecircle.errors import BundleError, OutputError

SHEETS = ["说明 Notes", "地方 Places", "人口 Population", "市区级设施 City", "街道级设施 Street",
          "社区级设施 Community", "闲置空间 Spaces", "交通 Transport", "商业 Commerce", "选项 Lists"]  # fmt: skip


@pytest.fixture
def district(small_district):
    small_district.toml = small_district.toml.replace("[crs]", 'synthetic = ["facilities"]\n[crs]')
    return read_district(small_district.write())


@pytest.fixture
def book(district, tmp_path):
    write_template(tmp_path / "survey.xlsx", district)
    return openpyxl.load_workbook(tmp_path / "survey.xlsx")


def fill(book, sheet, row, **values):
    page = book[sheet]
    heads = {str(c.value).split(" ")[0]: k for k, c in enumerate(page[2], start=1)}
    for name, value in values.items():
        page.cell(row, heads[name], value)


def at(small, x, y=5):
    spot = small.at(x, y)
    return {"lon": float(spot["lon"]), "lat": float(spot["lat"])}


def saved(book, tmp_path):
    book.save(tmp_path / "filled.xlsx")
    return tmp_path / "filled.xlsx"


def good(book, small):
    fill(book, "人口 Population", 3, place="社区1", residents=1200, age_0_2=30)
    fill(book, "人口 Population", 4, place="C2", residents="1,300", elder_living_alone=9)
    fill(book, "社区级设施 Community", 3, id="A1", name="一所", type="幼儿园", community="社区1",
         **at(small, 150), capacity=90, safe="是", hours="Mo-Fr 08:00-18:00")  # fmt: skip
    fill(
        book,
        "商业 Commerce",
        3,
        id="B1",
        name="便利店",
        type="便利店",
        community="C2",
        **at(small, 500),
    )
    fill(book, "交通 Transport", 3, id="T1", name="车站", type="公交站", **at(small, 900))
    fill(book, "闲置空间 Spaces", 3, id="S1", name="旧厂房", area_m2=500, allowed_types="幼儿园;nursery",
         community="社区1", **at(small, 200))  # fmt: skip


def test_the_template_has_units_notes_and_lists_in_both_languages(book):
    assert book.sheetnames == SHEETS
    page = book["社区级设施 Community"]
    heads = [cell.value for cell in page[1]]
    assert heads[:5] == ["编号 *", "名称 *", "类型 *", "社区", "经度 *"]
    assert "floor_area_m2 (m2)" in [cell.value for cell in page[2]]
    assert "choose from the list" in page["C1"].comment.text
    lists = {
        c.value: [x.value for x in col[1:] if x.value]
        for col in book["选项 Lists"].columns
        for c in col[:1]
    }
    assert (
        len(lists["type community"]) + len(lists["type commerce"]) + len(lists["type transport"])
        == 62
    )
    assert lists["community"] == ["社区1", "社区2", "社区3", "社区4"]
    assert book["地方 Places"]["B4"].value == "街道1"
    assert book["选项 Lists"].sheet_state == "hidden"
    sources = {v.formula1 for v in page.data_validations.dataValidation}
    assert any("选项 Lists" in str(s) for s in sources)


def test_a_template_without_a_district_has_all_types(tmp_path):
    write_template(tmp_path / "t.xlsx")
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames == SHEETS


def test_what_is_filled_in_well_is_taken_into_a_new_bundle(
    book, district, small_district, tmp_path
):
    good(book, small_district)
    path = saved(book, tmp_path)
    assert [str(i) for i in check_workbook(path, district).issues if i.severity == "error"] == []
    made = import_workbook(path, district.root, tmp_path / "new")
    assert made.facilities.id.tolist() == ["A1", "T1", "B1"]
    assert made.facilities.level.tolist() == ["community", "", ""]
    assert made.facilities.type.tolist() == ["kindergarten", "bus_stop", "convenience"]
    assert made.facilities.safe.tolist() == [1, -1, -1]
    assert made.spaces.allowed_types.tolist() == ["kindergarten;nursery"]
    assert made.demand.persons.sum() == pytest.approx(2500)
    assert made.demand.recorded["elder_living_alone"].sum() == pytest.approx(9)
    assert "facilities" not in made.synthetic
    with pytest.raises(OutputError):
        import_workbook(path, district.root, tmp_path / "new")


def test_positions_in_gcj02_are_brought_to_wgs84(book, district, small_district, tmp_path):
    good(book, small_district)
    for sheet in ("社区级设施 Community", "商业 Commerce", "交通 Transport", "闲置空间 Spaces"):
        page = book[sheet]
        heads = {str(c.value).split(" ")[0]: k for k, c in enumerate(page[2], start=1)}
        cells = page.cell(3, heads["lon"]), page.cell(3, heads["lat"])
        for cell, value in zip(cells, wgs84_to_gcj02(*(c.value for c in cells)), strict=True):
            cell.value = float(value)
    book["说明 Notes"]["B3"] = "GCJ-02"
    made = import_workbook(saved(book, tmp_path), district.root, tmp_path / "new")
    assert made.facilities.community[0] == district.places.at("community")[0]


BAD = [
    ("社区级设施 Community", {"id": "A1"}, "id", "唯一"),
    ("社区级设施 Community", {"name": None}, "name", "必填"),
    ("社区级设施 Community", {"type": "便利店"}, "type", "移到相应的表"),
    ("社区级设施 Community", {"type": "学校"}, "type", "列表"),
    ("社区级设施 Community", {"community": "社区9"}, "community", "地方"),
    ("社区级设施 Community", {"capacity": -3}, "capacity", "不小于"),
    ("社区级设施 Community", {"capacity": "很多"}, "capacity", "数字"),
    ("社区级设施 Community", {"capacity": "=1+1"}, "capacity", "公式"),
    ("社区级设施 Community", {"capacity": dt.date(2025, 3, 2)}, "capacity", "日期"),
    ("社区级设施 Community", {"safe": "也许"}, "safe", "是或否"),
    ("社区级设施 Community", {"condition": 9}, "condition", "不大于 5"),
    ("社区级设施 Community", {"lon": 29.55, "lat": 90.0}, "lon", "区内"),
    ("社区级设施 Community", {"lat": None}, "lat", "必填"),
    ("社区级设施 Community", {"hours": "早到晚"}, "hours", "开放时间"),
    ("人口 Population", {"place": "社区1"}, "place", "唯一"),
    ("人口 Population", {"residents": -5}, "residents", "不小于"),
    ("闲置空间 Spaces", {"area_m2": 0}, "area_m2", "大于 0"),
    ("闲置空间 Spaces", {"allowed_types": "幼儿园;城堡"}, "allowed_types", "设施类型"),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "values", "column", "said"), BAD)
def test_a_bad_cell_comes_back_coloured_and_explained(
    book, district, small_district, tmp_path, sheet, values, column, said
):
    good(book, small_district)
    usual = {
        "人口 Population": {"place": "C3", "residents": 9},
        "闲置空间 Spaces": {"id": "S2", "name": "空房", "area_m2": 9, "community": "C1", **at(small_district, 150)},
    }.get(sheet, {"id": "A2", "name": "二所", "type": "托儿所/社区托育点", "community": "社区1",
                  **at(small_district, 160)})  # fmt: skip
    fill(book, sheet, 4 if sheet != "人口 Population" else 5, **(usual | values))
    row = 4 if sheet != "人口 Population" else 5
    checked = check_workbook(saved(book, tmp_path), district, tmp_path / "checked.xlsx")
    (issue,) = [i for i in checked.issues if i.file == sheet]
    assert (issue.row, issue.column) == (row, column)
    assert said in issue.expected_zh
    back = openpyxl.load_workbook(tmp_path / "checked.xlsx")
    page = back[sheet]
    heads = {str(c.value).split(" ")[0]: k for k, c in enumerate(page[2], start=1)}
    cell = page.cell(row, heads[column])
    assert cell.fill.fgColor.rgb == ("FFFFC7CE" if issue.severity == "error" else "FFFFEB9C")
    assert said in cell.comment.text
    assert issue.expected in cell.comment.text
    listed = [[c.value for c in r] for r in back["检查 Check"].iter_rows(min_row=2)]
    assert [sheet, row, column] in [r[:3] for r in listed]
    if checked.errors:
        with pytest.raises(BundleError, match="not imported"):
            import_workbook(tmp_path / "filled.xlsx", district.root, tmp_path / "new")
        assert not (tmp_path / "new").exists()


def test_one_numbering_holds_over_all_sheets_and_merged_cells_are_named(
    book, district, small_district, tmp_path
):
    good(book, small_district)
    fill(book, "商业 Commerce", 4, id="A1", name="另一店", type="便利店", **at(small_district, 600))
    book["商业 Commerce"].merge_cells("B5:C6")
    found = {
        (i.file, i.row, i.code) for i in check_workbook(saved(book, tmp_path), district).issues
    }
    assert ("商业 Commerce", 4, "value") in found
    assert ("商业 Commerce", 5, "merged") in found


def test_a_community_that_is_not_where_it_stands_is_doubtful(
    book, district, small_district, tmp_path
):
    good(book, small_district)
    fill(book, "商业 Commerce", 3, community="社区4")
    (issue,) = check_workbook(saved(book, tmp_path), district).issues
    assert (issue.severity, issue.column) == ("warning", "community")
    assert "社区2" in issue.expected_zh


def test_formulas_go_out_as_text_and_a_street_has_a_summary(
    book, district, small_district, tmp_path
):
    good(book, small_district)
    fill(book, "商业 Commerce", 3, name='=HYPERLINK("http://x","y")', source="@SUM(A1)")
    check_workbook(saved(book, tmp_path), district, tmp_path / "checked.xlsx")
    back = openpyxl.load_workbook(tmp_path / "checked.xlsx")
    for page in back.worksheets:
        for row in page.iter_rows():
            assert all(c.data_type != "f" and not str(c.value).startswith("=") for c in row)
    page = back["街道汇总 Summary"]
    heads = [c.value for c in page[1]]
    rows = {
        r[0].value: dict(zip(heads, [c.value for c in r], strict=True))
        for r in page.iter_rows(min_row=2)
    }
    assert rows["街道1"]["常住人口 Residents"] == 2500
    assert rows["街道1"]["社区级设施 Community"] == 1
    assert rows["街道1"]["商业 Commerce"] == 1
    assert rows["街道1"]["问题 Issues"] == 1
    assert rows["其他 Elsewhere"]["交通 Transport"] == 1


def test_checking_again_replaces_the_earlier_marks_sheets(book, district, small_district, tmp_path):
    good(book, small_district)
    check_workbook(saved(book, tmp_path), district, tmp_path / "one.xlsx")
    checked = check_workbook(tmp_path / "one.xlsx", district, tmp_path / "two.xlsx")
    assert checked.errors == 0
    names = openpyxl.load_workbook(tmp_path / "two.xlsx").sheetnames
    assert names.count("检查 Check") == 1


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_said(district, tmp_path, content):
    (tmp_path / "x.xlsx").write_bytes(content)
    with pytest.raises(BundleError, match=r"x\.xlsx"):
        check_workbook(tmp_path / "x.xlsx", district)


def test_a_missing_sheet_and_an_unknown_system_are_said(book, district, small_district, tmp_path):
    good(book, small_district)
    del book["闲置空间 Spaces"]
    book["说明 Notes"]["B3"] = "Beijing 54"
    found = {i.code for i in check_workbook(saved(book, tmp_path), district).issues}
    assert found == {"missing_sheet", "crs"}


def test_every_type_stands_on_a_sheet_of_its_own():
    from lifecircle.engine.bundle.survey.layout import layouts

    types = [
        kind
        for layout in layouts(default())
        if layout.key in {"city", "transport", "commerce"}
        for kind in layout.types
    ]
    assert sorted(types) == sorted(default().types)
