"""The cards of an assessment, found by area and key, and the tree of areas they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lifecircle.engine.grading.model import Assessment

Card = dict[str, Any]
"""A row of `CARDS` as a plain dictionary."""


@dataclass(frozen=True, slots=True)
class Area:
    """A place that has cards: its index in the district's places, code and names."""

    index: int
    code: str
    zh: str
    en: str
    level: str


@dataclass(frozen=True, slots=True)
class Street(Area):
    """A street (街道) and its communities (社区), in the order of the places."""

    communities: tuple[Area, ...] = field(default=())


class CardBook:
    """Looks up cards; knows the district, its streets and their communities.

    Parameters
    ----------
    assessment
        The result to read from. It is not changed.
    """

    def __init__(self, assessment: Assessment) -> None:
        self._cards: dict[tuple[str, str, str], Card] = {
            (row["area"], row["scope"], row["key"]): row for row in assessment.cards.to_pylist()
        }
        places = assessment.district.places
        self.district = _area(assessment, int(places.at("district")[0]))
        communities = [int(i) for i in places.at("community")]
        self.streets = tuple(
            Street(
                **_fields(assessment, int(s)),
                communities=tuple(
                    _area(assessment, i) for i in communities if places.parent[i] == s
                ),
            )
            for s in places.at("street")
        )

        self.grids = tuple(_area(assessment, int(i)) for i in places.at("grid"))
        self.circles = tuple(_area(assessment, int(i)) for i in places.at("circle"))

    @property
    def communities(self) -> tuple[Area, ...]:
        """Every community, street by street."""
        return tuple(area for street in self.streets for area in street.communities)

    def card(self, area: Area, scope: str, key: str) -> Card | None:
        """Return a card, or None where the assessment has none."""
        return self._cards.get((area.code, scope, key))

    def street_of(self) -> dict[str, Street]:
        """Map a community's code to its street."""
        return {area.code: street for street in self.streets for area in street.communities}


def _fields(assessment: Assessment, index: int) -> dict[str, Any]:
    places = assessment.district.places
    zh = str(places.name_zh[index])
    return {
        "index": index,
        "code": str(places.code[index]),
        "zh": zh,
        "en": str(places.name_en[index]) or zh,
        "level": str(places.level[index]),
    }


def _area(assessment: Assessment, index: int) -> Area:
    return Area(**_fields(assessment, index))
