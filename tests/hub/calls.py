"""A day with the interface: every operation called once by somebody who may, each from what came before."""

from __future__ import annotations

import http.server
import json
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone

from hub.bot import KEY, WeCom
from hub.pictures import jpeg
from lifecircle.engine.polling.templates import compose
from lifecircle.engine.polling.xlsform import to_xlsform
from lifecircle.engine.standards import default
from lifecircle.hub.api import api
from lifecircle.hub.devices.pushes import onenet_signature

SAID = {"source": "2026年11月实地核查", "on": "2026-11-20"}
AT = {"lon": 106.5508, "lat": 29.55}


@dataclass
class Day:
    """Makes the calls and keeps what was sent and answered, by operation."""

    hub: Any
    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    browsers: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        paths = api.get_openapi_schema()["paths"]
        self.ids = {(m, p): o["operationId"] for p, ms in paths.items() for m, o in ms.items()}

    def browser(self, who: str) -> Any:
        """One for each, with what they have done before."""
        if who not in self.browsers:
            self.browsers[who] = self.hub.client(who)
        return self.browsers[who]

    def __call__(
        self, who: str, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **values: Any
    ) -> Any:  # fmt: skip
        """Call an operation by its template; `values` go into the path, and what is left into the query."""
        template = f"/api/v1{path}"
        inside = {name: v for name, v in values.items() if f"{{{name}}}" in template}
        query = {name: v for name, v in values.items() if name not in inside}
        address = template.format(**inside)
        sent: dict[str, Any] = {"query_params": query} if query else {}
        if headers:
            sent["headers"] = headers
        if method not in {"get", "delete"} and not isinstance(body, dict | None):
            raise TypeError(body)
        if body is not None and any(isinstance(v, SimpleUploadedFile) for v in body.values()):
            sent |= {"data": body}
            kept = {n: v for n, v in body.items() if not isinstance(v, SimpleUploadedFile)}
        elif body is not None:
            sent |= {"data": json.dumps(body), "content_type": "application/json"}
            kept = body
        answer = getattr(self.browser(who), method)(address, **sent)
        assert 200 <= answer.status_code < 300, (method, address, answer.content[:500])
        example = {"parameters": values, "status": answer.status_code}
        if body is not None:
            example["body"] = kept
        if answer.content and answer["Content-Type"].startswith("application/json"):
            example["answer"] = json.loads(answer.content)
        self.found[self.ids[method, template]] = example
        return example.get("answer")


def a_day(hub) -> dict[str, dict[str, Any]]:
    """Every operation of the interface, in an order in which each finds what it needs."""
    day = Day(hub)
    own(day)
    administration(day)
    residents(day)
    places(day)
    register(day)
    imports(day)
    assessments(day)
    by_class(day)
    the_map(day)
    groups(day)
    layers(day)
    projects(day)
    proposals(day)
    surveys(day)
    demand_and_themes(day)
    files_and_packages(day)
    circles_and_goals(day)
    cases(day)
    chats(day)
    command(day)
    at_the_desk(day)
    orders(day)
    in_outside_hands(day)
    devices(day)
    rules(day)
    open311(day)
    warnings(day)
    open_data(day)
    return day.found


