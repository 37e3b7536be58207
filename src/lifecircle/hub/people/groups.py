"""Writes of working groups (工作专班): whoever may change a place makes, changes and ends its groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from lifecircle.hub.people import queries
from lifecircle.hub.people.models import Account, WorkingGroup
from lifecircle.hub.places import queries as places

_MOST_MEMBERS = 200


@transaction.atomic
def create(
    actor: Actor, *, name: str, place: str, lead: str, task: str = "", members: Sequence[str] = ()
) -> WorkingGroup:
    """Make a working group at a place; who leads it belongs to it.

    Raises
    ------
    InvalidError
        Somebody is no account of staff, or the place has ended.
    """
    where = places.open_place(actor, place)
    actor.check("place.write", where.lineage)
    people = {one.pk: one for one in map(_staff, [lead, *members])}
    leader = next(iter(people.values()))
    group = WorkingGroup.objects.create(
        name=name, task=task, place=where, lead=leader, since=timezone.localdate()
    )
    group.members.set(people.values())
    detail = {"name": name, "lead": lead, "members": [one.username for one in people.values()]}
    _record(actor, "created", group, detail)
    return group


@transaction.atomic
def change(actor: Actor, number: int, **values: Any) -> WorkingGroup:
    """Change a group's name, its task or who leads it; None leaves a value as it is."""
    group = _changeable(actor, number)
    now = {"name": group.name, "task": group.task, "lead": group.lead.username}
    changed = {k: value for k, value in values.items() if value not in {None, now[k]}}
    if not changed:
        return group
    for field, value in changed.items():
        setattr(group, field, _staff(value) if field == "lead" else value)
    group.save()
    if "lead" in changed:
        _join(group, group.lead)
    _record(actor, "changed", group, changed)
    return group


@transaction.atomic
def add_member(actor: Actor, number: int, username: str) -> WorkingGroup:
    """Take somebody in, by their exact user name: nobody has to see all accounts for that."""
    group = _changeable(actor, number)
    _join(group, _staff(username))
    _record(actor, "member.added", group, {"member": username})
    return group


@transaction.atomic
def remove_member(actor: Actor, number: int, username: str) -> WorkingGroup:
    """Let a member go; `ConflictError` for who leads the group."""
    group = _changeable(actor, number)
    member = group.members.filter(username=username).first()
    if member is None:
        raise MissingError
    if member.pk == group.lead_id:
        raise ConflictError("who leads the group stays: name another first", "请先另定牵头人")
    group.members.remove(member)
    _record(actor, "member.removed", group, {"member": username})
    return group


@transaction.atomic
def end(actor: Actor, number: int) -> WorkingGroup:
    """End a group today; that there was one, and who belonged to it, stays known."""
    group = _changeable(actor, number)
    group.until = timezone.localdate()
    group.save(update_fields=["until"])
    _record(actor, "ended", group, {})
    return group


def _changeable(actor: Actor, number: int) -> WorkingGroup:
    found = queries.groups(actor).filter(pk=number).first()
    if found is None:
        raise MissingError
    group = WorkingGroup.objects.select_for_update(of=("self",)).get(pk=number)
    if not actor.may("place.write", group.place.lineage):
        raise ForbiddenError
    if group.until is not None:
        raise ConflictError(f"the group ended on {group.until}", f"专班已于 {group.until} 结束")
    return group


def _staff(username: str) -> Account:
    found = queries.staff(username)
    if found is None:
        raise InvalidError(
            f"the user name of somebody of staff: {username}", f"工作人员的用户名: {username}"
        )
    return found


def _join(group: WorkingGroup, one: Account) -> None:
    if group.members.exclude(pk=one.pk).count() >= _MOST_MEMBERS:
        raise InvalidError(f"at most {_MOST_MEMBERS} members", f"不超过 {_MOST_MEMBERS} 人")
    group.members.add(one)


def _record(actor: Actor, what: str, group: WorkingGroup, detail: dict[str, Any]) -> None:
    audit.record(actor, f"group.{what}", f"group:{group.pk}", group.place.lineage, detail)
