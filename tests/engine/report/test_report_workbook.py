"""The workbook, read back by another library."""

from __future__ import annotations

import dataclasses

import openpyxl
import pyarrow as pa
import pytest
from handmade import make_assessment, make_district

from lifecircle.engine.grading import FACILITY_CARDS
from lifecircle.engine.report import write_workbook


@pytest.fixture(scope="module")
def assessment():
    return make_assessment()


@pytest.fixture(scope="module")
def book(assessment, tmp_path_factory):
    path = tmp_path_factory.mktemp("workbook") / "workbook.xlsx"
    write_workbook(assessment, path)
    return openpyxl.load_workbook(path)


def test_there_is_a_sheet_a_street_between_cover_and_lists(book):
    streets = ["朝天门街道", "解放碑街道", "石油路街道"]
    assert book.sheetnames == ["总览 Overview", *streets, "缺口 Gaps", "设施 Facilities"]


def test_every_card_of_a_street_is_there_with_fill_symbol_word_and_score(assessment, book):
    sheet = book["解放碑街道"]
    styles = {s.id: s for s in assessment.district.standards.rules.colours}
    names = [cell.value for cell in sheet[2]][3:]
    assert len(names) == 1 + 8 + 11 + 62
    codes = [sheet.cell(row, 3).value for row in range(4, sheet.max_row + 1)]
    assert codes == ["500103001", "500103001000", "500103001001", "500103001002"]
    column = names.index("幼儿园") + 4
    for row, code in enumerate(codes, start=4):
        card = assessment.card(code, "kindergarten")
        style = styles[card["colour"]]
        cell = sheet.cell(row, column)
        mark = f"{style.symbol} {style.name_zh}"
        if card["score"] is None:
            assert cell.value == mark
        else:
            assert cell.value == pytest.approx(card["score"], abs=0.1)
            assert cell.number_format == f'"{mark} "0.0'
        assert cell.fill.fgColor.rgb == "FF" + style.hex[1:].upper()


def test_heads_stay_in_view_and_filter(book):
    for name in book.sheetnames[1:]:
        assert book[name].freeze_panes
        assert book[name].auto_filter.ref


def test_every_gap_and_facility_is_listed(assessment, book):
    assert book["缺口 Gaps"].max_row == 1 + assessment.gaps.num_rows
    assert book["设施 Facilities"].max_row == 1 + assessment.facilities.num_rows
    gap = assessment.gaps.slice(0, 1).to_pylist()[0]
    first = [cell.value for cell in book["缺口 Gaps"][2]]
    assert first[:4] == [gap["rank"], gap["level"], gap["area"], gap["area_zh"]]


def test_the_cover_says_what_is_synthetic_and_what_is_proposed(book):
    text = "\n".join(str(v) for row in book["总览 Overview"].values for v in row if v)
    assert "合成数据" in text
    assert "建议值" in text
    assert "rules.coverage_full" in text
    assert "41 栋楼的层数为推算" in text


def test_names_that_look_like_formulas_stay_text(tmp_path):
    attack = '=HYPERLINK("file:///etc/passwd","x")'
    streets = {attack: 1, "a" * 40: 1, "A" * 40: 1, "[]:*?/\\": 1, "History": 1, "缺口 Gaps": 1}
    made = make_assessment(make_district(streets))
    rows = [row | {"name": start + "1+1"} for row, start in zip(
        made.facilities.to_pylist(), "=+-@\t\r" * 20, strict=False)]  # fmt: skip
    facilities = pa.Table.from_pylist(rows, schema=FACILITY_CARDS)
    write_workbook(dataclasses.replace(made, facilities=facilities), tmp_path / "w.xlsx")
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    assert len(book.sheetnames) == len(streets) + 3
    texts = [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "s"]
    assert not any(cell.data_type == "f" for sheet in book for r in sheet.iter_rows() for cell in r)
    assert not [c.value for c in texts if c.value.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'" + attack in [c.value for c in texts]


def test_the_same_assessment_gives_the_same_bytes(assessment, tmp_path):
    write_workbook(assessment, tmp_path / "a.xlsx")
    write_workbook(make_assessment(), tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
