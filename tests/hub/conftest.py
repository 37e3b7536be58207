"""A hub with a small district, an assessment of it, and somebody for every role."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conftest import SmallDistrict
from lifecircle.hub.actor import Actor

from .commands import environment, run

PASSWORD = "Correct-Horse-7"  # noqa: S105
FOREIGN = "外街"
"""Stands in the name of everything outside the first street."""


def small(folder) -> SmallDistrict:
    """Two streets with two communities each; what a worker of the first must not see says so."""
    district = SmallDistrict(folder)
    places = district.tables["places"]
    for row in places:
        if row["code"] in {"D", "S2", "C3", "C4"}:
            row["name_zh"] = f"{FOREIGN}{row['name_zh']}"
    district.tables["facilities"] = [
        district.facility(f"F{k}", kind, 150 * k, capacity=30 + k,
                          name=f"设施{k}" if 150 * k < 800 else f"{FOREIGN}设施{k}")
        for k, kind in enumerate(("toilet", "clinic", "kindergarten", "toilet", "elder_canteen") * 2, start=1)
    ]  # fmt: skip
    return district


@dataclass
class Hub:
    """What the tests start from: who there is, and the assessment that is done."""

    run: str
    clients: dict[str, Client] = field(default_factory=dict)

    def account(self, username: str):
        from lifecircle.hub.people.models import Account

        return Account.objects.get(username=username)

    def client(self, username: str = "") -> Client:
        """A browser in which somebody has logged in."""
        client = Client(raise_request_exception=False)
        if username:
            client.force_login(
                self.account(username), "allauth.account.auth_backends.AuthenticationBackend"
            )
        return client

    def actor(self, username: str) -> Actor:
        from lifecircle.hub.people import queries

        return queries.actor_of(self.account(username), "192.0.2.1")

    def token(self, username: str, *scopes: str) -> str:
        from lifecircle.hub.people import actions

        _, text = actions.create_token(
            self.actor(username), name="test", scopes=list(scopes), days=1
        )
        return text


ROLES = (
    ("planner", "district_planner", "D"), ("operator", "command_operator", "D"),
    ("street1", "street_officer", "S1"), ("street2", "street_officer", "S2"),
    ("worker1", "community_worker", "C1"), ("worker3", "community_worker", "C3"),
    ("grid1", "grid_worker", "C1"), ("provider", "service_operator", "S1"),
    ("council", "council_member", "C1"), ("sysadmin", "system_administrator", ""),
    ("secadmin", "security_administrator", ""), ("auditor", "auditor", ""),
)  # fmt: skip


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, tmp_path_factory):
    """The district, its people and one assessment, for every test that begins with a clean hub."""
    with django_db_blocker.unblock():
        fill(tmp_path_factory.mktemp("small"))


def fill(folder) -> None:
    from lifecircle.hub.assessments import actions as assessments
    from lifecircle.hub.assessments.loading import load
    from lifecircle.hub.assessments.tasks import run_next
    from lifecircle.hub.people import actions as people

    system = Actor.system("tests")
    load(system, small(folder).write())
    for username, role, place in ROLES:
        make_account(username)
        people.grant(system, username=username, role=role, place=place)
    make_account("resident", kind="resident")
    make_account("expired", expires_at=timezone.now() - dt.timedelta(days=1))
    people.grant(system, username="expired", role="district_planner", place="D")
    for place, name in (("C1", "张三丰"), ("C3", f"{FOREIGN}李四")):
        people.register(
            system, place=place, full_name=name, phone="13800138000", birth_year=1948, groups=["elder_75"],
            consents=[{"purpose": "service", "given_on": timezone.localdate(),
                       "keep_until": timezone.localdate() + dt.timedelta(days=30)}],
        )  # fmt: skip
    assessments.request(system)
    assert run_next()


def make_account(username: str, **values: Any) -> None:
    from lifecircle.hub.people import actions as people

    people.create_account(
        Actor.system("tests"), username=username, name=username, password=PASSWORD,
        must_change_password=False, **{"kind": "staff", **values},
    )  # fmt: skip


@pytest.fixture(scope="session")
def empty(tmp_path_factory) -> dict[str, str]:
    """The environment of a hub that has its tables and holds nothing; to be copied and left as it is."""
    env = environment(tmp_path_factory.mktemp("empty"))
    run(env, "hub", "migrate")
    return env


@pytest.fixture
def hub(db) -> Hub:
    from lifecircle.hub.assessments.models import Run

    return Hub(str(Run.objects.get(state="done").pk))
