"""Spreadsheets must not run what data say, nor refuse what places are called."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.engine.report.spreadsheet import MAX_TEXT, safe_text, sheet_name

NAMES = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_text_that_begins_like_a_formula_is_quoted(start):
    assert safe_text(f"{start}cmd|' /C calc'!A0").startswith("'" + start)


@pytest.mark.parametrize("text", ["七星岗", "a=b", "", "'quoted'", "1-2"])
def test_harmless_text_is_left_alone(text):
    assert safe_text(text) == text


def test_text_longer_than_a_cell_is_cut():
    assert len(safe_text("=" * 40_000)) == MAX_TEXT


@given(st.lists(NAMES, max_size=12))
def test_sheet_names_are_legal_and_unlike_each_other(wanted):
    taken: list[str] = []
    for name in wanted:
        taken.append(sheet_name(name, taken))
    assert len({name.casefold() for name in taken}) == len(wanted)
    for name in taken:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"


def test_an_ordinary_name_is_kept():
    assert sheet_name("朝天门街道", ["总览 Overview"]) == "朝天门街道"
