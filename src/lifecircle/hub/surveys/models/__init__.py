from lifecircle.hub.surveys.models.answer import Answer
from lifecircle.hub.surveys.models.invitation import Invitation
from lifecircle.hub.surveys.models.survey import Quota, Survey

__all__ = ["Answer", "Invitation", "Quota", "Survey"]
