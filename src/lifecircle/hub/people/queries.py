"""Reads of people: who a caller is, accounts and their roles, residents masked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.mfa.adapter import get_adapter as get_factors
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.contrib.auth import update_session_auth_hash
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from lifecircle.hub.actor import Actor, Held
from lifecircle.hub.errors import MissingError
from lifecircle.hub.people.dwelling_notes import at_home as at_home  # noqa: PLC0414  (cases ask for it here)
from lifecircle.hub.people.encryption import masked_name, masked_phone
from lifecircle.hub.people.models import (
    Account,
    ApiToken,
    Consent,
    Grant,
    Household,
    Resident,
    WorkingGroup,
)
from lifecircle.hub.places.queries import within
from lifecircle.hub.tokens import digest_of


def actor_of(account: Account, address: str, token: ApiToken | None = None) -> Actor:
    """The actor that an account is now: its roles of today; none once it has expired."""
    if not account.is_usable:
        return Actor.nobody(address)
    if account.must_change_password:  # until then an account can do nothing else
        return Actor(
            account.username,
            account.pk,
            scopes=None if token is None else frozenset(),
            address=address,
        )
    roles = tuple(
        Held(grant.role, grant.lineage, frozenset(grant.categories))
        for grant in current_grants(account)
    )
    scopes = None if token is None else frozenset(token.scopes)
    return Actor(account.username, account.pk, roles, scopes, address)


def own(actor: Actor) -> Account:
    """The caller's own account."""
    return Account.objects.get(pk=actor.account_id or 0)


def keep_session(request: HttpRequest) -> None:
    """Stay logged in after a change of one's own password; other sessions end."""
    update_session_auth_hash(request, Account.objects.get(pk=request.user.pk or 0))


def totp_image(request: HttpRequest, account: Account) -> str:
    """The secret that an authenticator app is being given, as a QR code (SVG); `MissingError` without one."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise MissingError
    factors = get_factors()
    return str(factors.build_totp_svg(factors.build_totp_url(account, secret)))


def current_grants(account: Account) -> QuerySet[Grant]:
    """The roles that an account holds now."""
    rows = account.grants.filter(not_ended(), since__lte=timezone.now())
    return rows.select_related("place")


def not_ended() -> Q:
    """Roles that hold now, or will."""
    return Q(until__isnull=True) | Q(until__gt=timezone.now())


def staff(username: str) -> Account | None:
    """Somebody of staff whose account may be used; None if there is nobody."""
    found = Account.objects.filter(username=username, kind="staff").first()
    return found if found is not None and found.is_usable else None


def has_account(username: str) -> bool:
    """Whether a user name is taken; for the server itself."""
    return Account.objects.filter(username=username).exists()


def token(text: str) -> ApiToken | None:
    """The token with this text, if it holds now; that it was used is noted once a minute."""
    now = timezone.now()
    rows = ApiToken.objects.filter(
        digest=digest_of(text), revoked_at__isnull=True, expires_at__gt=now
    )
    found = rows.select_related("account").first()
    if found is None or not found.account.is_usable:
        return None
    if found.used_at is None or (now - found.used_at).total_seconds() > 60:
        rows.update(used_at=now)
    return found


def accounts(actor: Actor) -> QuerySet[Account]:
    """All accounts, for those who administer them."""
    if not actor.may("account.read"):
        return Account.objects.none()
    return Account.objects.prefetch_related("grants__place")


def account(actor: Actor, username: str) -> Account:
    """One account; `MissingError` if there is none for this caller."""
    found = accounts(actor).filter(username=username).first()
    if found is None:
        raise MissingError
    return found


def tokens(actor: Actor) -> QuerySet[ApiToken]:
    """The caller's own tokens."""
    return ApiToken.objects.filter(account_id=actor.account_id or 0, revoked_at__isnull=True)


