"""A draft's cards are those of a full assessment of the changed district, card for card."""

import csv

import numpy as np
import pytest
from pyproj import Transformer

import lifecircle
from lifecircle.engine.grading.assess import grade_moment
from lifecircle.engine.grading.walks import Walks
from lifecircle.engine.network.tags import Kind
from lifecircle.errors import BundleError, NetworkError, NotFoundError, StandardsError
from lifecircle.progress import Progress


def drawn(small):
    bundle = small.write()
    district = lifecircle.read_district(bundle)
    return lifecircle.Draft(district, lifecircle.network_of(district)), bundle


def anew(draft):
    return grade_moment(Walks(draft.district, draft.network), Progress())[1]


def same(draft):
    for ours, whole in zip(
        sorted(draft.cards, key=lambda c: (c.scope, c.key, c.place)),
        sorted(anew(draft), key=lambda c: (c.scope, c.key, c.place)), strict=True,
    ):  # fmt: skip
        assert repr(ours) == repr(whole)


@pytest.fixture
def richer(small_district):
    small_district.tables["facilities"] += [
        small_district.facility(f"T{k}", kind, 130 * k, capacity=20 + k, condition=3, safe="yes")
        for k, kind in enumerate(
            ("toilet", "clinic", "kindergarten", "toilet", "elder_canteen") * 2
        )
    ]
    small_district.tables["places"].append(
        {"code": "L1", "name_zh": "圈一", "level": "circle", "members": "C2;C3", "wkt": ""}
    )
    return small_district


def test_any_changes_give_the_cards_of_a_full_assessment(richer):
    draft, _ = drawn(richer)
    same(draft)
    first = [repr(card) for card in draft.cards]
    rng = np.random.default_rng(4)
    kinds = [
        "toilet",
        "kindergarten",
        "convenience",
        "clinic",
        "elder_canteen",
        "nursing_home",
        "care_home",
    ]
    for step in range(8):
        facilities = draft.district.facilities
        what = step % 4
        if what == 0:
            lon, lat = 106.55 + rng.uniform(0, 0.016), 29.55 + rng.uniform(-0.001, 0.001)
            kind = kinds[rng.integers(0, len(kinds))]
            draft.add_facility(kind, lon, lat, capacity=30, condition=4, hours="Mo-Fr 08:00-18:00")
        elif what == 1:
            draft.change_facility(
                str(rng.choice(facilities.id)), capacity=float(rng.integers(1, 99))
            )
        elif what == 2:
            draft.remove_facility(str(rng.choice(facilities.id)))
        else:
            draft.change_facility(str(rng.choice(facilities.id)), operating="no")
        same(draft)
    for _ in range(20):
        try:
            draft.undo()
        except NotFoundError:
            break
    assert [repr(card) for card in draft.cards] == first


