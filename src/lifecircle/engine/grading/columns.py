"""The columns of the tables that an assessment returns."""

from __future__ import annotations

import pyarrow as pa

_percent = pa.float64()

CARDS = pa.schema(
    [
        ("level", pa.string()),  # district, street, community
        ("area", pa.string()),  # the place's code
        ("area_zh", pa.string()),
        ("area_en", pa.string()),
        ("scope", pa.string()),  # type, category, theme, overall
        ("key", pa.string()),  # kindergarten, C01, S1, overall
        ("key_zh", pa.string()),
        ("key_en", pa.string()),
        ("colour", pa.string()),  # green, blue, yellow, orange, red, grey
        ("score", _percent),  # 0..100; null when grey
        ("completeness", pa.float64()),  # 0..1
        ("scale", _percent),  # the four parts, 0..100; null when absent or not applicable
        ("coverage", _percent),
        ("quality", _percent),
        ("satisfaction", _percent),
        ("people", pa.float64()),  # of the group, in the area
        ("covered_share", pa.float64()),  # lived: share within T there and back, 0..1
        ("compliance_share", pa.float64()),  # the same at the design speed
        ("supply", pa.float64()),  # what the scale part counts, and
        ("needed", pa.float64()),  # what the norm asks of the area, both in gap_unit
        ("supply_uncapped", _percent),  # scale before its cap at 100
        ("answers", pa.int64()),
        ("gap", pa.float64()),  # what is missing, in gap_unit
        ("gap_unit", pa.string()),
        ("gap_unit_zh", pa.string()),
        ("uncovered", pa.float64()),  # people of the group beyond T
        ("held_share", pa.float64()),  # categories and up: share of communities held by a base type
        ("edge", pa.bool_()),  # what lies beyond the boundary is not known as far as people walk
        ("rule", pa.string()),  # which rule decided the colour
        ("reason_zh", pa.string()),
        ("reason_en", pa.string()),
        ("lift_zh", pa.string()),  # what would lift the card one grade
        ("lift_en", pa.string()),
        ("synthetic", pa.bool_()),
        ("overridden", pa.bool_()),
    ]
)
"""One row a card. Areas in the order of the places, then type, category, theme, overall."""

FACILITY_CARDS = pa.schema(
    [
        ("id", pa.string()),
        ("name", pa.string()),
        ("type", pa.string()),
        ("type_zh", pa.string()),
        ("community", pa.string()),  # code; "" in the surround
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("colour", pa.string()),
        ("score", _percent),
        ("completeness", pa.float64()),
        ("scale", _percent),
        ("quality", _percent),
        ("satisfaction", _percent),
        ("capacity", pa.float64()),
        ("people_reached", pa.float64()),  # of the group within T there and back
        ("needed", pa.float64()),  # what its catchment asks of it, in the type's unit
        ("rule", pa.string()),
        ("reason_zh", pa.string()),
        ("reason_en", pa.string()),
        ("synthetic", pa.bool_()),
    ]
)

GAPS = pa.schema(
    [
        ("rank", pa.int64()),  # by people affected within the level
        ("level", pa.string()),
        ("area", pa.string()),
        ("area_zh", pa.string()),
        ("area_en", pa.string()),
        ("type", pa.string()),
        ("type_zh", pa.string()),
        ("type_en", pa.string()),
        ("category", pa.string()),
        ("colour", pa.string()),
        ("uncovered", pa.float64()),
        ("gap", pa.float64()),
        ("gap_unit", pa.string()),
        ("gap_unit_zh", pa.string()),
        ("lift_zh", pa.string()),
        ("lift_en", pa.string()),
    ]
)

INDICATORS = pa.schema(
    [
        ("level", pa.string()),
        ("area", pa.string()),
        ("area_zh", pa.string()),
        ("area_en", pa.string()),
        ("key", pa.string()),  # services_within_street, services_within_community
        ("name_zh", pa.string()),
        ("name_en", pa.string()),
        ("value", pa.float64()),
        ("unit", pa.string()),
    ]
)


GROUPS = pa.schema(
    [
        *(CARDS.field(name) for name in ("level", "area", "area_zh", "area_en")),
        ("profile", pa.string()),  # how they walk: adult, elder_60, elder_75, child, stroller
        ("profile_zh", pa.string()),
        ("profile_en", pa.string()),
        ("people", pa.float64()),
        ("covered_share", pa.float64()),  # of base types, within their limits, at their own speed
        ("compliance_share", pa.float64()),  # the same at the design speed
    ]
)
"""Coverage by group: one row an area and way of walking."""

MOMENTS = pa.schema(
    [
        *(CARDS.field(name) for name in ("level", "area", "area_zh", "area_en", "scope", "key")),
        ("key_zh", pa.string()),
        ("key_en", pa.string()),
        ("moment", pa.string()),  # such as Mo 23:00; the run's own comes first
        ("colour", pa.string()),
        ("score", _percent),
        ("covered_share", pa.float64()),
    ]
)
"""One row a card and moment, in the order of the cards; empty where one moment was graded."""
