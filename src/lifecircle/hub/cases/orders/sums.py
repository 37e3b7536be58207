"""What lines come to: decimal yuan, each line rounded to the fen as an invoice does, halves up."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from lifecircle.hub.errors import InvalidError

FEN = Decimal("0.01")
MOST = Decimal("99999999.99")
"""Yuan of one order."""
Tier = Literal["community", "street", "district"]


@dataclass(frozen=True, slots=True)
class Line:
    """A part or labour: so many units at a price each, in yuan."""

    sort: Literal["part", "labour"]
    name: str
    unit: str
    quantity: Decimal
    price: Decimal

    @property
    def amount(self) -> Decimal:
        """Yuan of the line, to the fen."""
        return (self.quantity * self.price).quantize(FEN, ROUND_HALF_UP)


def total(lines: Iterable[Line]) -> Decimal:
    """What lines come to, in yuan.

    Raises
    ------
    InvalidError
        It is more than an order may be.
    """
    found = sum((one.amount for one in lines), Decimal("0.00"))
    if found > MOST:
        raise InvalidError(f"an order of at most {MOST:,} yuan", f"不超过 {MOST:,} 元的派单")
    return found


@dataclass(frozen=True, slots=True)
class Limits:
    """Up to how much, in yuan, whose approval is enough."""

    own: Decimal
    community: Decimal
    street: Decimal

    def tier(self, yuan: Decimal) -> Tier:
        """The lowest tier at which so much is approved."""
        if yuan <= self.community:
            return "community"
        return "street" if yuan <= self.street else "district"


@cache
def limits() -> Limits:
    """The limits of `limits.toml`."""
    found = tomllib.loads(Path(__file__).with_name("limits.toml").read_text(encoding="utf-8"))
    return Limits(**{name: Decimal(value) for name, value in found.items()})
