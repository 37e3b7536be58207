"""A district on disk: tables, row-level validation, reading, writing, the demo district.

Imports `standards`, and of `network` the reading of field edits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.lazy import lazily

if TYPE_CHECKING:
    from lifecircle.engine.bundle.model import (
        Buildings,
        Demand,
        District,
        Facilities,
        Places,
        Spaces,
        Surveys,
    )
    from lifecircle.engine.bundle.read import check_district, read_district
    from lifecircle.engine.bundle.spread import integerise
    from lifecircle.engine.bundle.write import write_csv, write_geojson, write_geoparquet

_HERE = "lifecircle.engine.bundle"
__getattr__ = lazily(
    _HERE,
    {
        "Buildings": f"{_HERE}.model",
        "Demand": f"{_HERE}.model",
        "District": f"{_HERE}.model",
        "Facilities": f"{_HERE}.model",
        "Places": f"{_HERE}.model",
        "Spaces": f"{_HERE}.model",
        "Surveys": f"{_HERE}.model",
        "check_district": f"{_HERE}.read",
        "integerise": f"{_HERE}.spread",
        "read_district": f"{_HERE}.read",
        "write_csv": f"{_HERE}.write",
        "write_geojson": f"{_HERE}.write",
        "write_geoparquet": f"{_HERE}.write",
    },
)

__all__ = [
    "Buildings",
    "Demand",
    "District",
    "Facilities",
    "Places",
    "Spaces",
    "Surveys",
    "check_district",
    "integerise",
    "read_district",
    "write_csv",
    "write_geojson",
    "write_geoparquet",
]
