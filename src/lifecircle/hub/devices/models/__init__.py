from lifecircle.hub.devices.models.device import Device
from lifecircle.hub.devices.models.message import (
    Hour,
    Latest,
    Path,
    Reading,
    Receipt,
    Refusal,
    RolledUp,
)

__all__ = ["Device", "Hour", "Latest", "Path", "Reading", "Receipt", "Refusal", "RolledUp"]
