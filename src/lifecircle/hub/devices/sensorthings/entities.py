"""What SensorThings calls the rows that we have: a device is a thing, its sensor and its place; the latest of a name is a datastream.

A device's door, owner and secret are in none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Min, QuerySet
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.devices import queries
from lifecircle.hub.devices.models import Device, Latest, Reading
from lifecircle.hub.devices.sheets import KINDS

Values = dict[str, Any]
_MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
_UNIT = {"name": None, "symbol": None, "definition": None}
"""Devices tell numbers and names, and no units."""
_NAMES = dict(KINDS)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a navigation property leads: the set, which of its rows belong to a row, whether one or many."""

    to: str
    rows: Callable[[Any], Mapping[str, Any]]
    many: bool = False


@dataclass(frozen=True, slots=True)
class EntitySet:
    """One set: its rows for a caller, a row as SensorThings shows it, where it leads.

    `by` is the column that `@iot.id` is; `fields` are what may be filtered and sorted by, with their columns.
    """

    rows: Callable[[Actor], QuerySet[Any]]
    shown: Callable[[Any], Values]
    links: Mapping[str, Link]
    fields: Mapping[str, str]
    by: str = "pk"


def _narrowed(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    return rows.filter(device__in=queries.devices(actor).order_by().values("pk")).select_related("device", "device__place")  # fmt: skip


def _properties(actor: Actor) -> QuerySet[Any]:
    """One row of each name that anything measures."""
    first = (
        _narrowed(Latest.objects.all(), actor).order_by().values("name").annotate(first=Min("pk"))
    )
    return Latest.objects.filter(pk__in=first.values("first"))


def _thing(one: Device) -> Values:
    kept = ("ref", "kind", "state", "battery", "firmware", "heard_at")
    silent = queries.is_silent(one, timezone.now())
    return {
        "name": one.name, "description": f"{_NAMES.get(one.kind, one.kind)} {one.kind}",
        "properties": {**{name: getattr(one, name) for name in kept}, "place": one.place.code, "silent": silent},
    }  # fmt: skip


def _feature(one: Device) -> Values:
    """Where a device is: its point, where that is known, and the place that it belongs to."""
    point = (
        None
        if one.lon is None or one.lat is None
        else {"type": "Point", "coordinates": [one.lon, one.lat]}
    )
    return {"type": "Feature", "geometry": point, "properties": {"place": one.place.code, "name": one.place.name_zh}}  # fmt: skip


def _location(one: Device) -> Values:
    return {
        "name": one.place.name_zh, "description": f"{one.ref} @ {one.place.code}", "encodingType": "application/geo+json",
        "location": _feature(one),
    }  # fmt: skip


def _foi(one: Device) -> Values:
    return {
        "name": one.place.name_zh, "description": f"{one.ref} @ {one.place.code}", "encodingType": "application/geo+json",
        "feature": _feature(one),
    }  # fmt: skip


def _sensor(one: Device) -> Values:
    return {
        "name": f"{one.vendor or one.kind} {one.ref}", "description": _NAMES.get(one.kind, one.kind),
        "encodingType": "text/html", "metadata": f"firmware {one.firmware}".strip(),
    }  # fmt: skip


def _datastream(one: Latest) -> Values:
    return {
        "name": f"{one.device.ref} {one.name}", "description": f"{one.device.name} {one.name}",
        "observationType": _MEASUREMENT, "unitOfMeasurement": _UNIT,
        "properties": {"latest": {"result": one.value, "phenomenonTime": one.at}},
    }  # fmt: skip


def _property(one: Latest) -> Values:
    return {
        "name": one.name,
        "description": one.name,
        "definition": f"urn:lifecircle:property:{one.name}",
    }


def _observation(one: Reading) -> Values:
    return {
        "phenomenonTime": one.at, "resultTime": one.received_at, "result": one.value,
        "parameters": {"clock_skewed": one.skewed},
    }  # fmt: skip


_TIMES = {"phenomenonTime": "at", "resultTime": "received_at", "result": "value", "id": "pk"}
_NAMED = {"name": "name", "id": "pk"}

SETS: dict[str, EntitySet] = {
    "Things": EntitySet(queries.devices, _thing, {
        "Locations": Link("Locations", lambda one: {"pk": one.pk}, many=True),
        "Datastreams": Link("Datastreams", lambda one: {"device": one.pk}, many=True),
    }, _NAMED),
    "Locations": EntitySet(queries.devices, _location, {
        "Things": Link("Things", lambda one: {"pk": one.pk}, many=True),
    }, {"name": "place__name_zh", "id": "pk"}),
    "Sensors": EntitySet(queries.devices, _sensor, {
        "Datastreams": Link("Datastreams", lambda one: {"device": one.pk}, many=True),
    }, {"id": "pk"}),
    "FeaturesOfInterest": EntitySet(queries.devices, _foi, {
        "Observations": Link("Observations", lambda one: {"device": one.pk}, many=True),
    }, {"name": "place__name_zh", "id": "pk"}),
    "Datastreams": EntitySet(lambda actor: _narrowed(Latest.objects.all(), actor), _datastream, {
        "Thing": Link("Things", lambda one: {"pk": one.device_id}),
        "Sensor": Link("Sensors", lambda one: {"pk": one.device_id}),
        "ObservedProperty": Link("ObservedProperties", lambda one: {"name": one.name}),
        "Observations": Link("Observations", lambda one: {"device": one.device_id, "name": one.name}, many=True),
    }, {"id": "pk"}),
    "ObservedProperties": EntitySet(_properties, _property, {
        "Datastreams": Link("Datastreams", lambda one: {"name": one.name}, many=True),
    }, {"name": "name", "id": "name"}, by="name"),
    "Observations": EntitySet(lambda actor: _narrowed(Reading.objects.all(), actor), _observation, {
        "Datastream": Link("Datastreams", lambda one: {"device": one.device_id, "name": one.name}),
        "FeatureOfInterest": Link("FeaturesOfInterest", lambda one: {"pk": one.device_id}),
    }, _TIMES),
}  # fmt: skip
