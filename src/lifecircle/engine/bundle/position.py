"""Whether a table lies where it says: read in the wrong coordinate system it is refused.

GCJ-02 read as WGS84 is half a kilometre off, BD-09 a whole one: most points still lie inside the
district. What gives it away is a second witness: the boundary, the streets, the buildings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from lifecircle.engine.bundle.crs import DATUMS, SHIFTED, reread
from lifecircle.engine.bundle.readers import RawTable
from lifecircle.engine.bundle.shapes import Shapes
from lifecircle.errors import Issue

Floats = NDArray[np.float64]

SURROUND_M = 3000.0
"""How far around the district's box a table may reach."""

_SWAPPED = "swapped"
_FITS, _BETTER, _FEWEST_OUTSIDE, _FILLED, _NEARLY_ALL = 0.98, 0.05, 5, 0.6, 0.9
_NEAR_M, _AT_M, _FEWEST_NEAR, _WINS = 30.0, 10.0, 30, 0.75
_FEWEST_BURIED, _LESS_BURIED = 30, 0.5
_FEWEST_MOVED, _FILLED_MOVED = 20, 0.85


@dataclass(frozen=True, slots=True)
class Witness:
    """What the position of a table is held against.

    `outline` is the district and `streets` (nodes, 2) points on streets, in WGS84 degrees;
    `buildings` are geometries in the metres of `crs`. The last two may be empty.
    """

    outline: shapely.Geometry
    crs: CRS
    streets: Floats
    buildings: Shapes

    def within(self, lon: Floats, lat: Floats) -> float:
        """Share of the points that lie in the district."""
        return float(np.mean(shapely.contains_xy(self.outline, lon, lat)))

    def around(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        """Which points lie in the district's box or at most 3 km beside it."""
        west, south, east, north = self.outline.bounds
        margin_lat = SURROUND_M / 110_574.0
        margin_lon = SURROUND_M / (111_320.0 * max(np.cos(np.radians((south + north) / 2)), 0.01))
        return np.asarray(
            (lon >= west - margin_lon) & (lon <= east + margin_lon)
            & (lat >= south - margin_lat) & (lat <= north + margin_lat)
        )  # fmt: skip


def check_position(raw: RawTable, shapes: Shapes, crs: str, witness: Witness) -> list[Issue]:
    """Refuse a table that lies beside the district, and name the mistake that would explain it.

    Parameters
    ----------
    raw, shapes
        The table and its geometries (or None), WGS84.
    crs
        The system it was read in.
    witness
        What is known of the district.
    """
    known = ~shapely.is_missing(shapes)
    if not known.any():
        return []
    points = shapely.point_on_surface(shapes[known])
    lon, lat = shapely.get_x(points), shapely.get_y(points)
    shapely.prepare(witness.outline)
    taken = crs if crs in SHIFTED else "WGS84"
    around = witness.around(lon, lat)
    reason = _share(lon, lat, witness)
    if around.mean() < 0.5:
        return [_refused(raw, crs, _by_box(lon, lat, taken, witness), reason)]
    cause = _by_outline(lon, lat, taken, witness)
    if not cause:
        cause, reason = _by_streets(shapes[known], taken, witness), _STREETS
    if not cause:
        cause, reason = _by_buildings(lon, lat, taken, witness), _BUILDINGS
    if cause:
        return [_refused(raw, crs, cause, reason)]
    return [*_moved(raw, lon, lat, witness), *_strays(raw, shapes, known, around)]


_STREETS = "too many streets run through the buildings", "过多街道穿过建筑"
_BUILDINGS = "the points lie off the buildings", "点位偏离建筑"


def _share(lon: Floats, lat: Floats, witness: Witness) -> tuple[str, str]:
    share = witness.within(lon, lat)
    return f"{share:.0%} of the points lie in the district", f"{share:.0%} 的点在区内"


def _readings(lon: Floats, lat: Floats, taken: str) -> dict[str, tuple[Floats, Floats]]:
    """Where the points would lie if they were written in another way than they were read."""
    with np.errstate(all="ignore"):
        readings = {meant: reread(lon, lat, taken, meant) for meant in DATUMS if meant != taken}
    return readings | {_SWAPPED: (lat, lon)}


def _by_box(lon: Floats, lat: Floats, taken: str, witness: Witness) -> str:
    """The reading that brings points which are nowhere near to the district."""
    near = {
        meant: witness.within(*points)
        for meant, points in _readings(lon, lat, taken).items()
        if witness.around(*points).mean() >= _NEARLY_ALL
    }
    return max(near, key=lambda meant: near[meant], default="")


def _by_outline(lon: Floats, lat: Floats, taken: str, witness: Witness) -> str:
    """The reading that brings all points into the district, if some are not there.

    It has to fill the district: a cluster across the boundary would fit into it in many ways.
    """
    here = witness.within(lon, lat)
    if (1.0 - here) * len(lon) < _FEWEST_OUTSIDE:
        return ""
    readings = _readings(lon, lat, taken)
    shares = {meant: witness.within(*points) for meant, points in readings.items()}
    best = max(shares, key=lambda meant: shares[meant])
    fits = shares[best] >= max(_FITS, here + _BETTER)
    telling = here < 1.0 - _NEARLY_ALL or _fills(*readings[best], witness.outline)
    return best if fits and telling else ""


def _fills(lon: Floats, lat: Floats, outline: shapely.Geometry, share: float = _FILLED) -> bool:
    """Whether points reach over most of the district's width and height."""
    west, south, east, north = outline.bounds
    width, height = (np.ptp(np.percentile(axis, [2, 98])) for axis in (lon, lat))
    return bool(width >= share * (east - west) and height >= share * (north - south))


def _by_streets(shapes: Shapes, taken: str, witness: Witness) -> str:
    """The reading by which far fewer points of streets lie inside buildings."""
    polygons = shapes[shapely.area(shapes) > 0]
    if len(polygons) == 0 or len(witness.streets) == 0:
        return ""
    tree = shapely.STRtree(polygons)

    def buried(nodes: tuple[Floats, Floats]) -> int:
        return len(np.unique(tree.query(shapely.points(*nodes), predicate="within")[0]))

    lon, lat = witness.streets.T
    here = buried((lon, lat))
    if here < _FEWEST_BURIED:
        return ""
    # Moving the streets the other way spares moving every building.
    counts = {m: buried(reread(lon, lat, m, taken)) for m in DATUMS if m != taken}
    best = min(counts, key=lambda meant: counts[meant])
    return best if counts[best] < _LESS_BURIED * here else ""


def _by_buildings(lon: Floats, lat: Floats, taken: str, witness: Witness) -> str:
    """The reading by which points come to lie at buildings that do not lie there now."""
    if len(witness.buildings) == 0:
        return ""
    turn = Transformer.from_crs("EPSG:4326", witness.crs, always_xy=True)
    tree = shapely.STRtree(witness.buildings)

    def distance_m(at: tuple[Floats, Floats]) -> Floats:
        points = shapely.points(*turn.transform(*at))
        which, found = tree.query_nearest(
            points, max_distance=_NEAR_M, return_distance=True, all_matches=False
        )
        result = np.full(len(points), _NEAR_M)
        result[which[0]] = found
        return result

    here = distance_m((lon, lat))
    best, most = "", _WINS
    for meant in (m for m in DATUMS if m != taken):
        there = distance_m(reread(lon, lat, taken, meant))
        near = np.minimum(here, there) < _NEAR_M
        wins, losses = (there < here - 1.0).sum(), (there > here + 1.0).sum()
        at_home = near.any() and np.median(there[near]) <= _AT_M
        if wins + losses >= _FEWEST_NEAR and at_home and wins >= most * (wins + losses):
            best, most = meant, wins / (wins + losses)
    return best


def _refused(raw: RawTable, crs: str, cause: str, reason: tuple[str, str]) -> Issue:
    en, zh = f"{reason[0]}, read as {crs}", f"按 {crs} 读取, {reason[1]}"
    if cause == _SWAPPED:
        en, zh = f"{en}; they would fit with longitude and latitude swapped", f"{zh}; 疑经纬度颠倒"
    elif cause:
        en, zh = f"{en}; it would fit if it is {cause}", f"{zh}; 疑为 {cause} 坐标"
    return Issue("misses_district", raw.file, en, zh, value=cause)


def _moved(raw: RawTable, lon: Floats, lat: Floats, witness: Witness) -> list[Issue]:
    """Warn of a table that would fill the district if it were moved as a whole.

    Registers are found shifted by a kilometre or two, the same everywhere, for no datum's reason.
    """
    here = witness.within(lon, lat)
    west, south, east, north = witness.outline.bounds
    along = (south + north) / 2
    if len(lon) < _FEWEST_MOVED or here >= _NEARLY_ALL:
        return []
    step = np.array([east - west, north - south]) / 8
    low, high = (np.percentile([lon, lat], q, axis=1) for q in (2, 98))
    best, move = -1.0, np.array([west + east, south + north]) / 2 - (low + high) / 2
    for _ in range(6):
        around = [move + step * (i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        shares = [witness.within(lon + dx, lat + dy) for dx, dy in around]
        if max(shares) > best:
            best, move = max(shares), around[int(np.argmax(shares))]
        step = step / 2
    fills = _fills(lon + move[0], lat + move[1], witness.outline, _FILLED_MOVED)
    if best < max(_FITS, here + _BETTER) or not fills:
        return []
    dx, dy = move * (111.320 * np.cos(np.radians(along)), 110.574)
    by = f"{abs(dx):.1f} km {'east' if dx > 0 else 'west'}, {abs(dy):.1f} km {'north' if dy > 0 else 'south'}"
    zh = f"{'东' if dx > 0 else '西'} {abs(dx):.1f} km、{'北' if dy > 0 else '南'} {abs(dy):.1f} km"
    return [
        Issue(
            "moved",
            raw.file,
            f"points in the district: {here:.0%} are; moved {by} it would be {best:.0%}",
            f"区内的点: 现有 {here:.0%}; 整体向{zh} 平移后为 {best:.0%}",
            severity="warning",
        )
    ]


def _strays(
    raw: RawTable, shapes: Shapes, known: NDArray[np.bool_], around: NDArray[np.bool_]
) -> list[Issue]:
    """Warn of single rows far from the district."""
    return [
        Issue(
            "stray", raw.file, "a position within 3 km of the district", "区界外 3 公里以内的位置",
            int(raw.rows[k]), "geometry", shapely.centroid(shapes[k]).wkt[:60], severity="warning",
        )
        for k in np.flatnonzero(known)[~around]
    ]  # fmt: skip
