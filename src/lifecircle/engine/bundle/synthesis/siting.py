"""Where made-up facilities stand: by buildings, spread out where a community is well served."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.bundle.model import Floats, Ints
from lifecircle.engine.bundle.synthesis.setting import Setting

_CANDIDATES = {"core": 10, "ordinary": 6, "ageing_slope": 2, "new_estate": 4, "remote": 1}
_STEP_ASIDE_M = 6.0


def place(
    count: Ints, setting: Setting, taken: Floats, rng: np.random.Generator
) -> tuple[NDArray[np.intp], Floats]:
    """Choose a building's doorstep for each of `count[zone]` facilities of one type.

    Each takes the one of a few candidates, drawn by floor area, that is farthest from the others
    of its type (Mitchell 1991's best candidate); fewer candidates make a community uneven.

    Parameters
    ----------
    count
        (zones,) how many each zone gets; zones without a building get none.
    taken
        (m, 2) where facilities of the type already stand.

    Returns
    -------
    zone, position
        (k,) and (k, 2) in metres.
    """
    homes = setting.homes
    points = np.column_stack([homes.x, homes.y])
    standing = [np.array(p) for p in taken]
    zone_of: list[int] = []
    chosen: list[Floats] = []
    for zone in np.flatnonzero(count):
        members = np.flatnonzero(homes.zone == zone)
        if not len(members):
            continue
        weight = np.sqrt(homes.floor_area_m2[members])
        tries = _CANDIDATES[str(setting.character[zone])]
        for _ in range(int(count[zone])):
            drawn = points[rng.choice(members, tries, p=weight / weight.sum())]
            best = drawn[_farthest(drawn, standing)]
            standing.append(best)
            zone_of.append(int(zone))
            chosen.append(best + rng.uniform(-_STEP_ASIDE_M, _STEP_ASIDE_M, 2))
    return np.array(zone_of, dtype=np.intp), np.array(chosen, dtype=np.float64).reshape(-1, 2)


def _farthest(drawn: Floats, standing: list[Floats]) -> int:
    if not standing or len(drawn) == 1:
        return 0
    squared = ((drawn[:, None, :] - np.array(standing)[None, :, :]) ** 2).sum(axis=2)
    return int(np.argmax(squared.min(axis=1)))
