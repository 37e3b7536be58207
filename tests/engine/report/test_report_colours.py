"""Colours are readable and never alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lifecircle.engine import standards
from lifecircle.engine.report.colours import contrast, ink_on, swatches
from lifecircle.engine.report.fonts import missing


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == 21.0
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54  # the greyest text that passes
    assert contrast("#123456", "#123456") == 1.0


@given(st.integers(0, 0xFFFFFF))
def test_ink_is_readable_on_any_colour(value):
    background = f"#{value:06x}"
    assert contrast(ink_on(background), background) >= 4.5


def test_every_colour_has_its_own_symbol_and_word():
    marks = swatches(standards.default()).values()
    assert len({mark.style.symbol for mark in marks}) == 6
    assert len({mark.style.name_zh for mark in marks}) == 6
    assert [mark.id for mark in marks][-1] == "grey"


def test_the_font_has_every_symbol():
    symbols = "".join(mark.style.symbol for mark in swatches(standards.default()).values())
    assert missing(symbols) == frozenset()
