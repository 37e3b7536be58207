"""Addresses of SensorThings 1.1, below /sta/v1.1."""

from __future__ import annotations

from django.urls import re_path

from lifecircle.hub.devices.sensorthings.views import serve

urlpatterns = [re_path(r"^v1\.1(?:/(?P<path>.*))?$", serve)]
