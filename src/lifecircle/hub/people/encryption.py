"""Text that is encrypted in the database: Fernet (AES-128-CBC and HMAC-SHA256), keys that can be renewed."""

from __future__ import annotations

from functools import cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@cache
def cipher() -> MultiFernet:
    """Encrypts and decrypts what is personal or secret."""
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


class EncryptedText(models.BinaryField):  # type: ignore[type-arg]
    """Text to Python, ciphertext to the database. It cannot be searched or sorted by."""

    def get_prep_value(self, value: str | None) -> bytes | None:
        return None if value is None else cipher().encrypt(value.encode())

    def from_db_value(self, value: Any, *_: object) -> str | None:
        return None if value is None else cipher().decrypt(bytes(value)).decode()


def masked_name(name: str) -> str:
    """The family name, and a star for each further character (张三丰 -> 张**)."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""


def masked_phone(phone: str) -> str:
    """The first three and the last two digits."""
    return f"{phone[:3]}{'*' * max(len(phone) - 5, 3)}{phone[-2:]}" if len(phone) > 5 else "***"
