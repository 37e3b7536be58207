"""What the command centre does that no other app does: telling everybody who is on duty below a place."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.duty import queries as duty
from lifecircle.hub.errors import ConflictError
from lifecircle.hub.notify import actions as notify
from lifecircle.hub.places import queries as places


@transaction.atomic
def broadcast(actor: Actor, *, place: str, text: str, urgent: bool = False) -> list[Any]:
    """Tell everybody who is on duty at a place and below; who they are.

    Parameters
    ----------
    urgent
        By SMS too, where a gateway is configured.

    Raises
    ------
    ConflictError
        Nobody is on duty there.
    ForbiddenError
        The caller may not send anybody there.
    """
    where = places.open_place(actor, place, right="case.read")
    actor.check("case.dispatch", where.lineage)
    told: dict[int, Any] = {}
    channels = ("app", "sms") if urgent else ("app",)
    for shift in duty.under_way(actor, place=place):
        account = shift.substitute or shift.account
        if account.pk not in told and account.is_usable:
            told[account.pk] = account
            notify.broadcast(shift.place, [account], text=text, channels=channels)
    if not told:
        raise ConflictError("nobody is on duty there", "此地无人在岗")
    detail = {"told": len(told), "urgent": urgent}
    audit.record(actor, "command.broadcast", f"place:{place}", where.lineage, detail)
    return list(told.values())
