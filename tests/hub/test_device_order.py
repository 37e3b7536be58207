"""What a device says counts in the order in which it said it, by whichever of two ways and however late it comes."""

import datetime as dt
import json
import threading

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecircle.hub.cases.models import Case
from lifecircle.hub.devices import actions, limits, upkeep
from lifecircle.hub.devices.ingesting import Sent, ingest
from lifecircle.hub.devices.models import AlarmState, Device

LONG_AGO = timezone.now() - dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def nobody_has_spoken():
    limits.forget()


def leak(hub, ref, **more):
    return actions.register(
        hub.actor("worker1"),
        place="C1",
        ref=ref,
        values={"kind": "water_leak", "name": ref, **more},
    )


def said(ref, seq, on):
    body = {"boot": "b1", "seq": seq, "alarm": "leak", "on": on}
    return Sent(ref, json.dumps(body).encode())


def is_leaking(ref):
    return Case.objects.filter(about=ref, state="received").exists()


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_the_last_that_a_device_said_decides_in_whatever_order_it_comes(hub, data):
    states = data.draw(st.lists(st.booleans(), min_size=1, max_size=6))
    order = data.draw(st.permutations(range(len(states))))
    sizes = data.draw(st.lists(st.integers(1, 3), min_size=len(states), max_size=len(states)))
    limits.forget()
    Case.objects.update(origin=None, about="", opened_at=LONG_AGO)  # no storm
    AlarmState.objects.all().delete()
    Device.objects.filter(ref="leak-1").delete()
    leak(hub, "leak-1")
    left = [said("leak-1", seq, states[seq]) for seq in order]
    for size in sizes:
        assert {one.outcome for one in ingest(left[:size])} <= {"new"}
        left = left[size:]
    assert is_leaking("leak-1") is states[-1]


@pytest.mark.django_db
def test_an_end_that_comes_late_does_not_end_what_began_after_it(hub):
    leak(hub, "leak-1")
    ingest([said("leak-1", 3, on=True)])
    ingest([said("leak-1", 2, on=False)])
    assert is_leaking("leak-1")
    ingest([said("leak-1", 4, on=False)])
    ingest([said("leak-1", 1, on=True)])  # told, and over already
    assert not is_leaking("leak-1")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_two_that_take_the_same_devices_messages_at_once_lose_no_order_and_never_wait_for_each_other(
    hub,
):
    draw, rounds = np.random.default_rng(7), 20
    refs = [f"leak-{k}" for k in range(4)]  # fewer than a storm
    for ref in refs:
        leak(hub, ref, silent_after_s=1)
    states = {ref: (draw.random(2 * rounds) < 0.5).tolist() for ref in refs}
    batches: tuple[list[list[Sent]], ...] = ([], [])
    for ref in (
        refs
    ):  # now and then one takes what begins, and the other, who raises nothing, what ends it
        states[ref][::8], states[ref][1::8] = [True] * (rounds // 4), [False] * (rounds // 4)
    for k in range(rounds):
        first = {
            ref: int(draw.integers(2)) for ref in refs
        }  # which of the two the earlier one comes by
        for which, mine in enumerate(batches):
            told = [(ref, 2 * k + (first[ref] != which)) for ref in draw.permutation(refs).tolist()]
            mine.append([said(ref, seq, states[ref][seq]) for ref, seq in told])
    failed: list[object] = []
    done = iter(range(rounds))

    def compare() -> None:
        last = 2 * next(done) + 1
        if wrong := [ref for ref in refs if is_leaking(ref) is not states[ref][last]]:
            failed.append((last, wrong))
        # no case is there to wait for, and every batch notes who was heard
        Case.objects.update(origin=None, about="", opened_at=LONG_AGO)
        Device.objects.update(heard_at=None)

    together, compared = threading.Barrier(2), threading.Barrier(2, action=compare)

    def take(mine: list[list[Sent]]) -> None:
        try:
            for batch in mine:
                together.wait(30)
                ingest(batch)
                upkeep.silent()
                compared.wait(30)
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connection.close()

    halves = [threading.Thread(target=take, args=(mine,)) for mine in batches]
    for one in halves:
        one.start()
    for one in halves:
        one.join()
    assert failed == []
