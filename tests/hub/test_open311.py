"""GeoReport v2 point by point as its specification has it, read by lxml and json; and as strangers would break it."""

import datetime as dt
import json
import urllib.parse

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from lifecircle.hub.audit.models import Entry
from lifecircle.hub.cases import actions as cases
from lifecircle.hub.cases.actions import Report
from lifecircle.hub.cases.kinds import kinds
from lifecircle.hub.cases.models import Case
from lifecircle.hub.errors import ConflictError, ForbiddenError, TooManyError
from lifecircle.hub.limits import Limiter
from lifecircle.hub.open311 import actions, queries, reading, views
from lifecircle.hub.open311.models import Application, Submission
from lifecircle.hub.places.models import Place

ROOT = "/open311/v2"
SPOT = {"lat": "29.55", "long": "106.55081234"}
PUBLIC = {"water_leak", "lift_fault", "pump", "facade", "lamp", "repair", "noise", "complaint"}
SERVICE = ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]
ATTRIBUTE = ["variable", "code", "datatype", "required", "datatype_description", "order", "description", "values"]  # fmt: skip
REQUEST = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible",
    "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode",
    "lat", "long", "media_url",
]  # fmt: skip
LISTS = {"services", "attributes", "values", "service_requests", "errors", "endpoints", "formats"}


@pytest.fixture(autouse=True)
def often(monkeypatch):
    monkeypatch.setattr(views, "READS", Limiter(100_000, 60))


@pytest.fixture
def key(hub):
    return actions.make(hub.actor("sysadmin"), name="随手拍", contact="12345")[1]


@pytest.fixture
def client(hub):
    return hub.client()


def got(client, path, **query):
    """What is answered in XML, after what is answered in JSON was found to be the same by the Spark convention."""
    answer = client.get(f"{ROOT}/{path}.xml", query)
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    tree = etree.fromstring(answer.content)
    plain = client.get(f"{ROOT}/{path}.json", query)
    assert plain["Content-Type"] == "application/json; charset=utf-8"
    assert plain.status_code == answer.status_code
    assert as_text(json.loads(plain.content)) == spark(tree)
    return answer.status_code, tree


def spark(at):
    """An element as the Spark convention maps it to JSON, its values as text."""
    if at.tag in LISTS:
        return [spark(one) for one in at]
    return {one.tag: spark(one) for one in at} if len(at) else at.text


