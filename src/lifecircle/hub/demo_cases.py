"""A day in the demo: devices, people on duty, cases with what happened to them, goals. Made up, and said to be so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.cases import ladder
from lifecircle.hub.cases.actions import Report, raise_case
from lifecircle.hub.cases.history import append
from lifecircle.hub.cases.kinds import moves
from lifecircle.hub.devices.models import Device
from lifecircle.hub.duty.models import Shift
from lifecircle.hub.people import actions as people
from lifecircle.hub.people.models import Account
from lifecircle.hub.places import queries as places
from lifecircle.hub.planning import goals

Step = tuple[str, float]
"""A move, and how many minutes after the report it was made."""
_WORKERS = 10
_ROLES = {"community_worker": "社工", "street_officer": "街道干部"}
_ANSWERED: tuple[Step, ...] = (("accept", 1.0),)
_THERE: tuple[Step, ...] = (*_ANSWERED, ("arrive", 9.0))
_DONE: tuple[Step, ...] = (*_THERE, ("resolve", 24.0))
_FIELDS = {"accept": "answered_at", "hand_off": "answered_at", "arrive": "arrived_at", "resolve": "resolved_at",
           "close": "closed_at"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A case of the demo: what, at which worker's community, how many minutes ago, and what happened since."""

    kind: str
    worker: int
    ago: float
    steps: tuple[Step, ...] = ()
    device: bool = False


_CASES = (
    Told("help_call", 1, 4, (("accept", 0.8),), device=True), Told("water_leak", 4, 11, device=True),
    Told("lift_fault", 2, 44, _THERE, device=True), Told("facade", 6, 170, (("accept", 6), ("hand_off", 40))),
    Told("lamp", 3, 95, device=True), Told("repair", 5, 300, _ANSWERED), Told("noise", 7, 26),
    Told("complaint", 8, 1190, _ANSWERED), Told("visit", 9, 350, _ANSWERED), Told("door_open", 1, 520, _DONE),
    Told("smoke", 2, 610, (("accept", 0.6), ("arrive", 2.6), ("resolve", 18), ("verify", 60), ("close", 62)), device=True),
    Told("help_call", 3, 205, (("accept", 1.2), ("arrive", 8), ("resolve", 25)), device=True),
    Told("gas", 5, 415, (("accept", 2.4), ("arrive", 11), ("resolve", 35)), device=True),
    Told("lamp", 6, 260, (("accept", 30), ("arrive", 80), ("resolve", 110))), Told("water_leak", 9, 760, _DONE, device=True),
    Told("lift_trapped", 4, 980, (("accept", 1.3), ("arrive", 10), ("resolve", 41), ("verify", 90), ("close", 91))),
    Told("repair", 7, 1320, (("accept", 50), ("arrive", 190), ("resolve", 260))), Told("pump", 8, 1100, _DONE),
)  # fmt: skip
_DEVICES = {"help_call": "button", "smoke": "smoke", "gas": "gas", "water_leak": "water_leak", "lift_fault": "lift",
            "lamp": "corridor_lamp"}  # fmt: skip
_NAMES = {"button": "一键呼叫器", "smoke": "烟感", "gas": "燃气报警器", "water_leak": "水浸传感器", "lift": "电梯",
          "corridor_lamp": "楼道灯", "environment": "环境监测"}  # fmt: skip
_GOALS = (
    ("新增社区老年食堂", "个", 0, 24, 17, 90), ("建成15分钟生活圈", "个", 0, 11, 7, 200), ("整治梯道照明", "处", 0, 120, 52, 20),
)  # fmt: skip


