from lifecircle.hub.planning.models.annual import AnnualList
from lifecircle.hub.planning.models.lines import BudgetLine, Milestone, Risk
from lifecircle.hub.planning.models.project import Project, ProjectEvent
from lifecircle.hub.planning.models.proof import Proof
from lifecircle.hub.planning.models.proposal import Proposal

__all__ = [
    "AnnualList",
    "BudgetLine",
    "Milestone",
    "Project",
    "ProjectEvent",
    "Proof",
    "Proposal",
    "Risk",
]