def test_a_facility_drawn_gives_the_cards_of_one_in_the_table(small_district, tmp_path):
    draft, bundle = drawn(small_district)
    done = draft.add_facility("toilet", 106.5541, 29.55004, id="N1", name="新公厕", hours="24/7")
    assert done.types == ("toilet",)
    assert done.all_types == 62
    assert {c.area for c in done.cards} >= {"D"}
    assert {c.scope for c in done.cards} >= {"type"}
    with (bundle / "facilities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows.append({"id": "N1", "name": "新公厕", "type": "toilet", "hours": "24/7",
                 "lon": "106.5541", "lat": "29.55004"})  # fmt: skip
    with (bundle / "facilities.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[-1]))
        writer.writeheader()
        writer.writerows(rows)
    table = lifecircle.assess(bundle).cards.to_pylist()
    expected = {(r["area"], r["scope"], r["key"]): (r["colour"], r["score"]) for r in table}
    codes = draft.district.places.code
    for card in draft.cards:
        colour, score = expected[str(codes[card.place]), card.scope, card.key]
        assert colour == card.colour
        assert (score is None and np.isnan(card.score)) or score == pytest.approx(card.score)


@pytest.mark.parametrize("kind", ["path", "steps", "lift", "escalator"])
def test_a_way_drawn_is_walked_by_those_it_helps(richer, kind):
    """The road is cut in two; what is drawn across the gap joins them again."""
    draft, _ = drawn(richer)
    before = [repr(card) for card in draft.cards]
    way = int(draft.network.edges.way[0])
    assert draft.close_way(way).cards
    nodes = draft.network.nodes
    to_wgs84 = Transformer.from_crs(draft.district.crs, "EPSG:4326", always_xy=True)
    ends = [
        to_wgs84.transform(nodes.x[k], nodes.y[k])
        for k in (len(nodes.x) // 3, 2 * len(nodes.x) // 3)
    ]
    done = draft.add_way(kind, *ends)
    assert done.types or kind in ("lift", "escalator")  # nobody steps onto them from a house
    same(draft)
    draft.add_facility("toilet", 106.5541, 29.55004)
    same(draft)
    assert draft.close_way(int(draft.network.edges.way[-1])).types or kind in ("lift", "escalator")
    same(draft)
    for _ in range(4):
        draft.undo()
    assert [repr(card) for card in draft.cards] == before


def test_a_way_that_joins_nothing_is_refused(richer):
    draft, _ = drawn(richer)
    for ends in (
        ((0.0, 0.0), (106.55, 29.55)),
        ((106.55, 29.55), (106.55, 29.55)),
        ((999.0, 0.0), (0.0, 0.0)),
    ):
        with pytest.raises((NetworkError, BundleError)):
            draft.add_way("path", *ends)
    with pytest.raises(NetworkError, match="path, steps, lift"):
        draft.add_way("tunnel", (106.55, 29.55), (106.56, 29.55))


def test_a_profile_changed_walks_only_what_it_walks_to(richer):
    draft, _ = drawn(richer)
    before = [repr(card) for card in draft.cards]
    bands = draft.district.standards.bands.values()
    slow = next(b.profile for b in bands if b.profile != "design")
    done = draft.change_profile(slow, flat_mps=0.3, slope_factor_cap=1.0)
    assert 0 < len(done.types) < done.all_types
    assert any(c.colour_after != c.colour_before for c in done.cards)
    same(draft)
    assert len(draft.change_profile("design", flat_mps=0.5).types) > len(done.types)
    same(draft)
    draft.change_profile(slow, stairs_up_mps="none", stairs_down_mps="none")
    same(draft)
    draft.add_facility("toilet", 106.5541, 29.55004)
    same(draft)
    for _ in range(4):
        draft.undo()
    assert [repr(card) for card in draft.cards] == before
    for values in ({"flat_mps": -1}, {"flat_mps": "fast"}, {"wings": 2}):
        with pytest.raises(StandardsError, match=r"profiles\."):
            draft.change_profile(slow, **values)
    with pytest.raises(StandardsError):
        draft.change_profile("snail", flat_mps=0.01)
    assert [repr(card) for card in draft.cards] == before


def test_a_street_closed_is_walked_round_or_not_at_all(richer):
    draft, _ = drawn(richer)
    way = int(draft.network.edges.way[0])
    before = [repr(card) for card in draft.cards]
    done = draft.close_way(way)
    assert "toilet" in done.types
    assert any(c.colour_after == "red" and c.colour_before != "red" for c in done.cards)
    same(draft)
    with pytest.raises(NotFoundError, match="no open way"):
        draft.close_way(way)
    draft.undo()
    assert [repr(card) for card in draft.cards] == before


def test_a_street_that_nobody_walks_changes_nothing(small_district, tmp_path):
    from conftest import MapWriter

    bundle = small_district.write()
    road = MapWriter(bundle / "network.osm.pbf")
    for k in range(-10, 42):
        road.node(100 + k, 50 * k, 0)
    road.node(1, 9000, 0).node(2, 9050, 0).node(3, 4000, 0)
    road.way([100 + k for k in range(-10, 42)], highway="residential")
    road.way([141, 3, 1], highway="residential").way([1, 2], highway="steps", step_count="20")
    road.write()
    district = lifecircle.read_district(bundle)
    draft = lifecircle.Draft(district, lifecircle.network_of(district))
    done = draft.close_way(3)
    assert done.types == ()
    assert done.cards == ()
    same(draft)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda d: d.add_facility("castle", 106.55, 29.55), "facility type"),
        (lambda d: d.add_facility("toilet", 1e9, 29.55), "WGS84"),
        (lambda d: d.add_facility("toilet", float("nan"), 29.55), "WGS84"),
        (lambda d: d.add_facility("toilet", 106.55, 29.55, id="F1"), "no facility has"),
        (lambda d: d.add_facility("toilet", 106.55, 29.55, capacity=-3), "at least 0"),
        (lambda d: d.add_facility("toilet", 106.55, 29.55, colour="red"), "colour"),
        (lambda d: d.change_facility("F1", condition=9), "condition"),
        (lambda d: d.change_facility("F1", hours="when it suits"), "opening hours"),
        (lambda d: d.change_facility("F1", type="toilets"), "near: toilet"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words_and_changes_nothing(small_district, act, words):
    draft, _ = drawn(small_district)
    before = draft.cards
    with pytest.raises(BundleError) as caught:
        act(draft)
    assert words in "\n".join(str(issue) for issue in caught.value.issues)
    assert draft.cards == before
    for missing in (lambda: draft.change_facility("F9"), lambda: draft.remove_facility("F9")):
        with pytest.raises(NotFoundError, match="F9"):
            missing()


def test_on_the_demo_district_a_lift_out_of_service_and_a_new_kindergarten(demo):
    district = lifecircle.read_district(demo[0] / "bundle")
    network = lifecircle.network_of(district)
    draft = lifecircle.Draft(district, network)
    lifts = network.edges.kind == Kind.LIFT
    node = int(network.nodes.osm[network.edges.tail[lifts]][0])
    out = draft.close_lift(node)
    assert out.cards
    same(draft)
    with pytest.raises(NotFoundError, match="lift"):
        draft.close_lift(node)
    x, y = (float(np.median(v)) for v in (district.demand.x, district.demand.y))
    spot = Transformer.from_crs(district.crs, "EPSG:4326", always_xy=True).transform(x, y)
    drawn_in = draft.add_facility("kindergarten", *spot, capacity=270)
    assert drawn_in.types == ("kindergarten",)
    assert drawn_in.cards
    same(draft)