def as_text(value):
    if isinstance(value, dict):
        return {name: as_text(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_text(one) for one in value]
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def sent(client, values, form="json", **headers):
    body = values if isinstance(values, bytes | str) else urllib.parse.urlencode(values)
    return client.post(
        f"{ROOT}/requests.{form}", body, "application/x-www-form-urlencoded; charset=utf-8", headers=headers
    )  # fmt: skip


def reported(client, key, status=201, headers=None, **values):
    given = {"api_key": key, "service_code": "lamp", **SPOT, **values}
    answer = sent(client, {k: v for k, v in given.items() if v is not None}, **(headers or {}))
    assert answer.status_code == status, answer.content.decode()
    found = json.loads(answer.content)
    return Case.objects.get(ref=found[0]["service_request_id"]) if status == 201 else found


def words(found):
    return " ".join(one["description"] for one in found)


def listed(client, **query):
    return [one["service_request_id"] for one in client.get(f"{ROOT}/requests.json", query).json()]


def test_the_discovery_names_the_endpoint_and_its_forms(client):
    answer = client.get("/open311/discovery.xml")
    tree = etree.fromstring(answer.content)
    assert [one.tag for one in tree] == ["changeset", "contact", "key_service", "endpoints"]
    [endpoint] = tree.find("endpoints")
    assert [one.tag for one in endpoint] == ["specification", "url", "changeset", "type", "formats"]
    assert endpoint.findtext("url") == "http://testserver/open311/v2"
    assert [one.text for one in endpoint.find("formats")] == ["text/xml", "application/json"]
    got(client, "discovery")


def test_services_are_the_kinds_that_the_public_may_report(client):
    status, tree = got(client, "services")
    assert (status, tree.tag) == (200, "services")
    assert {one.findtext("service_code") for one in tree} == PUBLIC
    for one in tree:
        assert [part.tag for part in one] == SERVICE
        assert one.findtext("type") == "realtime"
        status, definition = got(client, f"services/{one.findtext('service_code')}")
        asked = len(definition.find("attributes")) > 0
        assert (status, one.findtext("metadata")) == (200, str(asked).lower())


def test_a_definition_tells_what_a_service_asks(client):
    seen = set()
    for code in PUBLIC:
        _, tree = got(client, f"services/{code}")
        assert [one.tag for one in tree] == ["service_code", "attributes"]
        attributes = list(tree.find("attributes"))
        assert [one.findtext("order") for one in attributes] == [
            str(k + 1) for k in range(len(attributes))
        ]
        for one in attributes:
            assert [part.tag for part in one] == ATTRIBUTE
            kind = one.findtext("datatype")
            seen.add(kind)
            assert bool(len(one.find("values"))) == kind.endswith("list")
            assert all([part.tag for part in value] == ["key", "name"] for value in one.find("values"))  # fmt: skip
    assert seen == {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}


@pytest.mark.parametrize("code", ["help_call", "smoke", "gas", "visit", "joint", "nothing", "é"])
def test_kinds_of_staff_and_devices_are_no_services(client, key, code):
    status, tree = got(client, f"services/{code}")
    assert (status, tree.tag) == (404, "errors")
    assert [part.tag for part in tree[0]] == ["code", "description"]
    assert "service_code" in words(reported(client, key, 404, service_code=code))


def test_a_report_becomes_a_case_and_its_person_is_encrypted(hub, client, key):
    answer = sent(
        client,
        {
            "api_key": key, "jurisdiction_id": "D", "service_code": "repair", **SPOT, "address_string": "3栋2单元501",
            "email": "li@example.cn", "device_id": "tt1", "account_id": "a-17", "first_name": "雷", "last_name": "李",
            "phone": "13800138000", "description": "栏杆松动]]>\n<b>第二行</b>", "media_url": "https://example.cn/1.jpg",
            "attribute[what][]": "railing",
        },
        "xml",
    )  # fmt: skip
    assert answer.status_code == 201
    [request] = etree.fromstring(answer.content)
    assert [part.tag for part in request] == ["service_request_id", "service_notice", "account_id"]
    assert request.findtext("account_id") == "a-17"
    one = Case.objects.get(ref=request.findtext("service_request_id"))
    assert (one.source, one.kind, one.place.code, one.state) == (
        "open311",
        "repair",
        "C1",
        "received",
    )
    assert one.about == (
        "栏杆松动]]>\n<b>第二行</b>\n坏了什么 (可多选): 栏杆 Railing\n照片 https://example.cn/1.jpg"
    )
    assert one.door == "3栋2单元501"
    assert one.reporter == "李 雷, 13800138000, li@example.cn, a-17"
    assert one.lon == float(SPOT["long"])
    assert one.rungs.exists()
    entry = Entry.objects.get(action="case.reported", target=f"case:{one.ref}")
    assert entry.name == "open311: 随手拍"
    assert "李" not in json.dumps(entry.detail, ensure_ascii=False)
    told = client.get(f"{ROOT}/requests/{one.ref}.json").content.decode()
    for personal in ("李", "13800138000", "li@example.cn", "501", "栏杆松动", "a-17", "1.jpg"):
        assert personal not in told
    inside = hub.client("worker1").get(f"/api/v1/cases/{one.ref}").json()
    assert inside["about"].startswith("栏杆松动")
    assert hub.client("worker3").get(f"/api/v1/cases/{one.ref}").status_code == 404


def test_several_values_of_a_list_are_taken_in_both_spellings(client, key):
    pairs = [("api_key", key), ("service_code", "repair"), *SPOT.items()]
    for name in ("attribute[what][]", "attribute[what]"):
        values = [(name, "railing"), (name, "steps")]
        made = json.loads(sent(client, [*pairs, *values]).content)
        one = Case.objects.get(ref=made[0]["service_request_id"])
        assert one.about == "坏了什么 (可多选): 栏杆 Railing, 梯道 Steps"


def test_the_smallest_place_that_holds_the_point_is_told(client, key):
    import shapely

    community = Place.objects.get(code="C1")
    grid = Place(
        code="G1", level="grid", name_zh="第一网格", parent=community, lineage=f"{community.lineage}G1/"
    )  # fmt: skip
    grid.geometry = shapely.box(106.5505, 29.5495, 106.551, 29.5505)
    grid.save()
    assert reported(client, key).place.code == "G1"
    assert reported(client, key, long="106.5525").place.code == "C1"
    for spot in ({"long": "116.4"}, {"lat": "0"}):
        assert "district" in words(reported(client, key, 400, **spot))


def test_a_report_without_a_point_is_placed_by_code_or_by_name(client, key):
    nowhere = {"lat": None, "long": None}
    assert reported(client, key, **nowhere, address_id="C3").place.code == "C3"
    for code in ("Z9", "C3/"):
        assert "address_id" in words(reported(client, key, 400, **nowhere, address_id=code))
    named = Place.objects.get(code="C2").name_zh
    one = reported(client, key, **nowhere, address_string=f"本市{named}7栋门口")
    assert (one.place.code, one.door, one.lon) == ("C2", f"本市{named}7栋门口", None)
    assert reported(client, key, **nowhere, address_string="某某路7号").place.code == "D"
    assert "address" in words(reported(client, key, 400, **nowhere))
    assert "lat" in words(reported(client, key, 400, lat=None))


@pytest.mark.parametrize(
    "spot", [{"lat": "x"}, {"lat": "nan"}, {"long": "inf"}, {"lat": "91"}, {"long": "-181"}, {"lat": "1e400"}]
)  # fmt: skip
def test_what_is_no_point_on_earth_is_refused(client, key, spot):
    assert "WGS84" in words(reported(client, key, 400, **spot))


def test_every_fault_of_a_report_is_told_at_once(client, key):
    found = reported(
        client, key, 400, service_code="facade", description="x" * 4001, media_url="javascript:alert(1)",
        **{"attribute[who]": "me", "attribute[first]": "x"},
    )  # fmt: skip
    said = words(found)
    assert len(found) == 5
    assert all(one["code"] == 400 for one in found)
    for part in ("description", "media_url", "attribute[who]", "attribute[first]", "attribute[below]: required"):  # fmt: skip
        assert part in said
    assert not Case.objects.filter(source="open311").exists()


@pytest.mark.parametrize(
    ("service", "values", "fault"),
    [
        ("facade", {"attribute[below]": "maybe"}, "one of yes, no, unsure"),
        ("pump", {"attribute[depth_cm]": "nan"}, "a number"),
        ("pump", {"attribute[depth_cm]": "deep"}, "a number"),
        ("noise", {"attribute[since]": "gestern"}, "a moment"),
        ("noise", {"attribute[since]": "2026-11-20T00:00:00"}, "a moment"),
        ("lift_fault", {"attribute[lift]": "a\nb"}, "one line"),
        ("complaint", {"attribute[wish]": "x" * 1001}, "at most"),
    ],
)
def test_answers_are_held_against_their_datatype(client, key, service, values, fault):
    assert fault in words(reported(client, key, 400, service_code=service, **values))
    good = {"facade": {"attribute[below]": "yes"}}.get(service, {})
    empty = dict.fromkeys(values, "") if service != "facade" else {}
    reported(client, key, service_code=service, **(good | empty))  # empty is not sent


def test_nobody_reports_without_a_key_that_holds(hub, client, key):
    for wrong in (None, "", "x", key[:-1], key + "é"):
        for form, root in (("json", list), ("xml", etree._Element)):
            given = {"service_code": "lamp", **SPOT} | ({} if wrong is None else {"api_key": wrong})
            answer = sent(client, given, form)
            assert answer.status_code == 403
            found = json.loads(answer.content) if form == "json" else etree.fromstring(answer.content)  # fmt: skip
            assert isinstance(found, root)
            assert "api_key" in answer.content.decode()
    actions.end(hub.actor("sysadmin"), Application.objects.get().pk)
    reported(client, key, 403)
    assert not Case.objects.filter(source="open311").exists()


def test_a_session_is_no_key_and_needs_no_csrf_token(hub, key):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(
        hub.account("planner"), "allauth.account.auth_backends.AuthenticationBackend"
    )
    assert sent(strict, {"service_code": "lamp", **SPOT}).status_code == 403
    reported(strict, key)


@pytest.mark.parametrize("path", ["services", "services/lamp", "requests", "requests/C-1", "tokens/x", "discovery"])  # fmt: skip
def test_another_jurisdiction_is_not_found_and_none_is_ours(client, path, settings):
    assert got(client, path, jurisdiction_id="city.gov")[0] == 404
    ours = got(client, path, jurisdiction_id="D")[0]
    assert ours == got(client, path)[0] == got(client, path, jurisdiction_id="")[0]
    settings.JURISDICTION = "yuzhong.example"
    assert got(client, path, jurisdiction_id="yuzhong.example")[0] == ours
    assert got(client, path, jurisdiction_id="D")[0] == 404


def test_a_report_to_another_jurisdiction_is_not_taken(client, key):
    assert "jurisdiction_id" in words(reported(client, key, 404, jurisdiction_id="city.gov"))
    assert "service_code" in words(reported(client, key, 400, service_code=None))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"api_key=%KEY%&service_code=lamp&lat=29.55&long=106.5508&description=%ff", None),
        (b"api_key=%KEY%&service_code=lamp&lat=29.55&long=106.5508&description=%00", None),
        (b"api_key=%KEY%&service_code=lamp&lat=29.55&long=106.5508&description=%1b", None),
        (b"api_key=%KEY%&service_code=lamp&lat=29.55&long=106.5508&description=%ED%A0%80", None),
        ("api_key=%KEY%&description=灯".encode(), None),
        (b"&".join([b"a=1"] * 300), None),
        (b"description=" + b"x" * 70_000, None),
        (b'{"api_key": "%KEY%"}', "application/json"),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
    ],
)
def test_a_body_that_is_no_form_of_text_is_refused(client, key, body, kind):
    kind = kind or "application/x-www-form-urlencoded"
    answer = client.post(f"{ROOT}/requests.xml", body.replace(b"%KEY%", key.encode()), kind)
    assert answer.status_code == 400
    assert etree.fromstring(answer.content).tag == "errors"
    assert not Case.objects.filter(source="open311").exists()


