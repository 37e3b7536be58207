"""From walking times to five-colour cards: parts, vetoes, roll-ups, reasons, gaps.

Imports `standards`, `bundle`, `network` and `reach`.
"""

from lifecircle.engine.grading.assess import grade_district
from lifecircle.engine.grading.model import (
    CARDS,
    FACILITY_CARDS,
    GAPS,
    INDICATORS,
    Assessment,
)

__all__ = ["CARDS", "FACILITY_CARDS", "GAPS", "INDICATORS", "Assessment", "grade_district"]
