"""Messages that CTWing and OneNET push: theirs only, once each, and no device's fault stops the others'."""

import base64
import hashlib
import json
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from lifecircle.hub.cases.models import Case
from lifecircle.hub.devices import limits
from lifecircle.hub.devices.models import Reading, Refusal

from .test_devices import device

pytestmark = pytest.mark.django_db
TOKEN = "0123456789abcdef"  # noqa: S105
ADDRESS = "/api/v1/public/pushes"


@pytest.fixture(autouse=True)
def on(settings):
    limits.forget()
    settings.PUSH_TOKENS = {"ctwing": TOKEN, "onenet": TOKEN}


def now_ms(ago_s=0):
    return int((timezone.now().timestamp() - ago_s) * 1000)


def post(hub, platform, body, token=""):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    query = f"?{urlencode({'token': token})}" if token else ""
    return hub.client().post(
        f"{ADDRESS}/{platform}{query}", content, content_type="application/json"
    )


def report(about="acf7", payload=None, ago_s=0, **more):
    """A message as CTWing posts it."""
    return {"upPacketSN": -1, "upDataSN": -1, "topic": "v1/up/ad", "timestamp": now_ms(ago_s), "tenantId": "1", "serviceId": "",
            "protocol": "lwm2m", "productId": "15014772", "messageType": "dataReport", "deviceId": about,
            "payload": payload or {"serviceData": {"TData": 30, "alarm_smoke": True}}, **more}  # fmt: skip


def sign(token, nonce, msg):
    """As OneNET's documentation says: written anew here, so that the two are held against each other."""
    digest = hashlib.new(
        "md5", token.encode() + nonce.encode() + msg.encode(), usedforsecurity=False
    ).digest()
    return base64.b64encode(digest).decode()


def properties(ago_s=0, **values):
    params = {name: {"value": value, "time": now_ms(ago_s)} for name, value in values.items()}
    return json.dumps({"projectId": "9", "productId": "p1", "deviceName": "iot-1", "messageType": "notify",
                       "notifyType": "property", "data": {"id": "1", "params": params}})  # fmt: skip


def signed(msg, token=TOKEN, nonce="a1b2c3d4"):
    return {
        "msg": msg,
        "nonce": nonce,
        "signature": sign(token, nonce, msg),
        "time": now_ms(),
        "id": "x",
    }


def test_a_report_of_ctwing_is_taken_once_with_its_token_and_not_without(hub):
    device(hub, decoder="ctwing", external_id="acf7")
    body = report()
    assert post(hub, "ctwing", body, TOKEN).json() == {"outcome": "new", "why": ""}
    assert post(hub, "ctwing", body, TOKEN).json()["outcome"] == "again"
    assert Case.objects.get(source="device").kind == "smoke"
    assert Reading.objects.get().value == 30
    for token in ("", "wrong", TOKEN[:-1], f"{TOKEN}0", "令牌"):
        assert post(hub, "ctwing", report(timestamp=now_ms() + 1), token).status_code == 403
    assert Refusal.objects.get(ref="").count == 5
    assert Reading.objects.count() == 1


def test_our_own_json_comes_through_ctwing_as_base64(hub):
    device(hub, decoder="ctwing", external_id="acf7")
    told = {"boot": "b", "seq": 4, "alarm": "smoke", "values": {"ppm": 410}, "test": True}
    data = {"APPdata": base64.b64encode(json.dumps(told).encode()).decode()}
    assert post(hub, "ctwing", report(payload=data), TOKEN).json()["outcome"] == "new"
    assert (
        post(hub, "ctwing", report(payload=data, timestamp=now_ms() + 5), TOKEN).json()["outcome"]
        == "again"
    )
    assert Case.objects.get(source="device").drill
    assert (
        post(hub, "ctwing", report(payload={"APPdata": "***"}), TOKEN).json()["outcome"]
        == "refused"
    )


def test_onenet_asks_whether_the_address_is_ours(hub):
    asked = {"msg": "abc+/ 1", "nonce": "n1n2n3n4", "signature": sign(TOKEN, "n1n2n3n4", "abc+/ 1")}
    answer = hub.client().get(f"{ADDRESS}/onenet", asked)
    assert (answer.status_code, answer.content) == (200, b"abc+/ 1")
    assert answer["Content-Type"].startswith("text/plain")
    unescaped = f"msg={asked['msg'].replace(' ', '%20').replace('+', '%2B')}&nonce=n1n2n3n4&signature={asked['signature']}"
    assert hub.client().get(f"{ADDRESS}/onenet?{unescaped}").status_code == 200
    assert hub.client().get(f"{ADDRESS}/onenet", {**asked, "msg": "other"}).status_code == 403
    assert hub.client().get(f"{ADDRESS}/ctwing", asked).status_code == 404


def test_properties_of_onenet_are_taken_once_as_they_were_signed(hub):
    device(hub, decoder="onenet", external_id="p1/iot-1")
    msg = properties(WF=23.6, Power="on", alarm_smoke=True, battery=15)
    assert post(hub, "onenet", signed(msg)).json()["outcome"] == "new"
    assert (
        post(hub, "onenet", signed(msg, nonce="another1")).json()["outcome"] == "again"
    )  # sent again
    assert (Reading.objects.get().name, Case.objects.get(source="device").kind) == ("WF", "smoke")
    assert hub.client("worker1").get("/api/v1/devices/smoke-1").json()["battery"] == 15
    forged = {**signed(msg), "msg": msg.replace("23.6", "99.9")}
    assert post(hub, "onenet", forged).status_code == 403
    assert post(hub, "onenet", signed(msg, token="other")).status_code == 403  # noqa: S106
    assert Reading.objects.count() == 1


