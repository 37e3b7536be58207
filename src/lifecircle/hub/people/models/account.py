from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; there are no superusers: what an account may do comes from its roles."""

    def create_user(self, username: str, password: str | None = None, **values: Any) -> Account:
        """Make an account; without a password nobody can log in by one."""
        account = self.model(username=self.model.normalize_username(username), **values)
        account.set_password(password)
        account.full_clean(exclude=["password"])
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """Who can log in: staff, or a resident. They are different kinds, and neither turns into the other."""

    KINDS = ("staff", "resident")

    username = models.CharField(max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in KINDS])
    is_active = models.BooleanField(default=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    must_change_password = models.BooleanField(default=False)
    language = models.CharField(max_length=2, choices=[("zh", "zh"), ("en", "en")], default="zh")
    date_joined = models.DateTimeField(default=timezone.now)
    is_staff = False
    is_superuser = False

    objects = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "kind"]

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username

    @property
    def is_usable(self) -> bool:
        """Open, and not past its day."""
        return self.is_active and (self.expires_at is None or self.expires_at > timezone.now())
