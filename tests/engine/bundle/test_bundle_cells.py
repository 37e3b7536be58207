"""One cell: what is understood, what is refused, and how it is said."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.engine.bundle.cells import number_of, parse, text_of
from lifecircle.engine.bundle.schema import Column

PERSONS = Column("persons", "人数", "number", least=0, most=1e9)
STOREYS = Column("storeys", "层数", "number", least=1, most=150)
AREA = Column("area_m2", "面积", "number", least=0, above=True, most=1e7)
ANSWERS = Column("answers", "份数", "integer", least=0, most=1e8)
FLAG = Column("safe", "安全合格", "flag")
USE = Column("use", "用途", "choice", choices=(("residential", "住宅"), ("other", "其他")))
NAME = Column("name", "名称")


@given(st.integers(0, 10**9), st.booleans(), st.booleans())
def test_numbers_are_understood_with_separators_full_width_digits_and_spaces(n, wide, grouped):
    text = f"{n:,}" if grouped else str(n)
    if wide:
        text = text.translate({ord(c): ord(c) - ord("!") + ord("！") for c in "0123456789,"})
    assert parse(PERSONS, f"  {text} ") == (n, None)


@given(st.floats(0, 1e8))
def test_numbers_come_back_from_their_text(value):
    assert number_of(repr(value)) == value
    assert number_of(value) == value


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "-",
        ".",
        "1,2",
        "12,34,567",
        "1_000",
        "0x10",
        "1 200",
        "约30",
        "30人",
        "nan",
        "inf",
        "1e",
    ],
)
def test_what_is_no_number_is_none(cell):
    assert math.isnan(number_of(cell))


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        (PERSONS, -1, "a number of at least 0"),
        (PERSONS, float("inf"), "a number of at least 0"),
        (PERSONS, "many", "a number of at least 0"),
        (PERSONS, True, "a number of at least 0"),
        (STOREYS, 151, "a number of at least 1 and at most 150"),
        (AREA, 0, "a number above 0"),
        (ANSWERS, 2.5, "a whole number of at least 0"),
        (FLAG, "maybe", "yes or no"),
        (USE, "hotel", "one of residential, other"),
        (NAME, "#REF!", "a value, not an Excel error"),
        (NAME, "社区\ufffd", "text that was not damaged when it was saved"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_expected(column, cell, expected):
    _, found = parse(column, cell)
    assert found is not None
    assert found[0] == expected
    assert any("一" <= sign <= "鿿" for sign in found[1])


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (FLAG, "是", 1), (FLAG, "No", 0), (FLAG, True, 1), (FLAG, 0.0, 0), (FLAG, "１", 1),
        (USE, "住宅", "residential"), (USE, "Other", "other"), (ANSWERS, "12.0", 12),
        (NAME, "（老）食堂", "（老）食堂"),
    ],
)  # fmt: skip
def test_flags_and_choices_are_understood_in_both_languages(column, cell, value):
    assert parse(column, cell) == (value, None)


def test_codes_that_a_spreadsheet_made_numbers_are_codes_again():
    assert text_of(500103001003.0) == "500103001003"
    assert text_of(500103) == "500103"
    assert text_of(float("nan")) == text_of(None) == ""
