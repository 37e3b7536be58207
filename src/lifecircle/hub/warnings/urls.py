"""Addresses of warnings for other systems, below /cap/."""

from __future__ import annotations

from django.urls import path, re_path

from lifecircle.hub.warnings import views

urlpatterns = [
    path("warnings.atom", views.feed),
    path("<str:ref>.xml", views.message),
    re_path(r"", views.nothing),
]
