"""Warnings as other systems fetch them: a feed in Atom (RFC 4287), and each as its CAP message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from xml.etree.ElementTree import Element, SubElement

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lifecircle.hub.errors import HubError, MissingError, TooManyError
from lifecircle.hub.limits import Limiter
from lifecircle.hub.requests import address_of
from lifecircle.hub.warnings import queries
from lifecircle.hub.warnings.cap import said
from lifecircle.hub.xml import add, document

ATOM = "http://www.w3.org/2005/Atom"
CAP = "application/cap+xml"
READS = Limiter(240, 60)
_MOST = 200


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """List the warnings that hold now; those of exercises and tests only where they are asked for by `status`."""
    return _answered(request, "application/atom+xml; charset=utf-8", partial(_feed, request))


@require_safe
def message(request: HttpRequest, ref: str) -> HttpResponse:
    """One warning as it was sent."""
    return _answered(request, CAP, partial(_xml, ref))


@require_safe
def nothing(request: HttpRequest) -> HttpResponse:
    """Refuse an address that is none."""
    return _answered(request, CAP, _missing)


def _xml(ref: str) -> bytes:
    return queries.sent(ref).xml.encode()


def _missing() -> bytes:
    raise MissingError


def _answered(request: HttpRequest, kind: str, body: Callable[[], bytes]) -> HttpResponse:
    """Answer for anybody, caches among them, or refuse in words for people."""
    try:
        READS.take(address_of(request))
        made = HttpResponse(body(), content_type=kind)
        made["Cache-Control"] = "public, max-age=15"
    except HubError as error:
        made = JsonResponse(error.to_json(), status=error.status)
        if isinstance(error, TooManyError):
            made["Retry-After"] = str(error.wait_s)
    made["Access-Control-Allow-Origin"] = "*"
    return made


def _feed(request: HttpRequest) -> bytes:
    status = request.GET.get("status", "Actual")
    rows = list(queries.public(status=status)[:_MOST])
    here = request.build_absolute_uri(request.path)
    root = Element("feed", {"xmlns": ATOM, "xml:lang": "zh-CN"})
    add(root, "id", here)
    add(root, "title", f"{settings.PUBLISHER} 预警 Warnings")
    latest = max((one.sent_at for one in rows if one.sent_at), default=None)
    add(root, "updated", _moment(latest or timezone.now()))
    add(add(root, "author"), "name", settings.PUBLISHER)
    SubElement(root, "link", {"rel": "self", "href": request.build_absolute_uri()})
    for one in rows:
        address = request.build_absolute_uri(f"/cap/{one.ref}.xml")
        entry = SubElement(root, "entry")
        add(entry, "id", address)
        add(entry, "title", f"{said(one, 'headline', 'zh')} {said(one, 'headline', 'en')}")
        add(entry, "updated", _moment(one.sent_at or timezone.now()))
        add(entry, "summary", one.description_zh)
        SubElement(entry, "link", {"rel": "alternate", "type": CAP, "href": address})
    return document(root)


def _moment(at: dt.datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
