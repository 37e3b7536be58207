"""Who acts: a person with roles at places, or the system with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from lifecircle.hub.errors import ForbiddenError
from lifecircle.hub.rights import RIGHTS_OF, Right


@dataclass(frozen=True, slots=True)
class Held:
    """A role at a place and below; `categories` narrows it to facilities of some categories."""

    role: str
    lineage: str
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks or changes something.

    `scopes` are the rights that a token was given, None for all that its owner has; `address` is where
    the request came from.
    """

    name: str
    account_id: int | None = None
    roles: tuple[Held, ...] = ()
    scopes: frozenset[Right] | None = None
    address: str = ""
    is_system: bool = False

    @classmethod
    def system(cls, reason: str) -> Self:
        """The server itself, for background work."""
        return cls(name=f"system: {reason}", is_system=True)

    @classmethod
    def nobody(cls, address: str = "") -> Self:
        """A caller that is not logged in."""
        return cls(name="", address=address)

    def lineages(self, right: Right) -> tuple[str, ...]:
        """Under which places a right holds, none inside another; ("/",) is everywhere."""
        if self.is_system:
            return ("/",)
        if self.scopes is not None and right not in self.scopes:
            return ()
        held = sorted({h.lineage for h in self.roles if right in RIGHTS_OF[h.role]})
        kept: list[str] = []
        for lineage in held:
            if not kept or not lineage.startswith(kept[-1]):
                kept.append(lineage)
        return tuple(kept)

    def may(self, right: Right, lineage: str = "", category: str | None = None) -> bool:
        """Whether a right holds at a place (anywhere, without one), for a facility's category."""
        if self.is_system:
            return True
        if self.scopes is not None and right not in self.scopes:
            return False
        return any(
            right in RIGHTS_OF[held.role]
            and (not lineage or lineage.startswith(held.lineage))
            and (category is None or not held.categories or category in held.categories)
            for held in self.roles
        )

    def check(self, right: Right, lineage: str = "", category: str | None = None) -> None:
        """Raise `ForbiddenError` unless the right holds there."""
        if not self.may(right, lineage, category):
            raise ForbiddenError
