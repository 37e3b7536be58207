"""Other methods beside the default grade, chosen by name: weights, composites, classes, surfaces.

Imports `runs` (scores to rank), `grading`, `network`, `bundle` and `reach` (surfaces).
"""

from lifecircle.engine.methods.classes import (
    CLASSES,
    Classes,
    classify,
    equal_interval,
    jenks,
    quantile,
)
from lifecircle.engine.methods.ranking import RANKING, rank_places
from lifecircle.engine.methods.surfaces import DECAYS, homes, surface
from lifecircle.engine.methods.weights import (
    ahp_weights,
    consistency_ratio,
    entropy_weights,
    topsis,
)

__all__ = [
    "CLASSES",
    "DECAYS",
    "RANKING",
    "Classes",
    "ahp_weights",
    "classify",
    "consistency_ratio",
    "entropy_weights",
    "equal_interval",
    "homes",
    "jenks",
    "quantile",
    "rank_places",
    "surface",
    "topsis",
]
