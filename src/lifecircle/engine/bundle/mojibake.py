"""Chinese that was saved in one encoding and read in another, recognised before it is believed."""

from __future__ import annotations

import re
from typing import Any

from lifecircle.engine.bundle.readers import RawTable
from lifecircle.errors import Issue

_CJK = re.compile(r"[一-鿿]{2,}")
_WRONG = ("gb18030", "latin-1", "cp1252")
_FEW = 3


def damaged_columns(raw: RawTable) -> list[Issue]:
    """Name each column whose text turns into Chinese when its wrong decoding is undone.

    UTF-8 that was read as GBK ("娓濅腑鍖") or Latin-1 ("æ¸ä¸­") and saved again. A column counts as
    damaged when most of its cells beyond ASCII, and at least 3, are mended that way.
    """
    issues = []
    for name, cells in raw.columns.items():
        foreign = [(k, cell) for k, cell in enumerate(cells) if _foreign(cell)]
        mended = [(k, cell, _mended(cell)) for k, cell in foreign[:200]]
        hits = [(k, cell, text) for k, cell, text in mended if text]
        if len(hits) >= _FEW and 2 * len(hits) > len(mended):
            k, cell, text = hits[0]
            issues.append(
                Issue(
                    "mojibake", raw.file, f"text in its right encoding ({text}?)",
                    f"编码正确的文字(应为“{text}”?)", int(raw.rows[k]), name, str(cell)[:80],
                )
            )  # fmt: skip
    return issues


def _foreign(cell: Any) -> bool:
    return isinstance(cell, str) and not cell.isascii()


def _mended(text: str) -> str:
    """What `text` was before it was decoded wrongly; "" if that gives no Chinese."""
    for encoding in _WRONG:
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        # A cut last character is common: the decoder that did the damage dropped its odd byte.
        before = data.decode("utf-8", "ignore")
        whole = before.encode("utf-8")
        if _CJK.search(before) and len(data) - len(whole) <= max(2, len(data) // 4):
            return before[:40]
    return ""
