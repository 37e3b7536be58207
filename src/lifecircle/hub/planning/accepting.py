"""Acceptance: the register changes, an assessment follows, and the proof waits for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import actions as assessments
from lifecircle.hub.assessments import queries as runs
from lifecircle.hub.errors import ConflictError, InvalidError, MissingError
from lifecircle.hub.facilities import actions as facilities
from lifecircle.hub.facilities import queries as register
from lifecircle.hub.facilities import spaces
from lifecircle.hub.planning.actions import locked, moved
from lifecircle.hub.planning.models import Project, Proof

Values = Mapping[str, Any]

_WHOLE = 0.95
"""A project that takes this part of a space takes all of it."""


@transaction.atomic
def accept(
    actor: Actor, ref: str, values: Values, *, version: int, on: dt.date, note: str = ""
) -> Project:
    """Accept a project that is built.

    A new facility enters the register and leaves its space; one that was enlarged is changed. The cards
    before are those of the latest assessment, the cards after those of one that is asked for now.

    Parameters
    ----------
    values
        Of the facility as it was built, where they differ from what was planned.
    on
        The day from which it holds.

    Raises
    ------
    InvalidError
        A milestone is open, or a value is not one for the facility.
    ConflictError
        The project has changed since, or is not being built.
    """
    one = locked(actor, ref, version)
    built = {**one.planned, **values}
    source = f"项目验收 project {ref}"
    one.accepted_on = on
    one = moved(actor, one, "accepted", note=note)
    if one.kind == "new" and one.facility_type:
        one.facility = _new(actor, one, built, source, on)
    elif one.kind == "enlarge" and one.facility:
        now = register.facility(actor, one.facility)
        facilities.change(actor, now.ref, built, version=now.version, source=source, on=on)
    one.save(update_fields=["facility"])
    Proof.objects.create(project=one, before=_latest(actor), after=_asked(actor, one))
    return one


def _new(actor: Actor, one: Project, built: Values, source: str, on: dt.date) -> str:
    space = register.space(actor, one.space) if one.space else None
    spot = space or one
    if spot.lon is None:
        raise InvalidError("a position, or a space", "位置或闲置空间")
    area = float(built.get("floor_area_m2") or (space.area_m2 if space else 0.0))
    values = {
        "name": one.name,
        "type": one.facility_type,
        "lon": spot.lon,
        "lat": spot.lat,
        **built,
    }
    made = facilities.create(actor, values, source=source, on=on)
    if space is not None:
        if area >= _WHOLE * space.area_m2:
            spaces.remove(actor, space.ref)
        else:
            rest = space.area_m2 - area
            spaces.change(actor, space.ref, {"area_m2": rest}, version=space.version)
    return made.ref


def _latest(actor: Actor) -> Any:
    try:
        return runs.run(actor)
    except MissingError:
        return None


def _asked(actor: Actor, one: Project) -> Any:
    """The assessment that follows: a new one, or the one that waits already; None where none can be."""
    try:
        with transaction.atomic():
            return assessments.request(actor, title=f"验收 {one.ref}"[:200])
    except ConflictError:
        latest = _latest(actor)
        return None if latest is None else runs.waiting(latest)
    except MissingError:
        return None
