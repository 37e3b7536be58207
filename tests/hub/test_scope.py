"""Everything that the interface offers, asked for by those who may not."""

from __future__ import annotations

import json
from decimal import Decimal
from uuid import uuid4

import pytest
import shapely
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from hub.conftest import FOREIGN
from hub.pictures import jpeg
from lifecircle.engine.polling.asking import to_json
from lifecircle.engine.polling.templates import compose
from lifecircle.engine.polling.xlsform import to_xlsform
from lifecircle.engine.standards import default
from lifecircle.hub.actor import Actor
from lifecircle.hub.api import api

pytestmark = [pytest.mark.scope, pytest.mark.one_database]
TODAY = timezone.localdate().isoformat()
SAID = {"source": "test", "on": TODAY}
KEY = "6f1b3c1e-0000-4000-8000-000000000000"
SQUARE = {"type": "Polygon", "coordinates": [[[106.56, 29.549], [106.561, 29.549], [106.561, 29.55], [106.56, 29.549]]]}  # fmt: skip
OPEN = {
    ("/api/v1/map/colours", "get"), ("/api/v1/public/cards/{place}", "get"),
    ("/api/v1/public/warnings", "get"), ("/api/v1/public/devices/schema.json", "get"),
    ("/api/v1/public/pushes/{platform}", "get"), ("/api/v1/public/pushes/{platform}", "post"),
    *((f"/api/v1/public/outside/{{token}}{act}", "post") for act in ("/accept", "/notes", "/photos", "/done", "/decline")),
    ("/api/v1/public/outside/{token}", "get"), ("/api/v1/public/outside/{token}/photos/{number}", "get"),
    ("/api/v1/public/receipts/{channel}", "post"), ("/api/v1/public/surveys/{code}", "get"), ("/api/v1/public/surveys/{code}", "post"),
}  # fmt: skip
"""What nobody has to log in for."""
OWN = {
    ("/api/v1/me", "get"), ("/api/v1/me/totp.svg", "get"), ("/api/v1/me/tokens", "get"), ("/api/v1/me/tokens", "post"),
    ("/api/v1/me/password", "post"), ("/api/v1/me/tokens/{number}", "delete"),
    ("/api/v1/me/push", "get"), ("/api/v1/me/push", "post"), ("/api/v1/me/push/{number}", "delete"),
    ("/api/v1/webhooks", "get"), ("/api/v1/webhooks", "post"), ("/api/v1/webhooks/{number}", "delete"),
}  # fmt: skip
"""What concerns nobody but the caller."""


ORDER = {"what": "x", "firm": "x", "lines": [
    {"sort": "part", "name": "x", "unit": "x", "quantity": "1", "price": "1"}]}  # fmt: skip
CONSENT = {"consent_on": TODAY, "keep_until": TODAY}
RULE = {"when": {"silent_s": 60}, "raise": "device_silent"}