NAMES = st.sampled_from(["api_key", "service_code", "lat", "attribute[what]", "attribute[", "x"])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(NAMES, st.text(max_size=20)), max_size=6), st.binary(max_size=30))
def test_no_body_breaks_it(client, pairs, tail):
    body = urllib.parse.urlencode(pairs, errors="surrogatepass").encode() + tail
    answer = sent(client, body, "xml")
    assert answer.status_code in {400, 403}
    assert etree.fromstring(answer.content).tag == "errors"


def test_a_report_that_is_told_twice_is_one_case(hub, client, key):
    once = {"Idempotency-Key": "6a0c-1"}
    one = reported(client, key, headers=once)
    assert reported(client, key, headers=once).pk == one.pk
    assert "Idempotency-Key" in words(
        reported(client, key, 400, headers=once, description="another")
    )
    assert reported(client, key).pk != one.pk  # without a name it is another
    Case.objects.filter(pk=one.pk).update(state="closed")
    assert reported(client, key, headers=once).pk == one.pk
    assert Case.objects.get(pk=one.pk).state == "closed"
    assert one.events.count() == 1
    assert "100" in words(reported(client, key, 400, headers={"Idempotency-Key": "x" * 101}))

    status, tree = got(client, "tokens/6a0c-1")
    assert (status, [part.tag for part in tree[0]]) == (200, ["service_request_id", "token"])
    assert tree[0].findtext("service_request_id") == one.ref
    assert got(client, "tokens/another")[0] == 404
    other = actions.make(hub.actor("sysadmin"), name="别的应用")[1]
    assert reported(client, other, headers=once).pk != one.pk
    assert got(client, "tokens/6a0c-1")[0] == 404  # of two it is told of none


