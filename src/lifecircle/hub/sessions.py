"""Sessions end when nobody has asked for anything for a while; not every request is a write for that."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

_EVERY_S = 60
_KEY = "asked_at"


class IdleMiddleware:
    """Prolongs a session by its whole length, at most once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note that somebody is there."""
        answer = self._get_response(request)
        session = request.session
        if session.accessed and session.get("_auth_user_id"):
            now = int(timezone.now().timestamp())
            if now - session.get(_KEY, 0) >= _EVERY_S:
                session[_KEY] = now
        return answer
