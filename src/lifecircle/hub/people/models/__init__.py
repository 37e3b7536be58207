from lifecircle.hub.people.models.account import Account
from lifecircle.hub.people.models.dwelling_note import DwellingNote
from lifecircle.hub.people.models.grant import Grant
from lifecircle.hub.people.models.group import WorkingGroup
from lifecircle.hub.people.models.resident import Consent, Household, Resident
from lifecircle.hub.people.models.token import ApiToken

__all__ = [
    "Account",
    "ApiToken",
    "Consent",
    "DwellingNote",
    "Grant",
    "Household",
    "Resident",
    "WorkingGroup",
]
