"""Facility types, categories, themes, groups, profiles and colour rules, each with its source.

Imports no other room of the engine.
"""

from lifecircle.engine.standards.checks import check
from lifecircle.engine.standards.folder import default, export, read
from lifecircle.engine.standards.model import (
    COLOURS,
    Band,
    Category,
    Colour,
    ColourStyle,
    FacilityType,
    GradingRules,
    Group,
    Measure,
    Number,
    Origin,
    Override,
    Profile,
    Standards,
    Theme,
    Tier,
    TypeClass,
)
from lifecircle.engine.standards.overriding import override

__all__ = [
    "COLOURS",
    "Band",
    "Category",
    "Colour",
    "ColourStyle",
    "FacilityType",
    "GradingRules",
    "Group",
    "Measure",
    "Number",
    "Origin",
    "Override",
    "Profile",
    "Standards",
    "Theme",
    "Tier",
    "TypeClass",
    "check",
    "default",
    "export",
    "override",
    "read",
]
