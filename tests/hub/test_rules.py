"""Rules over what devices measure: the same live and over the past, equal to counting second by second."""

import datetime as dt
import json

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.hub.cases.models import Case
from lifecircle.hub.devices import actions as devices
from lifecircle.hub.devices import homes, limits
from lifecircle.hub.devices.ingesting import Sent, ingest
from lifecircle.hub.devices.models import Path, Receipt
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from lifecircle.hub.rules import actions, queries, reading, watching
from lifecircle.hub.rules.judging import State, judge
from lifecircle.hub.rules.models import Judgement

from .test_devices import body, device

pytestmark = pytest.mark.django_db
START = dt.datetime(2027, 6, 2, 2, tzinfo=dt.UTC)  # a Wednesday, ten in the morning
HIGH = {"when": {"value": "level", "above": 0.8, "clear": 0.6}, "raise": "pump", "for_s": 60}


@pytest.fixture(autouse=True)
def anew():
    limits.forget()
    watching.known.forget()


class Clock:
    def __init__(self, monkeypatch):
        self.at = START
        monkeypatch.setattr(timezone, "now", lambda: self.at)

    def go(self, seconds):
        self.at += dt.timedelta(seconds=seconds)
        watching.known.forget()
        watching.watch()


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def written(hub, definition=HIGH, code="pump-high", who="operator", place="D", kind="pump"):
    return actions.write(
        hub.actor(who),
        code=code,
        name="水位高",
        place=place,
        device_kind=kind,
        definition=definition,
    )


def held(hub, **named):
    one = written(hub, **named)
    actions.try_out(hub.actor("operator"), one.code, 1, days=30)
    actions.hold(hub.actor("operator"), one.code, version=1, number=1)
    watching.known.forget()
    return one


def say(clock, seq, ref="pump-1", **values):
    assert ingest([Sent(ref, body(seq, values=values))])[0].outcome == "new"


def test_a_high_level_that_lasts_is_a_case_and_ends_only_below_where_it_clears(hub, clock):
    device(hub, "pump-1", "pump")
    held(hub)
    say(clock, 1, level=0.9)
    clock.go(30)
    say(clock, 2, level=0.95)
    assert not Case.objects.filter(source="device").exists()
    clock.go(31)  # nobody says anything: it has lasted a minute
    one = Case.objects.get(source="device")
    assert (one.kind, one.title, one.place.code) == ("pump", "水位高 (pump-1)", "C1")
    say(clock, 3, level=0.7)
    assert Case.objects.get().state == "received"
    say(clock, 4, level=0.5)
    assert Case.objects.get().state == "resolved"
    say(clock, 5, level=0.9)
    clock.go(61)
    assert Case.objects.get().state == "received"  # the same matter again, before anybody closed it


def test_a_spike_shorter_than_the_time_raises_nothing(hub, clock):
    device(hub, "pump-1", "pump")
    held(hub)
    for seq, level in enumerate((0.9, 0.5, 0.9, 0.5)):
        say(clock, seq, level=level)
        clock.go(40)
    assert not Case.objects.filter(source="device").exists()


def test_silence_of_one_value_is_seen_though_the_device_speaks(hub, clock):
    device(hub, "pump-1", "pump")
    held(hub, definition={"when": {"value": "level", "silent_s": 600}, "raise": "pump"})
    say(clock, 1, level=0.1)
    for seq in range(2, 12):
        clock.go(61)
        say(clock, seq, current=3.0)
    assert Case.objects.get(source="device").kind == "pump"
    say(clock, 20, level=0.1)
    assert Case.objects.get().state == "resolved"


def test_outside_its_hours_a_rule_waits_and_begins_when_they_do(hub, clock):
    device(hub, "pump-1", "pump")
    night = {"days": [1, 2, 3, 4, 5, 6, 7], "from": "22:00", "to": "06:00"}
    held(hub, definition={**HIGH, "for_s": 0, "hours": night})
    say(clock, 1, level=0.9)
    clock.go(3600)
    assert not Case.objects.filter(source="device").exists()
    clock.go(11 * 3600 + 1)
    assert Case.objects.filter(source="device").count() == 1


def test_a_rule_is_for_its_kind_and_its_places_only(hub, clock):
    device(hub, "pump-1", "pump")
    device(hub, "env-1", "environment")
    device(hub, "pump-3", "pump", place="C3", who="worker3")
    held(hub, definition={**HIGH, "for_s": 0}, place="S1")
    for ref in ("env-1", "pump-3", "pump-1"):
        say(clock, 1, ref, level=0.9)
    assert [one.about for one in Case.objects.filter(source="device")] == ["pump-1"]


def test_a_rule_that_fails_costs_no_device_its_message(hub, clock, monkeypatch):
    device(hub, "pump-1", "pump")
    held(hub, definition={**HIGH, "for_s": 0})

    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(watching, "judge", broken)
    say(clock, 1, level=0.9)
    assert Receipt.objects.count() == 1
    monkeypatch.undo()


