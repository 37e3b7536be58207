"""Optimistic locking: whoever writes says which version they saw."""

from __future__ import annotations

from typing import Any

from lifecircle.hub.errors import ConflictError


def check_version(one: Any, version: int) -> None:
    """Raise `ConflictError` if a row has changed since the caller saw `version` of it."""
    if one.version != version:
        raise ConflictError(
            f"version {one.version} is newer than {version}: somebody changed it meanwhile",
            f"已被他人修改 (现为第 {one.version} 版)",
        )