def residents(actor: Actor) -> QuerySet[Resident]:
    """Residents who live where the caller may see them, without those whose data was erased."""
    rows = Resident.objects.filter(
        within(actor, "resident.read", "household__place__lineage"), erased_at__isnull=True
    )
    return rows.select_related("household__place").order_by("pk")


def resident(actor: Actor, number: int) -> Resident:
    """One resident; `MissingError` if there is none for this caller."""
    found = residents(actor).filter(pk=number).first()
    if found is None:
        raise MissingError
    return found


def consenting(lineage: str, purpose: str) -> QuerySet[Resident]:
    """Residents at a place and below who allow a use of their data today; for work that knows its caller's place."""
    today = timezone.localdate()
    given = Consent.objects.filter(
        purpose=purpose, withdrawn_on__isnull=True, given_on__lte=today, keep_until__gte=today
    )
    return Resident.objects.filter(
        household__place__lineage__startswith=lineage, erased_at__isnull=True, consents__in=given
    ).distinct()


def household(actor: Actor, number: int) -> Household:
    """One household; `MissingError` if there is none for this caller."""
    rows = Household.objects.filter(within(actor, "resident.write", "place__lineage"))
    found = rows.filter(pk=number).first()
    if found is None:
        raise MissingError
    return found


def groups(actor: Actor, *, ended: bool = True) -> QuerySet[WorkingGroup]:
    """Working groups at places that the caller sees, and those that they belong to."""
    seen = within(actor, "place.read", "place__lineage")
    everywhere = not seen  # no condition at all, which one more would take away
    if not everywhere and (actor.scopes is None or "place.read" in actor.scopes):
        own = Account.objects.filter(pk=actor.account_id or 0, must_change_password=False)
        seen |= Q(pk__in=WorkingGroup.objects.filter(members__in=own).values("pk"))
    rows = WorkingGroup.objects.filter(seen).select_related("place", "lead")
    rows = rows.prefetch_related("members")
    return rows if ended else rows.filter(until__isnull=True)


def told(actor: Actor, group: WorkingGroup) -> dict[str, Any]:
    """What is said of a working group, and whether this caller may change it."""
    named = {field: getattr(group, field) for field in ("name", "task", "since", "until")}
    return {
        **named, "id": group.pk, "place": group.place.code, "place_zh": group.place.name_zh,
        "lead": group.lead, "members": list(group.members.all()),
        "may_change": group.until is None and actor.may("place.write", group.place.lineage),
    }  # fmt: skip


def masked(one: Resident) -> dict[str, Any]:
    """What a list shows of a resident."""
    return {
        "id": one.pk, "place": one.household.place.code, "household": one.household_id,
        "name": masked_name(one.full_name), "phone": masked_phone(one.phone or ""),
        "birth_decade": None if one.birth_year is None else one.birth_year // 10 * 10,
        "groups": one.groups,
    }  # fmt: skip


def held(roles: Iterable[str], lineages: Iterable[str]) -> QuerySet[Grant]:
    """Roles that hold now at exactly one of some places, with their accounts; for the server itself."""
    rows = Grant.objects.filter(
        not_ended(), role__in=list(roles), place__lineage__in=list(lineages)
    )
    return rows.filter(since__lte=timezone.now()).select_related("account")


def holding(roles: Iterable[str], lineages: Iterable[str]) -> list[Account]:
    """Accounts that hold one of some roles at exactly one of some places now, each once; for the server itself."""
    return list({row.account_id: row.account for row in held(roles, lineages)}.values())


def acting(roles: Iterable[str], at: Iterable[str], below: str) -> QuerySet[Grant]:
    """Roles that hold now at exactly one of some places, or anywhere below one; for the server itself."""
    there = Q(place__lineage__in=list(at)) | Q(place__lineage__startswith=below)
    rows = Grant.objects.filter(not_ended(), there, role__in=list(roles), since__lte=timezone.now())
    return rows.select_related("account", "place").order_by("place__lineage", "account__name", "pk")
