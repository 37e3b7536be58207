"""Opportunities of a city, a province or a country, tile by tile: the same bits as in one piece.

Imports `reach`. Dask is the extra `scale`; without it tiles are done one after another.
"""

from lifecircle.engine.tiling.quadtree import Tile, cut
from lifecircle.engine.tiling.store import Store

__all__ = ["Store", "Tile", "cut"]
