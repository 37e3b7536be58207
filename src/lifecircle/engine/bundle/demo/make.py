"""The demo district: a made-up map of a hilly peninsula, and all that a district needs on it."""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path

import numpy as np
import rasterio
import shapely

from lifecircle.engine.bundle.create import new_bundle
from lifecircle.engine.bundle.demo import climbs, houses, links, roads, streets, ways
from lifecircle.engine.bundle.demo.drawing import Drawing
from lifecircle.engine.bundle.demo.land import CELL_M, EPSG, ORIGIN, Land, make_land
from lifecircle.engine.bundle.demo.texture import Town, scatter
from lifecircle.engine.bundle.extract import Projection
from lifecircle.progress import Progress

POPULATION = 576_300
"""Residents of Yuzhong District as the People's Daily gave them; all else is made up."""
_SEED = 500_103
_DATA = Path(__file__).with_name("data")
_SUFFIX = "街道"


def make_demo(folder: Path, *, progress: Progress | None = None) -> None:
    """Make the demo district in `folder`: about the size of Yuzhong, 23 km2 and 576,300 residents.

    The names and codes of the 11 streets and 79 communities and the population are facts; the
    map, the borders and every table are made up and marked so. Each time the tables are the same
    to the byte.

    Parameters
    ----------
    folder
        The bundle to make; an existing one is replaced when the new one is complete.
    progress
        Told of the stages.
    """
    make_town(folder, scale=1.0, progress=progress)


def make_town(folder: Path, *, scale: float, progress: Progress | None = None) -> None:
    """Make the demo at a scale: lengths, and the population with the area, shrink with it."""
    progress = progress or Progress()
    rng = np.random.default_rng(_SEED)
    with progress.stage("terrain"):
        land = make_land(scale, rng)
    with tempfile.TemporaryDirectory() as place:
        osm, elevation, boundary = (
            Path(place) / name for name in ("demo.osm.pbf", "demo.tif", "demo.geojson")
        )
        _write_elevation(elevation, land)
        _write_boundary(boundary, land)
        with progress.stage("streets and houses"):
            draw_town(land, rng).write(osm)
        new_bundle(
            folder,
            osm=osm,
            elevation=elevation,
            boundary=boundary,
            code="500103",
            name_zh="渝中区(演示)",
            name_en="Yuzhong District (demo)",
            population=max(1, round(POPULATION * scale**2)),
            names=_DATA,
            synthesise=frozenset({"places", "population", "facilities", "spaces", "surveys"}),
            made_up_map=True,
            oldtown=True,
            progress=progress,
        )


def draw_town(land: Land, rng: np.random.Generator) -> Drawing:
    """Draw the map: rivers, streets, stairs, lifts, bridges, squares, houses, names of quarters."""
    town = Town(land, rng)
    network = streets.grow(land, town, roads.make_roads(land, rng), scatter(land, town, rng), rng)
    inside = land.inside(network.points[:, 0], network.points[:, 1])
    drawing = Drawing()
    junctions = ways.draw_streets(drawing, network, town, rng)
    climbs.draw_climbs(drawing, network, junctions, inside, land.scale, rng)
    links.draw_bridges(drawing, network, junctions, land)
    links.draw_tunnels(drawing, network, junctions, land)
    links.draw_footbridges(drawing, network, junctions, inside, rng)
    squares = links.draw_squares(drawing, network, junctions, land)
    quarters = _quarters(land)
    houses.draw_houses(drawing, land, network, town, squares, quarters, rng)
    _draw_water(drawing, land)
    for name, (x, y) in quarters.items():
        drawing.add_node(x, y, {"place": "quarter", "name": name})
    return drawing


def _draw_water(drawing: Drawing, land: Land) -> None:
    for part in shapely.get_parts(land.water):
        nodes = drawing.add_nodes(
            shapely.get_coordinates(part.exterior.simplify(2.0))[:-1]
        ).tolist()
        drawing.add_way([*nodes, nodes[0]], {"natural": "water", "water": "river"})


def _quarters(land: Land) -> dict[str, tuple[float, float]]:
    """The streets' names where their quarters are, roughly as in reality."""
    with (_DATA / "streets.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            (
                row["name"].removesuffix(_SUFFIX),
                land.point(float(row["along"]), float(row["across"])),
            )
            for row in csv.DictReader(file)
        ]
    return {name: (float(x), float(y)) for name, (x, y) in rows}


def _write_elevation(path: Path, land: Land) -> None:
    """A GeoTIFF of 30 m cells, as the real models have, in whole metres."""
    rows, columns = (size // 2 * 2 for size in land.height.shape)
    cells = land.height[:rows, :columns].reshape(rows // 2, 2, columns // 2, 2).mean(axis=(1, 3))
    north = land.south + rows * CELL_M
    profile = {
        "driver": "GTiff", "dtype": "int16", "count": 1, "nodata": -32768, "compress": "deflate",
        "height": rows // 2, "width": columns // 2, "crs": f"EPSG:{EPSG}",
        "transform": rasterio.Affine(2 * CELL_M, 0, ORIGIN[0] + land.west, 0, -2 * CELL_M, ORIGIN[1] + north),
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        target.write(np.round(cells[::-1]).astype(np.int16), 1)


def _write_boundary(path: Path, land: Land) -> None:
    district = shapely.transform(land.district.simplify(2.0), lambda p: p + np.array(ORIGIN))
    degrees = Projection(EPSG).unproject(district)
    path.write_text(json.dumps(json.loads(shapely.to_geojson(degrees))), encoding="utf-8")
