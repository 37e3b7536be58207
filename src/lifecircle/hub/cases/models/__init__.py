from lifecircle.hub.cases.models.case import Case, CaseEvent
from lifecircle.hub.cases.models.rung import Rung

__all__ = ["Case", "CaseEvent", "Rung"]