def test_a_data_point_of_the_older_onenet_is_signed_as_it_stands_in_the_body(hub):
    device(hub, decoder="onenet", external_id="2016617")
    msg = f'{{"type": 1,"dev_id":2016617,"ds_id":"温度","at":{now_ms()},"value":36.50}}'
    body = (
        f'{{ "nonce":"n1n2n3n4" , "msg" : {msg}, "msg_signature":"{sign(TOKEN, "n1n2n3n4", msg)}"}}'
    )
    assert post(hub, "onenet", body.encode()).json()["outcome"] == "new"
    assert (Reading.objects.get().name, Reading.objects.get().value) == ("温度", 36.5)
    twice = body.replace(
        "{ ", '{ "msg": {"type": 1, "dev_id": 2016617, "ds_id": "x", "at": 1, "value": 0}, ', 1
    )
    assert post(hub, "onenet", twice.encode()).status_code == 403  # what is signed is what is read


def test_a_replay_of_another_day_is_refused_and_the_platform_goes_on(hub):
    device(hub, decoder="ctwing", external_id="acf7")
    device(hub, "leak-1", "water_leak", decoder="onenet", external_id="p1/iot-1")
    for answer in (
        post(hub, "ctwing", report(ago_s=2 * 86400), TOKEN), post(hub, "ctwing", report(ago_s=-3600), TOKEN),
        post(hub, "onenet", signed(properties(ago_s=2 * 86400, WF=1))), post(hub, "ctwing", report(timestamp="x"), TOKEN),
    ):  # fmt: skip
        assert answer.status_code == 200
        assert answer.json()["outcome"] == "refused"
    assert Refusal.objects.get(ref="smoke-1").count == 3
    assert not Case.objects.filter(source="device").exists()


def test_unknown_devices_nonsense_and_other_platforms_are_refused_and_counted(hub):
    device(hub, decoder="ctwing", external_id="acf7")
    for body in (
        report("nobody"),
        report("smoke-1"),
        b"[]",
        b"\xff",
        b"[" * 9000,
        {"deviceId": {"a": 1}},
    ):
        answer = post(hub, "ctwing", body, TOKEN)
        assert (answer.status_code, answer.json()["outcome"]) == (200, "refused")
    msg = properties(WF=1).replace('"p1"', '""').replace('"iot-1"', '"acf7"')
    assert post(hub, "onenet", signed(msg)).json()["outcome"] == "refused"
    for body in (b"[]", b"{}", b'{"msg": ', b"\xff", b"[" * 9000):
        assert post(hub, "onenet", body).status_code == 403
    assert post(hub, "aliyun", {}).status_code == 422
    assert Refusal.objects.get(ref="").count == 12


def test_a_flood_of_one_device_is_refused_without_stopping_the_platform(hub, monkeypatch):
    device(hub, decoder="ctwing", external_id="acf7")
    device(hub, "leak-1", "water_leak", decoder="ctwing", external_id="b2")
    monkeypatch.setattr(limits, "BURST", 5)
    monkeypatch.setattr(limits, "A_SECOND", 0.0)  # however slow this machine is
    found = [post(hub, "ctwing", report(timestamp=now_ms() + k), TOKEN) for k in range(9)]
    assert {one.status_code for one in found} == {200}
    assert "refused" in {one.json()["outcome"] for one in found}
    assert post(hub, "ctwing", report("b2"), TOKEN).json()["outcome"] == "new"


def test_pushes_are_off_until_there_is_a_token(hub, settings):
    settings.PUSH_TOKENS = {"ctwing": "", "onenet": ""}
    for platform in ("ctwing", "onenet"):
        answer = post(hub, platform, report())
        assert answer.status_code == 404
        assert f"LIFECIRCLE_PUSH_{platform.upper()}" in answer.json()["message_en"]


def test_a_platforms_number_is_one_devices_and_a_retired_ones_is_nobodys(hub):
    client = hub.client("worker1")

    def register(ref, **more):
        body = {"ref": ref, "kind": "smoke", "name": ref, "place": "C1", **more}
        return client.post("/api/v1/devices", body, content_type="application/json").status_code

    assert register("a1", decoder="ctwing", external_id="x1") == 201
    assert register("a2", decoder="ctwing", external_id="x1") == 409
    assert register("a2", decoder="onenet", external_id="x1") == 201
    assert register("a3", decoder="ctwing") == 422
    assert register("a3", external_id="x9") == 422
    sent = {"version": 1, "by": "a9", "external_id": "x9"}
    assert (
        client.post("/api/v1/devices/a1/replace", sent, content_type="application/json").status_code
        == 201
    )
    assert post(hub, "ctwing", report("x1"), TOKEN).json()["outcome"] == "refused"
    assert post(hub, "ctwing", report("x9"), TOKEN).json()["outcome"] == "new"
