from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.csrf import ensure_csrf_cookie
from ninja import Router, Status
from ninja.decorators import decorate_view

from lifecircle.hub.paging import page_of
from lifecircle.hub.people import actions, groups, queries
from lifecircle.hub.people.models import Account, ApiToken
from lifecircle.hub.people.schemas import (
    AccountIn,
    AccountOut,
    AccountPage,
    ActiveIn,
    GrantIn,
    GroupChange,
    GroupIn,
    GroupOut,
    GroupPage,
    Me,
    MemberIn,
    PasswordIn,
    ResidentIn,
    ResidentOut,
    ResidentPage,
    ResidentRevealed,
    RevealIn,
    RoleOut,
    TokenIn,
    TokenMade,
    TokenOut,
)
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.rights import RIGHTS
from lifecircle.hub.schemas import ERRORS, Limit, Number, Offset, Text, as_file

router = Router(tags=["people"])


@router.get("/me", response={200: Me, **ERRORS}, summary="Who the caller is and what they may do")
@decorate_view(ensure_csrf_cookie)
def me(request: HubRequest) -> dict[str, Any]:
    account = queries.own(request.actor)
    held = {right: list(request.actor.lineages(right)) for right in RIGHTS}
    return {
        **{name: getattr(account, name) for name in ("username", "name", "kind", "language")},
        "must_change_password": account.must_change_password,
        "roles": list(queries.current_grants(account)),
        "rights": {right: under for right, under in held.items() if under},
        "demo": settings.DEMO,
    }


@router.post("/me/password", response={204: None, **ERRORS}, summary="Change one's own password")
def change_password(request: HubRequest, body: PasswordIn) -> Status[None]:
    actions.change_password(request.actor, old=body.old, new=body.new)
    queries.keep_session(request)
    return Status(204, None)


