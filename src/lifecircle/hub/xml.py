"""Writing XML: whatever text it is given, what comes out is well-formed XML 1.0."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def is_writable(text: str) -> bool:
    """Whether XML can hold a text as it is."""
    return _FORBIDDEN.search(text) is None


def clean(text: str) -> str:
    """A text with U+FFFD for characters that XML cannot hold."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def add(parent: Element, name: str, text: str | None = None) -> Element:
    """Add a child with a text."""
    child = SubElement(parent, name)
    child.text = None if text is None else clean(text)
    return child


def document(root: Element) -> bytes:
    """A document in UTF-8, with its declaration."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8")
