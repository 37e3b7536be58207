"""Text that no database and no file can hold is refused at the door."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja.parser import Parser

from lifecircle.hub.errors import InvalidError

_DEEPEST = 40
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class TextParser(Parser):
    """Bodies of JSON whose text is text: no zero bytes, no halves of surrogate pairs, no endless depth."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Read the body; `ValueError` is answered as a body that is no JSON."""
        content = json.loads(request.body)
        if not _is_text(content, _DEEPEST):
            raise ValueError("text without zero bytes or lone surrogates")
        return content


class AddressMiddleware:
    """Refuses addresses with a zero byte in them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse."""
        query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if "\0" in request.path or b"\0" in query:
            refused = InvalidError("an address without zero bytes", "不含空字节的地址")
            return JsonResponse(refused.to_json(), status=refused.status)
        return self._get_response(request)


def no_formula(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula goes out as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _is_text(value: Any, depth: int) -> bool:
    if isinstance(value, str):
        return is_plain(value)
    if depth == 0:
        return False
    if isinstance(value, dict):
        return all(_is_text(k, 1) and _is_text(v, depth - 1) for k, v in value.items())
    if isinstance(value, list):
        return all(_is_text(one, depth - 1) for one in value)
    return True


def is_plain(value: str) -> bool:
    """Whether text has no zero bytes and no halves of surrogate pairs."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value
