"""Areas whose surround is not known are flagged; a surround that is known is not."""

from __future__ import annotations

import pyarrow.compute as pc

from conftest import MapWriter, SmallDistrict
from lifecircle.engine.assess import assess


def lengthen(folder, west=-60, east=92):
    """A road that runs on for 3 km beyond both ends of the district."""
    road = MapWriter(folder / "network.osm.pbf")
    for k in range(west, east):
        road.node(1000 + k, 50 * k, 0)
    road.way([1000 + k for k in range(west, east)], highway="residential").write()


def surround_of(result):
    return {i.file: i.value for i in result.notes if i.code == "surround"}


def flagged(result):
    cards = result.cards.filter(pc.field("key") == "overall").to_pylist()
    return {card["area"] for card in cards if card["edge"]}


def test_without_facilities_and_people_beyond_the_outer_communities_are_flagged(small_district):
    folder = small_district.write()
    lengthen(folder)
    result = assess(folder)
    assert set(surround_of(result)) == {"facilities", "people"}
    assert flagged(result) >= {"D", "S1", "S2", "C1", "C4"}


def surrounded(small: SmallDistrict):
    for k, x in enumerate((-700, -450, -200, 1800, 2050, 2300)):
        small.tables["facilities"].append(small.facility(f"X{k}", "toilet", x))
        small.tables["buildings"].append(
            {"id": f"X{k}", "use": "residential", "storeys": 6, "footprint_m2": 100,
             "residents": 90, **small.at(x, 5)}
        )  # fmt: skip
    return small


def test_a_known_surround_is_not_flagged(small_district):
    folder = surrounded(small_district).write()
    lengthen(folder)
    result = assess(folder)
    assert surround_of(result) == {}
    assert flagged(result) == set()


def test_only_what_is_missing_is_named(small_district):
    small = surrounded(small_district)
    del small.tables["facilities"][1:]
    folder = small.write()
    lengthen(folder)
    assert set(surround_of(assess(folder))) == {"facilities"}


def test_a_map_without_a_street_beyond_the_boundary_is_said_to_end_there(small_district):
    folder = small_district.write()
    lengthen(folder, 1, 31)
    assert set(surround_of(assess(folder))) == {"network"}


def test_what_is_far_from_any_path_is_listed(small_district):
    small_district.tables["facilities"].append(
        {"id": "FAR", "name": "FAR", "type": "toilet", **small_district.at(200, 190)}
    )
    result = assess(small_district.write())
    assert [i.value for i in result.notes if i.code == "off_network"] == ["FAR"]
    assert result.network["facilities_off_network"] == ["FAR"]
