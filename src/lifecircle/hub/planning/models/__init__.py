from lifecircle.hub.planning.models.annual import AnnualList
from lifecircle.hub.planning.models.attachment import Attachment
from lifecircle.hub.planning.models.circle import Check, Circle, CircleStep, CircleTarget
from lifecircle.hub.planning.models.goal import GoalProgress, WorkGoal
from lifecircle.hub.planning.models.lines import BudgetLine, Milestone, Risk
from lifecircle.hub.planning.models.project import Project, ProjectEvent
from lifecircle.hub.planning.models.proof import Proof
from lifecircle.hub.planning.models.proposal import Proposal

__all__ = [
    "AnnualList",
    "Attachment",
    "BudgetLine",
    "Check",
    "Circle",
    "CircleStep",
    "CircleTarget",
    "GoalProgress",
    "Milestone",
    "Project",
    "ProjectEvent",
    "Proof",
    "Proposal",
    "Risk",
    "WorkGoal",
]
