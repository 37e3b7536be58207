"""Satisfaction of an area, shrunk towards the area above it by sample size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import District
from lifecircle.engine.grading.areas import add_up, roll_up

Floats = NDArray[np.float64]


def satisfaction(district: District, kind: str) -> tuple[Floats, NDArray[np.int64]]:
    """Satisfaction with a type in every place on 0..100, (places,), and its own answers.

    An area's answers are its own and those of the areas below. With n >= `answers_min` answers the
    mean is (n x own + k x parent) / (n + k), k = `answers_full`, the parent's being shrunk in its
    turn; with fewer the parent's stands. NaN where the parent (or the area, at the top) has under
    `answers_full`. A circle takes its communities' by people, and their answers in proportion.
    """
    places, surveys, rules = district.places, district.surveys, district.standards.rules
    count = len(places.code)
    rows = surveys.type == kind
    where, answers = surveys.place[rows], surveys.answers[rows].astype(np.float64)
    total = roll_up(places, np.bincount(where, weights=answers, minlength=count).astype(float))
    scored = np.bincount(where, weights=answers * surveys.score[rows], minlength=count)
    points = roll_up(places, scored.astype(np.float64))
    own = np.divide(points, total, out=np.full(count, np.nan), where=total > 0)
    full, least = rules.answers_full.value, rules.answers_min.value
    result = np.full(count, np.nan)
    for place in range(count):
        if places.level[place] == "circle":
            continue
        parent, n = int(places.parent[place]), total[place]
        if parent < 0:
            result[place] = own[place] if n >= full else np.nan
        elif total[parent] >= full:
            above = result[parent]
            result[place] = (n * own[place] + full * above) / (n + full) if n >= least else above
    _circles(district, result, total)
    return result, total.astype(np.int64)


def _circles(district: District, result: Floats, total: Floats) -> None:
    """Give each circle what its residents' communities say, by people."""
    places, demand = district.places, district.demand
    circles = places.at("circle")
    if len(circles) == 0:
        return
    happy = np.where(demand.community >= 0, result[demand.community], np.nan)
    people = np.where(np.isnan(happy), 0.0, demand.persons.sum(axis=1))
    weight = add_up(places, demand.located, people)[circles]
    points = add_up(places, demand.located, people * np.nan_to_num(happy))[circles]
    result[circles] = np.divide(points, weight, out=np.full(len(circles), np.nan), where=weight > 0)
    residents = demand.persons.sum(axis=1)
    everyone = add_up(places, demand.located, residents)[demand.community]
    part = np.divide(residents, everyone, out=np.zeros(len(residents)), where=everyone > 0)
    answers = np.where(demand.community >= 0, part * total[demand.community], 0.0)
    total[circles] = np.round(add_up(places, demand.located, answers)[circles])
