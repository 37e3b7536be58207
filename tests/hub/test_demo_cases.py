"""The demo's day: made up and said to be so, and a day that could have been."""

from django.utils import timezone

from lifecircle.hub import demo_cases
from lifecircle.hub.actor import Actor
from lifecircle.hub.cases.models import Case, CaseEvent
from lifecircle.hub.command import queries, replaying
from lifecircle.hub.devices.models import Device
from lifecircle.hub.duty.models import Shift
from lifecircle.hub.people.models import Account


def test_the_demos_day_ends_now_and_its_history_says_how_it_stands(hub):
    demo_cases.make_day(Actor.system("demo"))
    now = timezone.now()
    assert CaseEvent.objects.filter(at__gt=now).count() == 0
    assert set(Case.objects.values_list("about", flat=True)) == {"演示数据 demo"}
    live = {(one.ref, one.state) for one in queries.open_cases(hub.actor("operator"), "")}
    told = replaying.day(hub.actor("operator"), "", now)["cases"]
    assert {(one["ref"], one["state"]) for one in told} == live
    for one in Case.objects.exclude(answered_at=None):
        assert (
            one.opened_at
            < one.answered_at
            <= (one.arrived_at or now)
            <= (one.resolved_at or now)
            <= now
        )
    scene = queries.now(hub.actor("operator"))
    assert len(scene["people"]) == Shift.objects.count()
    assert all(one["at"] for one in scene["cases"])
    assert all("演示" in one["name"] for one in scene["goals"])
    assert all(one.vendor == "演示 demo" for one in Device.objects.all())


def test_nobody_can_log_in_as_the_demos_workers(hub):
    demo_cases.make_day(Actor.system("demo"))
    workers = Account.objects.filter(username__startswith="demo-worker-")
    assert workers
    assert not any(one.has_usable_password() for one in workers)
