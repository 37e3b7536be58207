"""SensorThings 1.1 over the devices: its addresses and options, each to the letter, for who may read them and no one else."""

import datetime as dt
from urllib.parse import quote

import pytest
from django.utils import timezone

from lifecircle.hub.devices import limits
from lifecircle.hub.devices.ingesting import Sent, ingest

from .test_devices import DOOR, body, device

pytestmark = pytest.mark.django_db
SETS = {
    "Things": {"Locations", "Datastreams"}, "Locations": {"Things"}, "Sensors": {"Datastreams"},
    "FeaturesOfInterest": {"Observations"}, "ObservedProperties": {"Datastreams"},
    "Datastreams": {"Thing", "Sensor", "ObservedProperty", "Observations"},
}  # fmt: skip
NEEDED = {  # OGC 18-088, tables 2 to 20: what each entity must have
    "Things": {"name", "description"}, "Locations": {"name", "description", "encodingType", "location"},
    "Sensors": {"name", "description", "encodingType", "metadata"},
    "FeaturesOfInterest": {"name", "description", "encodingType", "feature"},
    "ObservedProperties": {"name", "description", "definition"},
    "Datastreams": {"name", "description", "unitOfMeasurement", "observationType"},
    "Observations": {"phenomenonTime", "result", "resultTime"},
}  # fmt: skip


@pytest.fixture
def measured(hub):
    """Two devices of the first community, one of the next street; the first measured six times."""
    limits.forget()
    device(hub, owner="张三丰", lon=106.55, lat=29.55)
    device(hub, "env-1", "environment", door=None, consent_on=None)
    device(hub, "far-1", place="C3", who="worker3")
    start = timezone.now() - dt.timedelta(minutes=6)
    for k in range(6):
        at = (start + dt.timedelta(minutes=k)).isoformat()
        ingest([Sent("smoke-1", body(k, values={"ppm": k * 10, "it's/a": 1}, at=at))])
    ingest([Sent("env-1", body(1, values={"ppm": 7})), Sent("far-1", body(1, values={"far": 7}))])
    return hub


def ask(hub, path="", who="worker1", status=200, **options):
    answer = hub.client(who).get(
        f"/sta/v1.1{path}", {f"${name}": value for name, value in options.items()}
    )
    assert answer.status_code == status, answer.content
    return answer.json()


def stream(hub, name="ppm", ref="smoke-1"):
    rows = ask(hub, "/Datastreams")["value"]
    return next(f"/Datastreams({one['@iot.id']})" for one in rows if one["name"] == f"{ref} {name}")


def follow(hub, link, who="worker1"):
    answer = hub.client(who).get(link.removeprefix("http://testserver"))
    assert answer.status_code == 200, link
    return answer.json()


def test_the_root_lists_every_set_and_what_is_spoken(measured):
    root = ask(measured)
    listed = {one["name"]: one["url"] for one in root["value"]}
    assert set(listed) == {*SETS, "Observations"}
    assert listed["Things"] == "http://testserver/sta/v1.1/Things"
    assert all(
        one.startswith("http://www.opengis.net/spec/iot_sensing/1.1/req/")
        for one in root["serverSettings"]["conformance"]
    )


@pytest.mark.parametrize("name", SETS)
def test_every_entity_has_what_it_must_and_all_its_links_lead_somewhere(measured, name):
    rows = ask(measured, f"/{name}")["value"]
    assert rows
    for row in rows:
        assert NEEDED[name] <= set(row)
        assert {
            key.removesuffix("@iot.navigationLink") for key in row if key.endswith("navigationLink")
        } == SETS[name]
        assert follow(measured, row["@iot.selfLink"]) == row
        for step in SETS[name]:
            found = follow(measured, row[f"{step}@iot.navigationLink"])
            assert ("value" in found) == step.endswith("s"), step
            shown = found["value"][0] if "value" in found else found
            assert "@iot.id" in shown


def test_observations_are_those_of_their_datastream_and_lead_back(measured):
    here = stream(measured)
    rows = ask(measured, f"{here}/Observations")["value"]
    assert [one["result"] for one in rows] == [0, 10, 20, 30, 40, 50]
    assert all(NEEDED["Observations"] <= set(one) for one in rows)
    back = follow(measured, rows[0]["Datastream@iot.navigationLink"])
    assert back["name"] == "smoke-1 ppm"
    feature = follow(measured, rows[0]["FeatureOfInterest@iot.navigationLink"])
    assert feature["feature"]["geometry"] == {"type": "Point", "coordinates": [106.55, 29.55]}
    assert (
        len(ask(measured, f"{here}/ObservedProperty/Datastreams")["value"]) == 2
    )  # two devices measure it
    assert ask(measured, f"{here}/Thing/Locations")["value"][0]["location"]["type"] == "Feature"


def test_pages_are_bounded_counted_and_followed_to_their_end(measured):
    found, seen = (
        ask(
            measured, f"{stream(measured)}/Observations", top=4, count="true", orderby="result desc"
        ),
        [],
    )
    assert found["@iot.count"] == 6
    seen += found["value"]
    last = follow(measured, found["@iot.nextLink"])
    seen += last["value"]
    assert "@iot.nextLink" not in last
    assert [one["result"] for one in seen] == [50, 40, 30, 20, 10, 0]
    assert ask(measured, "/Things", top=0)["value"] == []
    assert "@iot.count" not in ask(measured, "/Things")
    assert len(ask(measured, "/Things", skip=1)["value"]) == 1
    assert len(ask(measured, "/Things", top=999_999)["value"]) == 2


