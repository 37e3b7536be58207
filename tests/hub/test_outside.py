"""Cases in the hands of outside bodies: a link that is a secret, shows what it must, and gives the case back to be checked."""

import datetime as dt
import hashlib
import json
import uuid

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from hub.pictures import jpeg, opened
from hub.test_cases import Gateway, gateway
from hub.test_photos import HOSTILE
from lifecircle.hub.audit.models import Entry
from lifecircle.hub.cases import actions as cases
from lifecircle.hub.cases.models import Case, CaseEvent, CasePhoto, OutsideLink, Rung
from lifecircle.hub.cases.outside import body as outside
from lifecircle.hub.cases.outside import public_api
from lifecircle.hub.errors import ConflictError
from lifecircle.hub.limits import Limiter
from lifecircle.hub.notify.models import Notice
from lifecircle.hub.places import queries as tree

__all__ = ["gateway"]
pytestmark = pytest.mark.django_db
GAS = "渝中燃气公司"
DOOR, REPORTER, TITLE = "7栋1201", "张三 13900139000", "张三家漏气"


@pytest.fixture(autouse=True)
def place(tmp_path, settings, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr(public_api, "LOOKS", Limiter(1000, 60))
    monkeypatch.setattr(public_api, "ACTS", Limiter(1000, 60))


@pytest.fixture
def case(hub):
    """One that the grid worker holds, with a door, a reporter and words that name them."""
    told = cases.Report(
        "repair", "resident", TITLE, about=f"{REPORTER}说漏气", door=DOOR, reporter=REPORTER
    )
    one = cases.report(hub.actor("worker1"), place="C1", told=told)
    return moved(hub, one, "accept", "grid1")


def moved(hub, one, name, who, **values):
    version = Case.objects.get(pk=one.pk).version
    return cases.move(hub.actor(who), one.ref, name, version=version, values=values)


def post(client, path, body=None):
    return client.post(f"/api/v1{path}", json.dumps(body or {}), "application/json")


def hand(hub, case, who="worker1", **values):
    body = {
        "version": Case.objects.get(pk=case.pk).version,
        "body": GAS,
        "ask": "检修燃气立管",
        **values,
    }
    return post(hub.client(who), f"/cases/{case.ref}/outside", body)


@pytest.fixture
def link(hub, case):
    """A link to the case, and what it is told by."""
    return hand(hub, case).json()


def token_of(link):
    return link["link"].rsplit("/", 1)[1]


def look(hub, link):
    return hub.client().get(f"/api/v1/public/outside/{token_of(link)}")


def act(hub, link, what, /, **body):
    return post(hub.client(), f"/public/outside/{token_of(link)}/{what}", body)


def state(case):
    return Case.objects.get(pk=case.pk).state


def history(case):
    return [(e.what, e.by) for e in CaseEvent.objects.filter(case=case).order_by("pk")]


def test_a_case_is_handed_accepted_done_and_comes_back_to_be_checked(hub, case, link):
    assert (state(case), link["state"], link["body"]) == ("handed", "sent", GAS)
    assert act(hub, link, "accept", name="王工").json()["accepted_by"] == "王工"
    noted = act(hub, link, "notes", text="下午三点到").json()["notes"]
    assert [one["note"] for one in noted] == ["下午三点到"]
    assert state(case) == "handed"
    said = act(hub, link, "done", text="已更换阀门").json()
    assert said["state"] == "done"
    assert (state(case), Case.objects.get(pk=case.pk).holder.username) == ("accepted", "grid1")
    by = f"outside body: {GAS}"
    assert history(case)[2:] == [
        ("hand_off", "worker1"), ("outside_sent", "worker1"), ("outside_accepted", by), ("outside_note", by),
        ("outside_done", by),
    ]  # fmt: skip
    told = Notice.objects.filter(case=case, text__contains="请核查")
    assert sorted(one.account.username for one in told) == ["grid1", "worker1"]
    assert moved(hub, case, "resolve", "grid1", note="核查无漏气").state == "resolved"


def test_the_body_reads_what_it_needs_and_no_more(hub, case, link):
    text = look(hub, link).content.decode()
    shown = json.loads(text)
    assert (shown["ask"], shown["kind_en"], shown["door"]) == ("检修燃气立管", "Repair", "")
    assert shown["place_zh"][-1] == tree.by_code(["C1"])["C1"].name_zh
    for hidden in (DOOR, "张三", "139", TITLE, "grid1", "worker1"):
        assert hidden not in text, hidden
    other = cases.report(
        hub.actor("worker1"), place="C1", told=cases.Report("repair", "resident", door=DOOR)
    )
    told = hand(hub, other, door=True).json()
    assert look(hub, told).json()["door"] == DOOR
    looks = Entry.objects.filter(action="outside.looked").order_by("pk")
    assert [each.detail["door"] for each in looks] == [False, True]
    act(hub, told, "done", text="好了")
    assert DOOR not in look(hub, told).content.decode()  # it has answered: no more of the case


def test_a_dwelling_is_a_door(hub, case, link):
    from lifecircle.hub.places.models import Place

    home = Place.objects.get(code="C1")
    codes = [("B1", "building", "三号楼"), ("W1", "dwelling", "三号楼1201室")]
    for code, level, name in codes:
        home = Place.objects.create(
            code=code,
            level=level,
            name_zh=name,
            parent=home,
            since=home.since,
            lineage=f"{home.lineage}{code}/",
        )
    Case.objects.filter(pk=case.pk).update(place=home)
    assert look(hub, link).json()["place_zh"][-1] == "三号楼"
    assert "1201" not in look(hub, link).content.decode()


def test_only_the_hash_of_a_link_is_kept_and_it_is_told_once(hub, case, link):
    token = token_of(link)
    assert len(token) >= 43  # 32 bytes
    assert OutsideLink.objects.get().digest == hashlib.sha256(token.encode()).hexdigest()
    listed = hub.client("worker1").get(f"/api/v1/cases/{case.ref}/outside").content.decode()
    assert token not in listed
    look(hub, link)
    act(hub, link, "notes", text="x")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            assert token not in str(cursor.fetchall()), table


def dead(hub, link):
    """What is said to who holds a link, however they come by it."""
    answers = [look(hub, link), *(act(hub, link, name, **body) for name, body in ACTS.items())]
    answers.append(hub.client().get(f"/api/v1/public/outside/{token_of(link)}/photos/1"))
    return {(one.status_code, one.content) for one in answers}


ACTS = {
    "accept": {"name": "x"}, "notes": {"text": "x"}, "done": {"text": "x"}, "decline": {"reason": "x"},
}  # fmt: skip


@pytest.mark.parametrize("how", ["ended", "expired", "taken back", "assigned", "closed", "merged"])
def test_a_link_that_is_over_is_answered_as_one_that_never_was(hub, case, link, how, monkeypatch):
    never = dead(hub, {"link": "https://x/outside/" + "A" * 43})
    assert len(never) == 1
    client = hub.client("worker1")
    if how == "ended":
        assert (
            post(client, f"/cases/{case.ref}/outside/{link['id']}/end").json()["state"] == "ended"
        )
        assert post(client, f"/cases/{case.ref}/outside/{link['id']}/end").status_code == 409
    elif how == "expired":
        now = timezone.now() + dt.timedelta(days=14, seconds=1)
        monkeypatch.setattr(timezone, "now", lambda: now)
    elif how == "taken back":
        moved(hub, case, "take_back", "worker1", note="自己办")
        moved(hub, case, "hand_off", "worker1", body="别的单位", note="x")
    elif how == "assigned":
        moved(hub, case, "assign", "worker1", assignee="grid1")
    elif how == "closed":
        act(hub, link, "done", text="好了")
        moved(hub, case, "resolve", "grid1", note="x")
        moved(hub, case, "verify", "worker1")
        moved(hub, case, "close", "worker1")
    else:
        into = cases.report(hub.actor("worker1"), place="C1", told=cases.Report("repair", "worker"))
        version = Case.objects.get(pk=case.pk).version
        cases.merge(hub.actor("worker1"), case.ref, into.ref, version=version)
    before = (state(case), CaseEvent.objects.count(), Notice.objects.count())
    assert dead(hub, link) == never
    assert (state(case), CaseEvent.objects.count(), Notice.objects.count()) == before
    refused = Entry.objects.filter(action="outside.looked", allowed=False)
    assert {each.target for each in refused} == {f"case:{case.ref}"}


def test_guesses_are_counted_by_where_they_come_from(hub, link, monkeypatch):
    monkeypatch.setattr(public_api, "LOOKS", Limiter(5, 60))
    client, entries = hub.client(), Entry.objects.count()
    codes = [client.get(f"/api/v1/public/outside/{uuid.uuid4().hex}").status_code for _ in range(7)]
    assert codes == [404] * 5 + [429] * 2
    assert look(hub, link).status_code == 429  # the same address
    assert Entry.objects.count() == entries  # and guesses fill nothing


def test_a_link_that_leaked_floods_nobody(hub, case, link, monkeypatch):
    monkeypatch.setattr(outside, "MOST_NOTES", 3)
    codes = [act(hub, link, "notes", text=f"{k}").status_code for k in range(5)]
    assert codes == [200, 200, 200, 409, 409]
    monkeypatch.setattr(public_api, "ACTS", Limiter(2, 60))
    codes = [act(hub, link, "notes", text="x").status_code for _ in range(3)]
    assert codes == [409, 409, 429]


def test_what_is_sent_twice_is_done_once(hub, case, link):
    key = str(uuid.uuid4())
    for _ in range(2):
        assert act(hub, link, "notes", text="到了", key=key).status_code == 200
        assert act(hub, link, "accept", name="王工").status_code == 200
    assert act(hub, link, "accept", name="李工").status_code == 409
    assert [what for what, _ in history(case)].count("outside_note") == 1
    assert [what for what, _ in history(case)].count("outside_accepted") == 1
    assert act(hub, link, "done", text="好").status_code == 200
    for name, body in ACTS.items():
        assert act(hub, link, name, **body).status_code == 409, name


def test_a_body_that_declines_says_why_and_the_case_climbs_again(hub):
    one = cases.report(hub.actor("worker1"), place="C1", told=cases.Report("repair", "worker"))
    link = hand(hub, one).json()
    assert not Rung.objects.filter(case=one, fired_at=None, off_at=None).exists()
    assert act(hub, link, "decline", reason=" ").status_code == 422
    assert act(hub, link, "decline", reason="不属我司管线").json()["state"] == "declined"
    assert state(one) == "received"  # nobody held it
    assert Rung.objects.filter(case=one, fired_at=None, off_at=None).exists()
    assert CaseEvent.objects.filter(case=one).last().note == "不属我司管线"
    told = Notice.objects.get(case=one, account__username="worker1")
    assert "管线" not in told.text  # an outsider's words go into no SMS


def test_the_clock_goes_on_and_stands_still_only_for_a_reason(hub, case, link):
    due = Case.objects.get(pk=case.pk).close_due
    shown = look(hub, link).json()
    assert (dt.datetime.fromisoformat(shown["due"]), shown["paused"]) == (due, False)
    act(hub, link, "accept", name="x")
    one = Case.objects.get(pk=case.pk)
    assert (one.close_due, one.paused_at) == (due, None)
    cases.pause(hub.actor("worker1"), case.ref, version=one.version, note="等停气")
    assert look(hub, link).json()["paused"] is True


def send_photo(hub, link, body=None, name="p.jpg"):
    file = SimpleUploadedFile(name, jpeg() if body is None else body)
    return hub.client().post(f"/api/v1/public/outside/{token_of(link)}/photos", {"file": file})


def photo_of(hub, link, number, query=""):
    return hub.client().get(f"/api/v1/public/outside/{token_of(link)}/photos/{number}{query}")


def test_photos_go_both_ways_and_only_those_that_were_chosen(hub, case):
    numbers = []
    for colour in ("red", "yellow"):
        file = SimpleUploadedFile("p.jpg", jpeg(colour=colour))
        made = hub.client("grid1").post(f"/api/v1/cases/{case.ref}/photos", {"file": file})
        numbers.append(made.json()["id"])
    assert hand(hub, case, photos=[2**40]).status_code == 422
    assert state(case) == "accepted"
    link = hand(hub, case, photos=numbers[:1]).json()
    own = send_photo(hub, link).json()["id"]
    shown = [(each["id"], each["own"]) for each in look(hub, link).json()["photos"]]
    assert shown == [(numbers[0], False), (own, True)]
    codes = [photo_of(hub, link, number).status_code for number in (*numbers, own)]
    assert codes == [200, 404, 200]
    for query in ("", "?small=true"):
        answer = photo_of(hub, link, own, query)
        assert not opened(answer.content).getexif()
        assert b"Secret" not in answer.content
        assert answer["Cache-Control"] == "no-store"
    listed = hub.client("grid1").get(f"/api/v1/cases/{case.ref}/photos").json()
    assert [each["added_by"] for each in listed] == ["grid1", "grid1", f"outside body: {GAS}"]
    assert [each["may_remove"] for each in listed] == [True, True, False]
    hub.client("grid1").delete(f"/api/v1/cases/{case.ref}/photos/{numbers[0]}")
    assert photo_of(hub, link, numbers[0]).status_code == 404
    act(hub, link, "done", text="好")
    assert photo_of(hub, link, own).status_code == 404
    assert send_photo(hub, link, jpeg(colour="black")).status_code == 409


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_photo_is_refused_and_leaves_nothing(hub, link, name):
    body, file_name = HOSTILE[name]
    assert send_photo(hub, link, body, file_name).status_code == 422
    assert not CasePhoto.objects.exists()
    assert list(django_settings.DATA.rglob("*.jpg")) == []


def test_a_body_adds_so_many_photos_beside_those_of_the_staff(hub, case, link):
    colours = ("red", "blue", "white", "black", "yellow", "orange", "purple")
    codes = [send_photo(hub, link, jpeg(colour=colour)).status_code for colour in colours]
    assert codes == [201] * outside.MOST_PHOTOS + [409]
    assert send_photo(hub, link, jpeg(colour="red")).status_code == 409


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("accept", {"name": ""}), ("accept", {"name": "  "}), ("accept", {"name": "x" * 51}), ("accept", {"name": "\0"}),
        ("accept", {}), ("notes", {"text": "x" * 1001}), ("notes", {"text": "\ud800"}), ("notes", {"text": ["x"]}),
        ("notes", {"text": "x", "key": "y"}), ("done", {"text": " "}), ("decline", {"reason": None}),
    ],
)  # fmt: skip
def test_hostile_words_are_refused_and_change_nothing(hub, case, link, name, body):
    before = (state(case), history(case))
    assert act(hub, link, name, **body).status_code in (400, 422)
    assert (state(case), history(case)) == before


