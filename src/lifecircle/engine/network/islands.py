"""Connected parts of a network, and short links between them where they are asked for."""

from __future__ import annotations

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from scipy.spatial import KDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


def components(nodes: int, tail: Ints, head: Ints) -> tuple[Ints, NDArray[np.int64]]:
    """Number the connected parts by size, the largest 0; return each node's part and the sizes."""
    links = scipy.sparse.coo_array((np.ones(len(tail)), (tail, head)), shape=(nodes, nodes))
    _, part = scipy.sparse.csgraph.connected_components(links, directed=False)
    size = np.bincount(part)
    order = np.argsort(-size, kind="stable")
    rank = np.empty(len(size), dtype=np.int32)
    rank[order] = np.arange(len(size), dtype=np.int32)
    return rank[part], size[order]


def links_between(
    x: Floats, y: Floats, part: Ints, usable: NDArray[np.bool_], within_m: float
) -> NDArray[np.int64]:
    """Fewest and shortest links that join what can be joined, (links, 2) node numbers.

    Parameters
    ----------
    x, y, part
        (nodes,) positions in metres and the connected part of each node.
    usable
        (nodes,) whether a link may end there: nobody steps from a path onto a bridge in the air.
    within_m
        The longest link.

    Notes
    -----
    Kruskal's (1956) algorithm over the pairs of nodes of different parts; ties go to the first.
    """
    ends = np.flatnonzero(usable)
    if len(ends) == 0:
        return np.zeros((0, 2), dtype=np.int64)
    points = np.column_stack([x[ends], y[ends]])
    pairs = ends[KDTree(points).query_pairs(within_m, output_type="ndarray").reshape(-1, 2)]
    pairs = pairs[part[pairs[:, 0]] != part[pairs[:, 1]]]
    gap = np.hypot(*(np.column_stack([x, y])[pairs[:, 0]] - np.column_stack([x, y])[pairs[:, 1]]).T)
    above = np.arange(int(part.max()) + 1)

    def root(k: int) -> int:
        while above[k] != k:
            above[k] = above[above[k]]
            k = int(above[k])
        return k

    links = []
    for a, b in pairs[np.lexsort([pairs[:, 1], pairs[:, 0], gap])].tolist():
        one, other = root(int(part[a])), root(int(part[b]))
        if one != other:
            above[max(one, other)] = min(one, other)
            links.append((a, b))
    return np.array(links, dtype=np.int64).reshape(-1, 2)
