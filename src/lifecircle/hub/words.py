"""Names as they are typed: by pinyin, and by its initials."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin

_LONGEST = 300


def spelt(name: str) -> str:
    """Pinyin and initials of a name, `jiefangbei jfb`; both are searched in."""
    whole = "".join(lazy_pinyin(name)).lower()
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return f"{whole} {initials}"[:_LONGEST]
