"""pandana's side: contraction hierarchies, one aggregation a category and measure."""

from __future__ import annotations

import numpy as np
import pandana

from networks import CATEGORIES, CUTOFF_S


def _network(case):
    import pandas as pd

    start = np.concatenate([case.tail, case.head])
    end = np.concatenate([case.head, case.tail])
    ticks = np.concatenate([case.forward, case.backward]).astype(float)
    use = ticks > 0
    return pandana.Network(
        pd.Series(case.x), pd.Series(case.y), pd.Series(start[use]), pd.Series(end[use]),
        pd.DataFrame({"s": ticks[use] / 10}), twoway=False,
    )  # fmt: skip


def _totals(case, network, categories):
    import pandas as pd

    def act():
        count, supply = np.full((2, CATEGORIES, len(case.x)), np.nan)
        for c in range(categories):
            of = case.category == c
            network.set(pd.Series(case.node[of]), variable=pd.Series(case.supply[of]), name=f"c{c}")
            for kind, out in (("count", count), ("sum", supply)):
                out[c] = network.aggregate(CUTOFF_S, type=kind, decay="flat", name=f"c{c}")
        return lambda: {"count": count, "supply": supply}

    return act


def totals(case):
    return _totals(case, _network(case), CATEGORIES)


def totals_prepared(case):
    network = _network(case)
    network.precompute(CUTOFF_S)
    return _totals(case, network, CATEGORIES)


def totals_one(case):
    """One category of all: each takes as long, since every node searches for it anew."""
    return _totals(case, _network(case), 1)


def totals_one_prepared(case):
    network = _network(case)
    network.precompute(CUTOFF_S)
    return _totals(case, network, 1)
