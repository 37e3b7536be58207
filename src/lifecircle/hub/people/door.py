"""Which of django-allauth's doors are open, and to whom: it asks only whether somebody has logged in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ForbiddenError, HubError, InvalidError, MissingError
from lifecircle.hub.requests import address_of
from lifecircle.hub.text import TextParser

ROOT = "/_allauth/"
_TO_ENTER = re.compile(
    r"browser/v1/(config|auth/(session|login|2fa/authenticate|webauthn/(login|authenticate)"
    r"|provider/redirect))"
)
_OWN = re.compile(
    r"browser/v1/(auth/(sessions|reauthenticate|2fa/reauthenticate|webauthn/reauthenticate)"
    r"|account/authenticators(/(totp|recovery-codes|webauthn))?)"
)
_WITH_PASSKEY = (
    "auth/webauthn/login",
    "auth/webauthn/authenticate",
    "auth/webauthn/reauthenticate",
)
_TOO_DEEP = (ValueError, RecursionError)
_NO_CREDENTIAL = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_LONGEST = {"name": 100, "id": 18, "sessions": 18, "authenticators": 18}


class DoorMiddleware:
    """Closes what the hub does otherwise or not at all, and keeps one's own account to who may act.

    Passwords are changed by the hub, which ends tokens with them; nobody signs up, and nothing is sent
    by mail. Factors and sessions are for accounts that are open, and whose password is their own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or refuse."""
        if not request.path.startswith(ROOT):
            return self._get_response(request)
        try:
            _check(request, request.path.removeprefix(ROOT))
        except HubError as error:
            return _refusal(error)
        answer = self._get_response(request)
        tried = request.method == "POST" and request.path.endswith(_WITH_PASSKEY)
        if tried and answer.status_code in {400, 422}:
            actor = _actor(request)
            audit.record(actor, "account.login", f"account:{actor.name}", allowed=False)
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Say of a credential that is none that it is wrong: the library that reads it may fail on it."""
        if "/webauthn" in request.path and isinstance(error, _NO_CREDENTIAL):
            return _refusal(InvalidError("a passkey's answer", "通行密钥的应答"))
        return None


def _check(request: HttpRequest, path: str) -> None:
    user: Any = request.user
    if _OWN.fullmatch(path):
        if user.is_authenticated and (not user.is_usable or user.must_change_password):
            audit.record(_actor(request), f"denied.{request.method}".lower(), path, allowed=False)
            raise ForbiddenError
    elif not _TO_ENTER.fullmatch(path):
        raise MissingError
    if request.body and not path.endswith("provider/redirect"):  # which is a form's
        _check_text(request)


def _check_text(request: HttpRequest) -> None:
    try:
        content = TextParser().parse_body(request)
    except _TOO_DEEP as error:
        raise InvalidError("a body of JSON", "JSON 请求体") from error
    for field, longest in _LONGEST.items():
        value = content.get(field, "") if isinstance(content, dict) else ""
        for one in value if isinstance(value, list) else [value]:
            if len(str(one)) > longest:
                raise InvalidError(
                    f"{field}: at most {longest} characters", f"{field}: 不超过 {longest} 字"
                )


def _actor(request: HttpRequest) -> Actor:
    user: Any = request.user
    if not user.is_authenticated:
        return Actor.nobody(address_of(request))
    return Actor(user.username, user.pk, address=address_of(request))


def _refusal(error: HubError) -> HttpResponse:
    return JsonResponse(error.to_json(), status=error.status)