def test_another_links_key_or_photo_is_not_this_ones(hub, case, link):
    other = cases.report(hub.actor("worker1"), place="C1", told=cases.Report("repair", "worker"))
    far = hand(hub, other, body="电力公司").json()
    key, own = str(uuid.uuid4()), send_photo(hub, link).json()["id"]
    assert act(hub, link, "notes", text="x", key=key).status_code == 200
    assert act(hub, far, "notes", text="x", key=key).status_code == 422
    assert photo_of(hub, far, own).status_code == 404


def test_the_neighbour_hands_nothing_and_ends_nothing(hub, case, link):
    other = cases.report(hub.actor("worker1"), place="C1", told=cases.Report("repair", "worker"))
    for who, codes in (
        ("worker3", {404}),
        ("street2", {404}),
        ("grid1", {403}),
        ("council", {403}),
    ):
        assert hand(hub, other, who=who).status_code in codes, who
        ended = post(hub.client(who), f"/cases/{case.ref}/outside/{link['id']}/end")
        assert ended.status_code in codes, who
        listed = hub.client(who).get(f"/api/v1/cases/{case.ref}/outside")
        assert listed.status_code == (404 if codes == {404} else 200)
    wrong = post(hub.client("worker1"), f"/cases/{other.ref}/outside/{link['id']}/end")
    assert wrong.status_code == 404  # a link of another case
    assert (state(other), look(hub, link).status_code) == ("received", 200)