def bodies(hub) -> dict[tuple[str, str], object]:
    """A valid body of every write, aimed at what lies outside the first street."""
    at = {"lon": 106.5618, "lat": 29.55}
    return {
        ("/me/password", "post"): {"old": "x", "new": "y"},
        ("/me/tokens", "post"): {"name": "t", "scopes": ["card.read"], "days": 1},
        ("/me/push", "post"): {"endpoint": "https://93.184.216.34/x", "p256dh": "x", "auth": "x"},
        ("/accounts", "post"): {"username": "new-one", "name": "x", "kind": "staff", "password": "Correct-Horse-8"},
        ("/accounts/{username}/active", "post"): {"active": False},
        ("/accounts/{username}/roles", "post"): {"role": "district_planner", "place": "D"},
        ("/groups", "post"): {"name": "x", "place": "C3", "lead": "worker3"},
        ("/groups/{number}", "patch"): {"name": "x", "lead": "street2"},
        ("/groups/{number}/members", "post"): {"username": "street1"},
        ("/residents", "post"): {"place": "C3", "full_name": "x", "consents": [
            {"purpose": "service", "given_on": TODAY, "keep_until": TODAY}]},
        ("/residents/{number}/reveal", "post"): {"purpose": "service"},
        ("/places", "post"): {"parent": "C3", "code": "G9", "level": "grid", "name_zh": "x", "on": TODAY},
        ("/places/{code}/rename", "post"): {"name_zh": "x", "on": TODAY},
        ("/places/{code}", "patch"): {"party_branch": "x", "on": TODAY},
        ("/places/{code}/team", "put"): {"members": [], "on": TODAY},
        ("/places/{code}/move", "post"): {"parent": "S1", "on": TODAY},
        ("/places/{code}/merge", "post"): {"codes": ["C4"], "on": TODAY},
        ("/places/{code}/split", "post"): {"on": TODAY, "parts": [
            {"code": "C31", "name_zh": "x", "shape": SQUARE}, {"code": "C32", "name_zh": "y", "shape": SQUARE}]},
        ("/facilities", "post"): {"name": "x", "type": "toilet", **at, "said": SAID},
        ("/facilities/{ref}", "patch"): {"version": 1, "values": {"capacity": 1}, "said": SAID},
        ("/spaces", "post"): {"name": "x", "area_m2": 80, "allowed_types": ["toilet"], **at},
        ("/spaces/{ref}", "patch"): {"version": 1, "values": {"area_m2": 90}},
        ("/webhooks", "post"): {"url": "https://example.org/"},
        ("/runs", "post"): {},
        ("/runs/upkeep", "put"): {"upkeep_min": 10},
        ("/runs/{number}/draft", "post"): {"changes": [{"do": "add", "type": "toilet", **at}]},
        ("/runs/{number}/publish", "post"): {"place": "C3", "keys": ["toilet"]},
        ("/layers/{number}", "patch"): {"name": "x"},
        ("/projects", "post"): {"name": "x", "place": "C3"},
        ("/projects/{ref}", "patch"): {"version": 1, "values": {"name": "x"}},
        ("/projects/{ref}/budget", "put"): {"version": 1, "lines": []},
        ("/projects/{ref}/milestones", "put"): {"version": 1, "milestones": []},
        ("/projects/{ref}/risks", "put"): {"version": 1, "risks": []},
        ("/projects/{ref}/move", "post"): {"version": 1, "to": "dropped", "note": "x"},
        ("/projects/{ref}/copy", "post"): {"places": ["C3"]},
        ("/projects/{ref}/accept", "post"): {"version": 1, "values": {}, "on": TODAY},
        ("/proposals", "post"): {"place": "C3", "title": "x", "seconds": 0},
        ("/proposals/{number}/projects", "post"): {"builds": [0]},
        ("/annual-lists", "post"): {"place": "C3", "year": 2031, "title": "x"},
        ("/annual-lists/{number}/projects", "put"): {"version": 1, "projects": []},
        ("/annual-lists/{number}/approve", "post"): {"version": 1},
        ("/checks/{place}/{checklist}/{item}", "put"): {"met": True, "note": "x"},
        ("/circles", "post"): {"circles": [{"name_zh": "x", "members": ["C3"]}]},
        ("/circles/divisions", "post"): {"least": 10},
        ("/circles/targets", "put"): {"place": "D", "targets": []},
        ("/circles/{code}/members", "put"): {"members": ["C4"]},
        ("/circles/{code}/move", "post"): {"version": 1, "to": "building"},
        ("/goals", "post"): {"place": "C3", "name": "x", "unit": "x", "target": 1, "starts_on": TODAY, "due_on": "2099-01-01"},
        ("/goals/{number}", "patch"): {"version": 1, "values": {"name": "x"}},
        ("/goals/{number}/progress", "post"): {"on": TODAY, "value": 1},
        ("/cases", "post"): {"place": "C3", "kind": "lamp"},
        ("/cases/{ref}/moves/{name}", "post"): {"version": 1, "note": "x", "assignee": "worker3", "body": "x"},
        ("/cases/{ref}/pause", "post"): {"version": 1, "note": "x"},
        ("/cases/{ref}/resume", "post"): {"version": 1},
        ("/cases/{ref}/hold", "put"): {"version": 1, "held": True, "note": "x"},
        ("/cases/{ref}/merge", "post"): {"version": 1, "into": "F7"},
        ("/cases/{ref}/split", "post"): {"version": 1, "parts": [{"kind": "lamp"}]},
        ("/cases/{ref}/rating", "post"): {"rating": "satisfied"},
        ("/cases/{ref}/meeting", "post"): {"people": ["street2"], "note": "x"},
        ("/cases/{ref}/orders", "post"): ORDER,
        ("/cases/{ref}/orders/{number}", "put"): {**ORDER, "version": 1},
        ("/cases/{ref}/orders/{number}/approve", "post"): {"version": 1},
        ("/cases/{ref}/orders/{number}/done", "post"): {"version": 1, "done_by": "x", "done_on": TODAY},
        ("/cases/{ref}/orders/{number}/withdraw", "post"): {"version": 1, "note": "x"},
        ("/cases/{ref}/outside", "post"): {"version": 1, "body": "x", "ask": "x"},
        ("/public/outside/{token}/accept", "post"): {"name": "x"},
        ("/public/outside/{token}/notes", "post"): {"text": "x"},
        ("/public/outside/{token}/done", "post"): {"text": "x"},
        ("/public/outside/{token}/decline", "post"): {"reason": "x"},
        ("/command/broadcast", "post"): {"place": "C3", "text": "x"},
        ("/patrols/plans", "post"): {"place": "C3", "checklist": "stairs"},
        ("/patrols", "post"): {"key": KEY, "place": "C3", "checklist": "lifts", "on": TODAY, "answers": [
            {"item": name, "answer": "ok"} for name in ("running", "alarm", "label", "light")]},
        ("/devices", "post"): {"ref": "x1", "kind": "smoke", "name": "x", "place": "C3"},
        ("/devices/{ref}", "patch"): {"version": 1, "values": {"name": "x"}},
        ("/devices/{ref}/replace", "post"): {"version": 1, "by": "x2"},
        ("/rules", "post"): {"code": "x", "name": "x", "place": "D", "definition": RULE},
        ("/rules/{code}/versions", "post"): {"version": 1, "definition": RULE},
        ("/rules/{code}/versions/{number}/try", "post"): {"days": 1},
        ("/rules/{code}/holds", "put"): {"version": 1, "number": None},
        ("/devices/{ref}/consent", "put"): {"version": 1, "given": True, "on": TODAY},
        ("/public/pushes/{platform}", "post"): {"deviceId": "F7", "messageType": "dataReport"},
        ("/public/devices/{ref}/messages", "post"): {"boot": "b", "seq": 1, "alarm": "smoke"},
        ("/open311/applications", "post"): {"name": "x"},
        ("/warnings", "post"): {"place": "C3", "hazard": "flood", "urgency": "Immediate", "severity": "Severe",
                                "certainty": "Observed", "expires": "2099-01-01T00:00:00Z", "headline_zh": "x",
                                "description_zh": "x"},
        ("/warnings/{ref}", "patch"): {"version": 1, "values": {"headline_zh": "x"}},
        ("/warnings/{ref}/send", "post"): {"version": 1},
        ("/warnings/{ref}/follow", "post"): {"msg_type": "Cancel"},
        ("/chats", "post"): {"place": "C3", "name": "x", "kind": "wecom", "address": "https://qyapi.weixin.qq.com/x"},
        ("/shifts", "post"): {"place": "C3", "username": "worker3", "starts_at": f"{TODAY}T00:00:00Z",
                              "ends_at": f"{TODAY}T01:00:00Z"},
        ("/shifts/plan", "post"): {"place": "C3", "usernames": ["worker3"], "starts": "08:00", "ends": "20:00",
                                   "since": TODAY, "until": TODAY},
        ("/dwelling-notes", "post"): {"place": "C3", "door": "9-901", "resident": "x", "key_held": "x", **CONSENT},
        ("/dwelling-notes/{number}", "put"): {"version": 1, "resident": "x", "key_held": "x", **CONSENT},
        ("/shifts/{number}/substitute", "post"): {"username": "street2"},
        ("/shifts/{number}/hand-over", "post"): {"note": "x"},
        ("/public/receipts/{channel}", "post"): {"receipt": "x", "ok": True},
        ("/surveys", "post"): {"place": "C3", "zh": "x", "sections": ["c11"]},
        ("/surveys/{number}", "patch"): {"version": 1, "values": {"zh": "x"}},
        ("/surveys/{number}/quotas", "put"): {"version": 1, "quotas": []},
        ("/surveys/{number}/invite", "post"): {"version": 1},
        ("/surveys/{number}/open", "post"): {"version": 1},
        ("/surveys/{number}/close", "post"): {"version": 1},
        ("/surveys/{number}/answers", "post"): {"key": KEY, "values": {}, "how": "door", "place": "C3",
                                                "phone": "13800138000", "band": "age_60_74"},
        ("/public/surveys/{code}", "post"): {"key": KEY, "values": {}},
    }  # fmt: skip


