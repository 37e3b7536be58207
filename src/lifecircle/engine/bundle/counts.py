"""Numbers of people by group and place, and what they say of the communities."""

from __future__ import annotations

import numpy as np

from lifecircle.engine.bundle.model import Floats, Places
from lifecircle.engine.bundle.references import RESIDENTS, group_ids
from lifecircle.engine.bundle.validate import Table
from lifecircle.engine.standards import Standards
from lifecircle.errors import Issue

Counts = dict[str, dict[int, float]]
"""Persons by group, then by place (an index into `Places`)."""

_TOLERANCE = 0.01


def counts_of(table: Table, places: Places, standards: Standards) -> Counts:
    """Read a checked population table."""
    number = {code: k for k, code in enumerate(places.code)}
    groups = group_ids(table["group"], standards)
    counts: Counts = {}
    for place, group, persons in zip(table["place"], groups, table["persons"], strict=True):
        counts.setdefault(group, {})[number[place]] = float(persons)
    return counts


def place_totals(counts: Counts, standards: Standards) -> dict[int, float]:
    """Residents of the places that have a figure.

    The sum of the age bands stands for residents where a place gives all bands, or where the whole
    table gives no residents.
    """
    residents = counts.get(RESIDENTS, {})
    bands = [counts.get(band, {}) for band in standards.bands]
    totals = dict(residents)
    for place in sorted({place for band in bands for place in band} - set(residents)):
        given = [band[place] for band in bands if place in band]
        if not residents or len(given) == len(bands):
            totals[place] = sum(given)
    return totals


def community_totals(given: dict[int, float], places: Places, weight: Floats) -> dict[int, float]:
    """Totals of communities: their own stand; the rest of a parent goes by weight.

    Parameters
    ----------
    given
        By place, of any level.
    weight
        (places,) the share in the rest: floor area, or people.

    Returns
    -------
    Totals of the communities that have one, or a street or district above that has.
    """
    communities = places.at("community")
    result = {c: given[c] for c in communities.tolist() if c in given}
    for level in ("street", "district"):
        for place in places.at(level).tolist():
            if place not in given:
                continue
            below = [c for c in communities.tolist() if is_below(places, c, place)]
            missing = [c for c in below if c not in result]
            rest = max(given[place] - sum(result.get(c, 0.0) for c in below), 0.0)
            share = weight[missing] if weight[missing].sum() > 0 else np.ones(len(missing))
            result |= {
                c: rest * float(w / share.sum()) for c, w in zip(missing, share, strict=True)
            }
    return dict(sorted(result.items()))


def age_shares(counts: Counts, places: Places, standards: Standards) -> Floats:
    """Shares of the age bands in every place, (places, bands), rows summing to 1.

    Bands that a place gives are taken of its residents; the bands it lacks share the rest as in
    the place above. Where it gives no residents, the bands that it gives are its whole structure.
    """
    default = np.array([band.share.value for band in standards.bands.values()])
    shares = np.tile(default / default.sum(), (len(places.code), 1))
    residents = counts.get(RESIDENTS, {})
    for place in range(len(places.code)):
        if places.parent[place] >= 0:
            shares[place] = shares[places.parent[place]]
        own = np.array([counts.get(band, {}).get(place, np.nan) for band in standards.bands])
        if np.nansum(own) <= 0:
            continue
        missing = np.isnan(own)
        rest = residents.get(place, 0.0) - float(np.nansum(own))
        if missing.any() and rest > 0:
            above = shares[place][missing]
            own[missing] = rest * (above / above.sum() if above.sum() > 0 else 1 / missing.sum())
        shares[place] = np.nan_to_num(own) / np.nansum(own)
    return shares


def check_sums(counts: Counts, places: Places, standards: Standards, file: str) -> list[Issue]:
    """Warn where a total differs from the sum of its age bands or of the places below."""
    totals = place_totals(counts, standards)
    issues = []
    for place, total in sorted(totals.items()):
        bands = [counts.get(band, {}).get(place) for band in standards.bands]
        known = [persons for persons in bands if persons is not None]
        short = len(known) == len(bands) and _differ(sum(known), total)
        if known and (short or sum(known) > total * (1 + _TOLERANCE)):
            expected = "residents as their age bands sum to", "常住人口应与各年龄段之和一致"
            issues.append(_sum_issue(file, expected, places, place, total, sum(known)))
        below = [k for k in range(len(places.code)) if places.parent[k] == place]
        if below and all(k in totals for k in below):
            parts = sum(totals[k] for k in below)
            if _differ(parts, total):
                expected = (
                    "residents as the places below sum to; the lower level's are taken",
                    "常住人口应与下级之和一致; 以下级为准",
                )
                issues.append(_sum_issue(file, expected, places, place, total, parts))
    return issues


def is_below(places: Places, place: int, above: int) -> bool:
    """Whether a community lies in a street or district, by the tree."""
    parent = int(places.parent[place])
    return parent == above or (parent >= 0 and int(places.parent[parent]) == above)


def _differ(one: float, other: float) -> bool:
    return abs(one - other) > _TOLERANCE * max(one, other, 1.0)


def _sum_issue(
    file: str, expected: tuple[str, str], places: Places, place: int, total: float, parts: float
) -> Issue:
    value = f"{places.code[place]}: {total:,.0f}; {parts:,.0f}"
    return Issue("sums", file, *expected, column="persons", value=value, severity="warning")
