"""Personal data: each field of it in one table; let go of when its time is over, never before, never by half, figures unmoved."""

import datetime as dt
import json
import zoneinfo
from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import BooleanField, CharField, Model, TextField
from django.test.utils import isolate_apps
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from hub.pictures import jpeg
from lifecircle.hub import personal, pictures
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit.models import Entry
from lifecircle.hub.cases import actions, evaluating, figures, photos, queries, retention
from lifecircle.hub.cases.actions import Report
from lifecircle.hub.cases.models import Case, CasePhoto
from lifecircle.hub.devices import upkeep
from lifecircle.hub.devices.models import Device, Refusal
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError
from lifecircle.hub.notify import actions as notify
from lifecircle.hub.notify.models import Notice
from lifecircle.hub.open311 import retention as callers
from lifecircle.hub.open311.models import Application, Submission
from lifecircle.hub.people.encryption import EncryptedText
from lifecircle.hub.places import actions as places
from lifecircle.hub.places import queries as tree
from lifecircle.hub.rules.models import Judgement, Rule, Version

SCOPE = ("cases", "notify", "open311", "rules", "devices", "patrols", "warnings", "duty", "command")
"""Apps of which every field with such a name is looked at; encrypted ones of all apps are."""
NAMES = {
    "about", "address", "birth_year", "by", "caller", "contact", "contacts", "consent_by", "door", "email", "evidence",
    "full_name", "mobile", "note", "owner", "phone", "reporter", "text", "title", "account", "holder", "substitute",
    "made_by", "added_by", "written_by", "sent_by",
}  # fmt: skip
START = dt.datetime(2027, 6, 2, 10, tzinfo=zoneinfo.ZoneInfo("Asia/Shanghai"))
CONTACTS = json.dumps(
    [{"who": "resident", "phone": "13900000001"}, {"who": "family", "phone": "13900000002"}]
)
LONG = dt.timedelta(days=181)


def missing(models) -> set[str]:
    """Personal fields of these tables that the table of them does not know."""
    known = {name for one in personal.all_kept() for name in one.fields}
    found = set()
    for model in models:
        for field in model._meta.concrete_fields:
            named = (
                field.name in NAMES
                and not isinstance(field, BooleanField)
                and model._meta.app_label in SCOPE
            )
            if isinstance(field, EncryptedText) or named:
                found.add(f"{model._meta.label}.{field.name}")
    return found - known


def test_every_personal_field_is_in_the_table():
    assert missing(apps.get_models()) == set()


@isolate_apps("lifecircle.hub.cases")
def test_a_new_personal_field_is_missed():
    class Visit(Model):
        neighbour = EncryptedText(null=True)
        phone = CharField(max_length=20)
        size = TextField()

        class Meta:
            app_label = "cases"

    assert missing([Visit]) == {"cases.Visit.neighbour", "cases.Visit.phone"}


def test_the_table_names_fields_terms_and_tasks_that_there_are():
    days = personal.days_of("")
    for one in personal.all_kept():
        assert one.kind in personal.CLASSES
        assert one.zh
        assert one.en
        assert bool(one.term) != bool(one.until_zh)
        assert bool(one.term) == bool(one.after_zh and one.after_en)
        assert not one.term or one.term in days
        assert one.task or not one.term
        for name in one.fields:
            label, _, field = name.rpartition(".")
            assert apps.get_model(label)._meta.get_field(field)
        if one.task:
            module, _, act = one.task.rpartition(".")
            assert callable(getattr(import_module(module), act))
    listed = [name for one in personal.all_kept() for name in one.fields]
    assert len(listed) == len(set(listed))


def test_terms_are_the_operators_to_set_and_nonsense_is_refused():
    assert personal.days_of("contacts=365 photos=1") == {
        **personal.days_of(""), "contacts": 365, "photos": 1
    }  # fmt: skip
    for text in (
        "contacts=0",
        "contacts=-1",
        "contacts",
        "nothing=3",
        "contacts=1.5",
        "contacts=²",
    ):
        with pytest.raises(ValueError, match="LIFECIRCLE_KEEP_DAYS"):
            personal.days_of(text)


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        at = START

        def go(self, span):
            self.at += span

    one = Clock()
    monkeypatch.setattr(timezone, "now", lambda: one.at)
    return one


def raised(place="C1", kind="help_call", **more):
    values = {
        "door": "7栋1201", "reporter": "张三丰 13900000001", "contacts": CONTACTS, "about": "老人跌倒", **more
    }  # fmt: skip
    at = tree.by_code([place])[place]
    return actions.raise_case(at, Report(kind=kind, source="resident", **values), by="hotline")[0]


