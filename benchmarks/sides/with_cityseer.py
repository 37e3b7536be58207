"""cityseer's side (Rust), in metres: an edge is as long as it takes to walk at 1 m/s."""

from __future__ import annotations

import numpy as np
from cityseer.rustalgos import data, graph

from networks import CATEGORIES, CUTOFF_S


def nearest_counts(case):
    case = case.undirected()
    network = graph.NetworkStructure()
    index = [
        network.add_street_node(str(k), x, y, True, 1.0)
        for k, (x, y) in enumerate(zip(case.x.tolist(), case.y.tolist(), strict=True))
    ]
    length = np.hypot(case.x[case.tail] - case.x[case.head], case.y[case.tail] - case.y[case.head])
    for k in np.flatnonzero(case.forward > 0):
        a, b = int(case.tail[k]), int(case.head[k])
        bx = case.x[b] + (0.1 if length[k] < 0.1 else 0.0)  # a lift has no length on the map
        line = f"LINESTRING ({case.x[a]} {case.y[a]}, {bx} {case.y[b]})"
        metres = np.hypot(bx - case.x[a], case.y[b] - case.y[a])
        factor = case.forward[k] / 10 / metres
        for start, end in ((a, b), (b, a)):
            network.add_street_edge(index[start], index[end], 0, str(start), str(end), line, factor)
    network.validate()
    network.build_edge_rtree()
    sites = data.DataMap()
    for k, node in enumerate(case.node.tolist()):
        sites.insert(str(k), f"POINT ({case.x[node]} {case.y[node]})")
    sites.assign_data_to_network(network, 1.0, 6)
    kinds = {str(k): str(c) for k, c in enumerate(case.category.tolist())}
    names = [str(c) for c in range(CATEGORIES)]

    def act():
        found = sites.accessibility(
            network, kinds, names, distances=[int(CUTOFF_S)], pbar_disabled=True
        )

        def answer():
            result = found.result
            count = [result[c].count[int(CUTOFF_S)] for c in names]
            near = [result[c].distance[int(CUTOFF_S)] for c in names]
            near = np.array(near)
            return {
                "count": np.array(count).round().astype(np.int32),
                "nearest": np.where(np.isfinite(near), near * 10, -1),
            }

        return answer

    return act