@transaction.atomic
def make_day(system: Actor) -> None:
    """Write the demo's day, once: everything in it ends with now."""
    now = timezone.now()
    communities = list(places.places(system).filter(level="community").order_by("lineage")[1:])
    if not communities:
        return
    stride = max(len(communities) // _WORKERS, 1)
    chosen = [communities[k * stride % len(communities)] for k in range(_WORKERS)]
    streets = list(places.by_code({one.lineage.split("/")[2] for one in chosen}).values())
    workers = [_worker(system, k, one, "community_worker") for k, one in enumerate(chosen)]
    officers = [
        _worker(system, _WORKERS + k, one, "street_officer") for k, one in enumerate(streets)
    ]
    for k, (worker, place) in enumerate(zip(workers + officers, chosen + streets, strict=True)):
        hours = 8 if k % 3 else 12
        Shift.objects.create(
            place=place, account=worker, starts_at=now - dt.timedelta(hours=k % 5 + 1),
            ends_at=now + dt.timedelta(hours=hours), note="演示 demo",
        )  # fmt: skip
    homes = [
        list(places.below(one.lineage).filter(level="building").order_by("code")[:6])
        for one in chosen
    ]
    for k, told in enumerate(sorted(_CASES, key=lambda one: -one.ago)):
        place, near = chosen[told.worker], homes[told.worker]
        home = near[k % len(near)] if near else place
        _case(told, home if told.device else place, _middle(home), workers[told.worker], now)
    _quiet_devices(homes, now)
    _goals(system, now)


def _worker(system: Actor, number: int, place: Any, role: str) -> Account:
    """Somebody who works there, and whom nobody can log in as."""
    username = f"demo-worker-{number}"
    found = Account.objects.filter(username=username).first()
    if found is not None:
        return found
    made = Account.objects.create_user(
        username, name=f"演示{_ROLES[role]}{number + 1}", kind="staff"
    )
    people.grant(system, username=username, role=role, place=place.code)
    return made


def _case(
    told: Told,
    place: Any,
    spot: tuple[float | None, float | None],
    worker: Account,
    now: dt.datetime,
) -> None:
    start = now - dt.timedelta(minutes=told.ago)
    device = _device(told.kind, place, start) if told.device else None
    title, origin = (
        ("", None) if device is None else (device.name, f"device:{device.ref}:{told.kind}")
    )
    lon, lat = spot
    report = Report(
        told.kind,
        "device" if told.device else "resident",
        title,
        "演示数据 demo",
        origin,
        lon=lon,
        lat=lat,
    )
    one, _ = raise_case(place, report, by=device.ref if device else "demo", at=start)
    if told.steps:
        ladder.call_off(one, start)
        one.holder = worker
    for name, minutes in told.steps:
        at = start + dt.timedelta(minutes=minutes)
        one.state = moves()[name].to
        if name == "hand_off":
            one.body = "区住房城乡建委"
        if name == "close":
            one.origin = None
        if name in _FIELDS and getattr(one, _FIELDS[name]) is None:
            setattr(one, _FIELDS[name], at)
        detail = {"body": one.body} if name == "hand_off" else {}
        append(one, name, by=worker.username, at=at, detail=detail)
    one.save()


def _device(kind: str, place: Any, at: dt.datetime) -> Device:
    sort = _DEVICES[kind]
    number = Device.objects.count() + 1
    lon, lat = _middle(place)
    return Device.objects.create(
        ref=f"demo-{sort}-{number}", kind=sort, name=f"{_above(place)}{_NAMES[sort]}", place=place, lon=lon, lat=lat,
        digest=f"demo-{number}", mqtt_hash="", silent_after_s=86_400, heard_at=at, vendor="演示 demo",
    )  # fmt: skip


def _quiet_devices(homes: list[list[Any]], now: dt.datetime) -> None:
    """Devices that nothing happened to: most were heard, some were not, one is in repair."""
    kinds = ("smoke", "environment", "gas", "button", "lift", "corridor_lamp")
    made = []
    for number, place in enumerate(place for near in homes for place in near[1:5]):
        lon, lat = _middle(place)
        kind = kinds[number % len(kinds)]
        made.append(Device(
            ref=f"demo-{kind}-q{number}", kind=kind, name=f"{_above(place)}{_NAMES[kind]}", place=place, lon=lon, lat=lat,
            digest=f"demo-q{number}", mqtt_hash="", silent_after_s=86_400, vendor="演示 demo",
            heard_at=now - (dt.timedelta(hours=30) if number == 7 else dt.timedelta(minutes=number % 55)),
            state="maintenance" if number == 11 else "active",
        ))  # fmt: skip
    Device.objects.bulk_create(made)


def _goals(system: Actor, now: dt.datetime) -> None:
    today = timezone.localdate(now)
    district = places.places(system).filter(level="district").first()
    if district is None:
        return
    for k, (name, unit, start, target, value, days) in enumerate(_GOALS, start=1):
        values = {"name": f"{name} (演示)", "unit": unit, "start": start, "target": target, "place_on_screen": k,
                  "starts_on": today - dt.timedelta(days=200), "due_on": today + dt.timedelta(days=days)}  # fmt: skip
        one = goals.create(system, place=district.code, owner="", values=values)
        goals.report(
            system, one.pk, on=today - dt.timedelta(days=3 * k), value=value, note="演示 demo"
        )


def _middle(place: Any) -> tuple[float | None, float | None]:
    if place.geometry is None:
        return None, None
    inside = place.geometry.representative_point()
    return inside.x, inside.y


def _above(place: Any) -> str:
    return str(place.parent.name_zh) if place.level == "building" else str(place.name_zh)
