"""Districts that are odd but true are assessed the whole way, paper and GeoPackage included."""

import csv
import re

import pytest

import lifecircle
from conftest import MapWriter, SmallDistrict


def box(west, east):
    return SmallDistrict.box(west, east).removeprefix("POLYGON ((").removesuffix("))")


def two_polygons(small):
    small.tables["places"][0]["wkt"] = f"MULTIPOLYGON ((({box(0, 1600)})), (({box(1700, 1900)})))"
    return small.write()


def a_hole(small):
    x0, x1 = (106.55 + x * MapWriter.METRE_LON for x in (500, 520))
    y0, y1 = (29.55 + y * MapWriter.METRE_LAT for y in (50, 90))
    hole = f"{x0} {y0}, {x0} {y1}, {x1} {y1}, {x1} {y0}, {x0} {y0}"
    small.tables["places"][0]["wkt"] = f"POLYGON (({box(0, 1600)}), ({hole}))"
    return small.write()


def one_community(small):
    district, street, _, community, *_ = small.tables["places"]
    small.tables["places"] = [district, street, {**community, "wkt": district["wkt"]}]
    small.tables["population"] = [{"place": "C1", "group": "residents", "persons": 4000}]
    return small.write()


def nobody(small):
    for row in small.tables["population"]:
        row["persons"] = 0
    return small.write()


def no_homes(small):
    small.tables["buildings"] = [{"id": "x", "use": "other", "lon": "106.551", "lat": "29.55"}]
    return small.write()


def no_buildings(small):
    folder = small.write()
    (folder / "buildings.csv").write_text("id,use,lon,lat\n")
    return folder


def no_facilities(small):
    folder = small.write()
    (folder / "facilities.csv").write_text("id,name,type,lon,lat\n")
    return folder


def at(lon, lat):
    """The district moved by degrees; its road keeps its direction."""

    def east(value):
        return (value + lon + 180) % 360 - 180

    def move(small):
        folder = small.write()
        for name in ("places", "buildings", "facilities"):
            with (folder / f"{name}.csv").open(encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            for row in rows:
                if row.get("lon"):
                    row["lon"] = f"{east(float(row['lon'])):.8f}"
                    row["lat"] = f"{float(row['lat']) + lat:.8f}"
                if row.get("wkt"):
                    row["wkt"] = re.sub(
                        r"(-?\d+\.\d+) (-?\d+\.\d+)",
                        lambda pair: f"{east(float(pair[1]))} {float(pair[2]) + lat}",
                        row["wkt"],
                    )
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0])
                writer.writeheader()
                writer.writerows(rows)
        road = MapWriter(folder / "network.osm.pbf")
        for k in range(-10, 42):
            road.node(100 + k, 50 * k, 0)
        road.nodes = {k: (east(x), y + lat, tags) for k, (x, y, tags) in road.nodes.items()}
        road.way([100 + k for k in range(-10, 42)], highway="residential").write()
        return folder

    return move


STRANGE = {
    "two polygons": two_polygons,
    "a hole": a_hole,
    "one community": one_community,
    "nobody lives there": nobody,
    "no homes": no_homes,
    "an empty table of buildings": no_buildings,
    "an empty table of facilities": no_facilities,
    "the southern hemisphere": at(0, -60),
    "the western hemisphere": at(-180, 0),
    "across the 180th meridian": at(180 - 106.555, 0),
    "far north": at(0, 40),
}


@pytest.mark.parametrize("change", STRANGE.values(), ids=STRANGE)
def test_a_strange_district_is_assessed_and_printed(change, small_district, tmp_path):
    assessment = lifecircle.assess(change(small_district), tmp_path / "out")
    assert assessment.cards.num_rows > 0
    lifecircle.write_paper(tmp_path / "out", tmp_path / "paper.html")
    lifecircle.write_geopackage(tmp_path / "out", tmp_path / "cards.gpkg")
    assert (tmp_path / "paper.html").stat().st_size > 10_000


def test_where_on_earth_a_district_lies_does_not_change_its_grades(small_district, tmp_path):
    def colours(move, name):
        small_district.folder = tmp_path / name
        cards = lifecircle.assess(move(small_district)).cards
        return cards.select(["area", "scope", "key", "colour"]).to_pylist()

    here = colours(at(0, 0), "here")
    assert here == colours(at(-180, 0), "west")
    assert here == colours(at(180 - 106.555, 0), "meridian")
