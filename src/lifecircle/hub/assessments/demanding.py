"""Need against supply as the caller may see it: of a type in all places, or of a place in all types."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments.models import Run
from lifecircle.hub.assessments.workbench import workbench
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.places import queries as places
from lifecircle.hub.surveys import results as surveys


def demand(
    actor: Actor, run: Run, *, type_: str, place: str, level: str, years: int
) -> list[dict[str, Any]]:
    """Rows of `engine.demand.DEMAND`, the most people beyond their walk first.

    Raises
    ------
    InvalidError
        Neither a type nor a place is named.
    """
    if not type_ and not place:
        raise InvalidError("a type or a place", "须指定类型或地方")
    codes = places.places(actor, right="card.read").filter(
        level__in=("district", "street", "community")
    )
    if level:
        codes = codes.filter(level=level)
    if place:
        codes = codes.filter(code=place)
    table = workbench(run).demand(years)
    seen = pc.is_in(
        table["place"], value_set=pa.array(list(codes.values_list("code", flat=True)), pa.string())
    )
    if type_:
        seen = pc.and_(seen, pc.equal(table["type"], type_))
    rows = table.filter(seen).to_pylist()
    wished = surveys.wishes({row["type"] for row in rows}, {row["place"] for row in rows})
    rows = [{**row, "wished": wished.get((row["place"], row["type"]))} for row in rows]
    return sorted(rows, key=lambda row: -(row["beyond_then"] or 0.0))
