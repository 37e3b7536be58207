from lifecircle.hub.devices.models.device import Device
from lifecircle.hub.devices.models.message import Latest, Reading, Receipt, Refusal

__all__ = ["Device", "Latest", "Reading", "Receipt", "Refusal"]