def test_a_range_of_time_and_of_results_is_filtered(measured):
    here = f"{stream(measured)}/Observations"
    times = [one["phenomenonTime"] for one in ask(measured, here)["value"]]
    asked = f"phenomenonTime ge {times[1]} and phenomenonTime lt {times[4]}"
    assert [one["result"] for one in ask(measured, here, filter=asked)["value"]] == [10, 20, 30]
    assert [
        one["result"]
        for one in ask(measured, here, filter=f"{asked} and result gt 15 and result ne 30")["value"]
    ] == [20]
    assert [
        one["properties"]["ref"]
        for one in ask(measured, "/Things", filter="name eq 'env-1号'")["value"]
    ] == ["env-1"]


def test_one_level_is_expanded_and_properties_are_selected(measured):
    here = stream(measured)
    one = ask(measured, here, expand="Thing,Observations", select="name")
    assert one["name"] == "smoke-1 ppm"
    assert one["Thing"]["properties"]["ref"] == "smoke-1"
    assert len(one["Observations"]) == 6
    assert "description" not in one
    assert len(ask(measured, "/Things", expand="Datastreams")["value"][0]["Datastreams"]) in {1, 2}


def test_a_property_of_an_entity_is_asked_for_by_itself(measured):
    here = stream(measured)
    assert ask(measured, f"{here}/name") == {"name": "smoke-1 ppm"}
    raw = measured.client("worker1").get(f"/sta/v1.1{here}/name/$value")
    assert (raw.content, raw["Content-Type"].split(";")[0]) == (b"smoke-1 ppm", "text/plain")
    odd = quote("'it''s/a'")
    assert ask(measured, f"/ObservedProperties({odd})")["name"] == "it's/a"
    assert len(ask(measured, f"/ObservedProperties({odd})/Datastreams")["value"]) == 1


@pytest.mark.parametrize("path", [
    "/Nothing", "/Things(999999)", "/Things('1')", "/Things(1", "/Things(1)x", "/Things/Datastreams", "/Things(1)/Nothing",
    "/Datastreams(1)/Thing/Thing", "/HistoricalLocations", "/ObservedProperties(1)", "/Things(99999999999999999999)", "/$value",
    "/Things(1)/name/name", "/Things(1)/Locations(1)/Things(1)/Locations(1)/Things(1)/Locations(1)",
])  # fmt: skip
def test_addresses_that_are_none_are_not_found(measured, path):
    assert ask(measured, path, status=404)["code"] == 404


@pytest.mark.parametrize("options", [
    {"top": "x"}, {"top": "-1"}, {"count": "maybe"}, {"orderby": "door"}, {"orderby": "name up"}, {"filter": "door eq 'x'"},
    {"filter": "name eq"}, {"filter": "name eq 'x' or name eq 'y'"}, {"filter": "name eq 'x' and"}, {"expand": "Datastreams/Observations"},
    {"expand": "Door"}, {"select": "owner"}, {"format": "x"}, {"filter": "id eq 'x' ) or 1 eq 1"}, {"filter": "device__owner ne 'x'"},
])  # fmt: skip
def test_options_that_are_not_understood_are_refused_and_not_passed_over(measured, options):
    assert ask(measured, "/Things", status=422, **options)["type"] == "error"


def test_moments_without_a_zone_and_all_observations_at_once_are_refused(measured):
    ask(
        measured,
        f"{stream(measured)}/Observations",
        status=422,
        filter="phenomenonTime gt 2026-11-28T08:00:00",
    )
    ask(measured, "/Observations", status=422)


def test_nobody_sees_more_than_their_places_and_never_a_door_an_owner_or_a_secret(measured):
    for path in (
        "/Things",
        "/Locations",
        "/Sensors",
        "/FeaturesOfInterest",
        "/Datastreams",
        "/ObservedProperties",
    ):
        text = str(ask(measured, path))
        assert "far" not in text
        assert not any(word in text for word in (DOOR, "张三丰", "digest", "mqtt_hash"))
    mine = ask(measured, "/Things", who="worker3")["value"]
    assert [one["properties"]["ref"] for one in mine] == ["far-1"]
    ask(measured, stream(measured), who="worker3", status=404)
    ask(measured, f"{stream(measured)}/Observations", who="worker3", status=404)
    for who, status in (
        ("", 401),
        ("resident", 403),
        ("provider", 403),
        ("auditor", 403),
        ("expired", 401),
    ):
        ask(measured, "/Things", who=who, status=status)
    token = measured.token("worker1", "device.read")
    client = measured.client()
    assert (
        client.get("/sta/v1.1/Things", headers={"authorization": f"Bearer {token}"}).status_code
        == 200
    )
    other = measured.token("worker1", "case.read")
    assert (
        client.get("/sta/v1.1/Things", headers={"authorization": f"Bearer {other}"}).status_code
        == 403
    )


def test_nothing_is_written_and_a_page_costs_the_same_however_long_it_is(
    measured, django_assert_max_num_queries
):
    for method in ("post", "patch", "put", "delete"):
        assert getattr(measured.client("worker1"), method)("/sta/v1.1/Things").status_code == 405
    client = measured.client("worker1")
    with django_assert_max_num_queries(14):
        client.get("/sta/v1.1/Datastreams")
    for k in range(20):
        device(measured, f"more-{k}")
        ingest([Sent(f"more-{k}", body(1, values={"t": 1}))])
    with django_assert_max_num_queries(14):
        client.get("/sta/v1.1/Datastreams")
    with django_assert_max_num_queries(14):
        client.get("/sta/v1.1/Things")
