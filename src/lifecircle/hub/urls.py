"""Where everything is: the interface, logging in, and the web."""

from __future__ import annotations

from django.urls import include, path, re_path

from lifecircle.hub.api import api
from lifecircle.hub.pages import health, page

urlpatterns = [
    path("api/v1/", api.urls),
    path("_allauth/", include("allauth.headless.urls")),
    path("accounts/", include("allauth.urls")),
    path("open311/", include("lifecircle.hub.open311.urls")),
    path("cap/", include("lifecircle.hub.warnings.urls")),
    path("sta/", include("lifecircle.hub.devices.sensorthings.urls")),
    path("health", health),
    re_path(r"^(?!api/|_allauth/|open311/|cap/|sta/|static/|assets/).*$", page),
]
