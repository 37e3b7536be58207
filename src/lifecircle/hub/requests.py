"""Who a request comes from: a session of the web, or a token of a program."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from lifecircle.hub.actor import Actor
from lifecircle.hub.people import queries as people


class HubRequest(HttpRequest):
    """A request whose caller is known."""

    actor: Actor


class SessionAuth(APIKeyCookie):
    """The cookie of a session; writes need its CSRF token too."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # noqa: ARG002
        """Return the caller; None for nobody, and for accounts that are closed or past their day."""
        user: Any = request.user
        if not user.is_authenticated or not user.is_usable:
            return None
        return _named(request, people.actor_of(user, address_of(request)))


class TokenAuth(HttpBearer):
    """`Authorization: Bearer lc_...`: some of its owner's rights."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the caller; None for a token that is unknown, over or taken back."""
        found = people.token(token)
        if found is None:
            return None
        return _named(request, people.actor_of(found.account, address_of(request), found))


def address_of(request: HttpRequest) -> str:
    """Where a request came from; proxies are believed as far as they are ours."""
    trusted = settings.TRUSTED_PROXIES
    passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if trusted and len(passed) >= trusted and passed[-trusted]:
        return passed[-trusted][:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def _named(request: HttpRequest, actor: Actor) -> Actor:
    request.actor = actor  # type: ignore[attr-defined]
    return actor
