"""A warning as CAP 1.2 (OASIS, 2010): one message, its information in Chinese and in English."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element

import shapely
from django.conf import settings
from django.utils import timezone

from lifecircle.hub.warnings.hazards import hazard
from lifecircle.hub.xml import add, document

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
LANGUAGES = (("zh", "zh-CN"), ("en", "en-US"))
LIFTED = {"zh": "解除: ", "en": "Lifted: "}
"""How the headline of a cancellation begins."""
_FINE_DEGREES = 5e-5
"""Some five metres: finer bends of a boundary are not told."""
_DECIMALS = 6


def moment(at: dt.datetime) -> str:
    """A moment as CAP writes it: no fractions, and an offset in digits, -00:00 for UTC."""
    text = timezone.localtime(at).isoformat(timespec="seconds")
    return f"{text[:-6]}-00:00" if text.endswith("+00:00") else text


def reference(one: Any) -> str:
    """How other messages name one that was sent: sender,identifier,sent."""
    return f"{one.sender},{one.ref},{moment(one.sent_at)}"


def message(one: Any, areas: Sequence[Any], before: Sequence[Any]) -> str:
    """The message of a warning that has its sender and its moment; `before` are those that it follows, the first first."""
    root = Element("alert", {"xmlns": NAMESPACE})
    for name, text in (
        ("identifier", one.ref), ("sender", one.sender), ("sent", moment(one.sent_at)), ("status", one.status),
        ("msgType", one.msg_type), ("scope", "Public"),
    ):  # fmt: skip
        add(root, name, text)
    if before:
        add(root, "references", " ".join(reference(each) for each in before))
    for language, tag in LANGUAGES:
        _info(add(root, "info"), one, areas, language, tag)
    return document(root).decode()


def _info(at: Element, one: Any, areas: Sequence[Any], language: str, tag: str) -> None:
    about = hazard(one.hazard)
    texts = {name: said(one, name, language) for name in ("headline", "description", "instruction")}
    for name, text in (
        ("language", tag), ("category", about.category), ("event", getattr(about, language)),
        ("responseType", "AllClear" if one.msg_type == "Cancel" else about.response), ("urgency", one.urgency),
        ("severity", one.severity), ("certainty", one.certainty), ("effective", moment(one.sent_at)),
        ("onset", one.onset and moment(one.onset)), ("expires", moment(one.expires)), ("senderName", settings.PUBLISHER),
        *texts.items(), ("contact", settings.CONTACT),
    ):  # fmt: skip
        if text:
            add(at, name, text)
    for place in areas:
        _area(add(at, "area"), place, language)


def said(one: Any, name: str, language: str) -> str:
    """A text of a warning in a language; what was not written is what its hazard says, or nothing."""
    own = str(getattr(one, f"{name}_{language}"))
    about = hazard(one.hazard)
    if own or name == "description":
        return own
    lifted = one.msg_type == "Cancel"
    if name == "headline":
        where = f"{getattr(about, language)}: {one.place.name_en or one.place.name_zh}"
        return f"{LIFTED[language]}{where}" if lifted else where
    return "" if lifted else str(getattr(about, f"instruction_{language}"))


def _area(at: Element, place: Any, language: str) -> None:
    add(at, "areaDesc", (place.name_en if language == "en" else "") or place.name_zh)
    for ring in polygons(place.geometry):
        add(at, "polygon", ring)
    code = add(at, "geocode")
    add(code, "valueName", "lifecircle.place")
    add(code, "value", place.code)


def polygons(shape: shapely.Geometry | None) -> Iterator[str]:
    """The outer rings of a shape as CAP writes them: latitude,longitude of each corner, the first again at the end.

    CAP has no holes: what lies in one is warned too.
    """
    for part in shapely.get_parts(shape) if shape is not None else ():
        ring = shapely.simplify(shapely.Polygon(part.exterior), _FINE_DEGREES).exterior
        corners = [f"{lat:.{_DECIMALS}f},{lon:.{_DECIMALS}f}" for lon, lat in ring.coords]
        if len(corners) >= 4:
            yield " ".join(corners)