def test_a_request_says_where_about_and_how_it_stands(hub, client, key):
    one = reported(client, key, description="我家门口")
    status, tree = got(client, f"requests/{one.ref}")
    assert (status, tree.tag) == (200, "service_requests")
    [request] = tree
    assert [part.tag for part in request] == REQUEST
    place, street = (Place.objects.get(code=code).name_zh for code in ("C1", "S1"))
    assert request.findtext("description") == f"{street}{place}楼道灯不亮"
    assert request.findtext("address").startswith(f"{place}, {street}, ")
    assert request.findtext("address_id") == "C1"
    assert (request.findtext("lat"), request.findtext("long")) == ("29.55", "106.551")
    assert dt.datetime.fromisoformat(request.findtext("requested_datetime")).utcoffset() is not None
    assert got(client, "requests/C-20990101-0001")[0] == 404

    seen = []
    for name, values in (("accept", {}), ("arrive", {}), ("resolve", {"note": "换了灯泡"}), ("verify", {}), ("close", {})):  # fmt: skip
        cases.move(
            hub.actor("worker1"), one.ref, name, version=Case.objects.get(pk=one.pk).version, values=values
        )  # fmt: skip
        text = client.get(f"{ROOT}/requests/{one.ref}.json").content.decode()
        assert "worker1" not in text
        assert "换了灯泡" not in text
        seen.append(json.loads(text)[0]["status"])
    assert seen == ["open", "open", "closed", "closed", "closed"]
    found = json.loads(text)[0]
    resolved = Case.objects.get(pk=one.pk).resolved_at
    assert dt.datetime.fromisoformat(found["updated_datetime"]) == resolved.replace(microsecond=0)
    assert found["expected_datetime"] is None