def moved(one, *names, actor=None):
    for name in names:
        version = Case.objects.get(pk=one.pk).version
        note = {"note": "x"}
        actions.move(actor or Actor.system("test"), one.ref, name, version=version, values=note)
    one.refresh_from_db()
    return one


def closed(*args, **more):
    return moved(raised(*args, **more), "accept", "resolve", "verify", "close")


def private(one):
    one.refresh_from_db()
    called = Notice.objects.filter(case=one).exclude(who="")
    return [one.door, one.reporter, one.contacts, *called.values_list("phone", flat=True)]


pytestmark = pytest.mark.django_db


def test_half_a_year_after_it_was_closed_a_case_knows_nobody_and_says_when_that_was(
    hub, clock, settings
):
    settings.GATEWAYS = {"sms": "http://127.0.0.1:9/", "voice": "http://127.0.0.1:9/"}
    one = closed()
    assert len(private(one)) == 6
    clock.go(dt.timedelta(days=179))
    assert retention.forget() == 0
    assert None not in private(one)
    clock.go(dt.timedelta(days=2))
    assert retention.forget() == 1
    assert private(one) == [None] * 6
    assert one.about == "老人跌倒"
    assert sorted(Notice.objects.filter(case=one).exclude(who="").values_list("who", flat=True)) == [
        "family", "family", "resident"
    ]  # fmt: skip
    entry = Entry.objects.get(action="case.forgotten")
    assert entry.detail == {
        "cases": 1,
        "doors": 1,
        "reporters": 1,
        "contacts": 1,
        "phones": 3,
        "dwellings": 0,
    }
    assert (entry.name, entry.target) == ("system: retention", "cases")
    assert retention.forget() == 0
    assert Entry.objects.filter(action="case.forgotten").count() == 1
    told = hub.client("worker1").get(f"/api/v1/cases/{one.ref}").json()
    assert (told["has_door"], told["forgotten_on"]) == (
        False,
        timezone.localdate(clock.at).isoformat(),
    )


def test_a_case_that_lost_its_people_opens_again_and_says_so(hub, clock):
    one = closed()
    clock.go(LONG)
    retention.forget()
    gone = timezone.localdate(clock.at)
    moved(one, "reopen", actor=hub.actor("operator"))
    said = [(e.what, e.by) for e in queries.events(one)][-2:]
    assert said == [("forgotten", "retention"), ("reopen", "operator")]
    note = queries.events(one).get(what="forgotten").note
    assert note.startswith(f"{gone}: 联系人、门牌、报告人已到期清除")
    assert (one.state, one.forgotten_on) == ("assigned", None)
    one = moved(one, "accept", actor=hub.actor("worker1"))
    door = queries.door(hub.actor("worker1"), one.ref)
    assert door == {"door": "", "reporter": "", "contacts": [], "home": None}
    moved(one, "resolve", "verify", "close", actor=hub.actor("worker1"))
    clock.go(LONG)
    assert retention.forget() == 1


def test_open_reopened_resolved_and_held_cases_keep_what_they_know(hub, clock):
    open_, resolved = raised(), moved(raised(), "accept", "resolve")
    again = moved(closed(), "reopen")
    held = closed()
    operator = hub.actor("operator")
    version = held.version
    with pytest.raises(InvalidError):
        retention.hold(operator, held.ref, held=True, version=version, note=" ")
    with pytest.raises(ForbiddenError):
        retention.hold(hub.actor("grid1"), held.ref, held=True, version=version, note="x")
    retention.hold(operator, held.ref, held=True, version=version, note="行政复议")
    with pytest.raises(ConflictError):
        retention.hold(operator, held.ref, held=True, version=version + 1, note="x")
    kept = [private(one) for one in (open_, resolved, again, held)]
    clock.go(dt.timedelta(days=4000))
    assert retention.forget() == 0
    assert [private(one) for one in (open_, resolved, again, held)] == kept
    retention.hold(operator, held.ref, held=False, version=version + 1, note="已结案")
    assert retention.forget() == 1
    assert private(held) == [None] * len(kept[3])
    assert [e.what for e in queries.events(held)][-2:] == ["held", "released"]


def test_a_duplicate_knows_who_reported_it_as_long_as_the_case_that_it_was_merged_into(hub, clock):
    root, middle, leaf = raised(), raised(), raised()
    system = Actor.system("test")
    actions.merge(system, leaf.ref, middle.ref, version=1)
    actions.merge(system, middle.ref, root.ref, version=1)
    clock.go(LONG)
    assert retention.forget() == 0
    moved(root, "accept", "resolve", "verify", "close")
    assert retention.forget() == 0
    clock.go(LONG)
    assert retention.forget() == 3
    assert [private(one)[:3] for one in (root, middle, leaf)] == [[None] * 3] * 3


