"""GeoReport v2 (wiki.open311.org/GeoReport_v2): the standard's own addresses, forms and errors."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from lifecircle.hub.errors import HubError, InvalidError, MissingError, TooManyError
from lifecircle.hub.limits import Limiter
from lifecircle.hub.open311 import actions, queries, reading
from lifecircle.hub.open311.answers import TYPES, answer, refusal
from lifecircle.hub.requests import address_of

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-28 00:00"
"""When the list of services or what they ask last changed."""
READS = Limiter(240, 60)
View = Callable[..., HttpResponse]


def endpoint(*methods: str) -> Callable[[View], View]:
    """Make an address of the standard: which methods it takes, its jurisdiction, and how it refuses."""

    def made(view: View) -> View:
        @csrf_exempt  # a key is shown with each write, and no cookie is looked at
        @wraps(view)
        def called(request: HttpRequest, form: str = "xml", **values: str) -> HttpResponse:
            if request.method not in {*methods, "HEAD"}:
                refused = refusal(form, 405, f"one of {', '.join(methods)}")
                refused["Allow"] = ", ".join(methods)
                return refused
            try:
                READS.take(address_of(request))
                _check_jurisdiction(request.GET.get("jurisdiction_id", ""))
                return view(request, form, **values)
            except HubError as error:
                return _refused(form, error)
            except (RequestDataTooBig, UnreadablePostError):
                return refusal(form, 400, "a shorter request")
            except Exception:
                logging.getLogger(__name__).exception("%s %s", request.method, request.path)
                return refusal(form, 500, "the server failed; nothing was changed / 服务器出错")

        return called

    return made


@endpoint("GET")
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """Tell where the interface is, in which forms, and who gives out keys."""
    formats = [one.partition(";")[0] for one in (TYPES["xml"], TYPES["json"])]
    here = {
        "specification": SPECIFICATION, "url": request.build_absolute_uri("/open311/v2"), "changeset": CHANGESET,
        "type": "test" if settings.DEMO else "production", "formats": formats,
    }  # fmt: skip
    whom = f"{settings.PUBLISHER} {settings.CONTACT}".strip()
    said = {
        "changeset": CHANGESET, "contact": whom, "key_service": f"密钥由平台系统管理员发放。Keys are given by: {whom}",
        "endpoints": [here],
    }  # fmt: skip
    return answer(form, "discovery", said)


@endpoint("GET")
def services(request: HttpRequest, form: str) -> HttpResponse:  # noqa: ARG001
    """List what the public may report."""
    return answer(form, "services", [_service(one) for one in queries.services().values()])


@endpoint("GET")
def definition(request: HttpRequest, form: str, code: str) -> HttpResponse:  # noqa: ARG001
    """Tell what a service asks."""
    one = queries.service(code)
    asked = one.public.attributes if one.public else ()
    attributes = [
        {
            "variable": each.variable, "code": each.code, "datatype": each.datatype, "required": each.required,
            "datatype_description": None, "order": k, "description": f"{each.zh} {each.en}",
            "values": [{"key": key, "name": words} for key, words in each.values],
        }
        for k, each in enumerate(asked, start=1)
    ]  # fmt: skip
    said = {"service_code": one.id, "attributes": attributes}
    return answer(form, "service_definition", said)


@endpoint("GET", "POST")
def requests(request: HttpRequest, form: str) -> HttpResponse:
    """List requests, or take one."""
    return _report(request, form) if request.method == "POST" else _list(request, form)


@endpoint("GET")
def one_request(request: HttpRequest, form: str, ref: str) -> HttpResponse:  # noqa: ARG001
    """Tell of one request."""
    found = queries.told(queries.by_ids([ref]))
    if not found:
        raise MissingError("service_request_id was not found", "没有这件报事")
    return answer(form, "service_requests", found)


@endpoint("GET")
def token(request: HttpRequest, form: str, name: str) -> HttpResponse:  # noqa: ARG001
    """Tell the number of a request by what its client called it."""
    said = {"service_request_id": queries.of_token(name).ref, "token": name}
    return answer(form, "service_requests", [said])


@endpoint("GET", "POST")
def anything_else(request: HttpRequest, form: str) -> HttpResponse:  # noqa: ARG001
    """Refuse an address that is none."""
    raise MissingError("there is no such resource", "没有这个地址")


def _list(request: HttpRequest, form: str) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip() for name in ("service_request_id", "service_code", "status")}  # fmt: skip
    if asked["service_request_id"]:  # overrides all other arguments
        rows = queries.by_ids(_parts(asked["service_request_id"])[: queries.MOST])
    else:
        rows = queries.requests(
            codes=_parts(asked["service_code"]), states=_parts(asked["status"]),
            since=reading.moment("start_date", request.GET.get("start_date", "").strip()),
            until=reading.moment("end_date", request.GET.get("end_date", "").strip()),
        )  # fmt: skip
    return answer(form, "service_requests", queries.told(rows[: queries.MOST]))


def _report(request: HttpRequest, form: str) -> HttpResponse:
    if int(request.headers.get("Content-Length") or 0) > reading.MOST_BYTES:
        raise InvalidError(f"at most {reading.MOST_BYTES} bytes", "请求过长")
    sent = reading.form(request.body, request.headers.get("Content-Type", ""))
    application = queries.application(sent.fields.get("api_key", ""))
    if application is None:
        return refusal(form, 403, "api_key: missing or not valid / 缺少密钥或密钥无效")
    _check_jurisdiction(sent.fields.get("jurisdiction_id", ""))
    if "service_code" not in sent.fields:
        raise InvalidError("service_code was not provided", "缺少 service_code")
    about = queries.service(sent.fields["service_code"])
    said = actions.Sent(
        sent, request.body, address_of(request), request.headers.get("Idempotency-Key", "").strip()
    )
    one = actions.report(application, about, said)
    account = sent.fields.get("account_id")
    made = {"service_request_id": one.ref, "service_notice": queries.due_words(one), "account_id": account}  # fmt: skip
    return answer(form, "service_requests", [made], 201)


def _service(one: Any) -> dict[str, Any]:
    return {
        "service_code": one.id, "service_name": f"{one.zh} {one.en}", "description": one.public.about,
        "metadata": bool(one.public.attributes), "type": "realtime", "keywords": ", ".join(one.public.keywords),
        "group": one.public.group,
    }  # fmt: skip


def _check_jurisdiction(given: str) -> None:
    if given and given != queries.jurisdiction():
        raise MissingError("jurisdiction_id was not found", "没有这个辖区")


def _refused(form: str, error: HubError) -> HttpResponse:
    """403 for a key, 404 for what does not exist, 429 for too much, 400 for anything else that is wrong."""
    words = [one.expected for one in error.issues] or [f"{error.en} / {error.zh}"]
    status = error.status if error.status in {403, 404, 429} else 400
    made = refusal(form, status, *words)
    if isinstance(error, TooManyError):
        made["Retry-After"] = str(error.wait_s)
    return made


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