def test_one_rule_that_fails_costs_no_other_its_judgement(hub, clock, monkeypatch):
    device(hub, "pump-1", "pump")
    held(hub, definition={**HIGH, "for_s": 0})
    held(hub, definition={**HIGH, "for_s": 0, "raise": "water_leak"}, code="bad")
    real = watching.judge

    def breaks(rule, *given):
        if rule.kind == "water_leak":
            raise ZeroDivisionError
        return real(rule, *given)

    monkeypatch.setattr(watching, "judge", breaks)
    say(clock, 1, level=0.9)
    assert [one.kind for one in Case.objects.filter(source="device")] == ["pump"]


def test_a_device_that_is_retired_or_could_not_speak_falls_silent_by_no_rule(hub, clock):
    device(hub, "pump-1", "pump")
    one, _ = device(hub, "pump-2", "pump")
    held(hub, definition={"when": {"silent_s": 600}, "raise": "pump"})
    for ref in ("pump-1", "pump-2"):
        say(clock, 1, ref, level=0.1)
    Path.objects.create(up_since=clock.at, at=clock.at)
    devices.change(hub.actor("worker1"), one.ref, version=1, values={"state": "maintenance"})
    clock.go(1200)  # no canary either: the path is down
    assert not Case.objects.filter(source="device").exists()
    Path.objects.update(up_since=clock.at, at=clock.at)
    clock.go(31)
    assert not Case.objects.filter(source="device").exists()  # it is given its time
    clock.go(600)
    Path.objects.update(at=clock.at)
    clock.go(31)
    assert [each.about for each in Case.objects.filter(source="device")] == ["pump-1"]


def test_what_a_rule_remembers_of_a_home_goes_when_consent_is_withdrawn(hub, clock):
    device(hub, "pump-1", "pump", door="3栋501", consent_on=clock.at.date())
    held(hub, definition={**HIGH, "for_s": 1800})
    say(clock, 1, level=0.9)
    assert Judgement.objects.count() == 1
    homes.consent(hub.actor("worker1"), "pump-1", version=1, given=False, on=clock.at.date())
    assert not Judgement.objects.exists()
    clock.go(3600)
    assert not Case.objects.filter(source="device").exists()


def test_it_has_to_be_tried_and_says_what_it_would_have_raised(hub, clock):
    device(hub, "pump-1", "pump")
    for seq, level in enumerate((0.9, 0.9, 0.9, 0.1, 0.9, 0.1, 0.9, 0.9)):
        clock.go(40)
        say(clock, seq, level=level)
    one = written(hub)
    with pytest.raises(ConflictError, match="try it"):
        actions.hold(hub.actor("operator"), one.code, version=1, number=1)
    clock.go(1)
    found = actions.try_out(hub.actor("operator"), one.code, 1, days=1).tried
    assert (found["cases"], found["devices"], found["heard"], found["readings"]) == (1, 1, 1, 8)
    assert found["first"][0]["device"] == "pump-1"
    began = dt.datetime.fromisoformat(found["first"][0]["began"])
    assert began == START + dt.timedelta(seconds=100)  # a minute after the first of them
    held_now = actions.hold(hub.actor("operator"), one.code, version=1, number=1)
    assert held_now.holds.number == 1


def test_a_version_is_never_changed_and_the_one_that_holds_goes_on(hub, clock):
    one = held(hub)
    changed = actions.rewrite(
        hub.actor("operator"), one.code, version=2, definition={**HIGH, "for_s": 5}
    )
    assert changed.holds.number == 1
    assert [v.number for v in queries.versions(changed)] == [2, 1]
    with pytest.raises(ConflictError):
        actions.rewrite(hub.actor("operator"), one.code, version=2, definition=HIGH)
    with pytest.raises(ConflictError, match="try it"):
        actions.hold(hub.actor("operator"), one.code, version=3, number=2)
    off = actions.hold(hub.actor("operator"), one.code, version=3, number=None)
    assert off.holds is None


def test_the_next_street_sees_no_rule_and_a_worker_writes_none(hub, clock):
    one = written(hub, place="S1")
    with pytest.raises(MissingError):
        queries.rule(hub.actor("worker3"), one.code)
    with pytest.raises(ForbiddenError):
        written(hub, code="mine", who="worker1", place="C1")


