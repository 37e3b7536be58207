from lifecircle.hub.facilities.models.facility import Facility
from lifecircle.hub.facilities.models.imported import ImportBatch
from lifecircle.hub.facilities.models.photo import FacilityPhoto
from lifecircle.hub.facilities.models.space import Space
from lifecircle.hub.facilities.models.value import FacilityValue

__all__ = ["Facility", "FacilityPhoto", "FacilityValue", "ImportBatch", "Space"]
