"""Buildings along the streets: low in the old town, towers in the estates."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import KDTree

from lifecircle.engine.bundle.demo.drawing import Drawing
from lifecircle.engine.bundle.demo.land import Land
from lifecircle.engine.bundle.demo.streets import Streets, independent
from lifecircle.engine.bundle.demo.texture import Texture, Town
from lifecircle.engine.bundle.model import Floats, Ints, Strings

HOMES = 12_000
_OTHERS = 0.13
_OTHER_KINDS = ("commercial", "office", "retail", "school", "hospital", "public")
_SET_BACK_M, _FREE_M = 5.0, 2.5
_WITHOUT_LEVELS = 0.04


@dataclass(frozen=True, slots=True)
class _Lots:
    """Where a house could stand: centre, direction of the street, size; arrays of one length."""

    centre: Floats
    along: Floats
    width_m: Floats
    depth_m: Floats
    storeys: Ints
    kind: Strings

    def polygons(self) -> Strings:
        """Footprints, their long side along the street."""
        u = self.along * self.width_m[:, None] / 2
        v = np.column_stack([-self.along[:, 1], self.along[:, 0]]) * self.depth_m[:, None] / 2
        c = self.centre
        ring = np.stack([c - u - v, c + u - v, c + u + v, c - u + v, c - u - v], axis=1)
        polygons: Strings = shapely.polygons(ring)
        return polygons

    def radius_m(self) -> Floats:
        """Half the longer side and a little: houses keep that far apart."""
        return np.asarray(np.maximum(self.width_m, self.depth_m) * 0.56 + 0.5, dtype=np.float64)

    def take(self, which: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> _Lots:
        return _Lots(
            self.centre[which],
            self.along[which],
            self.width_m[which],
            self.depth_m[which],
            self.storeys[which],
            self.kind[which],
        )


def draw_houses(
    drawing: Drawing,
    land: Land,
    streets: Streets,
    town: Town,
    squares: list[shapely.Polygon],
    quarters: dict[str, tuple[float, float]],
    rng: np.random.Generator,
) -> None:
    """Build along every street what finds room, up to about `HOMES` homes in the district."""
    lots = _lots(streets, town, rng)
    lots = lots.take(_free(lots, land, streets, squares))
    pairs = KDTree(lots.centre).query_pairs(float(2 * lots.radius_m().max()), output_type="ndarray")
    gap = np.hypot(*(lots.centre[pairs[:, 0]] - lots.centre[pairs[:, 1]]).T)
    radius = lots.radius_m()
    clash = pairs[gap < radius[pairs[:, 0]] + radius[pairs[:, 1]]]
    lots = lots.take(independent(len(lots.width_m), clash))
    lots = lots.take(_enough(lots, land))
    unknown = rng.random(len(lots.kind)) < _WITHOUT_LEVELS
    corners = shapely.get_coordinates(lots.polygons()).reshape(-1, 5, 2)[:, :4]
    first = drawing.add_nodes(corners.reshape(-1, 2))[::4]
    names = list(quarters)
    quarter = KDTree(np.array(list(quarters.values()))).query(lots.centre)[1].tolist()
    houses = Counter[int]()
    for lot, node in enumerate(first.tolist()):
        houses[quarter[lot]] += 1
        tags = {
            "building": str(lots.kind[lot]), "addr:street": names[quarter[lot]],
            "addr:housenumber": str(houses[quarter[lot]]),
        }  # fmt: skip
        if not unknown[lot]:
            tags["building:levels"] = str(lots.storeys[lot])
        drawing.add_way([node, node + 1, node + 2, node + 3, node], tags)


def _lots(streets: Streets, town: Town, rng: np.random.Generator) -> _Lots:
    """Lots on both sides of every street, in random order."""
    a, b = streets.points[streets.edges[:, 0]], streets.points[streets.edges[:, 1]]
    along = (b - a) / streets.length_m()[:, None]
    left = np.column_stack([-along[:, 1], along[:, 0]])
    places, directions = [], []
    for side in (1, -1):
        for share in (0.2, 0.5, 0.8):
            places.append(np.concatenate([a + share * (b - a), side * left], axis=1))
            directions.append(along * side)
    order = rng.permutation(6 * len(along))
    place, direction = np.concatenate(places)[order], np.concatenate(directions)[order]
    texture = town.at(place[:, 0], place[:, 1])
    width, depth, storeys = _sizes(texture, rng)
    centre = place[:, :2] + place[:, 2:] * (_SET_BACK_M + depth / 2)[:, None]
    lots = _Lots(centre, direction, width, depth, storeys, _kinds(texture, storeys, rng))
    built = np.select([texture.hill, texture.beyond, texture.estate], [0.2, 0.12, 0.5], 1.0)
    return lots.take(rng.random(len(width)) < built)


def _sizes(texture: Texture, rng: np.random.Generator) -> tuple[Floats, Floats, Ints]:
    """Width, depth and storeys by texture."""
    count = len(texture.old)
    kinds = [texture.centre, texture.old & (rng.random(count) < 0.88), texture.estate, texture.hill]
    width = np.select(
        kinds, [rng.uniform(18, 34, count), rng.uniform(12, 26, count),
                rng.uniform(18, 36, count), rng.uniform(8, 14, count)],
        rng.uniform(14, 32, count),
    )  # fmt: skip
    depth = np.select(
        kinds, [rng.uniform(16, 26, count), rng.uniform(10, 15, count),
                rng.uniform(13, 19, count), rng.uniform(7, 11, count)],
        rng.uniform(10, 14, count),
    )  # fmt: skip
    tower = rng.random(count) < 0.3
    storeys = np.select(
        kinds, [rng.integers(8, 31, count), rng.integers(3, 10, count) + np.where(rng.random(count) < 0.12, 12, 0),
                np.where(tower, rng.integers(16, 34, count), rng.integers(6, 12, count)),
                rng.integers(2, 4, count)],
        np.where(tower, rng.integers(8, 19, count), rng.integers(5, 9, count)),
    )  # fmt: skip
    return width, depth, storeys.astype(np.int32)


def _kinds(texture: Texture, storeys: Ints, rng: np.random.Generator) -> Strings:
    """The `building` value: homes, and others, of which the centre has the most."""
    count = len(storeys)
    home = np.where(storeys > 8, "apartments", np.where(storeys > 3, "residential", "house"))
    other = rng.choice(_OTHER_KINDS, count, p=(0.3, 0.22, 0.24, 0.1, 0.04, 0.1))
    share = np.where(texture.centre, 0.5, _OTHERS)
    return np.where(rng.random(count) < share, other, home).astype(object)


def _free(
    lots: _Lots, land: Land, streets: Streets, squares: list[shapely.Polygon]
) -> np.ndarray[tuple[int, ...], np.dtype[np.generic]]:
    """Lots on dry ground that no street and no square cuts."""
    x, y = lots.centre.T
    free = (land.at(land.water_m, x, y) > 18) & shapely.contains_xy(land.ground, x, y)
    polygons = lots.polygons()
    lines = shapely.linestrings(streets.points[streets.edges])
    tree = shapely.STRtree(np.concatenate([lines, np.array(squares, dtype=object)]))
    cut = tree.query(shapely.buffer(polygons, _FREE_M, join_style="mitre"), predicate="intersects")
    free[cut[0]] = False
    return np.asarray(free)


def _enough(lots: _Lots, land: Land) -> np.ndarray[tuple[int, ...], np.dtype[np.generic]]:
    """Leave out homes of the district beyond `HOMES`; lots come in random order."""
    home = np.isin(lots.kind, ["apartments", "residential", "house"])
    home &= land.inside(lots.centre[:, 0], lots.centre[:, 1])
    return np.asarray(~home | (np.cumsum(home) <= HOMES * land.scale**2))
