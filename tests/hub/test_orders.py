"""Repair orders: sums to the fen, approval at the tier that may, no more than was approved, and no case over an open one."""

import datetime as dt
import io
import json
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.hub.audit.models import Entry
from lifecircle.hub.cases import actions as cases
from lifecircle.hub.cases.models import Case, CaseEvent, Order
from lifecircle.hub.cases.orders.sums import Line, limits, total
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.people import groups
from lifecircle.hub.places import queries as tree
from lifecircle.hub.stream.models import Event

pytestmark = pytest.mark.django_db
LAMP = {"sort": "part", "name": "LED 灯", "unit": "盏", "quantity": "3", "price": "45.50"}
HOURS = {"sort": "labour", "name": "电工", "unit": "工时", "quantity": "1.5", "price": "80"}
ORDER = {"what": "更换楼道灯三盏", "firm": "明亮电气", "lines": [LAMP, HOURS]}


@pytest.fixture
def case(hub):
    """One that the grid worker holds."""
    one = cases.report(hub.actor("worker1"), place="C1", told=cases.Report("lamp", "worker"))
    return moved(hub, one, "accept", "grid1")


def moved(hub, one, name, who, **values):
    version = Case.objects.get(pk=one.pk).version
    return cases.move(hub.actor(who), one.ref, name, version=version, values=values)


def send(hub, who, case, path="", body=None, method="post"):
    return getattr(hub.client(who), method)(
        f"/api/v1/cases/{case.ref}/orders{path}", json.dumps(body or {}), "application/json"
    )


