"""Writes of people: accounts, roles, tokens; residents with their consent."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from lifecircle.hub.people import queries
from lifecircle.hub.people.models import (
    Account,
    ApiToken,
    Consent,
    DwellingNote,
    Grant,
    Household,
    Resident,
    WorkingGroup,
)
from lifecircle.hub.people.signals import credentials_ended
from lifecircle.hub.places import queries as places
from lifecircle.hub.rights import RIGHTS, ROLE_NAMES, SEPARATE
from lifecircle.hub.tokens import digest_of

TOKEN_PREFIX = "lc_"  # noqa: S105
MOST_TOKEN_DAYS = 366


@transaction.atomic
def create_account(
    actor: Actor, *, username: str, name: str, kind: str, password: str, email: str = "",
    expires_at: dt.datetime | None = None, must_change_password: bool = True,
) -> Account:  # fmt: skip
    """Make an account without any role."""
    actor.check("account.write")
    validate_password(password, Account(username=username, name=name))
    if queries.has_account(username):
        raise InvalidError(
            f"a user name that is not taken: {username}", f"未被使用的用户名: {username}"
        )
    account = Account.objects.create_user(
        username, password, name=name, kind=kind, email=email, expires_at=expires_at,
        must_change_password=must_change_password,
    )  # fmt: skip
    audit.record(actor, "account.created", f"account:{username}", detail={"kind": kind})
    return account


@transaction.atomic
def set_active(actor: Actor, username: str, *, active: bool) -> Account:
    """Open or lock an account; its sessions and tokens end with it."""
    actor.check("account.write")
    account = queries.account(actor, username)
    if account.pk == actor.account_id:
        raise ForbiddenError("nobody locks themselves out", "不能停用自己的账号")
    account.is_active = active
    account.save(update_fields=["is_active"])
    if not active:
        _end_tokens(account)
    audit.record(actor, "account.opened" if active else "account.locked", f"account:{username}")
    return account


@transaction.atomic
def reset_password(
    actor: Actor, username: str, password: str, *, must_change: bool = False
) -> None:
    """Give an account another password; its sessions end."""
    actor.check("account.write")
    account = Account.objects.select_for_update().filter(username=username).first()
    if account is None:
        raise MissingError
    validate_password(password, account)
    account.set_password(password)
    account.must_change_password = must_change
    account.save(update_fields=["password", "must_change_password"])
    _end_tokens(account)
    audit.record(actor, "account.password", f"account:{username}", detail={"reset": True})


@transaction.atomic
def change_password(actor: Actor, *, old: str, new: str) -> None:
    """Change the caller's own password."""
    account = Account.objects.select_for_update().filter(pk=actor.account_id or 0).first()
    if account is None or actor.scopes is not None:
        raise ForbiddenError
    if not account.check_password(old):
        raise InvalidError("the old password", "原密码")
    if old == new:
        raise InvalidError("another password than before", "不同于原来的密码")
    validate_password(new, account)
    account.set_password(new)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    _end_tokens(account)
    audit.record(actor, "account.password", f"account:{account.username}")


