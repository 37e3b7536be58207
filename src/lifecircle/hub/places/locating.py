"""Which community many points lie in, at once."""

from __future__ import annotations

import numpy as np
import shapely

from lifecircle.hub.places.models import Place

SURROUND_DEGREES = 0.05
"""How far beyond the boundary (some 5 km) a district knows what is there."""


class Locator:
    """The communities as they are now, ready for many points."""

    def __init__(self) -> None:
        open_now = Place.objects.filter(until__isnull=True)
        self._district = open_now.filter(level="district").first()
        self._communities = [
            one for one in open_now.filter(level="community") if one.shape is not None
        ]
        self._tree = shapely.STRtree([one.geometry for one in self._communities])
        outline = self._district.geometry if self._district else None
        self._near = None if outline is None else outline.buffer(SURROUND_DEGREES)

    def place(self, lon: float, lat: float) -> Place | None:
        """The community of a point; the district in its surround; None farther off."""
        spot = shapely.Point(lon, lat)
        found = np.sort(self._tree.query(spot, predicate="intersects"))
        if len(found):
            return self._communities[int(found[0])]
        if self._near is not None and self._near.intersects(spot):
            return self._district
        return None
