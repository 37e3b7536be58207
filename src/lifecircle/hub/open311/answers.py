"""One structure, two forms: JSON, and the XML that the Spark convention maps it to and from."""

from __future__ import annotations

import json
from typing import Any
from xml.etree.ElementTree import Element

from django.http import HttpResponse

from lifecircle.hub.xml import add, clean, document

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
_ONE_OF = {
    "services": "service", "attributes": "attribute", "values": "value", "service_requests": "request",
    "endpoints": "endpoint", "formats": "format", "errors": "error",
}  # fmt: skip
"""What each entry of a list is called."""


def answer(form: str, root: str, value: Any, status: int = 200) -> HttpResponse:
    """An answer in a form: `root` is named in XML only."""
    if form == "json":
        body = json.dumps(value, ensure_ascii=False).encode()
    else:
        top = Element(root)
        _fill(top, root, value)
        body = document(top)
    made = HttpResponse(body, status=status, content_type=TYPES[form])
    made["Access-Control-Allow-Origin"] = "*"  # nothing here looks at who has logged in
    made["Cache-Control"] = "no-store"
    return made


def refusal(form: str, status: int, *words: str) -> HttpResponse:
    """What is wrong, each by itself, in the form that the standard gives errors."""
    said = [{"code": status, "description": one} for one in words]
    return answer(form, "errors", said, status)


def _fill(at: Element, name: str, value: Any) -> None:
    if isinstance(value, dict):
        for key, one in value.items():
            _fill(add(at, key), key, one)
    elif isinstance(value, list):
        for one in value:
            _fill(add(at, _ONE_OF[name]), _ONE_OF[name], one)
    elif value is not None:
        at.text = clean(str(value).lower() if isinstance(value, bool) else str(value))
