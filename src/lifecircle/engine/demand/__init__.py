"""Demand: who needs what, against what there is; today, and when people are some years older."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.lazy import lazily

if TYPE_CHECKING:
    from lifecircle.engine.demand.ageing import Ageing, aged, aged_district
    from lifecircle.engine.demand.needing import DEMAND, demand, demand_by_home

_HERE = "lifecircle.engine.demand"
__getattr__ = lazily(
    _HERE,
    {
        "Ageing": f"{_HERE}.ageing",
        "DEMAND": f"{_HERE}.needing",
        "aged": f"{_HERE}.ageing",
        "aged_district": f"{_HERE}.ageing",
        "demand": f"{_HERE}.needing",
        "demand_by_home": f"{_HERE}.needing",
    },
)

__all__ = ["DEMAND", "Ageing", "aged", "aged_district", "demand", "demand_by_home"]