def test_one_body_has_it_at_a_time(hub, case, link):
    assert hand(hub, case, body="电力公司").status_code == 409
    post(hub.client("worker1"), f"/cases/{case.ref}/outside/{link['id']}/end")
    assert hand(hub, case, body="电力公司").status_code == 201
    assert Case.objects.get(pk=case.pk).body == "电力公司"
    stale = {"version": 1, "body": GAS, "ask": "x"}
    assert post(hub.client("worker1"), f"/cases/{case.ref}/outside", stale).status_code == 409


def ordered(hub, case):
    line = {"sort": "part", "name": "阀门", "unit": "个", "quantity": "1", "price": "77.31"}
    body = {"what": "更换阀门", "firm": GAS, "lines": [line]}
    return post(hub.client("grid1"), f"/cases/{case.ref}/orders", body).json()


def test_an_order_is_handed_once_it_is_approved_and_its_holder_says_that_it_is_done(hub, case):
    one = ordered(hub, case)
    assert [hand(hub, case, order=k).status_code for k in (1, 2, 2**62)] == [409] * 3
    path = f"/cases/{case.ref}/orders/1"
    one = post(hub.client("worker1"), f"{path}/approve", {"version": one["version"]}).json()
    link = hand(hub, case, order=1).json()
    assert (state(case), link["order"]) == ("accepted", 1)
    shown = look(hub, link)
    assert shown.json()["work"]["lines"] == [{"name": "阀门", "unit": "个", "quantity": "1.000"}]
    assert "77.31" not in shown.content.decode()
    assert act(hub, link, "done", text="换好了").json()["state"] == "done"
    assert state(case) == "accepted"
    with pytest.raises(ConflictError):
        moved(hub, case, "resolve", "grid1", note="x")  # somebody of ours checks it first
    again = hand(hub, case, order=1).json()
    assert look(hub, again).status_code == 200
    body = {
        "version": one["version"],
        "done_by": "王工",
        "done_on": timezone.localdate().isoformat(),
    }
    assert post(hub.client("grid1"), f"{path}/done", body).status_code == 200
    assert look(hub, again).status_code == 404


