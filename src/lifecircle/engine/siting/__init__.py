"""What to put where: location models, solved to a gap that is proven, and proposals for a district.

Arrays only: `covering`, `median`, `locating` for one type, `programmes` (with HiGHS: `exact`) for several. Of districts know `reaching`,
`offering`, `proposing` (one type), `planning` (several, with budgets) and `ways` (lifts and paths).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.lazy import lazily

if TYPE_CHECKING:
    from lifecircle.engine.siting.covering import maximal_covering, set_covering
    from lifecircle.engine.siting.exact import programme_exactly
    from lifecircle.engine.siting.locating import locate
    from lifecircle.engine.siting.median import p_median
    from lifecircle.engine.siting.model import Location, Siting
    from lifecircle.engine.siting.offering import Enlargement, Wishes
    from lifecircle.engine.siting.planning import Build, Plan, Share, plan
    from lifecircle.engine.siting.programmes import Options, Programme, programme
    from lifecircle.engine.siting.proposing import Proposal, propose
    from lifecircle.engine.siting.ways import WayOption, WayPlan, WayStep, choose_ways, read_ways

_HERE = "lifecircle.engine.siting"
_ROOMS = {
    "covering": ("maximal_covering", "set_covering"),
    "locating": ("locate",),
    "median": ("p_median",),
    "model": ("Location", "Siting"),
    "offering": ("Enlargement", "Wishes"),
    "planning": ("Build", "Plan", "Share", "plan"),
    "programmes": ("Options", "Programme", "programme"),
    "exact": ("programme_exactly",),
    "proposing": ("Proposal", "propose"),
    "ways": ("WayOption", "WayPlan", "WayStep", "choose_ways", "read_ways"),
}
__getattr__ = lazily(
    _HERE, {name: f"{_HERE}.{room}" for room, names in _ROOMS.items() for name in names}
)

__all__ = [
    "Build",
    "Enlargement",
    "Location",
    "Options",
    "Plan",
    "Programme",
    "Proposal",
    "Share",
    "Siting",
    "WayOption",
    "WayPlan",
    "WayStep",
    "Wishes",
    "choose_ways",
    "locate",
    "maximal_covering",
    "p_median",
    "plan",
    "programme",
    "programme_exactly",
    "propose",
    "read_ways",
    "set_covering",
]