WRONG = [
    ({}, "when"), ({"when": {"value": "t"}, "raise": "pump"}, "when"),
    ({"when": {"value": "t", "above": "1"}, "raise": "pump"}, "when.above"),
    ({"when": {"value": "t", "above": 1, "clear": 2}, "raise": "pump"}, "when.clear"),
    ({"when": {"value": "t", "below": 1, "clear": 0}, "raise": "pump"}, "when.clear"),
    ({"when": {"all": []}, "raise": "pump"}, "when.all"),
    ({"when": {"any": [{"silent_s": 0}]}, "raise": "pump"}, "when.any.0.silent_s"),
    ({"when": {"value": "t", "rises": -1, "within_s": 5}, "raise": "pump"}, "when.rises"),
    ({**HIGH, "raise": "party"}, "raise"), ({**HIGH, "for_s": -1}, "for_s"), ({**HIGH, "else": 1}, "else"),
    ({**HIGH, "hours": {"days": [8], "to": "06:00"}}, "hours"),
    ({**HIGH, "hours": {"from": "22:00+08:00", "to": "06:00"}}, "hours"), ({**HIGH, "hours": {"from": "25:00", "to": "1"}}, "hours"),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "at"), WRONG)
def test_every_mistake_is_named_where_it_is(definition, at):
    with pytest.raises(InvalidError) as raised:
        reading.rule(definition)
    assert at in [issue.column for issue in raised.value.issues]


leaves = st.one_of(
    st.builds(lambda v, x, c: {"value": v, "above": x, "clear": x - c}, st.sampled_from("ab"), st.integers(0, 6), st.integers(0, 3)),
    st.builds(lambda v, x, c: {"value": v, "below": x, "clear": x + c}, st.sampled_from("ab"), st.integers(0, 6), st.integers(0, 3)),
    st.builds(lambda v, x, s, d: {"value": v, d: x, "within_s": s}, st.sampled_from("ab"), st.integers(1, 4), st.integers(1, 30),
              st.sampled_from(["rises", "falls"])),
    st.builds(lambda s: {"silent_s": s}, st.integers(1, 30)),
    st.builds(lambda v, s: {"value": v, "silent_s": s}, st.sampled_from("ab"), st.integers(1, 30)),
)  # fmt: skip
conditions = st.recursive(
    leaves,
    lambda inner: st.builds(lambda parts, how: {how: parts}, st.lists(inner, min_size=1, max_size=3), st.sampled_from(["all", "any"]))
    | st.builds(lambda one: {"not": one}, inner),
    max_leaves=5,
)  # fmt: skip
told_at = st.tuples(
    st.integers(0, 120), st.dictionaries(st.sampled_from("ab"), st.integers(0, 8), max_size=2)
)
messages = st.lists(told_at, max_size=15, unique_by=lambda row: row[0]).map(
    lambda rows: sorted(rows, key=lambda row: row[0])
)  # fmt: skip


def by_counting(definition, told, end):
    """Second by second, from the whole of what was told until then."""

    def leaf(when, t):
        name = when.get("value")
        seen = [
            (at, values.get(name))
            for at, values in told
            if at <= t and (name is None or name in values)
        ]
        if not seen:
            return None
        if "silent_s" in when:
            return t - seen[-1][0] >= when["silent_s"]
        if "within_s" in when:
            near = [v for at, v in seen if at > t - when["within_s"]]
            sign = 1 if "rises" in when else -1
            return len(near) > 1 and max(sign * (near[-1] - v) for v in near[:-1]) >= when.get(
                "rises", when.get("falls")
            )
        on, sign = False, 1 if "above" in when else -1
        for _, v in seen:
            on = sign * v > sign * when.get("above", when.get("below")) or (
                on and sign * v > sign * when["clear"]
            )
        return on

    worth = {
        False: 0.0,
        None: 0.5,
        True: 1.0,
    }  # Kleene: and is the least, or the most, not the rest of one
    meant = {value: key for key, value in worth.items()}

    def whole(when, t):
        if "all" in when:
            return meant[min(worth[whole(part, t)] for part in when["all"])]
        if "any" in when:
            return meant[max(worth[whole(part, t)] for part in when["any"])]
        return meant[1 - worth[whole(when["not"], t)]] if "not" in when else leaf(when, t)

    on, since, changes = False, None, []
    for t in range(told[0][0] if told else end, end + 1):
        holds = whole(definition["when"], t) is True
        since = None if not holds else t if since is None else since
        now = holds and (on or t - since >= definition["for_s"])
        if now != on:
            changes.append((t, now))
        on = now
    return changes


@pytest.mark.one_database
@settings(max_examples=400, deadline=None)
@given(conditions, st.integers(0, 20), messages, st.booleans())
def test_a_rule_judges_as_counting_second_by_second_does(when, for_s, told, kept):
    definition = {"when": when, "raise": "pump", "for_s": for_s}
    rule, state, found = reading.rule(definition), State(), []
    end = 200

    def at(seconds):
        return START + dt.timedelta(seconds=seconds)

    for seconds, values in told:
        found += judge(rule, state, at(seconds), values)
        if kept:  # as from the database
            state = State.of({**json.loads(json.dumps(state.to_json())), "look_at": state.look_at})
    if not told:
        return
    found += judge(rule, state, at(end))
    assert [((one.at - START).total_seconds(), one.on) for one in found] == by_counting(
        definition, told, end
    )
