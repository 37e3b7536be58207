"""The open interface: every app's router, who may call, and how a refusal is said."""

from __future__ import annotations

import logging

from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, ValidationError

import lifecircle
from lifecircle.errors import InputError, Issue, LifecircleError, NotFoundError
from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments.api import public_router
from lifecircle.hub.assessments.api import router as assessments_router
from lifecircle.hub.assessments.map_api import router as map_router
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.audit.api import router as audit_router
from lifecircle.hub.cases.api import router as cases_router
from lifecircle.hub.cases.orders.api import router as orders_router
from lifecircle.hub.cases.outside.api import router as outside_router
from lifecircle.hub.cases.outside.public_api import router as public_outside_router
from lifecircle.hub.cases.photos_api import router as case_photos_router
from lifecircle.hub.command.api import router as command_router
from lifecircle.hub.description import DescribedAPI
from lifecircle.hub.devices.api import public_router as messages_router
from lifecircle.hub.devices.api import router as devices_router
from lifecircle.hub.duty.api import router as duty_router
from lifecircle.hub.errors import (
    ForbiddenError,
    HubError,
    InvalidError,
    MissingError,
    ServerError,
    UnknownCallerError,
)
from lifecircle.hub.facilities.api import router as facilities_router
from lifecircle.hub.facilities.photos_api import router as photos_router
from lifecircle.hub.facilities.spaces_api import router as spaces_router
from lifecircle.hub.layers.api import router as layers_router
from lifecircle.hub.notify.api import public_router as receipts_router
from lifecircle.hub.notify.api import router as notify_router
from lifecircle.hub.ogc import router as ogc_router
from lifecircle.hub.open311.api import router as open311_router
from lifecircle.hub.patrols.api import router as patrols_router
from lifecircle.hub.people.api import router as people_router
from lifecircle.hub.people.dwelling_notes_api import router as dwelling_notes_router
from lifecircle.hub.places.api import router as places_router
from lifecircle.hub.planning.api import router as planning_router
from lifecircle.hub.planning.circles_api import router as circles_router
from lifecircle.hub.requests import SessionAuth, TokenAuth, address_of
from lifecircle.hub.rules.api import router as rules_router
from lifecircle.hub.stream.api import router as stream_router
from lifecircle.hub.surveys.api import public_router as public_surveys_router
from lifecircle.hub.surveys.api import router as surveys_router
from lifecircle.hub.text import TextParser
from lifecircle.hub.warnings.api import public_router as public_warnings_router
from lifecircle.hub.warnings.api import router as warnings_router

api = DescribedAPI(
    title="Lifecircle",
    version=lifecircle.__version__,
    description="生活圈平台的开放接口。The platform's open interface: everything that its own faces use.",
    urls_namespace="api",
    auth=[TokenAuth(), SessionAuth()],
    docs_url=None,
    parser=TextParser(),
)
api.add_router("/", people_router)
api.add_router("/", dwelling_notes_router)
api.add_router("/places", places_router)
api.add_router("/", facilities_router)
api.add_router("/", photos_router)
api.add_router("/", spaces_router)
api.add_router("/", assessments_router)
api.add_router("/map", map_router)
api.add_router("/", layers_router)
api.add_router("/", planning_router)
api.add_router("/", circles_router)
api.add_router("/", surveys_router)
api.add_router("/", cases_router)
api.add_router("/", command_router)
api.add_router("/", case_photos_router)
api.add_router("/", orders_router)
api.add_router("/", outside_router)
api.add_router("/", patrols_router)
api.add_router("/", devices_router)
api.add_router("/", rules_router)
api.add_router("/", duty_router)
api.add_router("/", notify_router)
api.add_router("/open311", open311_router)
api.add_router("/", warnings_router)
api.add_router("/audit", audit_router)
api.add_router("/", stream_router)
api.add_router("/ogc", ogc_router)
api.add_router("/public", public_router, auth=None)
api.add_router("/public", public_surveys_router, auth=None)
api.add_router("/public", receipts_router, auth=None)
api.add_router("/public", messages_router, auth=None)
api.add_router("/public", public_warnings_router, auth=None)
api.add_router("/public", public_outside_router, auth=None)


@api.exception_handler(HubError)
def _refused(request: HttpRequest, error: HubError) -> HttpResponse:
    if isinstance(error, ForbiddenError):
        actor = getattr(request, "actor", Actor.nobody(address_of(request)))
        method = str(request.method).lower()
        audit.record(actor, f"denied.{method}", request.path[:120], allowed=False)
    return api.create_response(request, error.to_json(), status=error.status)


@api.exception_handler(LifecircleError)
def _engine_refused(request: HttpRequest, error: LifecircleError) -> HttpResponse:
    if isinstance(error, HubError):
        return _refused(request, error)
    en, _, zh = str(error).partition(" / ")
    if isinstance(error, NotFoundError):
        return _refused(request, MissingError(en, zh or en))
    issues = error.issues if isinstance(error, InputError) else ()
    return _refused(request, InvalidError(en.split("\n")[0], zh.split("\n")[0] or en, issues))


@api.exception_handler(DjangoValidationError)
def _model_refused(request: HttpRequest, error: DjangoValidationError) -> HttpResponse:
    words = "; ".join(error.messages)[:500]
    return _refused(request, InvalidError(words, words))


@api.exception_handler(ValidationError)
def _schema_refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    issues = [
        Issue(one["type"], "request", one["msg"], one["msg"], column=".".join(map(str, one["loc"])))
        for one in error.errors[:100]
    ]
    return _refused(
        request, InvalidError("the request is not as described", "请求不符合接口说明", issues)
    )


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:  # noqa: ARG001
    return _refused(request, UnknownCallerError())


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    logging.getLogger(__name__).error("%s %s", request.method, request.path, exc_info=error)
    return _refused(request, ServerError())
