from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Field, Schema

from lifecircle.hub.schemas import Day, Lat, Lon, Named, Text

DeviceKind = Literal[
    "button", "smoke", "gas", "co", "door", "corridor_lamp", "lift", "pump", "water_leak", "environment", "gateway"
]  # fmt: skip
DeviceState = Literal["active", "maintenance", "retired"]
Decoder = Literal["own", "chirpstack", "senml", "ctwing", "onenet"]
Platform = Literal["ctwing", "onenet"]
Ref = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]
External = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[!-~]+$")]
Silence = Annotated[int, Field(ge=30, le=31 * 86400)]


class Contact(Schema):
    """Whom to call at once when a P1 of a device comes: the resident, family, a neighbour; encrypted, and in no list."""

    who: Literal["resident", "family", "neighbour"]
    phone: str = Field(pattern=r"^\+?[0-9]{3,20}$")


class DeviceIn(Schema):
    """A device to register; `door` and `owner` of a home are encrypted, and in no list.

    `consent_on` is the day on which the owner consented to its readings: without it none is kept, and alarms are raised
    all the same. `external_id` is its number at the platform that pushes its messages.
    """

    ref: Ref
    kind: DeviceKind
    name: Named
    place: Text
    door: str | None = Field(None, min_length=1, max_length=200)
    owner: str | None = Field(None, min_length=1, max_length=200)
    contacts: list[Contact] = Field([], max_length=5)
    consent_on: Day | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    decoder: Decoder = "own"
    external_id: External | None = None
    certificate: bool = False
    acks: bool = True
    vendor: str = Field("", max_length=100)
    installed_on: Day | None = None
    silent_after_s: Silence | None = None


class DeviceValues(Schema):
    """What of a device changes: what is not given stays."""

    name: Named | None = None
    place: Text | None = None
    door: str | None = Field(None, min_length=1, max_length=200)
    owner: str | None = Field(None, min_length=1, max_length=200)
    contacts: list[Contact] | None = Field(None, max_length=5)
    lon: Lon | None = None
    lat: Lat | None = None
    decoder: Decoder | None = None
    external_id: External | None = None
    certificate: bool | None = None
    vendor: str | None = Field(None, max_length=100)
    installed_on: Day | None = None
    silent_after_s: Silence | None = None
    state: Literal["active", "maintenance"] | None = None


class DeviceChange(Schema):
    version: int = Field(ge=1, le=2**31 - 1)
    values: DeviceValues


class DeviceReplace(Schema):
    """The number of the device that takes its place; at a platform it has one there too."""

    version: int = Field(ge=1, le=2**31 - 1)
    by: Ref
    external_id: External | None = None


class DeviceConsent(Schema):
    """The owner consented on a day to a device's readings being kept, or withdrew: they are deleted then."""

    version: int = Field(ge=1, le=2**31 - 1)
    given: bool
    on: Day


class DeviceOwner(Schema):
    """Whose home a device is in: every look is audited."""

    door: str
    owner: str


class DeviceOut(Schema):
    """A device: where it is, when it was heard, whether it is silent or a case of it is open; never its door or secret."""

    ref: str
    kind: DeviceKind
    name: str
    place: str
    place_zh: str
    lon: float | None
    lat: float | None
    decoder: Decoder
    external_id: str | None
    certificate: bool
    acks: bool
    vendor: str
    installed_on: dt.date | None
    battery: float | None
    firmware: str
    state: DeviceState
    silent_after_s: int | None
    heard_at: dt.datetime | None
    silent: bool
    alarm: bool
    has_door: bool
    in_dwelling: bool
    consent_on: dt.date | None
    consent_by: str
    withdrawn_on: dt.date | None
    replaced_by: str
    replaces: str
    version: int


class DevicePage(Schema):
    count: int
    items: list[DeviceOut]


class DeviceMade(Schema):
    """A device and its secret, which nobody is shown again."""

    device: DeviceOut
    secret: str


class DeviceDone(Schema):
    """What was done to a device, when and by whom."""

    at: dt.datetime
    name: str
    action: str


class LatestOut(Schema):
    """The latest value of a name of a device, by the device's clock."""

    ref: str
    name: str
    value: float
    at: dt.datetime


class LatestPage(Schema):
    count: int
    items: list[LatestOut]


class ReadingOut(Schema):
    """A value that was measured; `skewed` where the device's clock was over ten minutes off."""

    name: str
    value: float
    at: dt.datetime
    received_at: dt.datetime
    skewed: bool


class HourOut(Schema):
    """Values of an hour by the device's clock, which it begins."""

    name: str
    at: dt.datetime
    count: int
    mean: float
    low: float
    high: float


class RefusalOut(Schema):
    """Messages refused in a name on a day, and why the last was; no name for devices that there are not."""

    ref: str
    on: dt.date
    count: int
    why: str


class TakenOut(Schema):
    """The acknowledgement: what this says is in the database. `new` once, `again` for the same boot and number."""

    outcome: Literal["new", "again"]
    boot: str
    seq: int


class PushedOut(Schema):
    """What became of a pushed message: only what failed here is answered with an error, so that it comes again."""

    outcome: Literal["new", "again", "refused"]
    why: str
