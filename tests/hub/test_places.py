"""The tree of places: who may change it, and that it keeps its past."""

import datetime as dt

import pytest
import shapely
from django.utils.timezone import localdate

from lifecircle.hub.actor import Actor
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from lifecircle.hub.facilities.models import Facility
from lifecircle.hub.places import actions, queries
from lifecircle.hub.places.models import Place

ON = localdate() + dt.timedelta(days=3)


@pytest.fixture
def planner(hub) -> Actor:
    return hub.actor("planner")


def lineages():
    return dict(Place.objects.values_list("code", "lineage"))


def whole(tree):
    """Every lineage is its parent's and its own code."""
    for one in Place.objects.select_related("parent"):
        above = one.parent.lineage if one.parent else "/"
        assert one.lineage == f"{above}{one.code}/"


def test_a_community_moves_with_all_below_it_and_its_facilities(planner, hub):
    actions.create(planner, parent="C1", code="G1", level="grid", name_zh="网格一", on=ON)
    officer = hub.actor("street2")
    with pytest.raises(MissingError):
        queries.place(officer, "C1")
    actions.move(planner, "C1", parent="S2", on=ON)
    whole(lineages())
    assert lineages()["G1"] == "/D/S2/C1/G1/"
    assert queries.place(officer, "G1").name_zh == "网格一"
    assert Facility.objects.filter(place__lineage__startswith="/D/S2/C1/").exists()
    said = [(e.kind, e.before, e.after) for e in queries.history(queries.place(planner, "C1"))]
    assert said[-1] == ("moved", {"parent": "S1"}, {"parent": "S2"})


def test_communities_merge_and_the_one_that_ends_keeps_its_past(planner):
    actions.create(planner, parent="C2", code="G2", level="grid", name_zh="网格二", on=ON)
    area = queries.place(planner, "C1").geometry.area + queries.place(planner, "C2").geometry.area
    actions.merge(planner, ["C2"], into="C1", on=ON)
    whole(lineages())
    ended = queries.place(planner, "C2")
    assert ended.until == ON
    assert queries.history(ended).last().after == {"into": "C1"}
    assert lineages()["G2"] == "/D/S1/C1/G2/"
    assert queries.place(planner, "C1").geometry.area == pytest.approx(area)
    assert "C2" not in queries.places(planner).values_list("code", flat=True)
    assert "C2" in queries.places(planner, ended=True).values_list("code", flat=True)
    with pytest.raises(ConflictError, match=f"ended on {ON}"):
        actions.rename(planner, "C2", name_zh="x", name_en="", on=ON)


def test_what_stood_in_a_place_that_ended_stands_in_its_heir(planner, hub):
    from lifecircle.hub.people.models import Household
    from lifecircle.hub.people.queries import current_grants

    before = set(
        Facility.objects.filter(place__code__in=["C1", "C2"]).values_list("ref", flat=True)
    )
    actions.merge(planner, ["C1"], into="C2", on=ON)
    assert set(Facility.objects.filter(place__code="C2").values_list("ref", flat=True)) == before
    assert not Facility.objects.filter(place__until__isnull=False).exists()
    assert not Household.objects.filter(place__until__isnull=False).exists()
    assert not current_grants(hub.account("worker1")).exists()
    west, south, east, north = queries.place(planner, "C2").geometry.bounds
    middle = (west + east) / 2
    parts = [
        {"code": f"N{k}", "name_zh": "x", "shape": shapely.box(a, south, b, north)}
        for k, (a, b) in enumerate([(west, middle), (middle, east)])
    ]
    actions.split(planner, "C2", parts, on=ON)
    for one in Facility.objects.filter(ref__in=before).select_related("place"):
        assert one.place.code == ("N0" if one.lon < middle else "N1")


def test_a_community_split_gives_its_buildings_to_the_part_they_lie_in(planner):
    west, south, east, north = queries.place(planner, "C1").geometry.bounds
    middle = (west + east) / 2
    parts = [
        {"code": f"C1{side}", "name_zh": f"社区{side}", "shape": shapely.box(a, south, b, north)}
        for side, a, b in (("W", west, middle), ("E", middle, east))
    ]
    actions.split(planner, "C1", parts, on=ON)
    whole(lineages())
    below = Place.objects.filter(level="building", parent__code__in=["C1W", "C1E"])
    assert {b.parent.code for b in below} == {"C1W", "C1E"}
    for one in below.select_related("parent"):
        assert one.parent.geometry.intersects(one.geometry)
    assert queries.place(planner, "C1").until == ON


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        (lambda w, s, e, n: [shapely.box(w, s, (w + e) / 2, n)] * 2, "left over"),
        (lambda w, s, e, n: [shapely.box(w, s, e, n), shapely.box(w, s, (w + e) / 2, n)], "is in two"),
    ],
)  # fmt: skip
def test_parts_that_overlap_or_leave_something_over_are_refused(planner, shapes, said):
    before = lineages()
    found = shapes(*queries.place(planner, "C1").geometry.bounds)
    parts = [{"code": f"P{k}", "name_zh": "x", "shape": shape} for k, shape in enumerate(found)]
    with pytest.raises(InvalidError, match=said):
        actions.split(planner, "C1", parts, on=ON)
    assert lineages() == before