def made(hub, case, who="grid1", price="45.50", **values):
    body = {**ORDER, "lines": [{**LAMP, "price": price}, HOURS], **values}
    answer = send(hub, who, case, body=body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def act(hub, who, case, one, name, **values):
    now = Order.objects.get(case=case, number=one["number"]).version
    return send(hub, who, case, f"/{one['number']}/{name}", {"version": now, **values})


def done(hub, case, one, **values):
    today = timezone.localdate().isoformat()
    return act(hub, "grid1", case, one, "done", done_by="陈师傅", done_on=today, **values)


def test_an_order_goes_from_proposed_to_done_and_each_step_is_on_record(hub, case):
    one = made(hub, case)
    assert (one["state"], one["total"], one["number"]) == ("proposed", "256.50", 1)
    assert [line["amount"] for line in one["lines"]] == ["136.50", "120.00"]
    assert (one["may_approve"], one["may_change"], one["may_finish"]) == (False, True, False)
    one = act(hub, "worker1", case, one, "approve").json()
    assert (one["state"], one["approved_by"]) == ("approved", "worker1")
    until = (timezone.localdate() + dt.timedelta(days=365)).isoformat()
    one = done(hub, case, one, warranty_until=until).json()
    assert (one["state"], one["done_by"], one["warranty_until"]) == ("done", "陈师傅", until)
    history = CaseEvent.objects.filter(case=case, what__startswith="order").order_by("pk")
    assert [(each.what, each.by) for each in history] == [
        ("order_proposed", "grid1"), ("order_approved", "worker1"), ("order_done", "grid1"),
    ]  # fmt: skip
    assert history[0].detail == {
        "state": "accepted", "order": 1, "total": "256.50", "doer": "明亮电气",
    }  # fmt: skip
    written = Entry.objects.filter(action__startswith="case.order")
    assert [each.action for each in written.order_by("pk")] == [
        "case.order_proposed", "case.order_approved", "case.order_done",
    ]  # fmt: skip
    told = [e.data["what"] for e in Event.objects.filter(kind="case").order_by("pk")]
    assert told[-3:] == ["order_proposed", "order_approved", "order_done"]


def test_a_case_is_not_resolved_or_merged_while_an_approved_order_is_open(hub, case):
    one = made(hub, case)
    other = cases.report(hub.actor("worker1"), place="C1", told=cases.Report("lamp", "worker"))
    act(hub, "worker1", case, one, "approve")
    with pytest.raises(ConflictError, match="1 is approved"):
        moved(hub, case, "resolve", "grid1", note="好了")
    version = Case.objects.get(pk=case.pk).version
    with pytest.raises(ConflictError, match="1 is approved"):
        cases.merge(hub.actor("worker1"), case.ref, other.ref, version=version)
    assert done(hub, case, one).status_code == 200
    assert moved(hub, case, "resolve", "grid1", note="好了").state == "resolved"


def test_a_proposed_order_is_in_nobodys_way_and_ends_with_its_case(hub, case):
    one = made(hub, case)
    moved(hub, case, "resolve", "grid1", note="紧了一下就好了")
    assert act(hub, "worker1", case, one, "approve").status_code == 409
    assert send(hub, "grid1", case, body=ORDER).status_code == 409
    moved(hub, case, "verify", "worker1")
    moved(hub, case, "close", "worker1")
    assert Order.objects.get(case=case).state == "withdrawn"
    assert CaseEvent.objects.filter(case=case).last().what == "order_withdrawn"


def test_a_device_does_not_settle_a_case_of_which_an_order_is_open(hub):
    place = tree.by_code(["C1"])["C1"]
    leak = cases.Report(kind="water_leak", source="device", origin="dev-1:leak")
    case, _ = cases.raise_case(place, leak, by="device")
    one = made(hub, case)
    act(hub, "worker1", case, one, "approve")
    assert cases.settled_by_device("dev-1:leak", at=timezone.now()).state == "received"
    done(hub, case, one)
    assert cases.settled_by_device("dev-1:leak", at=timezone.now()).state == "resolved"


@pytest.mark.parametrize(
    ("price", "who"), [("600", "worker1"), ("700", "street1"), ("7000", "planner"), ("7000", "operator")]
)  # fmt: skip
def test_so_much_is_approved_where_the_right_reaches(hub, case, price, who):
    """1,920 yuan: the community; 2,220: the street; 21,120: the district, and there who dispatches."""
    one = made(hub, case, price=price)
    may = {
        "600": {"worker1", "street1", "operator"},
        "700": {"street1", "operator"},
        "7000": {"operator"},
    }[price]
    for name in ("grid1", "council", "worker1", "street1", "operator", "planner"):
        shown = hub.client(name).get(f"/api/v1/cases/{case.ref}/orders").json()[0]
        assert shown["may_approve"] == (name in may), name
    assert (act(hub, who, case, one, "approve").status_code == 200) == (who in may)


def test_who_proposed_it_approves_a_small_one_and_no_other(hub, case):
    small = made(hub, case, who="worker1")
    assert act(hub, "worker1", case, small, "approve").status_code == 200
    large = made(hub, case, who="worker1", price="500")
    refused = act(hub, "worker1", case, large, "approve")
    assert refused.status_code == 403
    assert "他人" in refused.json()["message_zh"]
    assert act(hub, "street1", case, large, "approve").status_code == 200


def test_the_ceiling_is_what_is_approved(hub, case):
    one = made(hub, case, most="2500")
    assert one["tier"] == "street"
    assert act(hub, "worker1", case, one, "approve").status_code == 403
    act(hub, "street1", case, one, "approve")
    assert done(hub, case, one, lines=[{**LAMP, "price": "900"}]).status_code == 409  # 2,700
    assert done(hub, case, one, lines=[{**LAMP, "price": "800"}]).json()["total"] == "2400.00"
    assert send(hub, "grid1", case, body={**ORDER, "most": "256.49"}).status_code == 422


def test_one_that_is_changed_after_its_approval_is_approved_again(hub, case):
    one = made(hub, case)
    act(hub, "worker1", case, one, "approve")
    version = Order.objects.get(case=case).version
    dear = {**ORDER, "lines": [{**LAMP, "price": "9000"}], "version": version}
    now = send(hub, "grid1", case, f"/{one['number']}", dear, "put").json()
    assert (now["state"], now["approved_by"], now["total"]) == ("proposed", "", "27000.00")
    assert send(hub, "grid1", case, f"/{one['number']}", dear, "put").status_code == 409  # changed
    assert done(hub, case, one).status_code == 409


def test_an_order_is_withdrawn_with_a_reason_by_who_dispatches_or_proposed_it(hub, case):
    one = made(hub, case)
    assert act(hub, "grid1", case, one, "withdraw", note=" ").status_code == 422
    assert act(hub, "grid1", case, one, "withdraw", note="写错了").json()["state"] == "withdrawn"
    assert act(hub, "worker1", case, one, "approve").status_code == 409
    one = made(hub, case)
    act(hub, "worker1", case, one, "approve")
    assert act(hub, "grid1", case, one, "withdraw", note="x").status_code == 403
    assert act(hub, "worker1", case, one, "withdraw", note="换一家").status_code == 200
    assert moved(hub, case, "resolve", "grid1", note="好了").state == "resolved"


def test_a_working_group_does_it_or_a_firm_and_not_both(hub, case):
    planner = hub.actor("planner")
    group = groups.create(planner, name="梯道灯专班", place="D", lead="planner", members=["grid1"])
    body = {**ORDER, "firm": "", "group": group.pk}
    one = send(hub, "grid1", case, body=body).json()
    assert (one["group_name"], one["firm"]) == ("梯道灯专班", "")
    for wrong in (
        {**body, "firm": "x"},
        {**ORDER, "firm": " "},
        {**ORDER, "firm": "", "group": 2**62},
    ):
        assert send(hub, "grid1", case, body=wrong).status_code == 422, wrong


def test_the_neighbour_sees_and_does_nothing(hub, case):
    one = made(hub, case)
    written = Entry.objects.filter(action__startswith="case.order")
    before = written.count()
    for who in ("worker3", "street2"):
        assert hub.client(who).get(f"/api/v1/cases/{case.ref}/orders").status_code == 404
        assert send(hub, who, case, body=ORDER).status_code == 404
        for name, body in (("approve", {}), ("withdraw", {"note": "x"})):
            assert act(hub, who, case, one, name, **body).status_code == 404
    for who in ("council", "provider"):
        assert send(hub, who, case, body=ORDER).status_code in (403, 404)
    assert Order.objects.get(case=case).state == "proposed"
    assert written.count() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"price": 45.5}, {"price": "-1"}, {"price": "1e3"}, {"price": "NaN"}, {"price": "１２"}, {"price": "0.001"},
        {"price": "123456789"}, {"quantity": "0"}, {"quantity": "0.0001"}, {"quantity": "1000000"}, {"quantity": ""},
        {"name": " "}, {"unit": ""}, {"sort": "gift"}, {"name": "x" * 101}, {"quantity": "999999", "price": "99999999"},
    ],
)  # fmt: skip
def test_hostile_lines_are_refused_and_leave_nothing(hub, case, wrong):
    assert send(hub, "grid1", case, body={**ORDER, "lines": [{**LAMP, **wrong}]}).status_code == 422
    assert not Order.objects.exists()
    assert send(hub, "grid1", case, body={**ORDER, "lines": []}).status_code == 422
    assert send(hub, "grid1", case, body={**ORDER, "lines": [LAMP] * 101}).status_code == 422


