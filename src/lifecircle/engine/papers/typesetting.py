"""PDF by typst: a template and its data, with the font that carries Chinese, and nothing from elsewhere."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn

from lifecircle.errors import MissingExtraError


def typeset(
    template: str, data: Mapping[str, Any], *, files: Mapping[str, str] | None = None
) -> bytes:
    """Make a PDF of a typst template that reads `data.json`; the same input gives the same bytes.

    Parameters
    ----------
    template
        The source; its font is "Noto Sans SC".
    data
        What it reads, as JSON.
    files
        Text of further files beside it, SVG maps, by name.

    Raises
    ------
    MissingExtraError
        typst is not installed (extra `report`).
    """
    try:
        import typst  # noqa: PLC0415  (an extra)
    except ImportError:
        raise MissingExtraError("typst", "report") from None
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        for name, text in (files or {}).items():
            (root / name).write_text(text, encoding="utf-8")
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (root / "main.typ").write_text(template, encoding="utf-8")
        fonts = root / "fonts"
        fonts.mkdir()
        shutil.copy(pylopdf_fonts_zh_cn.sans_path(), fonts)
        made: bytes = typst.compile(
            root / "main.typ", root=root, font_paths=[fonts], ignore_system_fonts=True, format="pdf"
        )
    return made
