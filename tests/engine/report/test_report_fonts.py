"""The font is small, whole and the same every time."""

from __future__ import annotations

import io

from fontTools.ttLib import TTFont

from lifecircle.engine.report import fonts
from lifecircle.engine.report.fonts import font_face, missing, subset_font

TEXT = "渝中区15分钟生活圈 Yuzhong ●◆▲■×–"


def test_the_subset_holds_the_characters_and_little_else():
    data = subset_font(TEXT)
    with TTFont(io.BytesIO(data)) as font:
        covered = set(font.getBestCmap())
    assert {ord(c) for c in TEXT} <= covered
    assert len(covered) < len(TEXT) + 5
    assert data[:4] == b"wOF2"
    assert len(data) < 20_000


def test_the_same_characters_give_the_same_bytes_in_any_order():
    first = subset_font(TEXT)
    fonts._subset.cache_clear()
    assert subset_font(reversed(TEXT + TEXT)) == first


def test_a_character_that_the_font_lacks_is_named_and_does_no_harm():
    assert missing("区\U0001f600") == {"\U0001f600"}
    assert subset_font("区\U0001f600") == subset_font("区")


def test_the_rule_carries_the_font_inside():
    assert "url(data:font/woff2;base64," in font_face("区")