def test_what_is_not_for_everybody_is_not_told(hub, client, key):
    place = Place.objects.get(code="C1")
    shown = reported(client, key)
    hidden = [
        cases.raise_case(place, Report(**values), by="t")[0]
        for values in (
            {"kind": "help_call", "source": "worker"}, {"kind": "visit", "source": "worker"},
            {"kind": "lamp", "source": "worker", "drill": True}, {"kind": "lamp", "source": "worker", "canary": True},
            {"kind": "water_leak", "source": "device", "lon": 106.5508, "lat": 29.55},
        )
    ]  # fmt: skip
    worker = cases.raise_case(place, Report("noise", "hotline", "张三家吵架", "张三"), by="t")[0]
    assert listed(client) == [worker.ref, shown.ref]
    assert listed(client, service_request_id=",".join(one.ref for one in hidden)) == []
    for one in hidden:
        assert client.get(f"{ROOT}/requests/{one.ref}.json").status_code == 404
    assert "张三" not in client.get(f"{ROOT}/requests.json").content.decode()

    cases.merge(hub.actor("worker1"), shown.ref, worker.ref, version=1)
    assert listed(client) == [worker.ref]
    [duplicate] = client.get(f"{ROOT}/requests/{shown.ref}.json").json()
    assert (duplicate["status"], "Duplicate" in duplicate["status_notes"]) == ("closed", True)