def test_a_dwelling_becomes_its_building_and_the_title_names_it_no_more(hub, clock):
    system, on = Actor.system("test"), START.date()
    places.create(system, parent="C1", code="B1", level="building", name_zh="三号楼", on=on)
    places.create(system, parent="B1", code="H1", level="dwelling", name_zh="五零一室", on=on)
    one, named = closed("H1", door=None), closed("H1", title="梯道灯 五零一室旁")
    clock.go(LONG)
    retention.forget()
    for each in (one, named):
        each.refresh_from_db()
        assert each.place.code == "B1"
    assert one.title == "三号楼一键呼叫"
    assert named.title == "梯道灯 五零一室旁"  # words are people's own: kept


def test_photos_go_later_their_files_too_and_a_stop_in_between_is_gone_on_with(
    hub, clock, monkeypatch
):
    one = moved(raised(), "accept")
    worker = hub.actor("worker1")
    made = [photos.add(worker, one.ref, SimpleUploadedFile("p.jpg", jpeg(colour=c))) for c in ("red", "blue")]  # fmt: skip
    moved(one, "resolve", "verify", "close")
    clock.go(LONG)
    retention.forget()
    assert pictures.load(made[0].key, small=True)
    clock.go(dt.timedelta(days=550))
    erase, erased = pictures.erase, []

    def stops(key):
        if erased:
            raise KeyboardInterrupt
        erased.append(key)
        erase(key)

    monkeypatch.setattr(pictures, "erase", stops)
    with pytest.raises(KeyboardInterrupt):
        retention.forget()
    assert CasePhoto.objects.filter(removed_at=None).count() == 2
    assert not Entry.objects.filter(action="case.photos_forgotten").exists()
    monkeypatch.setattr(pictures, "erase", erase)
    assert (
        hub.client("worker1").get(f"/api/v1/cases/{one.ref}/photos/{made[0].pk}").status_code == 404
    )
    retention.forget()
    assert CasePhoto.objects.filter(removed_at=None).count() == 0
    for photo in made:
        with pytest.raises(FileNotFoundError):
            pictures.load(photo.key, small=True)
    entry = Entry.objects.get(action="case.photos_forgotten")
    assert entry.detail == {"photos": 2, "cases": 1}


@pytest.mark.parametrize("where", ["phones", "audit", "homes"])
def test_a_stop_in_the_middle_of_a_batch_leaves_it_whole_and_those_before_it_done(
    hub, clock, monkeypatch, settings, where
):
    settings.GATEWAYS = {"sms": "http://127.0.0.1:9/", "voice": "http://127.0.0.1:9/"}
    system = Actor.system("test")
    places.create(
        system, parent="C1", code="B1", level="building", name_zh="三号楼", on=START.date()
    )
    places.create(
        system, parent="B1", code="H1", level="dwelling", name_zh="五零一室", on=START.date()
    )
    made = [closed("H1") for _ in range(5)]
    clock.go(LONG)
    monkeypatch.setattr(retention, "_BATCH", 2)
    module, name = {
        "phones": (notify, "forget_phones"), "audit": (retention.audit, "record"), "homes": (retention, "_out_of_home")
    }[where]  # fmt: skip
    real, calls = getattr(module, name), []

    def stops(*args, **more):
        calls.append(args)
        if len(calls) == (4 if where == "homes" else 2):
            raise KeyboardInterrupt
        return real(*args, **more)

    monkeypatch.setattr(module, name, stops)
    with pytest.raises(KeyboardInterrupt):
        retention.forget()
    told = [private(one) for one in made]
    assert [all(v is None for v in one) for one in told] == [True, True, False, False, False]
    assert all(None not in one for one in told[2:])
    assert [one.place.code for one in made] == ["B1", "B1", "H1", "H1", "H1"]
    assert [one.forgotten_on is None for one in made] == [False, False, True, True, True]
    assert Entry.objects.filter(action="case.forgotten").count() == 1
    monkeypatch.setattr(module, name, real)
    assert retention.forget() == 3
    assert all(v is None for one in made for v in private(one))
    counts = [
        e.detail["cases"] for e in Entry.objects.filter(action="case.forgotten").order_by("pk")
    ]
    assert counts == [2, 2, 1]


STEPS = ("accept", "arrive", "resolve", "verify", "close", "reopen", "send_back", "decline")


