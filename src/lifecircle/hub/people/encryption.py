"""Text that is encrypted in the database: Fernet (AES-128-CBC and HMAC-SHA256), keys that can be renewed."""

from __future__ import annotations

from functools import cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models

_MARK = "fernet:"


@cache
def cipher() -> MultiFernet:
    """Encrypts and decrypts what is personal or secret."""
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


class EncryptedText(models.Field):  # type: ignore[type-arg]
    """Text to Python, ciphertext to the database. It cannot be searched or sorted by.

    No `BinaryField`: many rows with one are written with a parameter a value, which takes psycopg time that grows with their square.
    """

    def get_internal_type(self) -> str:
        """The column of a `BinaryField`."""
        return "BinaryField"

    def get_prep_value(self, value: str | None) -> bytes | None:
        """Encrypt."""
        return None if value is None else cipher().encrypt(value.encode())

    def from_db_value(self, value: Any, *_: object) -> str | None:
        """Decrypt."""
        return None if value is None else cipher().decrypt(bytes(value)).decode()

    def value_to_string(self, obj: models.Model) -> str | None:  # type: ignore[override]
        """Stay encrypted in a backup."""
        value = self.value_from_object(obj)
        return None if value is None else _MARK + cipher().encrypt(value.encode()).decode()

    def to_python(self, value: Any) -> Any:
        """Decrypt what a backup holds; anything else is the text itself."""
        if isinstance(value, str) and value.startswith(_MARK):
            return cipher().decrypt(value.removeprefix(_MARK).encode()).decode()
        return value


def masked_name(name: str) -> str:
    """The family name, and a star for each further character (张三丰 -> 张**)."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""


def masked_phone(phone: str) -> str:
    """The first three and the last two digits."""
    return f"{phone[:3]}{'*' * max(len(phone) - 5, 3)}{phone[-2:]}" if len(phone) > 5 else "***"
