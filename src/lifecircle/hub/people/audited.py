"""What happens at the door, written into the audit: django-allauth tells, we write."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.socialaccount.signals import social_account_added
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.requests import address_of

_NAMES = (
    (user_logged_in, "login"), (user_logged_out, "logout"), (password_changed, "password"),
    (authenticator_added, "factor.added"), (authenticator_removed, "factor.removed"),
    (social_account_added, "identity.added"),
)  # fmt: skip


def connect() -> None:
    """Write every log-in, refusal, log-out and change of credentials down."""
    for signal, name in _NAMES:
        signal.connect(_writer(name), weak=False, dispatch_uid=f"audit.{name}")
    user_login_failed.connect(_refused, dispatch_uid="audit.refused")


def _writer(name: str) -> Any:
    def write(request: Any = None, user: Any = None, sociallogin: Any = None, **_: Any) -> None:
        someone = user if user is not None else getattr(sociallogin, "user", None)
        if someone is not None:
            actor = Actor(someone.username, someone.pk, address=_address(request))
            audit.record(actor, f"account.{name}", f"account:{someone.username}")

    return write


def _refused(request: Any = None, credentials: Any = None, **_: Any) -> None:
    tried = str((credentials or {}).get("username", ""))[:60]
    audit.record(
        Actor.nobody(_address(request)), "account.login", f"account:{tried}", allowed=False
    )


def _address(request: Any) -> str:
    return "" if request is None else address_of(request)
