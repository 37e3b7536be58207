"""How many people of each age band live in each community: what answers are weighted to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from lifecircle.engine.bundle.references import RESIDENTS
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.places import queries as places

Counts = dict[str, dict[str, float]]


def people_by_band(communities: Iterable[Any], bands: Iterable[str]) -> Counts:
    """People of some age bands in some communities, by community and band.

    A community's residents are those of its own count, else its part of the count of the place above, alike for
    each community there. Ages are those of its own count, else of the count above, else the standard's default shares.
    """
    counts: Counts = defaultdict(dict)
    for row in places.population_rows():
        counts[row.place.code][row.group] = row.persons
    wanted = list(communities)
    known = facilities.standards().bands
    below: dict[str, int] = defaultdict(int)
    for lineage in places.below("/").filter(level="community").values_list("lineage", flat=True):
        for code in lineage.strip("/").split("/"):
            below[code] += 1
    default = {name: band.share.value for name, band in known.items()}
    result: Counts = {}
    for one in wanted:
        upwards = one.lineage.strip("/").split("/")[::-1]
        total = 0.0
        for code in upwards:
            own = counts.get(code, {})
            found = own.get(RESIDENTS) or sum(own.get(name, 0.0) for name in known)
            if found:
                total = found / (below[code] if code != one.code else 1)
                break
        shares = next((held for code in upwards if (held := _shares(counts.get(code, {}), known))), default)  # fmt: skip
        result[one.code] = {band: total * shares.get(band, 0.0) for band in bands}
    return result


def _shares(own: dict[str, float], bands: Iterable[str]) -> dict[str, float]:
    counted = {name: own[name] for name in bands if name in own}
    total = sum(counted.values())
    return {name: people / total for name, people in counted.items()} if total > 0 else {}
