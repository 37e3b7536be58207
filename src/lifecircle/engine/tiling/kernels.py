"""Compiled: the part of a graph that some nodes make up."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def part(indptr, packed, nodes, start, offset, rank):
    """Arcs among `nodes`, in their numbering: (nodes + 1,) rows and (arcs,) packed arcs.

    `start` (runs,) are the first nodes of the runs that `rank` covers, one after another from
    `offset`; `rank` is a node's place among `nodes`, or -1.
    """
    rows = np.zeros(len(nodes) + 1, np.int32)
    for counting in (True, False):
        out = np.empty(0 if counting else rows[-1], np.uint64)
        size = 0
        for k in range(len(nodes)):
            node = nodes[k]
            for a in range(indptr[node], indptr[node + 1]):
                head = np.int64(packed[a] >> np.uint64(32))
                run = np.searchsorted(start, head, side="right") - 1
                if run < 0 or head - start[run] >= offset[run + 1] - offset[run]:
                    continue
                place = rank[offset[run] + head - start[run]]
                if place < 0:
                    continue
                if not counting:
                    low = packed[a] & np.uint64(0xFFFFFFFF)
                    out[size] = (np.uint64(place) << np.uint64(32)) | low
                size += 1
            rows[k + 1] = size
    return rows, out


@njit(cache=True, nogil=True)
def top_speed(indptr, packed, x, y):
    """The quickest that any arc gets ahead in a straight line, in metres a tick."""
    best = 0.0
    for node in range(len(indptr) - 1):
        for a in range(indptr[node], indptr[node + 1]):
            head = np.int64(packed[a] >> np.uint64(32))
            ticks = np.int64(packed[a] & np.uint64(0xFFFFFFFF))
            metres = np.hypot(x[head] - x[node], y[head] - y[node])
            best = max(best, metres / ticks)
    return best
