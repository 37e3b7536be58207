"""Chinese type for a page that must render on a machine without any fonts."""

from __future__ import annotations

import base64
import functools
import io
import logging
from collections.abc import Iterable

import pylopdf_fonts_zh_cn
from fontTools import subset
from fontTools.ttLib import TTFont

_KEPT_NAMES = [0, 1, 2, 13, 14]  # copyright, family, style, licence: the font's own terms


def subset_font(characters: Iterable[str]) -> bytes:
    """Noto Sans SC with only the glyphs of `characters`, as WOFF2.

    Parameters
    ----------
    characters
        The characters in use. One that the font lacks is left out; see `missing`.

    Returns
    -------
    bytes
        The same for the same characters, on every machine and at every time.
    """
    return _subset("".join(sorted(set(characters))))


@functools.lru_cache(
    maxsize=4
)  # most of a small district's time; the next assessment has the same characters
def _subset(text: str) -> bytes:
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it reports every table it drops
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = _KEPT_NAMES
    options.drop_tables += ["BASE"]
    with _open() as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=text)
        subsetter.subset(font)
        font.flavor = "woff2"
        buffer = io.BytesIO()
        font.save(buffer, reorderTables=False)
    return buffer.getvalue()


def missing(characters: Iterable[str]) -> frozenset[str]:
    """Return the visible characters for which the font has no glyph."""
    with _open() as font:
        covered = font.getBestCmap()
    return frozenset(c for c in characters if c.isprintable() and ord(c) not in covered)


def font_face(characters: Iterable[str]) -> str:
    """A CSS rule that carries the subset as a data URL, family `Lifecircle Sans`."""
    data = base64.b64encode(subset_font(characters)).decode("ascii")
    return (
        "@font-face{font-family:'Lifecircle Sans';font-weight:400;"
        f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
    )


def _open() -> TTFont:
    # Neither the time of the head table nor the boxes are computed anew: bytes stay the same.
    path = pylopdf_fonts_zh_cn.sans_path()
    return TTFont(path, lazy=True, recalcTimestamp=False, recalcBBoxes=False)
