"""The web's one page, and whether the server is well."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

import lifecircle

_BY_LINK = "/outside/"
"""Whoever has such an address acts by it."""


@require_safe
@never_cache
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    """Serve the page; the browser finds its way from the address. One that is a secret is told to nobody else."""
    index = settings.WEB_ROOT / "index.html"
    if not index.is_file():
        words = "the web is not built: scripts/build / 网页尚未构建: scripts/build"
        return HttpResponse(words, content_type="text/plain; charset=utf-8", status=503)
    answer = HttpResponse(index.read_bytes(), content_type="text/html; charset=utf-8")
    if request.path.startswith(_BY_LINK):
        answer["Referrer-Policy"] = "no-referrer"
        answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Say that the server answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True, "version": lifecircle.__version__})
