"""What happens at the door, written into the audit: django-allauth tells, we write."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from allauth.socialaccount.signals import social_account_added
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_save

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.requests import address_of

_NAMES = (
    (user_logged_in, "login"), (user_logged_out, "logout"), (password_changed, "password"),
    (authenticator_added, "factor.added"), (authenticator_removed, "factor.removed"),
    (authenticator_reset, "factor.reset"), (authenticator_used, "factor.used"),
    (authentication_failed, "factor.used"), (social_account_added, "identity.added"),
)  # fmt: skip


def connect() -> None:
    """Write every log-in, refusal, log-out and change of credentials down."""
    for signal, name in _NAMES:
        allowed = signal is not authentication_failed
        writer = _writer(name, allowed=allowed)
        signal.connect(writer, weak=False, dispatch_uid=f"audit.{name}.{allowed}")
    user_login_failed.connect(_refused, dispatch_uid="audit.refused")
    post_save.connect(_renamed, sender=Authenticator, dispatch_uid="audit.renamed")


def session_ended(session: Any) -> None:
    """Write down that somebody ended a session of theirs."""
    detail = {"address": session.ip, "browser": session.user_agent[:200]}
    _write(context.request, session.user, "session.ended", detail)


def _writer(name: str, *, allowed: bool) -> Any:
    def write(
        request: Any = None, user: Any = None, sociallogin: Any = None, authenticator: Any = None,
        **_: Any,
    ) -> None:  # fmt: skip
        someone = user if user is not None else getattr(sociallogin, "user", None)
        if someone is not None:
            detail = {} if authenticator is None else _named(authenticator)
            _write(request, someone, name, detail, allowed=allowed)

    return write


def _renamed(instance: Any, *, created: bool, update_fields: Any, **_: Any) -> None:
    """A passkey's name is all of it that is saved again as a whole; nobody tells of that."""
    if not created and update_fields is None and instance.type == Authenticator.Type.WEBAUTHN:
        _write(context.request, instance.user, "factor.renamed", _named(instance))


def _refused(request: Any = None, credentials: Any = None, **_: Any) -> None:
    tried = str((credentials or {}).get("username", ""))[:60]
    audit.record(
        Actor.nobody(_address(request)), "account.login", f"account:{tried}", allowed=False
    )


def _write(
    request: Any, someone: Any, name: str, detail: dict[str, Any], *, allowed: bool = True
) -> None:
    actor = Actor(someone.username, someone.pk, address=_address(request))
    audit.record(
        actor, f"account.{name}", f"account:{someone.username}", detail=detail, allowed=allowed
    )


def _named(authenticator: Any) -> dict[str, Any]:
    detail = {"type": str(authenticator.type)}
    if authenticator.type == Authenticator.Type.WEBAUTHN:
        detail["name"] = authenticator.wrap().name
    return detail


def _address(request: Any) -> str:
    return "" if request is None else address_of(request)