def test_work_is_done_between_the_report_and_today_and_warranty_ends_after_it(hub, case):
    one = made(hub, case)
    act(hub, "worker1", case, one, "approve")
    today = timezone.localdate()

    def told(day, until=None):
        until = until and until.isoformat()
        return act(
            hub,
            "grid1",
            case,
            one,
            "done",
            done_by="x",
            done_on=day.isoformat(),
            warranty_until=until,
        )

    day = dt.timedelta(days=1)
    assert told(today + day).status_code == 422
    assert told(today - 2 * day).status_code == 422
    assert told(today, today - day).status_code == 422
    assert told(today, dt.date(2199, 1, 1)).status_code == 422
    assert told(today, today).status_code == 200


def test_what_was_done_is_in_the_evaluation_by_place_month_and_kind_and_in_its_workbook(hub, case):
    for price in ("45.50", "100"):
        one = made(hub, case, price=price)
        act(hub, "worker1", case, one, "approve")
        done(hub, case, one)
    made(hub, case, what="=1+1")  # nobody has done that
    found = hub.client("worker1").get("/api/v1/cases/evaluation?place=C1").json()
    assert found["all"]["cost"] == "676.50"
    for group in ("places", "months", "kinds"):
        assert [row["cost"] for row in found[group]] == ["676.50"]
    content = hub.client("worker1").get("/api/v1/cases/evaluation.xlsx?place=C1").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    costs = [row[-1].value for row in book["地方 places"].rows]
    assert costs == ["维修费用 (元) repair cost (yuan)", 676.5, 676.5]
    rows = [[cell.value for cell in row] for row in book["维修派单 orders"].rows]
    assert [(row[1], row[4], row[7]) for row in rows[1:]] == [
        (1, ORDER["what"], 256.5), (2, ORDER["what"], 420), (3, "=1+1", 256.5),
    ]  # fmt: skip
    far = hub.client("worker3").get("/api/v1/cases/evaluation.xlsx").content
    assert list(openpyxl.load_workbook(io.BytesIO(far))["维修派单 orders"].rows)[1:] == []


amounts = st.decimals(0, 99_999, places=2, allow_nan=False, allow_infinity=False)
lines = st.builds(
    Line, st.sampled_from(("part", "labour")), st.just("x"), st.just("x"),
    st.decimals("0.001", 500, places=3, allow_nan=False, allow_infinity=False), amounts,
)  # fmt: skip


@given(st.lists(lines, min_size=1, max_size=1))
def test_a_line_is_rounded_to_the_fen_halves_up(found):
    """Against whole numbers: thousandths of a unit times fen, halves up."""
    one = found[0]
    product = Fraction(one.quantity) * Fraction(one.price) * 100
    assert total(found) * 100 == (product + Fraction(1, 2)).__floor__()


@given(st.lists(lines, max_size=20), st.randoms())
def test_a_sum_is_that_of_its_lines_in_any_order_and_two_parts_make_the_whole(found, random):
    yuan = total(found)
    assert yuan == Decimal(sum(int(one.amount * 100) for one in found)) / 100
    assert yuan.as_tuple().exponent == -2
    shuffled = random.sample(found, len(found))
    assert total(shuffled) == yuan
    assert total(found[:3]) + total(found[3:]) == yuan
    assert limits().tier(yuan) in ("community", "street", "district")


def test_an_order_of_more_than_can_be_kept_is_refused():
    dear = Line("part", "x", "x", Decimal(1), Decimal("99999999.99"))
    assert total([dear]) == Decimal("99999999.99")
    with pytest.raises(InvalidError):
        total([dear, Line("part", "x", "x", Decimal(1), Decimal("0.01"))])
