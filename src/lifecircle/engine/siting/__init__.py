"""What to put where: location models, solved to a gap that is proven, and proposals for a district.

Only `proposing` knows facilities and districts; it imports `drafting` and what that stands on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.lazy import lazily

if TYPE_CHECKING:
    from lifecircle.engine.siting.covering import maximal_covering, set_covering
    from lifecircle.engine.siting.locating import locate
    from lifecircle.engine.siting.median import p_median
    from lifecircle.engine.siting.model import Location, Siting
    from lifecircle.engine.siting.proposing import Proposal, propose

_HERE = "lifecircle.engine.siting"
__getattr__ = lazily(
    _HERE,
    {
        "Location": f"{_HERE}.model",
        "Proposal": f"{_HERE}.proposing",
        "Siting": f"{_HERE}.model",
        "locate": f"{_HERE}.locating",
        "maximal_covering": f"{_HERE}.covering",
        "p_median": f"{_HERE}.median",
        "propose": f"{_HERE}.proposing",
        "set_covering": f"{_HERE}.covering",
    },
)

__all__ = [
    "Location",
    "Proposal",
    "Siting",
    "locate",
    "maximal_covering",
    "p_median",
    "propose",
    "set_covering",
]