@router.get(
    "/me/totp.svg",
    response={200: None, **ERRORS},
    summary="The secret for an authenticator app that is being set up",
    openapi_extra=as_file("image/svg+xml"),
)
def totp_image(request: HubRequest) -> HttpResponse:
    actions.check_own(request.actor)
    body = queries.totp_image(request, queries.own(request.actor))
    return HttpResponse(body, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@router.get("/me/tokens", response={200: list[TokenOut], **ERRORS}, summary="One's own tokens")
def list_tokens(request: HubRequest) -> list[ApiToken]:
    return list(queries.tokens(request.actor))


@router.post("/me/tokens", response={201: TokenMade, **ERRORS}, summary="Make a token")
def create_token(request: HubRequest, body: TokenIn) -> Status[dict[str, Any]]:
    token, text = actions.create_token(request.actor, **body.dict())
    return Status(201, {**TokenOut.from_orm(token).dict(), "token": text})


@router.delete("/me/tokens/{number}", response={204: None, **ERRORS}, summary="Take a token back")
def revoke_token(request: HubRequest, number: Number) -> Status[None]:
    actions.revoke_token(request.actor, number)
    return Status(204, None)


@router.get(
    "/accounts", response={200: AccountPage, **ERRORS}, summary="Accounts, for administrators"
)
def list_accounts(
    request: HubRequest, text: Text = "", limit: Limit = 100, offset: Offset = 0
) -> dict[str, Any]:
    rows = queries.accounts(request.actor)
    if text:
        rows = rows.filter(username__icontains=text) | rows.filter(name__icontains=text)
    return page_of(rows, limit, offset)


@router.post("/accounts", response={201: AccountOut, **ERRORS}, summary="Make an account")
def create_account(request: HubRequest, body: AccountIn) -> Status[Account]:
    return Status(201, actions.create_account(request.actor, **body.dict()))


@router.get("/accounts/{username}", response={200: AccountOut, **ERRORS}, summary="One account")
def account(request: HubRequest, username: str) -> Account:
    return queries.account(request.actor, username)


@router.post(
    "/accounts/{username}/active", response={200: AccountOut, **ERRORS}, summary="Open or lock"
)
def set_active(request: HubRequest, username: str, body: ActiveIn) -> Account:
    return actions.set_active(request.actor, username, active=body.active)


@router.post(
    "/accounts/{username}/roles", response={201: RoleOut, **ERRORS}, summary="Grant a role"
)
def grant(request: HubRequest, username: str, body: GrantIn) -> Status[Any]:
    return Status(201, actions.grant(request.actor, username=username, **body.dict()))


@router.delete("/roles/{number}", response={204: None, **ERRORS}, summary="End a role")
def revoke(request: HubRequest, number: Number) -> Status[None]:
    actions.revoke(request.actor, number)
    return Status(204, None)


@router.get("/residents", response={200: ResidentPage, **ERRORS}, summary="Residents, masked")
def list_residents(
    request: HubRequest, place: Text = "", limit: Limit = 100, offset: Offset = 0
) -> dict[str, Any]:
    rows = queries.residents(request.actor)
    if place:
        rows = rows.filter(household__place__lineage__contains=f"/{place}/")
    return page_of(rows, limit, offset, queries.masked)


@router.post("/residents", response={201: ResidentOut, **ERRORS}, summary="Register with consent")
def register(request: HubRequest, body: ResidentIn) -> Status[dict[str, Any]]:
    return Status(201, queries.masked(actions.register(request.actor, **body.dict())))


@router.post(
    "/residents/{number}/reveal", response={200: ResidentRevealed, **ERRORS},
    summary="One resident's own data, for a purpose; audited",
)  # fmt: skip
def reveal(request: HubRequest, number: Number, body: RevealIn) -> dict[str, Any]:
    return actions.reveal(request.actor, number, purpose=body.purpose)


@router.delete("/residents/{number}", response={204: None, **ERRORS}, summary="Forget a resident")
def erase(request: HubRequest, number: Number) -> Status[None]:
    actions.erase(request.actor, number)
    return Status(204, None)


@router.get("/groups", response={200: GroupPage, **ERRORS}, summary="Working groups")
def list_groups(
    request: HubRequest, place: Text = "", ended: bool = False, limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:  # fmt: skip
    rows = queries.groups(request.actor, ended=ended)
    if place:
        rows = rows.filter(place__lineage__contains=f"/{place}/")
    return page_of(rows, limit, offset, lambda one: queries.told(request.actor, one))


@router.post("/groups", response={201: GroupOut, **ERRORS}, summary="Make a working group")
def create_group(request: HubRequest, body: GroupIn) -> Status[dict[str, Any]]:
    made = groups.create(request.actor, **body.dict())
    return Status(201, queries.told(request.actor, made))


@router.patch(
    "/groups/{number}", response={200: GroupOut, **ERRORS}, summary="Change name, task or lead"
)
def change_group(request: HubRequest, number: Number, body: GroupChange) -> dict[str, Any]:
    return queries.told(request.actor, groups.change(request.actor, number, **body.dict()))


@router.post(
    "/groups/{number}/members", response={200: GroupOut, **ERRORS},
    summary="Take somebody in, by their exact user name",
)  # fmt: skip
def add_member(request: HubRequest, number: Number, body: MemberIn) -> dict[str, Any]:
    return queries.told(request.actor, groups.add_member(request.actor, number, body.username))


@router.delete(
    "/groups/{number}/members/{username}", response={200: GroupOut, **ERRORS},
    summary="Let a member go",
)  # fmt: skip
def remove_member(request: HubRequest, number: Number, username: str) -> dict[str, Any]:
    return queries.told(request.actor, groups.remove_member(request.actor, number, username))


@router.post("/groups/{number}/end", response={200: GroupOut, **ERRORS}, summary="End a group")
def end_group(request: HubRequest, number: Number) -> dict[str, Any]:
    return queries.told(request.actor, groups.end(request.actor, number))
