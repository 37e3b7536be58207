"""Names as they are typed: by pinyin, and by its initials."""

from __future__ import annotations

_LONGEST = 300


def spelt(name: str) -> str:
    """Pinyin and initials of a name, `jiefangbei jfb`; both are searched in."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  (its dictionary takes a while to load)

    whole = "".join(lazy_pinyin(name)).lower()
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return f"{whole} {initials}"[:_LONGEST]
