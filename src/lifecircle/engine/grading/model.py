"""What an assessment returns: typed tables, and the shapes of the areas they speak of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import District
from lifecircle.engine.grading.columns import GROUPS, MOMENTS
from lifecircle.engine.grading.find import find_card
from lifecircle.engine.grading.frames import Layer, to_geopandas
from lifecircle.engine.grading.plots import plot_cards
from lifecircle.engine.grading.words import points
from lifecircle.errors import Issue


@dataclass(frozen=True, slots=True, repr=False)
class Assessment:
    """The result of one run.

    `buildings` has one row a residential building: `id`, `community`, `lon`, `lat`, `residents`
    and, a facility type, `TYPE_share` (share of the group within T), `TYPE_s` (seconds to the
    nearest there and back for the group's largest band; null beyond the search limit),
    `TYPE_scale` (what people get over the norm) and `TYPE_quality` (0..1, of what they use).
    `shapes` holds the WGS84 polygon of each place, in the order of `district.places`. `way` says
    which walk was graded: the slower of there and back, or one of them. `probabilities` (columns
    `PROBABILITIES`) is there when uncertainty was asked for with some `draws`.
    """

    district: District
    cards: pa.Table
    facilities: pa.Table
    gaps: pa.Table
    indicators: pa.Table
    buildings: pa.Table
    shapes: NDArray[np.object_]
    network: dict[str, Any]
    seconds: dict[str, float]
    way: Literal["both", "out", "back"] = "both"
    notes: tuple[Issue, ...] = ()
    groups: pa.Table = field(default_factory=GROUPS.empty_table)
    moments: pa.Table = field(default_factory=MOMENTS.empty_table)
    probabilities: pa.Table | None = None
    draws: int = 0

    @property
    def warnings(self) -> tuple[Issue, ...]:
        """What was noticed in the tables, and during the run: off the network, no surround."""
        return (*self.district.warnings, *self.notes)

    def __repr__(self) -> str:
        district = self.district
        overall = self.card(str(district.places.code[0]), "overall")
        score = "" if overall["score"] is None else f" {points(overall['score'])}"
        made_up = ", SYNTHETIC" if district.synthetic else ""
        return (
            f"<Assessment {district.code} {district.name_zh}: overall {overall['colour']}{score}, "
            f"{self.cards.num_rows:,} cards, {self.gaps.num_rows:,} gaps{made_up}>"
        )

    def card(self, area: str, key: str) -> dict[str, Any]:
        """Return one card as a dictionary with the columns of `CARDS`.

        Parameters
        ----------
        area
            A place's code, or its Chinese or English name.
        key
            The id or Chinese name of a type, category or theme, or `overall`.

        Raises
        ------
        NotFoundError
            There is no such place or card; the message names near ones.
        """
        return find_card(self.cards, area, key)

    def to_geopandas(self, layer: Layer = "cards") -> Any:
        """Return a table as a GeoDataFrame (extra `geo`): see `frames.to_geopandas`."""
        return to_geopandas(self, layer)

    def plot(self, key: str = "overall", *, level: str = "community", ax: Any = None) -> Any:
        """Draw cards as a map (extra `plot`) and return the axes: see `plots.plot_cards`."""
        return plot_cards(self, key, level=level, ax=ax)