@transaction.atomic
def grant(
    actor: Actor, *, username: str, role: str, place: str = "", categories: Sequence[str] = (),
    until: dt.datetime | None = None,
) -> Grant:  # fmt: skip
    """Give somebody a role at a place and below; one of the three that check each other holds everywhere.

    Raises
    ------
    ForbiddenError
        The caller may not grant roles there, or would grant one to themselves.
    InvalidError
        No such role, a resident, or one of the three that check each other beside another role.
    ConflictError
        The account holds that role there already.
    """
    if role not in ROLE_NAMES:
        raise InvalidError(f"one of {', '.join(ROLE_NAMES)}", "已有的角色")
    if (role in SEPARATE) != (place == ""):
        raise InvalidError(
            "a place, but for administrators and auditors", "除管理员、审计员外须指定地方"
        )
    actor.check("role.grant")
    where = places.open_place(actor, place, right="role.grant") if place else None
    lineage = where.lineage if where else "/"
    actor.check("role.grant", lineage)
    account = Account.objects.select_for_update().filter(username=username).first()
    if account is None:
        raise MissingError
    if account.pk == actor.account_id:
        raise ForbiddenError("nobody grants a role to themselves", "不能给自己授权")
    if account.kind != "staff" and role != "council_member":
        raise InvalidError("a member of staff", "工作人员账号")
    others = {held.role for held in queries.current_grants(account)}
    if (role in SEPARATE and others - {role}) or others & SEPARATE - {role}:
        raise InvalidError(
            "system, security and audit are kept apart: one of them, and no other role",
            "系统、安全、审计三权分立: 只能任其一, 且不兼任其他角色",
        )
    if account.grants.filter(role=role, place=where, until__isnull=True).exists():
        raise ConflictError("the account holds this role there", "该账号在此地已有该角色")
    made = Grant.objects.create(
        account=account, role=role, place=where, categories=list(categories), until=until,
        since=timezone.now(), granted_by=actor.name,
    )  # fmt: skip
    detail = {"role": role, "place": place, "categories": list(categories)}
    audit.record(actor, "role.granted", f"account:{username}", lineage, detail)
    return made


@transaction.atomic
def revoke(actor: Actor, number: int) -> None:
    """End a role now; who held it and when stays known."""
    lines = Grant.objects.select_for_update(of=("self",)).select_related("place", "account")
    held = lines.filter(pk=number).first()
    if held is None or not actor.may("role.grant", held.lineage):
        raise MissingError
    if held.until is None or held.until > timezone.now():
        held.until = timezone.now()
        held.save(update_fields=["until"])
    detail = {"role": held.role, "place": held.place.code if held.place else ""}
    target = f"account:{held.account.username}"
    audit.record(actor, "role.revoked", target, held.lineage, detail)


@transaction.atomic
def create_token(
    actor: Actor, *, name: str, scopes: Sequence[str], days: int
) -> tuple[ApiToken, str]:
    """Make a token with some of the caller's rights; return it and its text, which is not kept."""
    account = check_own(actor)
    unknown = set(scopes) - set(RIGHTS)
    if unknown or not scopes:
        raise InvalidError(f"some of {', '.join(RIGHTS)}", "已有的权限")
    if not 1 <= days <= MOST_TOKEN_DAYS:
        raise InvalidError(f"1 to {MOST_TOKEN_DAYS} days", f"1 到 {MOST_TOKEN_DAYS} 天")
    text = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        account_id=account, name=name, digest=digest_of(text), scopes=sorted(set(scopes)),
        expires_at=timezone.now() + dt.timedelta(days=days),
    )  # fmt: skip
    audit.record(actor, "token.created", f"token:{token.pk}", detail={"scopes": token.scopes})
    return token, text


def check_own(actor: Actor) -> int:
    """The caller's account; `ForbiddenError` for a token, and for who has to change their password first."""
    known = Account.objects.filter(pk=actor.account_id or 0, must_change_password=False)
    if actor.account_id is None or actor.scopes is not None or not known.exists():
        raise ForbiddenError
    return actor.account_id


def _end_tokens(account: Account) -> None:
    account.tokens.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    credentials_ended.send(Account, account=account)


@transaction.atomic
def revoke_token(actor: Actor, number: int) -> None:
    """End one of the caller's tokens."""
    check_own(actor)
    if not queries.tokens(actor).filter(pk=number).update(revoked_at=timezone.now()):
        raise MissingError
    audit.record(actor, "token.revoked", f"token:{number}")


