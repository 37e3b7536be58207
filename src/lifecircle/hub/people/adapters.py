"""How django-allauth meets the hub: nobody signs up, who has expired cannot log in, all is audited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.db import transaction
from django.http import HttpRequest

from lifecircle.hub.people import audited
from lifecircle.hub.people.encryption import cipher
from lifecircle.hub.people.models import Account


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the administrator only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody signs up."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ARG002
        """Failures count by name alone: the address that a request gives itself would tell them apart."""
        return str(credentials.get("username", "")).lower()

    def pre_login(self, request: HttpRequest, user: Any, **values: Any) -> Any:
        """Turn away accounts that are closed or past their day."""
        if not user.is_usable:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **values)


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A city's identity provider logs in accounts that are there; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Nobody signs up."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Let in the account of the name that the provider vouches for, if there is one of staff."""
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data
        claims = {**claims.get("id_token", {}), **claims.get("userinfo", {}), **claims}
        username = str(claims.get("preferred_username", ""))
        account = Account.objects.filter(username=username, kind="staff").first()
        if account is not None and username:
            sociallogin.connect(request, account)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of the second factor are encrypted as personal fields are; accounts go by their user name."""

    def get_totp_label(self, user: Any) -> str:
        """Name the account in an authenticator app."""
        return str(user.username)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bind passkeys to the host that was asked for, which is one of ours."""
        return {**super().get_public_key_credential_rp_entity(), "name": "生活圈 Lifecircle"}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """Name the account where a passkey is chosen."""
        names = {"name": user.username, "display_name": user.name}
        return {**super().get_public_key_credential_user_entity(user), **names}

    def encrypt(self, text: str) -> str:
        """Encrypt a secret."""
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret."""
        return cipher().decrypt(encrypted_text.encode()).decode()


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """Sessions that somebody ends are audited."""

    @transaction.atomic
    def end_sessions(self, sessions: Iterable[Any]) -> None:
        """End sessions."""
        sessions = list(sessions)
        for one in sessions:
            audited.session_ended(one)
        super().end_sessions(sessions)
