from __future__ import annotations

import datetime as dt

from ninja import Field, Schema

from lifecircle.hub.schemas import Text


class ApplicationIn(Schema):
    name: str = Field(min_length=1, max_length=100)
    contact: Text = ""


class ApplicationOut(Schema):
    """An application that may report; `count` is how many reports came by it."""

    id: int
    name: str
    contact: str
    made_by: str
    made_at: dt.datetime
    ended_at: dt.datetime | None
    count: int = 0


class ApplicationMade(ApplicationOut):
    """With its key, which is shown this once."""

    secret: str = Field(description="api_key")
