"""Drawing life circles: communities or grids grouped by population, walking and streets.

`reading` makes the units of a district and `keeping` writes circles into a bundle; the rest knows arrays only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.lazy import lazily

if TYPE_CHECKING:
    from lifecircle.engine.circles.drawing import LEAST, MOST, divide, draw_circles
    from lifecircle.engine.circles.keeping import keep_circles
    from lifecircle.engine.circles.model import Circle, Division, Units
    from lifecircle.engine.circles.reading import units_of

_HERE = "lifecircle.engine.circles"
__getattr__ = lazily(
    _HERE,
    {
        "Circle": f"{_HERE}.model",
        "Division": f"{_HERE}.model",
        "LEAST": f"{_HERE}.drawing",
        "MOST": f"{_HERE}.drawing",
        "Units": f"{_HERE}.model",
        "divide": f"{_HERE}.drawing",
        "draw_circles": f"{_HERE}.drawing",
        "keep_circles": f"{_HERE}.keeping",
        "units_of": f"{_HERE}.reading",
    },
)

__all__ = [
    "LEAST", "MOST", "Circle", "Division", "Units", "divide", "draw_circles", "keep_circles", "units_of",
]  # fmt: skip