def test_what_does_not_belong_there_is_refused(planner):
    before = lineages()
    for parent, level, code in (
        ("C1", "street", "X"),
        ("C1", "community", "X"),
        ("C1", "grid", "C3"),
    ):
        with pytest.raises(InvalidError):
            actions.create(planner, parent=parent, code=code, level=level, name_zh="x", on=ON)
    with pytest.raises(InvalidError, match="lies outside"):
        actions.create(
            planner,
            parent="C1",
            code="X",
            level="grid",
            name_zh="x",
            on=ON,
            shape=shapely.box(0, 0, 1, 1),
        )
    with pytest.raises(InvalidError, match="below itself"):
        actions.move(planner, "S1", parent="C1", on=ON)
    with pytest.raises(InvalidError):
        actions.merge(planner, ["S2"], into="C1", on=ON)
    assert lineages() == before


def test_only_a_planner_changes_the_tree(hub):
    for who in ("street1", "worker1", "operator"):
        with pytest.raises(ForbiddenError):
            actions.rename(hub.actor(who), "C1", name_zh="x", name_en="", on=ON)


def test_a_point_is_found_in_its_place_by_who_may_see_it(hub):
    at = {"lon": 106.5618, "lat": 29.55}
    assert hub.client("planner").get("/api/v1/places/at", at).json()["code"] == "C3"
    assert hub.client("worker1").get("/api/v1/places/at", at).status_code == 404


def test_names_are_found_by_pinyin_and_its_initials(hub):
    client = hub.client("planner")
    for text in ("社区1", "shequ1", "she qu 1", "sq1", "C1"):
        found = client.get("/api/v1/places", {"text": text, "level": "community"}).json()["items"]
        assert [one["code"] for one in found] == ["C1"], text


def test_a_district_is_loaded_once_and_whole(hub, tmp_path):
    from hub.conftest import small
    from lifecircle.hub.assessments.loading import load

    before = lineages()
    with pytest.raises(ConflictError):
        load(Actor.system("test"), small(tmp_path / "again").write())
    assert lineages() == before
    assert Place.objects.filter(level="building").count() == 12


def test_people_go_on_where_their_place_did(planner):
    from lifecircle.hub.places.models import Population

    def people():
        rows = queries.population_rows()
        return {(row.place.code, row.group): row.persons for row in rows}

    total = sum(people().values())
    actions.merge(planner, ["C2"], into="C1", on=ON)
    assert people()["C1", "residents"] == 2000
    west, south, east, north = queries.place(planner, "C3").geometry.bounds
    cut = west + (east - west) * 0.6  # two of the three houses
    parts = [
        {"code": f"N{k}", "name_zh": "x", "shape": shapely.box(a, south, b, north)}
        for k, (a, b) in enumerate([(west, cut), (cut, east)])
    ]
    actions.split(planner, "C3", parts, on=ON)
    assert people()["N0", "residents"] == pytest.approx(2000 / 3)
    assert sum(people().values()) == pytest.approx(total)
    assert Population.objects.filter(place__code="C3").exists()  # its past


def test_codes_differ_by_more_than_case(planner):
    with pytest.raises(InvalidError, match="not taken"):
        actions.create(planner, parent="S1", code="c1", level="community", name_zh="x", on=ON)


def test_a_place_does_not_end_before_it_began(planner):
    before = lineages()
    with pytest.raises(InvalidError, match="not before C1 began"):
        actions.merge(planner, ["C1"], into="C2", on=dt.date(2020, 1, 1))
    assert lineages() == before


def test_a_grid_without_a_shape_is_left_out_of_assessments(planner):
    actions.create(planner, parent="C1", code="G1", level="grid", name_zh="网格一", on=ON)
    west, south, _, _ = queries.place(planner, "C1").geometry.bounds
    shape = shapely.box(west, south, west + 0.0005, south + 0.0005)
    actions.create(
        planner, parent="C1", code="G2", level="grid", name_zh="网格二", on=ON, shape=shape
    )
    codes = set(queries.tree_rows().values_list("code", flat=True))
    assert {"C1", "G1", "G2"} & codes == {"C1", "G2"}


@pytest.mark.parametrize(("who", "expected"), [("planner", True), ("worker1", False)])
def test_a_place_says_whether_the_caller_may_change_it(hub, who, expected):
    found = hub.client(who).get("/api/v1/places/C1").json()
    assert found["may_change"] is expected
