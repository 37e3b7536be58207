"""Working groups: made where one may change the place, read by who sees the place or belongs."""

import pytest

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit.models import Entry
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from lifecircle.hub.people import actions, groups, queries

from .conftest import make_account

pytestmark = pytest.mark.one_database


@pytest.fixture
def group(hub):
    return groups.create(
        hub.actor("planner"), name="加装电梯专班", task="三年内补齐", place="S2", lead="street2",
        members=["worker3", "worker1"],
    )  # fmt: skip


def names(group):
    return sorted(group.members.values_list("username", flat=True))


def test_a_group_has_its_lead_among_its_members_and_is_audited(hub, group):
    assert names(group) == ["street2", "worker1", "worker3"]
    entry = Entry.objects.get(action="group.created")
    assert (entry.name, entry.target, entry.lineage) == ("planner", f"group:{group.pk}", "/D/S2/")
    assert entry.detail["members"] == ["street2", "worker3", "worker1"]


@pytest.mark.parametrize(
    ("who", "sees"),
    [("planner", True), ("operator", True), ("street2", True), ("worker1", True), ("worker3", True),
     ("secadmin", True), ("street1", False), ("grid1", False), ("sysadmin", False), ("auditor", False),
     ("resident", False)],
)  # fmt: skip
def test_who_sees_the_place_or_belongs_sees_the_group(hub, group, who, sees):
    found = hub.client(who).get("/api/v1/groups").json()
    assert [one["name"] for one in found["items"]] == (["加装电梯专班"] if sees else [])
    if sees:
        assert found["items"][0]["may_change"] is (who == "planner")


def test_only_who_may_change_the_place_changes_its_groups(hub, group):
    for who, error in (("street2", ForbiddenError), ("worker1", ForbiddenError), ("street1", MissingError)):  # fmt: skip
        for act in (
            lambda actor: groups.change(actor, group.pk, name="x"),
            lambda actor: groups.add_member(actor, group.pk, "street1"),
            lambda actor: groups.remove_member(actor, group.pk, "worker3"),
            lambda actor: groups.end(actor, group.pk),
        ):
            with pytest.raises(error):
                act(hub.actor(who))
    with pytest.raises(ForbiddenError):
        groups.create(hub.actor("street1"), name="x", place="C1", lead="street1")
    with pytest.raises(MissingError):
        groups.create(hub.actor("street1"), name="x", place="C3", lead="street1")


def test_members_come_and_go_and_the_lead_stays(hub, group):
    planner = hub.actor("planner")
    groups.add_member(planner, group.pk, "grid1")
    groups.add_member(planner, group.pk, "grid1")  # twice is once
    groups.remove_member(planner, group.pk, "worker1")
    assert names(group) == ["grid1", "street2", "worker3"]
    assert not queries.groups(hub.actor("worker1")).exists()
    with pytest.raises(ConflictError, match="name another first"):
        groups.remove_member(planner, group.pk, "street2")
    groups.change(planner, group.pk, lead="street1", name="电梯专班")
    assert names(group) == ["grid1", "street1", "street2", "worker3"]
    groups.remove_member(planner, group.pk, "street2")
    with pytest.raises(MissingError):
        groups.remove_member(planner, group.pk, "street2")
    told = [e.action for e in Entry.objects.filter(target=f"group:{group.pk}").order_by("pk")]
    assert told == ["group.created", "group.member.added", "group.member.added",
                    "group.member.removed", "group.changed", "group.member.removed"]  # fmt: skip


@pytest.mark.parametrize(
    "who", ["resident", "expired", "nobody-here", "Worker1", "worker", "", "%"]
)
def test_only_somebody_of_staff_belongs_by_their_exact_user_name(hub, group, who):
    with pytest.raises(InvalidError, match="somebody of staff"):
        groups.add_member(hub.actor("planner"), group.pk, who)
    with pytest.raises(InvalidError, match="somebody of staff"):
        groups.create(hub.actor("planner"), name="x", place="S1", lead="street1", members=[who])


def test_a_group_that_has_ended_changes_no_more_and_stays_known(hub, group):
    planner = hub.actor("planner")
    groups.end(planner, group.pk)
    with pytest.raises(ConflictError, match="ended on"):
        groups.add_member(planner, group.pk, "grid1")
    client = hub.client("planner")
    assert client.get("/api/v1/groups").json()["count"] == 0
    shown = client.get("/api/v1/groups?ended=true").json()["items"][0]
    assert (shown["until"] is not None, shown["may_change"]) == (True, False)


def test_a_group_goes_on_where_its_place_went(hub, group):
    from django.utils import timezone

    from lifecircle.hub.places import actions as places

    planner = hub.actor("planner")
    one = groups.create(planner, name="x", place="C2", lead="worker1")
    places.merge(planner, ["C2"], into="C1", on=timezone.localdate())
    one.refresh_from_db()
    assert one.place.code == "C1"
    with pytest.raises(InvalidError, match="ended on"):
        groups.create(planner, name="x", place="C2", lead="worker1")


def test_belonging_gives_nothing_to_a_token_without_the_right_or_before_the_first_password(
    hub, group
):
    header = {"authorization": f"Bearer {hub.token('worker1', 'card.read')}"}
    assert hub.client().get("/api/v1/groups", headers=header).json()["count"] == 0
    header = {"authorization": f"Bearer {hub.token('worker1', 'place.read')}"}
    assert hub.client().get("/api/v1/groups", headers=header).json()["count"] == 1
    make_account("member")
    groups.add_member(hub.actor("planner"), group.pk, "member")
    assert queries.groups(hub.actor("member")).count() == 1
    actions.reset_password(Actor.system("t"), "member", "Another-Horse-9", must_change=True)
    assert queries.groups(hub.actor("member")).count() == 0


def test_the_interface_makes_changes_and_ends_a_group(hub):
    client = hub.client("planner")
    body = {"name": "托育专班", "task": "补托位", "place": "S1", "lead": "street1"}
    made = client.post("/api/v1/groups", body, "application/json")
    assert made.status_code == 201, made.content
    url = f"/api/v1/groups/{made.json()['id']}"
    assert made.json()["members"] == [{"username": "street1", "name": "street1"}]
    added = client.post(f"{url}/members", {"username": "grid1"}, "application/json")
    assert len(added.json()["members"]) == 2
    changed = client.patch(url, {"task": ""}, "application/json").json()
    assert (changed["name"], changed["task"]) == ("托育专班", "")
    assert client.delete(f"{url}/members/grid1").json()["members"] == made.json()["members"]
    assert client.post(f"{url}/end").json()["until"] is not None
    assert client.get("/api/v1/groups?place=S2&ended=true").json()["count"] == 0
    assert client.get("/api/v1/groups?place=S1&ended=true").json()["count"] == 1
