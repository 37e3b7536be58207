"""What to put where: location models, solved to a gap that is proven.

Knows costs between candidates and points, not facilities or districts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.lazy import lazily

if TYPE_CHECKING:
    from lifecircle.engine.siting.covering import maximal_covering, set_covering
    from lifecircle.engine.siting.locating import locate
    from lifecircle.engine.siting.median import p_median
    from lifecircle.engine.siting.model import Location, Siting

_HERE = "lifecircle.engine.siting"
__getattr__ = lazily(
    _HERE,
    {
        "Location": f"{_HERE}.model",
        "Siting": f"{_HERE}.model",
        "locate": f"{_HERE}.locating",
        "maximal_covering": f"{_HERE}.covering",
        "p_median": f"{_HERE}.median",
        "set_covering": f"{_HERE}.covering",
    },
)

__all__ = ["Location", "Siting", "locate", "maximal_covering", "p_median", "set_covering"]