@pytest.mark.one_database
@drawn(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(["C1", "C2", "C3"]), st.sampled_from(["help_call", "lamp", "repair"]),
                          st.lists(st.sampled_from(STEPS), max_size=7), st.sampled_from(["", "satisfied", "dissatisfied"]),
                          st.booleans(), st.integers(0, 400)), min_size=1, max_size=8))  # fmt: skip
def test_no_figure_moves_whatever_the_cases_were(hub, clock, drawn_cases):
    """Random lives of cases, merged, rated and held at random; every figure before is every figure after."""
    Notice.objects.all().delete()
    since, operator, made = clock.at, hub.actor("operator"), []
    for place, kind, steps, rating, held, days in drawn_cases:
        one = raised(place, kind)
        clock.go(dt.timedelta(minutes=7))
        for name in steps:
            try:
                moved(one, name, actor=operator)
            except (ConflictError, ForbiddenError):
                continue
        one.refresh_from_db()
        if rating and one.state in ("resolved", "verified", "closed"):
            actions.rate(operator, one.ref, rating)
        one.refresh_from_db()
        if held:
            retention.hold(operator, one.ref, held=True, version=one.version, note="x")
        clock.go(dt.timedelta(days=days))
        made.append(one)
    clock.go(LONG)
    span = {"since": since - dt.timedelta(1), "until": clock.at + dt.timedelta(1)}

    def everything():
        return [
            (evaluating.evaluation(hub.actor(who), **span), figures.figures(hub.actor(who), **span))
            for who in ("operator", "street1", "worker1")
        ]

    before = everything()
    count = retention.forget()
    assert everything() == before
    over = [
        one for one in made if (one.refresh_from_db() or one.state) == "closed" and not one.held
    ]
    gone = [one for one in over if one.closed_at < clock.at - dt.timedelta(days=180)]
    assert count == len(gone)
    for one in made:
        assert (one.forgotten_on is not None) == (one in gone)
        assert all((v is None) == (one in gone) for v in private(one))


def test_callers_of_open311_are_gone_after_a_day_and_contacts_of_keys_that_ended(hub, clock):
    kept = Application.objects.create(name="x", contact="王工 139", digest="a", made_by="sysadmin")
    ended = Application.objects.create(
        name="y", contact="李工 139", digest="b", made_by="sysadmin", ended_at=clock.at
    )
    for days in (0, 1):
        Submission.objects.create(
            application=kept, case=raised(kind="lamp"), body="x", caller="hash", at=clock.at - dt.timedelta(days=days, hours=1)
        )  # fmt: skip
    assert callers.forget() == 1
    assert list(Submission.objects.order_by("-at").values_list("caller", flat=True)) == ["hash", ""]
    clock.go(LONG)
    assert callers.forget() == 2
    assert [Application.objects.get(pk=one.pk).contact for one in (kept, ended)] == ["王工 139", ""]
    details = list(
        Entry.objects.filter(action="open311.forgotten")
        .order_by("pk")
        .values_list("detail", flat=True)
    )
    assert details == [{"callers": 1, "contacts": 0}, {"callers": 1, "contacts": 1}]
    assert callers.forget() == 0


def test_whose_home_a_retired_device_was_in_goes_with_the_last_of_its_readings(hub, clock):
    def device(ref, state, heard):
        return Device.objects.create(
            ref=ref, kind="smoke", name=ref, place=tree.by_code(["C1"])["C1"], door="3栋", owner="张三", contacts=CONTACTS,
            consent_by="worker1", digest="x", mqtt_hash="x", state=state, heard_at=clock.at - dt.timedelta(days=heard),
        )  # fmt: skip

    gone, used, active = (
        device("d1", "retired", 731),
        device("d2", "retired", 729),
        device("d3", "active", 900),
    )
    rule = Rule.objects.create(code="r", name="r", place=gone.place)
    version = Version.objects.create(
        rule=rule, number=1, definition={}, made_by="x", made_at=clock.at
    )
    for one in (gone, used, active):
        Judgement.objects.create(version=version, device=one, state={"last": 21.5})
    for days in (10, 93):
        Refusal.objects.create(
            ref=f"x{days}", on=timezone.localdate(clock.at) - dt.timedelta(days=days), why="x"
        )
    upkeep.forget()
    for one, left in ((gone, False), (used, True), (active, True)):
        one.refresh_from_db()
        assert [bool(v) for v in (one.door, one.owner, one.contacts, one.consent_by)] == [left] * 4
    assert list(Judgement.objects.values_list("device__ref", flat=True)) == ["d3"]
    assert list(Refusal.objects.values_list("ref", flat=True)) == ["x10"]
    assert Entry.objects.get(action="device.forgotten").detail == {"devices": 1}
