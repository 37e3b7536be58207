"""From walking times to five-colour cards: parts, vetoes, roll-ups, reasons, gaps.

Imports `standards`, `bundle`, `network` and `reach`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.lazy import lazily

if TYPE_CHECKING:
    from lifecircle.engine.grading.assess import grade_district
    from lifecircle.engine.grading.columns import CARDS, FACILITY_CARDS, GAPS, INDICATORS
    from lifecircle.engine.grading.model import Assessment

_HERE = "lifecircle.engine.grading"
__getattr__ = lazily(
    _HERE,
    {
        "CARDS": f"{_HERE}.columns",
        "FACILITY_CARDS": f"{_HERE}.columns",
        "GAPS": f"{_HERE}.columns",
        "INDICATORS": f"{_HERE}.columns",
        "Assessment": f"{_HERE}.model",
        "grade_district": f"{_HERE}.assess",
    },
)

__all__ = ["CARDS", "FACILITY_CARDS", "GAPS", "INDICATORS", "Assessment", "grade_district"]
