from lifecircle.hub.cases.models.case import Case, CaseEvent, Count
from lifecircle.hub.cases.models.photo import CasePhoto
from lifecircle.hub.cases.models.rung import Rung

__all__ = ["Case", "CaseEvent", "CasePhoto", "Count", "Rung"]
