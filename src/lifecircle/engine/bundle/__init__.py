"""A district on disk: tables, row-level validation, reading, writing, the demo district.

Imports `standards`, and of `network` the reading of field edits.
"""

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
