"""Shapes and what is known of them, as GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
from typing import Any

import shapely

_DEGREES = 1e-6
"""What a map needs: some 10 cm."""


def geometry(shape: shapely.Geometry | None, *, for_map: bool = False) -> dict[str, Any] | None:
    """A shape in degrees, as it is or as fine as a map needs; None for none."""
    if shape is None:
        return None
    drawn = shapely.set_precision(shape, _DEGREES) if for_map else shape
    found: dict[str, Any] = json.loads(shapely.to_geojson(drawn))
    return found


def feature(
    shape: shapely.Geometry | None,
    properties: dict[str, Any],
    ref: str | None = None,
    *,
    for_map: bool = False,
) -> dict[str, Any]:
    """A shape with what is known of it, and its id where it has one."""
    named = {} if ref is None else {"id": ref}
    return {
        "type": "Feature", **named, "geometry": geometry(shape, for_map=for_map), "properties": properties
    }  # fmt: skip
