from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from lifecircle.hub.cases import queries as cases
from lifecircle.hub.cases.outside import actions, queries
from lifecircle.hub.cases.outside.schemas import OutsideIn, OutsideList, OutsideMade, OutsideOut
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.notify import queries as notices
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Number

router = Router(tags=["cases"])
CHANNELS = ("sms", "email")


@router.get(
    "/cases/{ref}/outside", response={200: OutsideList, **ERRORS}, summary="Its links to outside bodies"
)  # fmt: skip
def list_links(request: HubRequest, ref: str) -> dict[str, Any]:
    rows = queries.links(cases.case(request.actor, ref))
    return {
        "items": [queries.told(request.actor, one) for one in rows],
        "channels": [name for name in CHANNELS if notices.leads_out(name)],
    }


@router.post(
    "/cases/{ref}/outside", response={201: OutsideMade, **ERRORS}, summary="Hand it to an outside body, by a link"
)  # fmt: skip
def hand(request: HubRequest, ref: str, body: OutsideIn) -> Status[dict[str, Any]]:
    given = body.dict()
    version, channel, to = given.pop("version"), given.pop("channel"), given.pop("to").strip()
    if bool(channel) != bool(to) or (channel and not notices.leads_out(channel)):
        raise InvalidError(
            "a channel that has a gateway, and an address on it", "已接入的渠道和该渠道的地址"
        )
    made, token = actions.hand(request.actor, ref, actions.Asked(**given), version=version)
    address = _address(request, token)
    told = (
        actions.tell(request.actor, made, channel=channel, to=to, address=address)
        if channel
        else None
    )
    found = queries.told(request.actor, queries.link(request.actor, ref, made.pk))
    return Status(201, {**found, "link": address, "told": told})


@router.post(
    "/cases/{ref}/outside/{number}/end", response={200: OutsideOut, **ERRORS}, summary="End a link"
)
def end(request: HubRequest, ref: str, number: Number) -> dict[str, Any]:
    return queries.told(request.actor, actions.end(request.actor, ref, number))


def _address(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(f"/outside/{token}")
