"""The demo hub: the demo district, and somebody for every role. On this machine only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import actions as assessments
from lifecircle.hub.assessments.loading import load
from lifecircle.hub.assessments.models import Ground
from lifecircle.hub.people import actions as people
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


def is_loaded() -> bool:
    """Whether a district is there."""
    return Ground.objects.exists()


def set_up_demo(bundle: Path) -> list[DemoAccount]:
    """Load the demo district, ask for its assessment, and make somebody for every role."""
    system = Actor.system("demo")
    load(system, bundle)
    assessments.request(system, title="演示 demo")
    made = []
    for role in ROLE_NAMES:
        if role in SEPARATE:
            continue
        level = _LEVEL[role]
        where = places.places(system).filter(level=level).order_by("lineage").first()
        if where is None:
            continue
        username, password = f"demo-{role.replace('_', '-')}", one_time_password()
        name = f"演示{ROLE_NAMES[role][0]}"
        people.create_account(
            system, username=username, name=name, kind="staff", password=password,
            must_change_password=False,
        )  # fmt: skip
        people.grant(system, username=username, role=role, place=where.code)
        made.append(DemoAccount(username, password, role, where.name_zh))
    return made