def test_a_home_is_told_no_finer_than_its_community(client):
    community = Place.objects.get(code="C1")
    building = Place.objects.create(
        code="B7", level="building", name_zh="7栋", parent=community, lineage=f"{community.lineage}B7/"
    )  # fmt: skip
    one, _ = cases.raise_case(building, Report("repair", "resident"), by="t")
    text = client.get(f"{ROOT}/requests/{one.ref}.json").content.decode()
    assert json.loads(text)[0]["address_id"] == "C1"
    assert "7栋" not in text


def test_requests_are_found_by_number_service_status_and_date(hub, client, key):
    lamp, noise = reported(client, key), reported(client, key, service_code="noise")
    leak = reported(client, key, service_code="water_leak")
    Case.objects.filter(pk=leak.pk).update(state="resolved")
    now = timezone.now()
    old = reported(client, key)
    Case.objects.filter(pk=old.pk).update(opened_at=now - dt.timedelta(days=91))
    assert listed(client) == [leak.ref, noise.ref, lamp.ref]
    assert listed(client, service_code="lamp,noise") == [noise.ref, lamp.ref]
    assert listed(client, status="closed") == [leak.ref]
    assert listed(client, status="open") == [noise.ref, lamp.ref]
    assert listed(client, status="open,closed", service_code="", start_date="") == listed(client)
    ids = f"{old.ref}, {leak.ref},C-1"
    assert listed(client, service_request_id=ids, status="open", start_date="x") == [leak.ref, old.ref]  # fmt: skip

    def day(days):
        return (now + dt.timedelta(days=days)).isoformat(timespec="seconds")

    assert listed(client, start_date=day(-100), end_date=day(-20)) == [old.ref]
    assert listed(client, end_date=day(-1)) == [old.ref]
    assert listed(client, start_date=day(-95)) == [old.ref]  # 90 days from there
    assert listed(client, start_date=day(-1)) == [leak.ref, noise.ref, lamp.ref]
    unescaped = f"{ROOT}/requests.json?start_date={day(-1)}"  # the plus of its offset is a space
    assert len(client.get(unescaped).json()) == 3


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"},
        {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"start_date": "2026-01-01"}, {"start_date": "2026-01-01T00:00:00"}, {"end_date": "2026-13-01T00:00:00Z"},
        {"end_date": "9999-12-31T23:59:59-23:59"}, {"start_date": "0001-01-01T00:00:00+23:59"}, {"status": "done"},
    ],
)  # fmt: skip
def test_a_query_that_is_wrong_is_refused(client, query):
    assert got(client, "requests", **query)[0] == 400


def test_at_most_a_thousand_are_told_and_an_unknown_service_is_not_found(client, key, monkeypatch):
    made = [reported(client, key).ref for _ in range(4)]
    monkeypatch.setattr(queries, "MOST", 3)
    assert listed(client) == made[:0:-1]
    assert len(listed(client, service_request_id=",".join(made))) == 3
    assert got(client, "requests", service_code="help_call")[0] == 404


def test_other_addresses_and_methods_are_refused_in_its_own_form(client):
    for path in ("v2/services.yaml", "v2/services", "v2/nothing.xml", "", "v3/services.xml", "v2/requests/a/b.xml"):  # fmt: skip
        answer = client.get(f"/open311/{path}")
        assert answer.status_code == 404
        assert etree.fromstring(answer.content).tag == "errors"
    assert client.get("/open311/v2/nothing.json").json()[0]["code"] == 404
    for method in ("put", "delete", "patch"):
        answer = getattr(client, method)(f"{ROOT}/requests.json")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")
    assert client.post(f"{ROOT}/services.json").status_code == 405
    head = client.head(f"{ROOT}/services.xml")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Access-Control-Allow-Origin"] == "*"


def test_names_that_xml_cannot_hold_are_written_all_the_same(client, key):
    Place.objects.filter(code="C1").update(name_zh="社区\x0b]]>&<一")
    one = reported(client, key)
    tree = etree.fromstring(client.get(f"{ROOT}/requests/{one.ref}.xml").content)
    assert "社区\ufffd]]>&<一" in tree[0].findtext("description")


