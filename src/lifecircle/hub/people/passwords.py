"""What a password must be, beyond Django's own rules."""

from __future__ import annotations

import string

from django.core.exceptions import ValidationError


class ThreeClassesValidator:
    """At least three of: small letters, capitals, digits, anything else."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002
        """Raise `ValidationError` if it has fewer."""
        classes = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
        found = {next((k for k, c in enumerate(classes) if x in c), 3) for x in password}
        if len(found) < 3:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        """The rule in both languages."""
        return (
            "至少含大写、小写、数字、符号中的三类 / three of capitals, small letters, digits, signs"
        )
