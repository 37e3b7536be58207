"""The demo hub: the demo district, and somebody for every role. On this machine only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import actions as assessments
from lifecircle.hub.assessments.loading import load
from lifecircle.hub.assessments.models import Ground
from lifecircle.hub.demo_cases import make_day
from lifecircle.hub.people import actions as people
from lifecircle.hub.people import queries as people_queries
from lifecircle.hub.places import queries as places
from lifecircle.hub.rights import ROLE_NAMES, SEPARATE
from lifecircle.hub.serving import one_time_password

_LEVEL = {
    "district_planner": "district", "command_operator": "district", "department_officer": "district",
    "street_officer": "street", "service_operator": "street", "community_worker": "community",
    "grid_worker": "community", "council_member": "community",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Who can be tried out; the password is shown once."""

    username: str
    password: str
    role: str
    place: str


def set_up_demo(bundle: Path) -> list[DemoAccount]:
    """Load the demo district where there is none, and let somebody in for every role.

    Their passwords are new at every start, so that whoever starts it can always log in.
    """
    system = Actor.system("demo")
    if not Ground.objects.exists():
        load(system, bundle)
        assessments.request(system, title="演示 demo")
        make_day(system)
    found = (_somebody(system, role) for role in ROLE_NAMES if role not in SEPARATE)
    return [one for one in found if one is not None]


def _somebody(system: Actor, role: str) -> DemoAccount | None:
    where = places.places(system).filter(level=_LEVEL[role]).order_by("lineage").first()
    if where is None:
        return None
    username, password = f"demo-{role.replace('_', '-')}", one_time_password()
    if people_queries.has_account(username):
        people.reset_password(system, username, password)
    else:
        people.create_account(
            system, username=username, name=f"演示{ROLE_NAMES[role][0]}", kind="staff",
            password=password, must_change_password=False,
        )  # fmt: skip
        people.grant(system, username=username, role=role, place=where.code)
    return DemoAccount(username, password, role, where.name_zh)
