"""Writes of a grid's people: its Party branch (网格党支部) and its team "1+3+N"."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import TypedDict

from django.contrib.auth import get_user_model
from django.db import transaction

from lifecircle.hub.actor import Actor
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.places import queries
from lifecircle.hub.places.actions import opened, record
from lifecircle.hub.places.models import GridMember, Place


class Member(TypedDict):
    """Somebody in a team: a staff account by its exact name, and what they are there."""

    username: str
    role: str


@transaction.atomic
def set_branch(actor: Actor, code: str, *, party_branch: str, on: dt.date) -> Place:
    """Say which Party branch a place has, from a day on; empty takes it away."""
    one = opened(actor, code)
    before = {"party_branch": one.party_branch}
    one.party_branch = party_branch.strip()
    one.save(update_fields=["party_branch"])
    record(actor, one, "branch", on, before, {"party_branch": one.party_branch})
    return one


@transaction.atomic
def set_team(actor: Actor, code: str, members: Sequence[Member], *, on: dt.date) -> Place:
    """Say who is in a grid's team from a day on; who is not named is in it no longer.

    Raises
    ------
    InvalidError
        It is no grid, has more than one head, somebody is named twice or has no active staff account.
    """
    one = opened(actor, code)
    names = [member["username"] for member in members]
    if one.level != "grid":
        raise InvalidError(f"a grid; {code} is a {one.level}", "网格才有团队")
    if sum(member["role"] == "head" for member in members) > 1:
        raise InvalidError("one head of a grid", "一个网格只有一名网格长")
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise InvalidError(f"each person once: {twice[0]}", f"每人一次: {twice[0]}")
    rows = get_user_model().objects.filter(username__in=names, kind="staff", is_active=True)
    accounts = {account.username: account for account in rows}
    if unknown := sorted(set(names) - set(accounts)):
        raise InvalidError(
            f"user names of active staff, not {', '.join(unknown[:5])}",
            f"在用的工作人员账号, 没有 {'、'.join(unknown[:5])}",
        )
    before = _shown(one)
    GridMember.objects.filter(grid=one).delete()
    GridMember.objects.bulk_create(
        GridMember(grid=one, account=accounts[member["username"]], role=member["role"])
        for member in members
    )
    record(actor, one, "team", on, {"before": before}, {"team": _shown(one)})
    return one


def _shown(grid: Place) -> list[dict[str, str]]:
    """A team as its history shows it: who reads a place learns no user names."""
    return [{"role": member.role, "name": member.account.name} for member in queries.team(grid)]
