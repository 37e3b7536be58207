"""Made-up satisfaction and idle premises."""

from __future__ import annotations

from typing import Any

import numpy as np

from lifecircle.engine.bundle.synthesis.setting import Setting
from lifecircle.engine.bundle.synthesis.stories import stories
from lifecircle.engine.standards.model import Standards

_ASKED_TYPES, _ANSWERED = 0.75, 0.72
_MEAN_SCORE, _MEAN_ANSWERS = 76.0, 21.0


def synthesise_surveys(
    standards: Standards, setting: Setting, rng: np.random.Generator
) -> dict[str, Any]:
    """Answers and their mean (0..100) for most types in most communities, in table order."""
    kinds = [k for k in standards.types.values() if k.graded and rng.random() < _ASKED_TYPES]
    taste = {kind.id: rng.normal(0, 4) for kind in kinds}
    rows: list[tuple[str, str, int, float]] = []
    for zone in np.flatnonzero(setting.within):
        mood = stories()[str(setting.character[zone])].satisfaction + rng.normal(0, 3)
        for kind in kinds:
            answers = int(rng.poisson(_MEAN_ANSWERS * rng.uniform(0.2, 1.8)))
            score = _MEAN_SCORE + mood + taste[kind.id] + rng.normal(0, 14 / np.sqrt(answers + 1))
            if rng.random() < _ANSWERED and answers:
                place = str(setting.code[zone])
                rows.append((place, kind.id, answers, round(float(np.clip(score, 5, 99)), 1)))
    names = ("place", "type", "answers", "score")
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def synthesise_spaces(
    standards: Standards, setting: Setting, count: int, rng: np.random.Generator
) -> dict[str, Any]:
    """`count` idle premises on doorsteps in the district: area, cost, and the types that fit.

    Returns `id`, `name`, `area_m2`, `cost_cny`, `allowed_types`, and `x`, `y` in metres.
    """
    homes = setting.homes
    members = np.flatnonzero(setting.within[homes.zone])
    chosen = np.sort(rng.choice(members, min(count, len(members)), replace=False))
    area = np.round(np.exp(rng.normal(np.log(320), 0.8, len(chosen)))).clip(30, 4000)
    price = rng.uniform(1500, 4200, len(chosen))
    kinds = [k for k in standards.types.values() if k.graded and k.min_area_m2 is not None]
    return {
        "id": [f"space-{i + 1:03}" for i in range(len(chosen))],
        "name": [f"{setting.stem[homes.zone[b]]}闲置用房{i + 1}" for i, b in enumerate(chosen)],
        "area_m2": area,
        "cost_cny": np.round(area * price, -3),
        "allowed_types": [
            ";".join(k.id for k in kinds if k.min_area_m2 and k.min_area_m2.value <= a)
            for a in area
        ],
        "x": homes.x[chosen],
        "y": homes.y[chosen],
    }
