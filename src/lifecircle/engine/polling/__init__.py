"""What a questionnaire says of everybody: answers weighted to the population, with how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.lazy import lazily

if TYPE_CHECKING:
    from lifecircle.engine.polling.estimating import Estimate, mean, share, shares
    from lifecircle.engine.polling.weighting import Weighted, poststratified, raked

_HERE = "lifecircle.engine.polling"
_ROOMS = {
    "estimating": ("Estimate", "mean", "share", "shares"),
    "weighting": ("Weighted", "poststratified", "raked"),
}
__getattr__ = lazily(
    _HERE, {name: f"{_HERE}.{room}" for room, names in _ROOMS.items() for name in names}
)

__all__ = ["Estimate", "Weighted", "mean", "poststratified", "raked", "share", "shares"]
