"""What other apps are told of accounts, in the transaction of the change."""

from __future__ import annotations

from django.dispatch import Signal

credentials_ended = Signal()
"""An account was locked or has another password: what acts in its name (`account`) has to end."""
