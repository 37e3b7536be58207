from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from ninja import Field, Schema

from lifecircle.hub.rights import ROLE_NAMES
from lifecircle.hub.schemas import Day, Instant, Text

Purpose = Literal["service", "elder_care", "emergency", "survey", "statistics"]


class RoleOut(Schema):
    """A role somebody holds: at a place and below, narrowed to some categories of facilities."""

    id: int
    role: str
    role_zh: str
    role_en: str
    place: str
    place_zh: str
    categories: list[str]
    since: dt.datetime
    until: dt.datetime | None

    @staticmethod
    def resolve_role_zh(grant: Any) -> str:
        return ROLE_NAMES[grant.role][0]

    @staticmethod
    def resolve_role_en(grant: Any) -> str:
        return ROLE_NAMES[grant.role][1]

    @staticmethod
    def resolve_place(grant: Any) -> str:
        return "" if grant.place is None else str(grant.place.code)

    @staticmethod
    def resolve_place_zh(grant: Any) -> str:
        return "" if grant.place is None else str(grant.place.name_zh)


class Me(Schema):
    """The caller: roles, and the rights that they give, each with the places it holds under."""

    username: str
    name: str
    kind: str
    language: str
    must_change_password: bool
    roles: list[RoleOut]
    rights: dict[str, list[str]]
    demo: bool


class AccountOut(Schema):
    username: str
    name: str
    kind: str
    email: str
    is_active: bool
    expires_at: dt.datetime | None
    last_login: dt.datetime | None
    roles: list[RoleOut]

    @staticmethod
    def resolve_roles(account: Any) -> list[Any]:
        return list(account.grants.all())


class AccountPage(Schema):
    count: int
    items: list[AccountOut]


class AccountIn(Schema):
    username: str = Field(min_length=2, max_length=60)
    name: str = Field(min_length=1, max_length=100)
    kind: Literal["staff", "resident"]
    email: str = Field("", max_length=200)
    password: str = Field(max_length=200)
    expires_at: Instant | None = None


class ActiveIn(Schema):
    active: bool


class PasswordIn(Schema):
    old: str = Field(max_length=200)
    new: str = Field(max_length=200)


class GrantIn(Schema):
    role: Text
    place: Text
    categories: list[Text] = Field(default_factory=list, max_length=20)
    until: Instant | None = None


class TokenIn(Schema):
    name: Text
    scopes: list[Text] = Field(min_length=1, max_length=50)
    days: int = Field(ge=1, le=366)


class TokenOut(Schema):
    id: int
    name: str
    scopes: list[str]
    created_at: dt.datetime
    expires_at: dt.datetime
    used_at: dt.datetime | None


class TokenMade(TokenOut):
    """The text of a new token: it is shown this once."""

    token: str


class ConsentIn(Schema):
    purpose: Purpose
    given_on: Day
    keep_until: Day
    evidence: Text = ""


class ResidentIn(Schema):
    place: Text
    household: int | None = Field(None, ge=1, le=2**62)
    full_name: str = Field(min_length=1, max_length=100)
    phone: str | None = Field(None, max_length=30)
    birth_year: int | None = Field(None, ge=1900, le=2100)
    groups: list[Text] = Field(default_factory=list, max_length=20)
    consents: list[ConsentIn] = Field(min_length=1, max_length=10)


class ResidentOut(Schema):
    """A resident, masked."""

    id: int
    place: str
    household: int
    name: str
    phone: str
    birth_decade: int | None
    groups: list[str]


class ResidentRevealed(ResidentOut):
    birth_year: int | None


class ResidentPage(Schema):
    count: int
    items: list[ResidentOut]


class RevealIn(Schema):
    purpose: Purpose


class PersonOut(Schema):
    """Somebody of staff, as others in a working group know them."""

    username: str
    name: str


class GroupOut(Schema):
    """A working group (工作专班): a task at a place, who leads and who belongs."""

    id: int
    name: str
    task: str
    place: str
    place_zh: str
    lead: PersonOut
    members: list[PersonOut]
    since: dt.date
    until: dt.date | None
    may_change: bool


class GroupPage(Schema):
    count: int
    items: list[GroupOut]


class GroupIn(Schema):
    name: str = Field(min_length=1, max_length=100)
    task: str = Field("", max_length=500)
    place: Text
    lead: Text
    members: list[Text] = Field(default_factory=list, max_length=100)


class GroupChange(Schema):
    """What is to change; what is left out stays."""

    name: str | None = Field(None, min_length=1, max_length=100)
    task: str | None = Field(None, max_length=500)
    lead: Text | None = None


class MemberIn(Schema):
    username: Text


Hazard = Literal["oxygen", "gas_bottle", "battery", "dog", "dark_stairs", "clutter", "cannot_walk"]


class DwellingNoteValues(Schema):
    """What a resident wants responders to know of their home, and their consent to it; all that is about it is encrypted."""

    door: str | None = Field(None, max_length=200)
    resident: str = Field(min_length=1, max_length=100)
    key_held: str = Field("", max_length=200)
    hazards: list[Hazard] = Field(default_factory=list, max_length=7)
    note: str = Field("", max_length=500)
    consent_on: Day
    keep_until: Day


class DwellingNoteIn(DwellingNoteValues):
    place: Text


class DwellingNoteChange(DwellingNoteValues):
    version: int


class DwellingNoteOut(Schema):
    """A note as lists show it: half of its door, and that there is a key and hazards, not which."""

    id: int
    place: str
    place_zh: str
    door: str
    has_key: bool
    hazards: int
    has_note: bool
    consent_on: dt.date
    consent_by: str
    keep_until: dt.date
    version: int


class DwellingNotePage(Schema):
    count: int
    items: list[DwellingNoteOut]


class DwellingNoteWhole(Schema):
    """A whole note, for who keeps them; the look is audited."""

    id: int
    place: str
    place_zh: str
    door: str
    resident: str
    key_held: str
    hazards: list[Hazard]
    note: str
    consent_on: dt.date
    keep_until: dt.date
    version: int
