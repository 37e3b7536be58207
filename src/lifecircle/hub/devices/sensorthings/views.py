"""The addresses of SensorThings 1.1 below /sta/v1.1: sets, entities, what they lead to, one property of an entity."""

from __future__ import annotations

import datetime as dt
import logging
import re
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from lifecircle.hub.actor import Actor
from lifecircle.hub.devices.sensorthings.asking import USUAL, Asked, asked
from lifecircle.hub.devices.sensorthings.entities import SETS, EntitySet
from lifecircle.hub.errors import HubError, InvalidError, MissingError, UnknownCallerError
from lifecircle.hub.requests import SessionAuth, TokenAuth

_PART = re.compile(r"(?P<name>[A-Za-z]+)(?:\((?P<id>'(?:[^']|'')*'|[0-9]{1,18})\))?")
_REQUIREMENTS = "http://www.opengis.net/spec/iot_sensing/1.1/req"
CONFORMANCE = [
    f"{_REQUIREMENTS}/{one}"
    for one in (
        "datamodel", "request-data/order", "request-data/expand", "request-data/select", "request-data/orderby",
        "request-data/skip", "request-data/top", "request-data/count", "request-data/pagination",
    )
]  # fmt: skip
"""What is spoken; of `$filter` comparisons joined by `and` only, no historical locations, and no writes."""
_DEEPEST = 4


@require_safe
def serve(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer one address."""
    try:
        return _answered(_caller(request), request, path.strip("/"))
    except HubError as error:
        return _refused(error.status, f"{error.en} / {error.zh}")
    except Exception:
        logging.getLogger(__name__).exception("%s", request.path)
        return _refused(500, "the server failed / 服务器出错")


def _caller(request: HttpRequest) -> Actor:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    shown = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    actor = (
        TokenAuth().authenticate(request, token.strip())
        if scheme.lower() == "bearer" else SessionAuth().authenticate(request, shown)
    )  # fmt: skip
    if actor is None:
        raise UnknownCallerError
    actor.check("device.read")
    return actor


def _answered(actor: Actor, request: HttpRequest, path: str) -> HttpResponse:
    root = request.build_absolute_uri("/sta/v1.1")
    if not path:
        listed = [{"name": name, "url": f"{root}/{name}"} for name in SETS]
        return JsonResponse({"value": listed, "serverSettings": {"conformance": CONFORMANCE}})
    parts = _parts(path)
    name, found, row = _first(actor, parts[0])
    for k, (step, key) in enumerate(parts[1:], start=1):
        if row is None:
            raise _nowhere()
        link = SETS[name].links.get(step)
        if link is None:
            if key is None and k == len(parts) - 1 - (parts[-1][0] == "$value"):
                return _property(_shown(root, name, row), step, raw=parts[-1][0] == "$value")
            raise _nowhere()
        name, found = link.to, SETS[link.to].rows(actor).filter(**link.rows(row))
        row = _one(found, SETS[name], key) if key is not None else None if link.many else _one(found, SETS[name], None)  # fmt: skip
    wanted = asked(request.GET.dict(), SETS[name].fields, SETS[name].links)
    if row is not None:
        return JsonResponse(_whole(actor, root, name, row, wanted))
    if name == "Observations" and len(parts) == 1:
        raise InvalidError(
            "observations of a datastream: Datastreams(id)/Observations", "请按数据流查询观测值"
        )
    return _page(actor, request, root, name, found, wanted)


def _first(actor: Actor, part: tuple[str, str | None]) -> tuple[str, models.QuerySet[Any], Any]:
    name, key = part
    if name not in SETS:
        raise _nowhere()
    found = SETS[name].rows(actor)
    return name, found, None if key is None else _one(found, SETS[name], key)


def _one(found: models.QuerySet[Any], within: EntitySet, key: str | None) -> Any:
    """The row of an id, or the only one that something leads to."""
    if key is not None:
        if key.startswith("'") != (within.by != "pk"):
            raise _nowhere()
        found = found.filter(
            **{within.by: key[1:-1].replace("''", "'") if key.startswith("'") else int(key)}
        )
    row = found.first()
    if row is None:
        raise _nowhere()
    return row


def _page(
    actor: Actor, request: HttpRequest, root: str, name: str, found: models.QuerySet[Any], wanted: Asked
) -> HttpResponse:  # fmt: skip
    rows = found.filter(wanted.where).order_by(*wanted.order, "pk")
    some = list(rows[wanted.skip : wanted.skip + wanted.top + 1])
    answer: dict[str, Any] = {"@iot.count": rows.count()} if wanted.count else {}
    if len(some) > wanted.top and wanted.top:
        query = urlencode({**request.GET.dict(), "$top": wanted.top, "$skip": wanted.skip + wanted.top}, safe="$")  # fmt: skip
        answer["@iot.nextLink"] = f"{request.build_absolute_uri(request.path)}?{query}"
    answer["value"] = [_whole(actor, root, name, row, wanted) for row in some[: wanted.top]]
    return JsonResponse(answer)


def _whole(actor: Actor, root: str, name: str, row: Any, wanted: Asked) -> dict[str, Any]:
    """An entity with what was asked of it, and one level of what it leads to."""
    shown = _shown(root, name, row)
    if wanted.select:
        kept = {"@iot.id", "@iot.selfLink", *wanted.select}
        if wrong := set(wanted.select) - set(shown) - {"id"}:
            raise InvalidError(
                f"$select: {min(wrong)[:60]} is no property", "$select: 没有这个属性"
            )
        shown = {key: value for key, value in shown.items() if key in kept}
    for step in wanted.expand:
        link = SETS[name].links[step]
        found = SETS[link.to].rows(actor).filter(**link.rows(row)).order_by("pk")
        listed = [_shown(root, link.to, one) for one in found[: USUAL if link.many else 1]]
        shown[step] = listed if link.many else next(iter(listed), None)
    return shown


def _shown(root: str, name: str, row: Any) -> dict[str, Any]:
    here = SETS[name]
    key = row.pk if here.by == "pk" else getattr(row, here.by)
    written = str(key) if here.by == "pk" else quote("'" + key.replace("'", "''") + "'", safe="'")
    link = f"{root}/{name}({written})"
    shown = {"@iot.id": key, "@iot.selfLink": link, **here.shown(row)}
    return {**shown, **{f"{step}@iot.navigationLink": f"{link}/{step}" for step in here.links}}


def _property(shown: dict[str, Any], name: str, *, raw: bool) -> HttpResponse:
    if name not in shown or "@" in name:
        raise _nowhere()
    value = shown[name]
    if not raw:
        return JsonResponse({name: value})
    if isinstance(value, dt.datetime):
        value = value.isoformat()
    if isinstance(value, dict):
        return JsonResponse(value)
    return HttpResponse(str(value), content_type="text/plain; charset=utf-8")


def _parts(path: str) -> list[tuple[str, str | None]]:
    """The names and ids of an address; a name in an id may hold a stroke."""
    parts: list[tuple[str, str | None]] = []
    at = 0
    while at < len(path):
        if path[at:] == "$value" and len(parts) > 1:
            parts.append(("$value", None))
            break
        found = _PART.match(path, at)
        if (
            found is None
            or len(parts) > _DEEPEST
            or path[found.end() : found.end() + 1] not in ("", "/")
        ):
            raise _nowhere()
        parts.append((found["name"], found["id"]))
        at = found.end() + 1
    return parts


def _nowhere() -> MissingError:
    return MissingError("there is no such entity", "没有这个实体")


def _refused(status: int, words: str) -> HttpResponse:
    return JsonResponse({"code": status, "type": "error", "message": words}, status=status)
