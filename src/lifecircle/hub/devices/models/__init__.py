from lifecircle.hub.devices.models.device import Device
from lifecircle.hub.devices.models.message import (
    AlarmState,
    Hour,
    Latest,
    Path,
    Reading,
    Receipt,
    Refusal,
    RolledUp,
)

__all__ = [
    "AlarmState",
    "Device",
    "Hour",
    "Latest",
    "Path",
    "Reading",
    "Receipt",
    "Refusal",
    "RolledUp",
]
