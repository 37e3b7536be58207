"""Addresses of GeoReport v2, below /open311/v2/."""

from __future__ import annotations

from django.urls import re_path

from lifecircle.hub.open311 import views

_FORM = r"\.(?P<form>json|xml)$"
urlpatterns = [
    re_path(rf"^discovery{_FORM}", views.discovery),
    re_path(rf"^v2/discovery{_FORM}", views.discovery),
    re_path(rf"^v2/services{_FORM}", views.services),
    re_path(rf"^v2/services/(?P<code>[^/]+){_FORM}", views.definition),
    re_path(rf"^v2/requests{_FORM}", views.requests),
    re_path(rf"^v2/requests/(?P<ref>[^/]+){_FORM}", views.one_request),
    re_path(rf"^v2/tokens/(?P<name>[^/]+){_FORM}", views.token),
    re_path(rf"^.*{_FORM}", views.anything_else),
    re_path(r"", views.anything_else),
]