def test_the_page_of_a_link_is_told_to_nobody_and_found_by_nobody(hub, link, tmp_path, settings):
    settings.WEB_ROOT = tmp_path
    (tmp_path / "index.html").write_text("<p>page</p>")
    answer = hub.client().get(f"/outside/{token_of(link)}")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]
    assert "X-Robots-Tag" not in hub.client().get("/login")
    assert look(hub, link)["Cache-Control"] == "no-store"


def test_every_look_and_act_is_audited_by_the_bodys_name_and_address(hub, case, link):
    look(hub, link)
    act(hub, link, "accept", name="王工")
    act(hub, link, "done", text="好了, 电话 13900139000")
    rows = Entry.objects.filter(action__startswith="outside.", target=f"case:{case.ref}").order_by(
        "pk"
    )
    assert [each.action for each in rows] == [
        "outside.sent", "outside.looked", "outside.accepted", "outside.done",
    ]  # fmt: skip
    assert {each.name for each in rows[1:]} == {f"outside body: {GAS}"}
    assert {each.address for each in rows[1:]} == {"127.0.0.1"}
    assert "139" not in str([each.detail for each in rows])


def test_a_link_goes_on_no_channel_that_leads_nowhere(hub, case):
    assert hand(hub, case, channel="sms", to="13900139000").status_code == 422
    assert hand(hub, case, channel="email", to="gas@example.org").status_code == 422
    assert (state(case), OutsideLink.objects.count()) == ("accepted", 0)


@pytest.mark.usefixtures("gateway")
def test_a_link_is_sent_by_a_gateway_once_and_not_kept(hub, case):
    assert hand(hub, case, channel="sms").status_code == 422  # to whom?
    made = hand(hub, case, channel="sms", to="13900139000").json()
    assert made["told"] is True
    ((sent, signed),) = Gateway.taken
    assert (sent["to"], made["link"] in sent["text"], signed) == ("13900139000", True, True)
    assert CaseEvent.objects.filter(case=case).last().detail["ok"] is True
    assert not Notice.objects.filter(text__contains="outside").exists()
    Gateway.failures = 1
    again = cases.report(hub.actor("worker1"), place="C1", told=cases.Report("repair", "worker"))
    made = hand(hub, again, channel="sms", to="13900139000").json()
    assert (made["told"], look(hub, made).status_code) == (False, 200)  # it is copied by hand
