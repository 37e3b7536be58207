from lifecircle.hub.assessments.models.card import Card
from lifecircle.hub.assessments.models.ground import Ground
from lifecircle.hub.assessments.models.publication import Publication
from lifecircle.hub.assessments.models.run import Run

__all__ = ["Card", "Ground", "Publication", "Run"]
