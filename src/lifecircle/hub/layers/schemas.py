from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from lifecircle.hub.layers.filters import __doc__ as _filters
from lifecircle.hub.schemas import Day, IssueOut, Named, Text

Filter = Annotated[str, Field(max_length=2000, description=_filters or "")]


class LayerIn(Schema):
    """What is said of a file, and how it is to be read.

    `crs` is empty for what the file says itself (else WGS84); `join` is the column that names places, `table` the
    layer of a GeoPackage.
    """

    place: Named
    name: Named
    source: Named
    on: Day
    crs: str = Field("", pattern=r"^(EPSG:\d{4,6}|GCJ-02|BD-09)?$")
    join: Text = ""
    table: Text = ""


class LayerField(Schema):
    name: str
    kind: Literal["number", "text", "flag", "date"]


class Style(Schema):
    """How a layer is drawn: in one colour, a colour a value, or classes of a number."""

    by: Literal["single", "categories", "graduated"] = "single"
    colour: str = Field("#0072b2", pattern=r"^#[0-9a-f]{6}$")
    field: str = Field("", max_length=100)
    method: Literal["quantile", "equal"] = "quantile"
    classes: int = Field(5, ge=2, le=7)
    ramp: Literal["blues", "oranges", "viridis"] = "blues"


class LayerOut(Schema):
    """A layer; `may_change` says whether the caller may."""

    id: int
    name: str
    source: str
    on: dt.date
    place: str
    place_zh: str
    owner: str
    file: str
    kind: Literal["point", "line", "polygon"]
    fields: list[LayerField]
    count: int
    bounds: tuple[float, float, float, float]
    style: Style
    created_at: dt.datetime
    may_change: bool


class LayerMade(LayerOut):
    """A layer that was kept, and what its reader warns of."""

    issues: list[IssueOut]


class LayerPage(Schema):
    count: int
    items: list[LayerOut]


class LayerChange(Schema):
    """What is to change; what is absent stays."""

    name: Named | None = None
    source: Named | None = None
    on: Day | None = None
    place: Text | None = None
    style: Style | None = None


class FeaturePage(Schema):
    """GeoJSON: a page of the features that meet the filter, and how many do. `id` is the row in the file."""

    type: Literal["FeatureCollection"]
    count: int
    features: list[dict[str, Any]]


class SummedOut(Schema):
    """What a layer comes to in a place."""

    place: str
    name_zh: str
    name_en: str
    count: int
    value: float | None


class ByPlace(Schema):
    """A layer summed up by place; `outside` features lie in none of them."""

    items: list[SummedOut]
    outside: int