@transaction.atomic
def register(
    actor: Actor, *, place: str, full_name: str, phone: str | None, birth_year: int | None,
    groups: Sequence[str], consents: Sequence[dict[str, Any]], household: int | None = None,
) -> Resident:  # fmt: skip
    """Register a resident, who has consented to at least one purpose.

    Raises
    ------
    InvalidError
        There is no consent, it is to be kept until a day that is over, or the household lives elsewhere.
    """
    where = places.open_place(actor, place)
    actor.check("resident.write", where.lineage)
    if not consents or any(one["keep_until"] < one["given_on"] for one in consents):
        raise InvalidError("a consent, kept until a day after it was given", "有效的同意及保存期限")
    home = (
        Household.objects.create(place=where)
        if household is None
        else queries.household(actor, household)
    )
    if home.place_id != where.pk:  # the right was checked at that place, and the audit names it
        raise InvalidError(f"a household that lives at {place}", f"住在 {place} 的住户")
    one = Resident.objects.create(
        household=home, full_name=full_name, phone=phone, birth_year=birth_year, groups=list(groups)
    )
    Consent.objects.bulk_create(Consent(resident=one, **consent) for consent in consents)
    purposes = {"purposes": [consent["purpose"] for consent in consents]}
    audit.record(actor, "resident.registered", f"resident:{one.pk}", where.lineage, purposes)
    return one


def reveal(actor: Actor, number: int, *, purpose: str) -> dict[str, Any]:
    """Show a resident's own data for a purpose that they consented to; the look is audited.

    Raises
    ------
    ForbiddenError
        The caller may only see masked data, or there is no consent to that purpose today.
    """
    one = queries.resident(actor, number)
    lineage = one.household.place.lineage
    today = timezone.localdate()
    consented = one.consents.filter(
        purpose=purpose, withdrawn_on__isnull=True, given_on__lte=today, keep_until__gte=today
    ).exists()
    allowed = actor.may("resident.reveal", lineage) and consented
    target, detail = f"resident:{number}", {"purpose": purpose}
    if not allowed:
        audit.record(actor, "resident.revealed", target, lineage, detail, allowed=False)
        raise ForbiddenError(
            "no right to see this, or no consent to that purpose", "没有权限, 或本人未同意该用途"
        )
    audit.record(actor, "resident.revealed", target, lineage, detail)
    return {
        **queries.masked(one), "name": one.full_name, "phone": one.phone or "",
        "birth_year": one.birth_year,
    }  # fmt: skip


@transaction.atomic
def erase(actor: Actor, number: int) -> None:
    """Forget what identifies a resident; that there was one stays."""
    one = queries.resident(actor, number)
    actor.check("resident.write", one.household.place.lineage)
    _forget(one)
    audit.record(actor, "resident.erased", f"resident:{number}", one.household.place.lineage)


def inherit(place: Any, heirs: Sequence[Any]) -> None:
    """Households, notes of homes and working groups of a place that ended go to the first that goes on.

    Those of a building move with it.

    Roles end with their place: who works where is granted anew.
    """
    Household.objects.filter(place=place).update(place=heirs[0])
    DwellingNote.objects.filter(place=place).update(place=heirs[0])
    WorkingGroup.objects.filter(place=place, until__isnull=True).update(place=heirs[0])
    Grant.objects.filter(queries.not_ended(), place=place).update(until=timezone.now())


def erase_expired() -> int:
    """Forget residents none of whose consents holds any more; how many."""
    today = timezone.localdate()
    holds = Consent.objects.filter(withdrawn_on__isnull=True, keep_until__gte=today)
    rows = Resident.objects.filter(erased_at__isnull=True).exclude(consents__in=holds)
    system, count = Actor.system("retention"), 0
    for one in rows.select_related("household__place"):
        with transaction.atomic():
            _forget(one)
            lineage = one.household.place.lineage
            audit.record(system, "resident.erased", f"resident:{one.pk}", lineage)
        count += 1
    return count


def _forget(one: Resident) -> None:
    one.full_name, one.phone, one.birth_year, one.groups = "", None, None, []
    one.consents.update(evidence="")
    one.erased_at = timezone.now()
    one.save()