UNWATCHED = {"last_login", "used_at", "detail"}
"""Who asked when; and of a card what its colour and score stand on, which nobody writes alone."""
WITHOUT_BODY = {
    ("/groups/{number}/end", "post"), ("/runs/{number}/cancel", "post"), ("/imports/{number}/apply", "post"),
    ("/imports/{number}/undo", "post"), ("/imports", "post"), ("/layers", "post"), ("/proposals/{number}/cancel", "post"),
    ("/facilities/{ref}/photos", "post"), ("/surveys/xlsform", "post"), ("/cases/{ref}/photos", "post"),
    ("/patrols/plans/{number}/end", "post"), ("/chats/{number}/test", "post"),
    ("/cases/{ref}/outside/{number}/end", "post"), ("/public/outside/{token}/photos", "post"),
    ("/cases/{ref}/door", "post"), ("/devices/{ref}/secret", "post"),
    ("/devices/{ref}/owner", "post"), ("/devices/import", "post"), ("/shifts/import", "post"),
    ("/dwelling-notes/{number}/reveal", "post"), ("/notices/{number}/delivered", "post"),
    ("/open311/applications/{number}/end", "post"),
    ("/goals/{number}/end", "post"), ("/projects/oc4ids", "post"), ("/projects/{ref}/files", "post"),
}  # fmt: skip


