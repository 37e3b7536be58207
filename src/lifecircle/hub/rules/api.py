from __future__ import annotations

from typing import Any

from ninja import Router, Status

from lifecircle.hub.paging import page_of
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.rules import actions, queries
from lifecircle.hub.rules.schemas import (
    RuleHold,
    RuleIn,
    RuleOut,
    RulePage,
    RuleRewrite,
    RuleTry,
    RuleVersionOut,
)
from lifecircle.hub.schemas import ERRORS, Limit, Offset, Text

router = Router(tags=["rules"])


@router.get("/rules", response={200: RulePage, **ERRORS}, summary="Rules over what devices measure")
def list_rules(
    request: HubRequest, place: Text = "", limit: Limit = 100, offset: Offset = 0
) -> dict[str, Any]:
    return page_of(queries.rules(request.actor, place=place), limit, offset, queries.told)


@router.post("/rules", response={201: RuleOut, **ERRORS}, summary="Write a rule")
def write(request: HubRequest, body: RuleIn) -> Status[dict[str, Any]]:
    return Status(201, queries.told(actions.write(request.actor, **body.dict())))


@router.get("/rules/{code}", response={200: RuleOut, **ERRORS}, summary="One rule")
def rule(request: HubRequest, code: str) -> dict[str, Any]:
    return queries.told(queries.rule(request.actor, code))


@router.get(
    "/rules/{code}/versions",
    response={200: list[RuleVersionOut], **ERRORS},
    summary="What it said over time",
)
def versions(request: HubRequest, code: str) -> list[Any]:
    return list(queries.versions(queries.rule(request.actor, code)))


@router.post(
    "/rules/{code}/versions", response={200: RuleOut, **ERRORS}, summary="Write a further version"
)
def rewrite(request: HubRequest, code: str, body: RuleRewrite) -> dict[str, Any]:
    one = actions.rewrite(request.actor, code, version=body.version, definition=body.definition)
    return queries.told(one)


@router.post(
    "/rules/{code}/versions/{number}/try", response={200: RuleVersionOut, **ERRORS},
    summary="Try a version against the past",
)  # fmt: skip
def try_out(request: HubRequest, code: str, number: int, body: RuleTry) -> Any:
    return actions.try_out(request.actor, code, number, days=body.days)


@router.put(
    "/rules/{code}/holds", response={200: RuleOut, **ERRORS}, summary="Make a version hold, or none"
)
def hold(request: HubRequest, code: str, body: RuleHold) -> dict[str, Any]:
    one = actions.hold(request.actor, code, version=body.version, number=body.number)
    return queries.told(one)
