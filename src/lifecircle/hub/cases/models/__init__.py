from lifecircle.hub.cases.models.case import Case, CaseEvent, Count
from lifecircle.hub.cases.models.order import Order, OrderLine
from lifecircle.hub.cases.models.outside import OutsideLink
from lifecircle.hub.cases.models.photo import CasePhoto
from lifecircle.hub.cases.models.rung import Rung

__all__ = ["Case", "CaseEvent", "CasePhoto", "Count", "Order", "OrderLine", "OutsideLink", "Rung"]