def test_keys_are_given_by_who_may_shown_once_and_taken_back(hub):
    client = hub.client("sysadmin")
    body = {"name": "FixMyStreet", "contact": "ops@example.cn"}
    made = client.post("/api/v1/open311/applications", body, "application/json").json()
    listed_ = client.get("/api/v1/open311/applications").json()
    assert [(one["name"], one["made_by"], one["count"]) for one in listed_] == [("FixMyStreet", "sysadmin", 0)]  # fmt: skip
    assert "secret" not in listed_[0]
    assert made["secret"] not in str(Application.objects.values())
    assert made["secret"] not in str(Entry.objects.values())
    assert Entry.objects.filter(action="application.made", name="sysadmin").exists()
    path = f"/api/v1/open311/applications/{made['id']}/end"
    assert client.post(path).json()["ended_at"]
    assert client.post(path).status_code == 409
    for who in ("planner", "street1", "secadmin", "auditor"):
        assert hub.client(who).get("/api/v1/open311/applications").status_code == 403
        with pytest.raises(ForbiddenError):
            actions.make(hub.actor(who), name="x")
    with pytest.raises(ConflictError):
        actions.end(hub.actor("sysadmin"), made["id"])
    for name in ("", "x" * 101):
        answer = client.post("/api/v1/open311/applications", {"name": name}, "application/json")
        assert answer.status_code == 422
    gone = Application.objects.get(pk=made["id"])
    with pytest.raises(ForbiddenError):
        actions.report(gone, kinds()["lamp"], actions.Sent(reading.Form({}), b"", ""))


def test_a_key_and_an_address_report_only_so_often(hub, client, key, monkeypatch):
    monkeypatch.setattr(actions, "MOST_AN_HOUR_OF_ADDRESS", 2)
    once = {"Idempotency-Key": "k"}
    first = reported(client, key, headers=once)
    reported(client, key)
    given = {"api_key": key, "service_code": "lamp", **SPOT}
    answer = sent(client, given)
    assert answer.status_code == 429
    assert 3500 < int(answer["Retry-After"]) <= 3600
    assert reported(client, key, headers=once).pk == first.pk  # what is known is told
    elsewhere = {"REMOTE_ADDR": "192.0.2.77"}
    body = urllib.parse.urlencode(given)
    kind = "application/x-www-form-urlencoded"
    assert client.post(f"{ROOT}/requests.json", body, kind, **elsewhere).status_code == 201
    monkeypatch.setattr(actions, "MOST_AN_HOUR", 3)
    assert client.post(f"{ROOT}/requests.json", body, kind, **elsewhere).status_code == 429
    Submission.objects.update(at=timezone.now() - dt.timedelta(minutes=61))
    assert client.post(f"{ROOT}/requests.json", body, kind, **elsewhere).status_code == 201
    assert "192.0.2.77" not in str(Submission.objects.values())


def test_reading_too_often_is_refused_for_one_address_only(client, monkeypatch):
    monkeypatch.setattr(views, "READS", Limiter(2, 60))
    assert [client.get(f"{ROOT}/services.xml").status_code for _ in range(3)] == [200, 200, 429]
    assert client.get(f"{ROOT}/services.xml", REMOTE_ADDR="192.0.2.9").status_code == 200


def test_a_limiter_keeps_only_so_many_callers():
    limiter = Limiter(1, 60)
    for k in range(25_000):
        limiter.take(str(k))
    assert len(limiter._seen) <= 10_000
    with pytest.raises(TooManyError) as refused:
        limiter.take("24999")
    assert 0 < refused.value.wait_s <= 60


def test_public_kinds_are_none_that_somebody_is_woken_for():
    for one in kinds().values():
        if one.public is not None:
            assert one.priority != "P1"
            codes = [each.code for each in one.public.attributes]
            assert len(codes) == len(set(codes))