def operations():
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def address(hub, path: str, operation) -> str:
    """The path with everything in it that lies outside the first street, and what it has to be asked."""
    from lifecircle.hub.cases.models import CasePhoto, OutsideLink
    from lifecircle.hub.duty.models import Shift
    from lifecircle.hub.facilities.models import FacilityPhoto, ImportBatch
    from lifecircle.hub.layers.models import Layer
    from lifecircle.hub.notify.models import Chat, Notice
    from lifecircle.hub.open311.models import Application
    from lifecircle.hub.patrols.models import Patrol, Plan
    from lifecircle.hub.people.models import ApiToken, DwellingNote, Grant, Resident, WorkingGroup
    from lifecircle.hub.planning.models import AnnualList, Attachment, Proposal, WorkGoal
    from lifecircle.hub.surveys.models import Survey

    number = {
        "/facilities": FacilityPhoto.objects.get(facility__ref="F7").pk,
        "/residents": Resident.objects.order_by("pk").last().pk,
        "/roles": Grant.objects.get(account__username="worker3").pk,
        "/me/tokens": ApiToken.objects.filter(account__username="planner").first().pk,
        "/me/push": 1,
        "/imports": ImportBatch.objects.get(account__username="street2").pk,
        "/runs": hub.run,
        "/groups": WorkingGroup.objects.order_by("pk").first().pk,
        "/webhooks": 1,
        "/rules": 1,
        "/proposals": getattr(Proposal.objects.first(), "pk", 1),
        "/annual-lists": getattr(AnnualList.objects.first(), "pk", 1),
        "/layers": getattr(Layer.objects.first(), "pk", 1),
        "/dwelling-notes": getattr(DwellingNote.objects.first(), "pk", 1),
        "/shifts": getattr(Shift.objects.first(), "pk", 1),
        "/chats": getattr(Chat.objects.first(), "pk", 1),
        "/notices": getattr(Notice.objects.first(), "pk", 1),
        "/goals": getattr(WorkGoal.objects.first(), "pk", 1),
        "/projects": getattr(Attachment.objects.first(), "pk", 1),
        "/open311": getattr(Application.objects.first(), "pk", 1),
        "/patrols/plans": getattr(Plan.objects.first(), "pk", 1),
        "/patrols": getattr(Patrol.objects.first(), "pk", 1),
        "/cases/{ref}/orders": 1,
        "/cases/{ref}/outside": getattr(OutsideLink.objects.first(), "pk", 1),
        "/cases": getattr(CasePhoto.objects.first(), "pk", 1),
        "/public/outside": getattr(CasePhoto.objects.first(), "pk", 1),
        "/surveys": getattr(Survey.objects.first(), "pk", 1),
    }
    prefix = next((p for p in number if path.startswith(f"/api/v1{p}")), None)
    code = "circle-1" if path.startswith("/api/v1/circles/") else "C3"
    values = {
        "code": code, "place": "C3", "ref": "F7", "username": "worker3", "scope": "type", "key": "toilet",
        "z": "15", "x": "26083", "y": "13566", "other": hub.run, "collection": "facilities", "feature": "F7",
        "number": str(number.get(prefix, "")), "row": "2", "question": "sat_toilet",
        "checklist": "complete_community", "item": "culture", "name": "assign", "channel": "sms",
        "platform": "ctwing", "token": uuid4().hex,
    }  # fmt: skip
    query = {
        "run": hub.run, "lon": "106.5618", "lat": "29.55", "from_lon": "106.56", "from_lat": "29.55",
        "key": "toilet", "to_lon": "106.5618", "to_lat": "29.55", "source": "test", "place": "C3", "text": FOREIGN,
        "msg": "x", "nonce": "x", "signature": "x",
    }  # fmt: skip
    wanted = [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"]
    asked = "&".join(f"{name}={query[name]}" for name in wanted if name in query)
    return path.format(**values) + (f"?{asked}" if asked else "")


def state() -> str:
    """Everything that the hub knows, but who asked for what and when."""
    rows = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label == "devices.Refusal":
            continue  # counts what was refused
        if model._meta.app_label in {
            "places",
            "people",
            "facilities",
            "assessments",
            "layers",
            "planning",
            "surveys",
            "cases",
            "devices",
            "rules",
            "duty",
            "notify",
            "patrols",
            "open311",
            "warnings",
        }:
            names = [f.attname for f in model._meta.concrete_fields if f.attname not in UNWATCHED]
            listed = model.objects.order_by("pk").values_list(*names)
            rows += [f"{model._meta.label} {row}" for row in listed]
    return "\n".join(rows)


def patrolled(hub, far):
    """A case with a photo, an order and a link, a plan, a patrol, a chat and what to know of a home outside the first street."""
    from lifecircle.hub.cases import actions as cases
    from lifecircle.hub.cases import photos
    from lifecircle.hub.cases.models import Case
    from lifecircle.hub.cases.orders import actions as orders
    from lifecircle.hub.cases.orders.sums import Line
    from lifecircle.hub.cases.outside import actions as outside
    from lifecircle.hub.notify.models import Chat
    from lifecircle.hub.patrols import actions as patrols
    from lifecircle.hub.people import dwelling_notes

    one, _ = cases.raise_case(
        far.place, cases.Report("lamp", "worker", f"{FOREIGN}灯", door=FOREIGN), by="street2"
    )
    Case.objects.filter(pk=one.pk).update(ref="F7")
    photos.add(hub.actor("operator"), "F7", SimpleUploadedFile("p.jpg", jpeg()))
    line = Line("part", FOREIGN, "x", Decimal(1), Decimal(1))
    orders.propose(hub.actor("operator"), "F7", orders.Wanted(FOREIGN, [line], firm=FOREIGN))
    asked = outside.Asked(f"{FOREIGN}单位", FOREIGN)
    outside.hand(hub.actor("operator"), "F7", asked, version=one.version)
    patrols.plan(hub.actor("operator"), place="C3", checklist_="gas")
    patrols.enter(
        hub.actor("operator"), key=uuid4(), place="C3", checklist_="gas", on=timezone.localdate(), note=FOREIGN,
        found=[patrols.Found(name, "ok") for name in ("smell", "hose", "alarm", "air")],
    )  # fmt: skip
    Chat.objects.create(
        place=far.place, name=f"{FOREIGN}工作群", kind="wecom", address=FOREIGN, added_by="street2", added_at=timezone.now()
    )  # fmt: skip
    dwelling_notes.enter(Actor.system("tests"), place="C3", values={
        "door": f"{FOREIGN}9-901", "resident": FOREIGN, "key_held": FOREIGN, "hazards": ["dog"], "note": FOREIGN,
        "consent_on": timezone.localdate(), "keep_until": timezone.localdate(),
    })  # fmt: skip
    return one


@pytest.fixture
def aimed(hub):
    """Something of everybody's for the calls to aim at."""
    from lifecircle.hub.devices.models import Device
    from lifecircle.hub.duty.models import Shift
    from lifecircle.hub.facilities import photos
    from lifecircle.hub.facilities.models import Facility, ImportBatch, Space
    from lifecircle.hub.layers.models import Layer, LayerFeature
    from lifecircle.hub.notify import actions as notify
    from lifecircle.hub.open311.models import Application
    from lifecircle.hub.people import groups
    from lifecircle.hub.places.models import Place
    from lifecircle.hub.places.shapes import shape_columns
    from lifecircle.hub.planning import checking, circles
    from lifecircle.hub.planning.models import (
        AnnualList,
        Attachment,
        Project,
        Proof,
        Proposal,
        WorkGoal,
    )
    from lifecircle.hub.rules.models import Rule, Version
    from lifecircle.hub.surveys.models import Answer, Invitation, Survey
    from lifecircle.hub.warnings import actions as warnings
    from lifecircle.hub.warnings.models import Warning  # noqa: A004

    hub.token("planner", "card.read")
    groups.create(
        hub.actor("planner"), name=f"{FOREIGN}专班", place="C3", lead="street2", members=["worker3"]
    )
    far = Facility.objects.get(ref="F7")
    file = SimpleUploadedFile("p.jpg", jpeg())
    photos.add(hub.actor("planner"), "F7", file, caption=FOREIGN)
    Space.objects.create(
        ref="F7", name=f"{FOREIGN}空房", place=far.place, lon=far.lon, lat=far.lat, area_m2=50
    )
    ImportBatch.objects.create(
        account=hub.account("street2"), file=f"{FOREIGN}.csv", source="x", on=timezone.localdate(),
        changes=[], issues=[],
    )  # fmt: skip
    annual = AnnualList.objects.create(place=far.place, year=2030, title=f"{FOREIGN}清单")
    project = Project.objects.create(
        ref="F7",
        name=f"{FOREIGN}项目",
        place=far.place,
        kind="new",
        created_by="street2",
        annual=annual,
        pilot=True,
    )
    one = patrolled(hub, far)
    notify.tell(one, [hub.account("worker3")], channels=("app",))
    Device.objects.create(
        ref="F7", kind="smoke", name=f"{FOREIGN}烟感", place=far.place, door=FOREIGN, digest="x", mqtt_hash="x"
    )  # fmt: skip
    rule = Rule.objects.create(code="C3", name=f"{FOREIGN}规则", place=far.place)
    Version.objects.create(
        rule=rule, number=1, definition=RULE, made_by="street2", made_at=timezone.now()
    )
    Application.objects.create(name=f"{FOREIGN}应用", digest="x", made_by="sysadmin")
    draft = warnings.write(
        hub.actor("operator"), place="C3", values={
            "hazard": "flood", "urgency": "Future", "severity": "Minor", "certainty": "Likely",
            "expires": timezone.now() + timezone.timedelta(1), "headline_zh": f"{FOREIGN}预警", "description_zh": "x",
        },
    )  # fmt: skip
    Warning.objects.filter(pk=draft.pk).update(ref="F7")
    now = timezone.now()
    Shift.objects.create(
        place=far.place,
        account=hub.account("worker3"),
        starts_at=now,
        ends_at=now + timezone.timedelta(1),
        note=FOREIGN,
    )
    planner = hub.actor("planner")
    circles.draw(planner, name_zh=f"{FOREIGN}生活圈", members=["C3"])
    checking.say(planner, "C3", "complete_community", "property", found=True, note=FOREIGN)
    Attachment.objects.create(
        project=project,
        kind="document",
        name=f"{FOREIGN}.pdf",
        bytes=1,
        digest="x",
        added_by="street2",
    )
    day = timezone.localdate()
    WorkGoal.objects.create(
        place=far.place,
        name=f"{FOREIGN}目标",
        unit="x",
        target=1,
        starts_on=day,
        due_on=day.replace(year=day.year + 1),
    )
    Proof.objects.create(project=project, figures={"note": FOREIGN})
    Proposal.objects.create(
        place=far.place,
        title=f"{FOREIGN}方案",
        run_id=hub.run,
        requested_by="street2",
        result={"note": FOREIGN},
    )
    asked = to_json(compose(default(), ["c11"], zh="x"))
    survey = Survey.objects.create(
        place=far.place,
        zh=f"{FOREIGN}调查",
        questionnaire=asked,
        state="open",
        created_by="street2",
    )
    Invitation.objects.create(
        survey=survey, place=far.place, band="age_60_74", how="blank", digest="x", code=FOREIGN
    )
    Answer.objects.create(
        key=KEY.replace("6f", "7f"), survey=survey, place=far.place, band="age_60_74", how="paper",
        on=timezone.localdate(), values='{"c11_wish": "x"}',
    )  # fmt: skip
    layer = Layer.objects.create(
        place=Place.objects.get(code="S2"), owner=hub.account("street2"), name=f"{FOREIGN}图层", source="x",
        on=timezone.localdate(), file="x.csv", kind="point", fields=[{"name": "n", "kind": "text"}], count=1,
        west=106.5618, south=29.55, east=106.5618, north=29.55,
    )  # fmt: skip
    LayerFeature.objects.create(
        layer=layer, row=2, values=[FOREIGN], **shape_columns(shapely.Point(106.5618, 29.55))
    )
    return hub


def call(hub, client, path, method, operation, **headers):
    body = bodies(hub).get((path.removeprefix("/api/v1"), method))
    values = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    if path == "/api/v1/imports":
        text = (
            "id,name,type,lon,lat\nF7,taken,toilet,106.5618,29.55\nF99,new,toilet,106.5618,29.55\n"
        )
        values = {
            "data": {"file": SimpleUploadedFile("f.csv", text.encode()), "source": "x", "on": TODAY}
        }
    if path == "/api/v1/devices/import":
        file = SimpleUploadedFile("d.csv", b"ref,kind,name,place\nx7,smoke,x,C3\n")
        values = {"data": {"file": file}}
    if path == "/api/v1/shifts/import":
        file = SimpleUploadedFile(
            "s.csv", f"day,starts,ends,person\n{TODAY},08:00,07:59,worker3\n".encode()
        )
        values = {"data": {"file": file, "place": "C3"}}
    if (path, method) == ("/api/v1/layers", "post"):
        file = SimpleUploadedFile("l.csv", b"place,n\nC3,1\n")
        values = {"data": {"file": file, "place": "C3", "name": "x", **SAID}}
    if (path, method) == ("/api/v1/projects/oc4ids", "post"):
        file = SimpleUploadedFile("p.json", b'[{"id": "a"}]')
        values = {"data": {"file": file, "place": "C3"}}
    if (path, method) == ("/api/v1/projects/{ref}/files", "post"):
        values = {"data": {"file": SimpleUploadedFile("a.pdf", b"x")}}
    if (path, method) == ("/api/v1/surveys/xlsform", "post"):
        form = to_xlsform(compose(default(), ["c11"], zh="x"))
        values = {"data": {"file": SimpleUploadedFile("f.xlsx", form), "place": "C3"}}
    if path.endswith(("/{ref}/photos", "/{token}/photos")) and method == "post":
        values = {"data": {"file": SimpleUploadedFile("q.jpg", jpeg(colour="red"))}}
    return getattr(client, method)(address(hub, path, operation), headers=headers, **values)


def test_every_write_has_a_body_here(hub):
    writes = {
        (path.removeprefix("/api/v1"), method)
        for path, method, _ in operations() if method in {"post", "patch", "put"}
    }  # fmt: skip
    assert writes == set(bodies(hub)) | WITHOUT_BODY


def test_nobody_gets_nothing(aimed):
    client = aimed.client()
    before = state()
    for path, method, operation in operations():
        answer = call(aimed, client, path, method, operation)
        if (path, method) in OPEN:
            assert answer.status_code in {200, 403, 404}, path
        else:
            assert answer.status_code == 401, (path, method, answer.status_code)
        assert FOREIGN not in answer.content.decode("utf-8", "replace"), path
    assert state() == before


@pytest.mark.parametrize("who", ["resident", "expired", "worker1", "street1", "grid1", "provider",
                                 "council", "sysadmin", "secadmin", "auditor"])  # fmt: skip
def test_who_may_not_sees_and_changes_nothing_outside(aimed, who):
    client = aimed.client(who)
    before = state()
    for path, method, operation in operations():
        if (path, method) in OWN:
            continue
        if who == "secadmin" and "role" in path:
            continue  # grants roles everywhere: tests/hub/people
        if who == "sysadmin" and path.endswith(("/accounts", "/active", "/accounts/{username}")):
            continue  # makes and locks accounts everywhere
        if (
            who == "secadmin"
            and method == "get"
            and {"places", "accounts", "groups"} & set(path.split("/"))
        ):
            continue  # sees places and accounts, to grant roles at them
        if who == "sysadmin" and "/accounts" in path and method == "get":
            continue
        if who == "auditor" and "/audit" in path:
            continue
        if who == "sysadmin" and "/open311/" in path:
            continue  # gives keys to applications, and takes them back
        if who == "street1" and (path, method) == ("/api/v1/runs", "post"):
            continue  # asks for an assessment of the district: its own right
        answer = call(aimed, client, path, method, operation)
        text = answer.content.decode("utf-8", "replace")
        allowed = (
            {401}
            if who == "expired" and (path, method) not in OPEN
            else {200, 201, 401, 403, 404, 409, 422} | ({204} if method == "get" else set())
        )
        assert answer.status_code in allowed, (path, method, answer.status_code, text[:300])
        if (
            path == "/api/v1/imports"
        ):  # a preview is the caller's own, and says of strangers only no
            assert '"new": 0, "changed": 0' in text or answer.status_code in {401, 403}, text[:300]
            before = state()
            continue
        assert FOREIGN not in text.replace("\\u5916\\u8857", FOREIGN), (path, method, text[:300])
        if method != "get" and answer.status_code < 300:  # of the others the end speaks
            assert state() == before, (path, method)
    assert state() == before


def test_a_token_has_no_more_rights_than_it_was_given(aimed):
    text = aimed.token("planner", "audit.read")
    client = aimed.client()
    before = state()
    for path, method, operation in operations():
        if (path, method) in OPEN or (path, method) in {
            ("/api/v1/me", "get"),
            ("/api/v1/me/tokens", "get"),
            ("/api/v1/public/devices/{ref}/messages", "post"),  # a device shows its own secret
        }:
            continue
        if path.startswith("/api/v1/me/tokens/"):
            continue
        answer = call(aimed, client, path, method, operation, authorization=f"Bearer {text}")
        found = answer.content.decode("utf-8", "replace").replace("\\u5916\\u8857", FOREIGN)
        assert answer.status_code in {200, 403, 404, 422}, (path, method, answer.status_code)
        assert FOREIGN not in found, (path, method)
    assert state() == before


def test_the_same_calls_succeed_for_who_may(aimed):
    """The calls above fail for want of rights, and not because they are malformed."""
    refused = []
    for path, method, operation in operations():
        client = aimed.client(
            {"/api/v1/audit": "auditor", "/api/v1/accounts": "sysadmin"}.get(path, "planner")
        )
        answer = call(aimed, client, path, method, operation)
        if answer.status_code in {400, 405, 422, 500}:
            refused.append((path, method, answer.status_code, answer.content[:200]))
    expected = {"/api/v1/me/password", "/api/v1/places/{code}/split", "/api/v1/webhooks",
                "/api/v1/places/{code}/team"}  # fmt: skip
    assert [one for one in refused if one[0] not in expected] == []