def own(day: Day) -> None:
    day("planner", "get", "/me")
    made = day(
        "planner",
        "post",
        "/me/tokens",
        {"name": "QGIS", "scopes": ["place.read", "card.read"], "days": 90},
    )
    day("planner", "get", "/me/tokens")
    day("planner", "delete", "/me/tokens/{number}", number=made["id"])
    hook = day(
        "planner",
        "post",
        "/webhooks",
        {"url": "https://93.184.216.34/events", "kinds": ["facility.changed"]},
    )
    day("planner", "get", "/webhooks")
    told = {"endpoint": "https://93.184.216.34/push/eVx1", "name": "Android",
            "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "auth": "BTBZMqHH6r4Tts7J_aSIgg"}  # fmt: skip
    ours = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"  # of the standard's example, as those of the browser
    with override_settings(WEBPUSH="mailto:desk@example.cn", WEBPUSH_KEY=ours):
        number = day("grid1", "post", "/me/push", told)["id"]
        day("grid1", "get", "/me/push")
        day("grid1", "delete", "/me/push/{number}", number=number)
    day.browser("planner").get("/_allauth/browser/v1/account/authenticators/totp")
    day("planner", "get", "/me/totp.svg")
    day("planner", "delete", "/webhooks/{number}", number=hook["id"])
    day("council", "post", "/me/password", {"old": "Correct-Horse-7", "new": "Quiet-Lanes-2026"})


def administration(day: Day) -> None:
    account = {
        "username": "wang.min",
        "name": "王敏",
        "kind": "staff",
        "password": "Correct-Horse-8",
    }
    day("sysadmin", "post", "/accounts", account)
    day("sysadmin", "get", "/accounts", text="wang")
    day("sysadmin", "get", "/accounts/{username}", username="wang.min")
    day("sysadmin", "post", "/accounts/{username}/active", {"active": True}, username="wang.min")
    role = {"role": "community_worker", "place": "C1", "categories": []}
    held = day("secadmin", "post", "/accounts/{username}/roles", role, username="wang.min")
    day("secadmin", "delete", "/roles/{number}", number=held["id"])
    day("auditor", "get", "/audit", limit=2)


def residents(day: Day) -> None:
    consent = {
        "purpose": "service",
        "given_on": "2026-11-20",
        "keep_until": "2099-11-20",
        "evidence": "纸质同意书",
    }
    resident = {"place": "C1", "full_name": "赵一", "phone": "13800138001", "birth_year": 1950,
                "groups": ["elder_75"], "consents": [consent]}  # fmt: skip
    made = day("worker1", "post", "/residents", resident)
    day("worker1", "get", "/residents", place="C1")
    day("worker1", "post", "/residents/{number}/reveal", {"purpose": "service"}, number=made["id"])
    day("worker1", "delete", "/residents/{number}", number=made["id"])
    note = {"door": "3栋2单元501", "resident": "赵一", "key_held": "网格站, 3号钥匙箱", "hazards": ["oxygen", "dog"],
            "consent_on": "2026-11-20", "keep_until": "2027-11-20"}  # fmt: skip
    made = day("worker1", "post", "/dwelling-notes", {"place": "C1", **note})
    day("worker1", "get", "/dwelling-notes", place="C1")
    again = {**note, "key_held": "邻居李家, 502", "version": made["version"]}
    day("worker1", "put", "/dwelling-notes/{number}", again, number=made["id"])
    day("worker1", "post", "/dwelling-notes/{number}/reveal", number=made["id"])
    day("worker1", "delete", "/dwelling-notes/{number}", number=made["id"])


def square(west: float, east: float) -> dict[str, Any]:
    south, north = 29.5485, 29.5515
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def places(day: Day) -> None:
    day("planner", "get", "/places", level="community")
    day("planner", "get", "/places/shapes", level="community")
    day("planner", "get", "/places/at", lon=106.5508, lat=29.55, level="community")
    day("planner", "get", "/places/{code}", code="C1")
    grid = {"parent": "C1", "code": "C1-G1", "level": "grid", "name_zh": "第一网格", "on": "2026-11-20",
            "shape": square(106.5501, 106.553)}  # fmt: skip
    day("planner", "post", "/places", grid)
    name = {"name_zh": "第一网格 (北)", "name_en": "Grid 1 north", "on": "2026-11-21"}
    day("planner", "post", "/places/{code}/rename", name, code="C1-G1")
    parts = [
        {"code": f"C1-G{k}", "name_zh": f"第{k}网格", "shape": square(106.5501 + 0.001 * k, 106.5511 + 0.001 * k)}
        for k in (2, 3)
    ]  # fmt: skip
    parts[0]["shape"], parts[1]["shape"] = square(106.5501, 106.5515), square(106.5515, 106.553)
    day(
        "planner",
        "post",
        "/places/{code}/split",
        {"parts": parts, "on": "2026-11-22"},
        code="C1-G1",
    )
    day(
        "planner",
        "post",
        "/places/{code}/merge",
        {"codes": ["C1-G3"], "on": "2026-11-23"},
        code="C1-G2",
    )
    day(
        "planner", "post", "/places/{code}/move", {"parent": "C2", "on": "2026-11-24"}, code="C1-G2"
    )
    day("planner", "get", "/places/{code}/history", code="C1-G2")
    branch = {"party_branch": "第二网格党支部", "on": "2026-11-25"}
    day("planner", "patch", "/places/{code}", branch, code="C1-G2")
    team = [{"username": "grid1", "role": "head"}, {"username": "worker1", "role": "full_time"}]
    day(
        "planner", "put", "/places/{code}/team", {"members": team, "on": "2026-11-25"}, code="C1-G2"
    )


def register(day: Day) -> None:
    day("planner", "get", "/types")
    made = day("worker1", "post", "/facilities",
               {"ref": "500103-KG-7", "name": "社区幼儿园", "type": "kindergarten", **AT, "capacity": 180,
                "hours": "Mo-Fr 07:30-18:00", "said": SAID})  # fmt: skip
    day("worker1", "get", "/facilities", type="kindergarten", place="C1")
    day("worker1", "get", "/facilities/{ref}", ref=made["ref"])
    change = {
        "version": made["version"],
        "values": {"capacity": 210, "barrier_free": True},
        "said": SAID,
    }
    day("worker1", "patch", "/facilities/{ref}", change, ref=made["ref"])
    day("worker1", "get", "/facilities/{ref}/values", ref=made["ref"])
    photo = {
        "file": SimpleUploadedFile("gate.jpg", jpeg(taken="2026:11:20 09:30:00")),
        "caption": "正门",
    }
    added = day("worker1", "post", "/facilities/{ref}/photos", photo, ref=made["ref"])
    day("worker1", "get", "/facilities/{ref}/photos", ref=made["ref"])
    at = {"ref": made["ref"], "number": added["id"]}
    day("worker1", "get", "/facilities/{ref}/photos/{number}", **at, small=True)
    day("worker1", "delete", "/facilities/{ref}/photos/{number}", **at)
    day("worker1", "delete", "/facilities/{ref}", ref=made["ref"], source="现场已关闭")
    day("worker1", "get", "/facilities/export", format="csv")
    day("worker1", "get", "/facilities/form")
    space = {"ref": "500103-SP-1", "name": "原社区食堂", **AT, "area_m2": 180, "cost_cny": 60000,
             "allowed_types": ["elder_canteen"], "shared_hours": "Mo-Fr 18:00-21:00"}  # fmt: skip
    made = day("worker1", "post", "/spaces", space)
    day("worker1", "get", "/spaces")
    day("worker1", "get", "/spaces/{ref}", ref=made["ref"])
    change = {"version": made["version"], "values": {"area_m2": 200}}
    day("worker1", "patch", "/spaces/{ref}", change, ref=made["ref"])
    day("worker1", "get", "/spaces/export", format="xlsx")
    day("worker1", "delete", "/spaces/{ref}", ref=made["ref"])


def imports(day: Day) -> None:
    text = "id,name,type,lon,lat,capacity\n500103-CL-1,社区门诊,clinic,106.5508,29.55,40\n"
    file = SimpleUploadedFile("clinics.csv", text.encode())
    batch = day("worker1", "post", "/imports", {"file": file, **SAID})
    day("worker1", "get", "/imports/{number}", number=batch["id"])
    day("worker1", "post", "/imports/{number}/apply", number=batch["id"])
    day("worker1", "post", "/imports/{number}/undo", number=batch["id"])
    text = "id,name,area_m2,floor,lon,lat,allowed_types\n500103-SP-9,原粮站,260,1,106.5508,29.55,社区门诊\n"
    file = SimpleUploadedFile("spaces.csv", text.encode())
    day("worker1", "post", "/imports", {"file": file, "table": "spaces", **SAID})


def projects(day: Day) -> None:
    run = day("planner", "get", "/runs/latest")["id"]
    new = {
        "name": "大溪沟社区食堂", "place": "C1", "facility_type": "elder_canteen", **AT, "horizon": "near",
        "card": {"run": run, "area": "C1", "key": "elder_canteen"}, "promised": {"people": 820},
        "planned": {"floor_area_m2": 180, "capacity": 120}, "department": "区民政局",
        "supporting": ["区住房城乡建委"], "responsible": "worker1", "due_on": "2099-06-30", "pilot": True,
    }  # fmt: skip
    ref = day("worker1", "post", "/projects", new)["ref"]
    score = {"score": 4, "reason": "居民议事会讨论通过"}
    values = {"scores": dict.fromkeys(("need", "basis", "fit", "landing"), score)}
    one = day("worker1", "patch", "/projects/{ref}", {"version": 1, "values": values}, ref=ref)
    money = [{"year": 2098, "source": "区级财政", "planned_cny": 420000, "spent_cny": 0}]
    one = day(
        "worker1",
        "put",
        "/projects/{ref}/budget",
        {"version": one["version"], "lines": money},
        ref=ref,
    )
    steps = [{"name": "装修完工", "due_on": "2099-05-31", "done_on": "2099-05-20"}]
    body = {"version": one["version"], "milestones": steps}
    one = day("worker1", "put", "/projects/{ref}/milestones", body, ref=ref)
    risks = [{"text": "排烟改造需邻里同意", "likelihood": 3, "impact": 4, "response": "先开议事会"}]
    one = day(
        "worker1",
        "put",
        "/projects/{ref}/risks",
        {"version": one["version"], "risks": risks},
        ref=ref,
    )
    day(
        "worker1",
        "post",
        "/projects/{ref}/move",
        {"version": one["version"], "to": "reserve"},
        ref=ref,
    )
    day("planner", "post", "/projects/{ref}/copy", {"places": ["C2"]}, ref=ref)
    annual = day(
        "planner",
        "post",
        "/annual-lists",
        {"place": "D", "year": 2098, "title": "2098年度项目清单"},
    )
    number = annual["id"]
    body = {"version": annual["version"], "projects": [ref]}
    annual = day("planner", "put", "/annual-lists/{number}/projects", body, number=number)
    day(
        "planner",
        "post",
        "/annual-lists/{number}/approve",
        {"version": annual["version"]},
        number=number,
    )
    day("planner", "get", "/annual-lists/{number}", number=number)
    day("planner", "get", "/annual-lists")
    one = day("planner", "get", "/projects/{ref}", ref=ref)
    body = {"version": one["version"], "to": "building", "note": "施工许可已取得"}
    one = day("planner", "post", "/projects/{ref}/move", body, ref=ref)
    body = {
        "version": one["version"],
        "values": {"capacity": 110, "condition": 5, "safe": True, "licensed": True},
        "on": "2026-11-20",
    }
    day("planner", "post", "/projects/{ref}/accept", body, ref=ref)
    day("planner", "get", "/projects/{ref}/history", ref=ref)
    day("planner", "get", "/projects/{ref}/proof", ref=ref)
    day("planner", "get", "/proofs")
    day("planner", "get", "/projects", state="accepted")
    day("planner", "get", "/projects/summary")
    day("planner", "get", "/projects/export", format="csv")


def cases(day: Day) -> None:
    """One case on its whole way, one paused, two merged, one split; the roster; notices."""
    day("worker1", "get", "/cases/kinds")
    new = {"place": "C1", "kind": "repair", "source": "resident", "about": "三号楼梯道栏杆松动", "door": "3栋2单元",
           "reporter": "李先生", **AT}  # fmt: skip
    one = day("worker1", "post", "/cases", new)
    ref = one["ref"]
    body = {"version": one["version"], "assignee": "grid1"}
    one = day("worker1", "post", "/cases/{ref}/moves/{name}", body, ref=ref, name="assign")
    day(
        "grid1",
        "post",
        "/cases/{ref}/moves/{name}",
        {"version": one["version"]},
        ref=ref,
        name="accept",
    )
    day("grid1", "post", "/cases/{ref}/door", ref=ref)
    one = day("worker1", "get", "/cases/{ref}", ref=ref)
    body = {"version": one["version"], "note": "等待配件"}
    one = day("worker1", "post", "/cases/{ref}/pause", body, ref=ref)
    one = day("worker1", "post", "/cases/{ref}/resume", {"version": one["version"]}, ref=ref)
    parts = [{"kind": "lamp", "title": "梯道灯不亮"}]
    other = day(
        "worker1",
        "post",
        "/cases/{ref}/split",
        {"version": one["version"], "parts": parts},
        ref=ref,
    )[0]
    again = day("worker1", "post", "/cases", {"place": "C1", "kind": "lamp", "title": "同一盏灯"})
    body = {"version": again["version"], "into": other["ref"]}
    day("worker1", "post", "/cases/{ref}/merge", body, ref=again["ref"])
    one = day("worker1", "get", "/cases/{ref}", ref=ref)
    body = {"version": one["version"], "note": "已加固栏杆"}
    day("grid1", "post", "/cases/{ref}/moves/{name}", body, ref=ref, name="resolve")
    day("worker1", "post", "/cases/{ref}/rating", {"rating": "satisfied"}, ref=ref)
    version = day("worker1", "get", "/cases/{ref}", ref=ref)["version"]
    body = {"version": version, "held": True, "note": "行政复议, 暂不清除"}
    day("worker1", "put", "/cases/{ref}/hold", body, ref=ref)
    day("worker1", "get", "/cases/{ref}/history", ref=ref)
    day("worker1", "get", "/cases/{ref}/told", ref=ref)
    day("worker1", "get", "/cases", place="C1", open=True)
    day("worker1", "get", "/cases/figures", place="C1")
    day("worker1", "get", "/cases/evaluation", place="C1")
    day("worker1", "get", "/cases/evaluation.xlsx", place="C1")
    told = day("grid1", "get", "/notices")
    day("grid1", "post", "/notices/{number}/delivered", number=told[0]["id"])
    from lifecircle.hub.notify import gateways
    from lifecircle.hub.notify.models import Notice

    sms = Notice.objects.filter(pk=told[0]["id"])
    sms.update(channel="sms", receipt="r-20261128-17", delivered_at=None)
    with override_settings(GATEWAY_KEY="shared-key"):
        body = {"receipt": "r-20261128-17", "ok": True}
        said = {"X-Signature": gateways.sign(json.dumps(body).encode())}
        day("", "post", "/public/receipts/{channel}", body, headers=said, channel="sms")
    shifts(day)
    a_roster(day)


def shifts(day: Day) -> None:
    """Shifts one by one: planned, stood in for, taken off, handed over."""
    shift = {
        "place": "C1",
        "username": "grid1",
        "starts_at": "2099-01-01T08:00:00+08:00",
        "ends_at": "2099-01-01T20:00:00+08:00",
    }
    made = day("worker1", "post", "/shifts", shift)
    day(
        "worker1", "post", "/shifts/{number}/substitute", {"username": "worker1"}, number=made["id"]
    )
    day("worker1", "get", "/shifts", place="C1")
    day("worker1", "delete", "/shifts/{number}", number=made["id"])
    now = timezone.now()
    shift |= {
        "starts_at": (now - timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(hours=1)).isoformat(),
    }
    made = day("worker1", "post", "/shifts", shift)
    day(
        "worker1",
        "post",
        "/shifts/{number}/hand-over",
        {"note": "一户漏水待复查"},
        number=made["id"],
    )


def a_roster(day: Day) -> None:
    """A week planned in turns, read with its holes, and a month by a table."""
    day("worker1", "get", "/shifts/people", place="C1")
    first, last = (timezone.localdate() + timedelta(days=k) for k in (1, 7))
    plan = {"place": "C1", "usernames": ["grid1", "worker1"], "starts": "08:00", "ends": "20:00",
            "since": first.isoformat(), "until": last.isoformat()}  # fmt: skip
    day("worker1", "post", "/shifts/plan", plan)
    day("worker1", "get", "/shifts/week", place="C1", day=first.isoformat())
    day("worker1", "get", "/shifts/holes", place="C1")
    day("worker1", "get", "/shifts/form.xlsx", place="C1")
    table = f"日期,开始,结束,值班人\n{last},20:00,08:00,grid1\n".encode()
    file = SimpleUploadedFile("十二月.csv", table)
    day("worker1", "post", "/shifts/import", {"file": file, "place": "C1"})


def command(day: Day) -> None:
    """The command centre: how things stand, what is around a case, a meeting, a broadcast, the shift's report."""
    new = {"place": "C1", "kind": "facade", "title": "外墙砖松动", **AT}
    ref = day("worker1", "post", "/cases", new)["ref"]
    now = timezone.now()
    shift = {"place": "C1", "username": "grid1", "starts_at": (now - timedelta(hours=1)).isoformat(),
             "ends_at": (now + timedelta(hours=7)).isoformat()}  # fmt: skip
    day("worker1", "post", "/shifts", shift)
    day("operator", "get", "/command/now", place="C1")
    day("operator", "get", "/command/day", place="C1")
    day("operator", "get", "/cases/{ref}/around", ref=ref)
    body = {"people": ["street1"], "note": "10:30 街道三楼会议室"}
    day("operator", "post", "/cases/{ref}/meeting", body, ref=ref)
    body = {"place": "S1", "text": "暴雨红色预警, 请巡查低洼点"}
    day("operator", "post", "/command/broadcast", body)
    day("operator", "get", "/command/shift-report", place="C1")
    day("operator", "get", "/command/shift-report/file", place="C1")


def demand_and_themes(day: Day) -> None:
    run = day("planner", "get", "/runs/latest")["id"]
    day(
        "planner",
        "get",
        "/runs/{number}/demand",
        number=run,
        type="elder_canteen",
        level="community",
    )
    day("planner", "get", "/runs/{number}/themes/{key}", number=run, key="S2", level="community")


def files_and_packages(day: Day) -> None:
    ref = day("planner", "get", "/projects")["items"][0]["ref"]
    body = {"file": SimpleUploadedFile("feasibility.pdf", b"%PDF-1.7"), "title": "可行性研究报告"}
    file = day("planner", "post", "/projects/{ref}/files", body, ref=ref)
    day("planner", "get", "/projects/{ref}/files", ref=ref)
    where = {"ref": ref, "number": file["id"]}
    day("planner", "get", "/projects/{ref}/files/{number}", **where)
    day("planner", "delete", "/projects/{ref}/files/{number}", **where)
    day("planner", "get", "/projects/oc4ids", place="C1")
    package = SimpleUploadedFile(
        "package.json", b'[{"id": "oc4ids-elsewhere-1", "title": "Canteen"}]'
    )
    day("planner", "post", "/projects/oc4ids", {"file": package, "place": "C1"})


def circles_and_goals(day: Day) -> None:
    day("planner", "get", "/checklists")
    item = {"place": "C1", "checklist": "complete_community"}
    day("planner", "get", "/checks/{place}/{checklist}", **item)
    body = {"met": True, "note": "现场核对"}
    day("planner", "put", "/checks/{place}/{checklist}/{item}", body, **item, item="culture")
    day("planner", "post", "/circles/divisions", {"count": 2, "least": 10})
    circle = {"name_zh": "大溪沟生活圈", "members": ["C1", "C2"]}
    code = day("planner", "post", "/circles", {"circles": [circle]})[0]["code"]
    day("planner", "get", "/circles")
    day("planner", "put", "/circles/{code}/members", {"members": ["C1"]}, code=code)
    day("planner", "post", "/circles/{code}/move", {"version": 1, "to": "building"}, code=code)
    day("planner", "get", "/circles/{code}", code=code)
    day("planner", "get", "/circles/{code}/steps", code=code)
    series = [
        {"on": "2025-04-30", "circles": 1},
        {"on": "2025-12-31", "circles": 4},
        {"on": "2027-12-31", "circles": 11},
    ]
    day("planner", "put", "/circles/targets", {"place": "D", "targets": series})
    day("planner", "get", "/circles/targets")
    day("planner", "delete", "/circles/{code}", code=code)
    goal = {"place": "C1", "name": "增加公共停车位", "unit": "个", "target": 200, "starts_on": "2026-01-01",
            "due_on": "2099-12-31", "department": "区住房城乡建委", "owner": "worker1", "place_on_screen": 1}  # fmt: skip
    one = day("worker1", "post", "/goals", goal)
    where = {"number": one["id"]}
    body = {"version": one["version"], "values": {"target": 220}}
    day("worker1", "patch", "/goals/{number}", body, **where)
    body = {"on": "2026-11-20", "value": 85, "note": "两处桥下空间建成"}
    day("worker1", "post", "/goals/{number}/progress", body, **where)
    day("worker1", "get", "/goals", place="C1")
    day("worker1", "post", "/goals/{number}/end", **where)


def surveys(day: Day) -> None:
    day("planner", "get", "/surveys/library")
    new = {
        "place": "D",
        "zh": "2026年居民满意度调查",
        "en": "Residents' survey 2026",
        "sections": ["elder_care", "c11"],
    }
    number = day("planner", "post", "/surveys", new)["id"]
    day("planner", "get", "/surveys")
    form = to_xlsform(compose(default(), ["infant_care"], zh="婴幼儿照护需求调查"))
    body = {"file": SimpleUploadedFile("form.xlsx", form), "place": "S1"}
    day("planner", "post", "/surveys/xlsform", body)
    day("planner", "get", "/surveys/{number}/xlsform", number=number)
    body = {"version": 1, "values": {"ends_on": "2099-12-31"}}
    one = day("planner", "patch", "/surveys/{number}", body, number=number)
    quotas = [{"place": "C1", "band": "age_60_74", "wanted": 20}]
    body = {"version": one["version"], "quotas": quotas}
    one = day("planner", "put", "/surveys/{number}/quotas", body, number=number)
    one = day(
        "planner", "post", "/surveys/{number}/invite", {"version": one["version"]}, number=number
    )
    day("planner", "get", "/surveys/{number}/invitations", format="csv", number=number)
    one = day(
        "planner", "post", "/surveys/{number}/open", {"version": one["version"]}, number=number
    )
    from lifecircle.hub.surveys.models import Invitation

    code = Invitation.objects.latest("pk").code
    day("", "get", "/public/surveys/{code}", code=code)
    said = {"elder_has": "no", "sat_toilet": "4", "c11_wish": "楼道灯经常不亮"}
    body = {"key": "5f6f1d0e-8c0b-4f39-9a3e-2f1f6f1b0c11", "values": said}
    day("", "post", "/public/surveys/{code}", body, code=code)
    for k in range(11):
        met = {"key": f"5f6f1d0e-8c0b-4f39-9a3e-2f1f6f1b0d{k:02}", "values": said, "how": "door", "band": "age_60_74",
               "place": "C1", "phone": f"139000000{k:02}"}  # fmt: skip
        day("worker1", "post", "/surveys/{number}/answers", met, number=number)
    day("planner", "get", "/surveys/{number}/progress", number=number)
    day("planner", "get", "/surveys/{number}", number=number)
    day("planner", "get", "/surveys/{number}/results", number=number)
    day("planner", "get", "/surveys/{number}/results/export", number=number)
    where = {"number": number, "question": "sat_toilet"}
    day("planner", "get", "/surveys/{number}/results/{question}", by="community", **where)
    day("planner", "post", "/surveys/{number}/close", {"version": one["version"]}, number=number)


def proposals(day: Day) -> None:
    from lifecircle.hub.assessments.tasks import run_next
    from lifecircle.hub.planning.tasks import solve_next

    room = {"ref": "500103-SP-7", "name": "原粮站", **AT, "area_m2": 400, "cost_cny": 300000,
            "allowed_types": ["health_station"]}  # fmt: skip
    day.browser("planner").post("/api/v1/spaces", room, "application/json")
    day.browser("planner").post("/api/v1/runs", {}, "application/json")
    while run_next():
        pass
    wanted = {
        "place": "D",
        "title": "2098年方案",
        "budgets": [300000, 200000],
        "from_year": 2098,
        "fair": 1,
        "seconds": 0.2,
    }
    first, second = (day("planner", "post", "/proposals", wanted) for _ in range(2))
    day("planner", "post", "/proposals/{number}/cancel", number=second["id"])
    assert solve_next()
    day("planner", "get", "/proposals")
    day("planner", "get", "/proposals/{number}", number=first["id"])
    day("planner", "post", "/proposals/{number}/projects", {"builds": [0]}, number=first["id"])


def assessments(day: Day) -> None:
    run = day("planner", "get", "/runs/latest")["id"]
    day("planner", "put", "/runs/upkeep", {"upkeep_min": 60})
    day("planner", "get", "/runs/upkeep")
    waiting = day(
        "planner", "post", "/runs", {"title": "十一月", "draws": 0, "moments": ["Sa 20:00"]}
    )
    day("planner", "get", "/runs", limit=1)
    day("planner", "post", "/runs/{number}/cancel", number=waiting["id"])
    day("planner", "get", "/runs/{number}", number=run)
    day(
        "planner",
        "get",
        "/runs/{number}/cards",
        number=run,
        scope="type",
        key="clinic",
        level="street",
    )
    day("planner", "get", "/runs/{number}/matrix", number=run, scope="category", level="street")
    day("planner", "get", "/runs/{number}/cards/{place}/{scope}/{key}",
        number=run, place="C1", scope="type", key="clinic")  # fmt: skip
    day("planner", "get", "/runs/{number}/compare/{other}", number=run, other=run)
    changes = [{"do": "add", "type": "kindergarten", **AT, "capacity": 180}]
    day("planner", "post", "/runs/{number}/draft", {"changes": changes}, number=run)
    day(
        "planner", "post", "/runs/{number}/publish", {"place": "C1", "keys": ["clinic"]}, number=run
    )
    day("planner", "get", "/publications")
    day("", "get", "/public/cards/{place}", place="C1")
    day("planner", "delete", "/publications/{place}", place="C1")


def chats(day: Day) -> None:
    """A group chat is told, tested and ended; where its robot lives is a setting."""
    bot = http.server.ThreadingHTTPServer(("127.0.0.1", 0), WeCom)
    threading.Thread(target=bot.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{bot.server_port}"
    with override_settings(CHATS=frozenset({"wecom"}), BOTS={"wecom": home}):
        body = {"place": "C1", "name": "社区工作群", "kind": "wecom", "up_to": "P3",
                "address": f"{home}/cgi-bin/webhook/send?key={KEY}"}  # fmt: skip
        number = day("worker1", "post", "/chats", body)["id"]
        day("worker1", "post", "/chats/{number}/test", number=number)
        day("worker1", "get", "/chats")
        day("worker1", "delete", "/chats/{number}", number=number)
    example = day.found[day.ids["post", "/api/v1/chats"]]
    example["body"] = {**body, "address": f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"}  # fmt: skip
    bot.shutdown()
    bot.server_close()


def groups(day: Day) -> None:
    group = {"name": "一老一小专班", "task": "补齐托育与助餐", "place": "C1", "lead": "worker1",
             "members": ["street1"]}  # fmt: skip
    number = day("planner", "post", "/groups", group)["id"]
    day("planner", "get", "/groups", place="C1")
    day("planner", "patch", "/groups/{number}", {"task": "补齐托育、助餐与康复"}, number=number)
    day("planner", "post", "/groups/{number}/members", {"username": "grid1"}, number=number)
    day("planner", "delete", "/groups/{number}/members/{username}", number=number, username="grid1")
    day("planner", "post", "/groups/{number}/end", number=number)


def layers(day: Day) -> None:
    text = "社区,投诉量,类别\n社区1,12,照明\n社区2,7,停车\n"
    file = SimpleUploadedFile("complaints.csv", text.encode())
    said = {
        "place": "S1",
        "name": "十一月投诉",
        "source": "12345 热线",
        "on": "2026-11-20",
        "join": "社区",
    }
    number = day("planner", "post", "/layers", {"file": file, **said})["id"]
    day("planner", "get", "/layers")
    day("planner", "get", "/layers/{number}", number=number)
    day("planner", "patch", "/layers/{number}", {"name": "十一月诉求"}, number=number)
    day("planner", "get", "/layers/{number}/features", number=number, filter="投诉量 >= 10")
    day("planner", "get", "/layers/{number}/features/{row}", number=number, row=2)
    day("planner", "get", "/layers/{number}/by-place", number=number, level="community",
        measure="sum", field="投诉量")  # fmt: skip
    day("planner", "get", "/layers/{number}/file", number=number, format="geojson")
    day("planner", "delete", "/layers/{number}", number=number)


def by_class(day: Day) -> None:
    run = day("planner", "get", "/runs/latest")["id"]
    day("worker1", "get", "/runs/{number}/classes", number=run, level="community")


def the_map(day: Day) -> None:
    run = day("planner", "get", "/runs/latest")["id"]
    day("planner", "get", "/map/colours")
    day("planner", "get", "/map/profiles")
    day("planner", "get", "/map/reach", run=run, **AT, profile="elder_75", minutes=[5, 15])
    day("planner", "get", "/map/journey", run=run, from_lon=106.5508, from_lat=29.55,
        to_lon=106.5528, to_lat=29.55, profile="elder_75")  # fmt: skip
    day("planner", "get", "/map/near", run=run, **AT)
    day("planner", "get", "/map/surface", run=run, key="clinic", measure="minutes")
    day("planner", "get", "/map/relief")
    day("planner", "get", "/map/relief/{z}/{x}/{y}", z=12, x=3260, y=1695)
    day("planner", "get", "/map/tiles/{z}/{x}/{y}", z=15, x=26083, y=13566)


def open_data(day: Day) -> None:
    day("planner", "get", "/events", after=0)
    day("planner", "get", "/ogc")
    day("planner", "get", "/ogc/conformance")
    day("planner", "get", "/ogc/collections")
    day("planner", "get", "/ogc/collections/{collection}", collection="facilities")
    day("planner", "get", "/ogc/collections/{collection}/items", collection="facilities", limit=1)
    day(
        "planner",
        "get",
        "/ogc/collections/{collection}/items/{feature}",
        collection="facilities",
        feature="F1",
    )


def devices(day: Day) -> None:
    """A smoke detector: registered, heard, given a new secret, replaced."""
    new = {"ref": "smoke-3-2-501", "kind": "smoke", "name": "3栋2单元501烟感", "place": "C1", "door": "3栋2单元501",
           "owner": "张三丰", "silent_after_s": 86400, **AT}  # fmt: skip
    day("worker1", "get", "/devices/form.xlsx")
    table = SimpleUploadedFile(
        "设备.csv", "ref,kind,name,place\nlamp-7,corridor_lamp,7层楼道灯,C1\n".encode()
    )
    day("worker1", "post", "/devices/import", {"file": table})
    day("worker1", "get", "/devices/list.xlsx", place="C1")
    day("", "get", "/public/devices/schema.json")
    pushes(day)
    made = day("worker1", "post", "/devices", new)
    ref = made["device"]["ref"]
    body = {"version": 1, "given": True, "on": "2026-01-05"}
    day("worker1", "put", "/devices/{ref}/consent", body, ref=ref)
    day("worker1", "post", "/devices/{ref}/owner", ref=ref)
    said = {"boot": "7f3a", "seq": 1, "values": {"ppm": 12}, "battery": 96, "firmware": "2.1"}
    key = {"X-Device-Key": made["secret"]}
    day("", "post", "/public/devices/{ref}/messages", said, headers=key, ref=ref)
    day("worker1", "get", "/devices", place="C1", kind="smoke")
    day("worker1", "get", "/devices/latest", place="C1")
    day("worker1", "get", "/devices/{ref}/readings", ref=ref, name="ppm")
    day("worker1", "get", "/devices/{ref}/hours", ref=ref, name="ppm")
    day("worker1", "get", "/devices/{ref}/history", ref=ref)
    day("worker1", "get", "/devices/refused")
    day("worker1", "post", "/devices/{ref}/secret", ref=ref)
    one = day("worker1", "get", "/devices/{ref}", ref=ref)
    body = {"version": one["version"], "values": {"vendor": "示例厂家"}}
    one = day("worker1", "patch", "/devices/{ref}", body, ref=ref)
    body = {"version": one["version"], "by": "smoke-3-2-501b"}
    day("worker1", "post", "/devices/{ref}/replace", body, ref=ref)


def rules(day: Day) -> None:
    """A rule over water levels: written, tried against the past, made to hold, written anew."""
    high = {"when": {"value": "level_m", "above": 0.8, "clear": 0.6}, "for_s": 600, "raise": "pump"}
    new = {
        "code": "water-high",
        "name": "集水井水位高",
        "place": "D",
        "device_kind": "pump",
        "definition": high,
    }
    one = day("operator", "post", "/rules", new)
    day(
        "operator",
        "post",
        "/rules/{code}/versions/{number}/try",
        {"days": 30},
        code="water-high",
        number=1,
    )
    body = {"version": one["version"], "number": 1}
    one = day("operator", "put", "/rules/{code}/holds", body, code="water-high")
    day("operator", "get", "/rules", place="D")
    day("operator", "get", "/rules/{code}", code="water-high")
    hours = {"days": [1, 2, 3, 4, 5, 6, 7], "from": "22:00", "to": "06:00"}
    body = {"version": one["version"], "definition": {**high, "hours": hours}}
    day("operator", "post", "/rules/{code}/versions", body, code="water-high")
    day("operator", "get", "/rules/{code}/versions", code="water-high")


def pushes(day: Day) -> None:
    """OneNET asks whether the address is ours, and CTWing tells of a device."""
    with override_settings(
        PUSH_TOKENS={"ctwing": "0123456789abcdef", "onenet": "0123456789abcdef"}
    ):
        msg, nonce = "hello", "a1b2c3d4"
        day("", "get", "/public/pushes/{platform}", platform="onenet", msg=msg, nonce=nonce,
            signature=onenet_signature("0123456789abcdef", nonce, msg))  # fmt: skip
        lift = {
            "ref": "lift-7",
            "kind": "lift",
            "name": "7栋电梯",
            "place": "C1",
            "decoder": "ctwing",
            "external_id": "acf7baae",
        }
        day("worker1", "post", "/devices", lift)
        said = {"timestamp": int(timezone.now().timestamp() * 1000), "messageType": "dataReport", "deviceId": "acf7baae",
                "payload": {"serviceId": "status", "serviceData": {"speed": 1.5}}}  # fmt: skip
        about = {"platform": "ctwing", "token": "0123456789abcdef"}
        day("", "post", "/public/pushes/{platform}", said, **about)


def open311(day: Day) -> None:
    """An application gets a key, and loses it."""
    body = {"name": "随手拍", "contact": "12345@example.cn"}
    made = day("sysadmin", "post", "/open311/applications", body)
    day("sysadmin", "get", "/open311/applications")
    day("sysadmin", "post", "/open311/applications/{number}/end", number=made["id"])


def orders(day: Day) -> None:
    """A repair order that is changed, approved and done, and one that is withdrawn."""
    new = {"place": "C1", "kind": "lamp", "title": "楼道灯三盏不亮"}
    one = day("grid1", "post", "/cases", new)
    ref = one["ref"]
    lines = [{"sort": "part", "name": "LED 灯", "unit": "盏", "quantity": "3", "price": "45.50"},
             {"sort": "labour", "name": "电工", "unit": "工时", "quantity": "1.5", "price": "80"}]  # fmt: skip
    order = {"what": "更换楼道灯三盏", "firm": "明亮电气", "most": "300", "lines": lines}
    path = "/cases/{ref}/orders/{number}"
    at = {"ref": ref, "number": 1}
    day("grid1", "post", "/cases/{ref}/orders", order, ref=ref)
    made = day("grid1", "put", path, {**order, "most": "280", "version": 1}, **at)
    made = day("worker1", "post", f"{path}/approve", {"version": made["version"]}, **at)
    today = timezone.localdate()
    body = {"version": made["version"], "done_by": "陈师傅", "done_on": today.isoformat(),
            "warranty_until": (today + timedelta(days=365)).isoformat()}  # fmt: skip
    day("grid1", "post", f"{path}/done", body, **at)
    day("grid1", "post", "/cases/{ref}/orders", order, ref=ref)
    at["number"] = 2
    day("worker1", "post", f"{path}/withdraw", {"version": 1, "note": "重复"}, **at)
    day("worker1", "get", "/cases/{ref}/orders", ref=ref)


def in_outside_hands(day: Day) -> None:
    """A case in the hands of a gas company that does it, and of another that declines; a link that is ended."""
    new = {"place": "C1", "kind": "repair", "title": "燃气立管锈蚀"}
    ref = day("worker1", "post", "/cases", new)["ref"]
    path, held = "/cases/{ref}/outside", "/public/outside/{token}"

    def handed(body: str) -> tuple[int, str]:
        version = day("worker1", "get", "/cases/{ref}", ref=ref)["version"]
        asked = {"version": version, "body": body, "ask": "三号楼燃气立管锈蚀, 请检修", "days": 14}
        made = day("worker1", "post", path, asked, ref=ref)
        return made["id"], made["link"].rsplit("/", 1)[1]

    number, _ = handed("燃气公司")
    day("worker1", "post", f"{path}/{{number}}/end", ref=ref, number=number)
    _, token = handed("物业公司")
    day("", "post", f"{held}/decline", {"reason": "不属物业管线"}, token=token)
    _, token = handed("燃气公司")
    day("", "post", f"{held}/accept", {"name": "王工"}, token=token)
    day("", "post", f"{held}/notes", {"text": "下午三点到"}, token=token)
    file = {"file": SimpleUploadedFile("after.jpg", jpeg(colour="white"))}
    photo = day("", "post", f"{held}/photos", file, token=token)
    day("", "get", f"{held}/photos/{{number}}", token=token, number=photo["id"])
    day("", "get", held, token=token)
    day("", "post", f"{held}/done", {"text": "已更换立管"}, token=token)
    day("worker1", "get", path, ref=ref)


def at_the_desk(day: Day) -> None:
    """A worker's own list, photos of a case, and a patrol that finds something."""
    day("grid1", "get", "/cases/moves")
    key, again = "3b0f9c56-6d0e-4f0c-9a51-1b8e4b7d2a10", "3b0f9c56-6d0e-4f0c-9a51-1b8e4b7d2a11"
    one = day(
        "grid1",
        "post",
        "/cases",
        {"place": "C1", "kind": "repair", "title": "井盖松动", "key": key, **AT},
    )
    day("grid1", "post", "/cases/{ref}/moves/{name}", {"version": one["version"], "key": again,
        "made_at": timezone.localtime().isoformat()}, ref=one["ref"], name="accept")  # fmt: skip
    day("grid1", "get", "/cases/desk")
    body = {"file": SimpleUploadedFile("before.jpg", jpeg()), "when": "before"}
    made = day("grid1", "post", "/cases/{ref}/photos", body, ref=one["ref"])
    day("worker1", "get", "/cases/{ref}/photos", ref=one["ref"])
    day("worker1", "get", "/cases/{ref}/photos/{number}", ref=one["ref"], number=made["id"])
    day("grid1", "delete", "/cases/{ref}/photos/{number}", ref=one["ref"], number=made["id"])
    day("grid1", "get", "/patrols/checklists")
    plan = day("worker1", "post", "/patrols/plans", {"place": "C1", "checklist": "stairs"})
    day("grid1", "get", "/patrols/due", place="C1")
    found = [{"item": name, "answer": "ok"} for name in ("treads", "light", "slope", "clear")]
    found.insert(1, {"item": "handrail", "answer": "not_ok", "note": "三层转角松动"})
    today = timezone.localdate().isoformat()
    body = {"key": key, "place": "C1", "checklist": "stairs", "on": today, "answers": found}
    done = day("grid1", "post", "/patrols", body)
    day("grid1", "get", "/patrols/{number}", number=done["id"])
    day("worker1", "get", "/patrols", place="C1", checklist="stairs")
    day("worker1", "get", "/patrols/figures", place="C1")
    day("worker1", "get", "/patrols/plans", place="C1")
    day("worker1", "post", "/patrols/plans/{number}/end", number=plan["id"])


def warnings(day: Day) -> None:
    """A warning is drafted, changed, sent and cancelled; another is thrown away."""
    day("street1", "get", "/warnings/hazards")
    new = {
        "place": "S1", "areas": ["C1"], "hazard": "power_cut", "urgency": "Expected", "severity": "Moderate",
        "certainty": "Likely", "onset": "2098-07-01T22:00:00+08:00", "expires": "2098-07-02T06:00:00+08:00",
        "headline_zh": "今夜检修停电", "description_zh": "22 时至次日 6 时检修, 请提前准备。",
    }  # fmt: skip
    one = day("street1", "post", "/warnings", new)
    where = {"ref": one["ref"]}
    change = {"version": 1, "values": {"headline_en": "Power cut tonight for repairs"}}
    one = day("street1", "patch", "/warnings/{ref}", change, **where)
    day("street1", "post", "/warnings/{ref}/send", {"version": one["version"]}, **where)
    day("street1", "get", "/warnings/{ref}", **where)
    day("street1", "get", "/warnings", state="sent")
    day("", "get", "/public/warnings")
    draft = day("street1", "post", "/warnings/{ref}/follow", {"msg_type": "Cancel"}, **where)
    day("street1", "delete", "/warnings/{ref}", ref=draft["ref"], version=1)
