"""What a bare OpenStreetMap extract already says: buildings, facilities, names with positions.

Imports `bundle`'s model, readers and shapes. Positions are metres in the given projected CRS.
"""

from lifecircle.engine.bundle.extract.bare import SURROUND_M, BareMap, read_boundary, read_map
from lifecircle.engine.bundle.extract.buildings import MapBuildings, read_buildings
from lifecircle.engine.bundle.extract.cells import PeopleCells, read_cells
from lifecircle.engine.bundle.extract.facilities import MapFacilities, read_facilities
from lifecircle.engine.bundle.extract.ground import area_name, copy_map, read_area, slope_at
from lifecircle.engine.bundle.extract.landmarks import read_landmarks
from lifecircle.engine.bundle.extract.projection import Projection

__all__ = [
    "SURROUND_M",
    "BareMap",
    "MapBuildings",
    "MapFacilities",
    "PeopleCells",
    "Projection",
    "area_name",
    "copy_map",
    "read_area",
    "read_boundary",
    "read_buildings",
    "read_cells",
    "read_facilities",
    "read_landmarks",
    "read_map",
    "slope_at",
]
