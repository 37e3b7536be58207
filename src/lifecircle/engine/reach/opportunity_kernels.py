"""Compiled: what every node reaches of each category, with searches that start at the sources.

Sums are whole numbers, so that they do not depend on the order in which sources are searched: the
same bits on any number of threads, in tiles, and after a source is taken away again.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange

from lifecircle.engine.reach.kernels import NEVER, U, scratch, settle, take

HIGHEST = 2**61
"""A sum of shares that reaches this is too large for its scale."""


@njit(cache=True, parallel=True, nogil=True)
def nearest(arcs, node, category, cut, row, batch, cutoff, out):
    """Lower rows of `out` to the ticks of the nearest source; thread t searches cut[t]:cut[t + 1].

    Sources come by category and in the order of the nodes. A batch of neighbours is searched from
    at once; what an earlier batch reached sooner is not gone through again.
    """
    for thread in prange(len(cut) - 1):
        into = scratch(len(arcs[0]) - 1, len(arcs[1]), cutoff, arcs[2])
        zero = np.zeros(batch.max(), np.int32)
        j = cut[thread]
        while j < cut[thread + 1]:
            c = category[j]
            end = min(j + batch[c], cut[thread + 1])
            while category[end - 1] != c:
                end -= 1
            here = (out[row[thread, c]], into[1], into[2], into[3], into[4])
            settle(arcs, node[j:end], zero, cutoff, here)
            j = end


@njit(cache=True, nogil=True)
def walk_from(both, there, back, seed_node, seed_ticks, cutoff, into, into_back, ticks):
    """Search from one source; its nodes are `settled[:size]` and their walks `ticks[:size]`.

    With `both` a walk is the slower of the two directions.
    """
    dist, settled = into[0], into[1]
    found = settle(there, seed_node, seed_ticks, cutoff, into)
    if not both:
        return U(take(dist, settled, found, ticks))
    dist_back, settled_back = into_back[0], into_back[1]
    came = U(settle(back, seed_node, seed_ticks, cutoff, into_back))
    size = U(0)
    k = U(0)
    while k < U(found):
        u = U(settled[k])
        time = max(dist[u], dist_back[u])
        dist[u] = NEVER
        settled[size] = np.int32(u)
        ticks[size] = time
        size += U(time <= cutoff)
        k += U(1)
    k = U(0)
    while k < came:
        dist_back[U(settled_back[k])] = NEVER
        k += U(1)
    return size


@njit(cache=True, nogil=True)
def add(sign, settled, ticks, size, whole_supply, supply, people, weight, scale, row, sums):
    """Add (or with -1 take away) what one source offers to the nodes that it is walked to from.

    Returns the weighted people that share it, and the bits of the highest sum of shares.
    """
    count, offered, shared = sums
    here = count[row]
    k = U(0)
    if len(offered):
        amount = sign * whole_supply
        held = offered[row]
        while k < size:
            u = U(settled[k])
            here[u] += np.int32(sign)
            held[u] += amount
            k += U(1)
    while k < size:
        here[U(settled[k])] += np.int32(sign)
        k += U(1)
    total = np.int64(0)
    highest = np.int64(0)
    if len(shared):
        k = U(0)
        while k < size:
            total += np.int64(people[U(settled[k])] * weight[U(ticks[k])] + 0.5)
            k += U(1)
        if total > 0:
            each = min(supply / total * scale, float(HIGHEST))
            parts = shared[row]
            k = U(0)
            while k < size:
                u = U(settled[k])
                value = parts[u] + sign * np.int64(each * weight[U(ticks[k])] + 0.5)
                parts[u] = value
                highest |= value
                k += U(1)
    return total, highest


@njit(cache=True, parallel=True, nogil=True)
def gather(
    both, there, back, node, category, cut, row, cutoff, supply, whole_supply, people, weight, scale,
    near, sums, drawn, peak,
):  # fmt: skip
    """Search from each source and add what it offers to every node that it is walked to from.

    `people` (nodes,) are scaled to whole numbers once weighted, `weight` (ticks,) is the decay,
    `scale` that of the shares times that of the people. `drawn` (sources,) receives the weighted
    people, `peak` (threads,) the bits of the highest sum of shares. Thread t searches from
    cut[t]:cut[t + 1] and writes what is of category c to row[t, c]; results of length 0 are left out.
    """
    nodes = len(there[0]) - 1
    for thread in prange(len(cut) - 1):
        into = scratch(nodes, len(there[1]), cutoff, there[2])
        into_back = scratch(nodes if both else 0, len(back[1]) if both else 0, cutoff, back[2])
        settled = into[1]
        ticks = np.empty(nodes + 1, np.int32)
        seed_node = np.empty(1, np.int32)
        seed_ticks = np.zeros(1, np.int32)
        highest = np.int64(0)
        for j in range(cut[thread], cut[thread + 1]):
            seed_node[0] = node[j]
            size = walk_from(
                both, there, back, seed_node, seed_ticks, cutoff, into, into_back, ticks
            )
            r = row[thread, category[j]]
            here = near[r]
            k = U(0)
            while k < size:
                u = U(settled[k])
                here[u] = min(here[u], ticks[k])
                k += U(1)
            drawn[j], high = add(
                1, settled, ticks, size, whole_supply[j], supply[j], people, weight, scale, r, sums
            )
            highest |= high
        peak[thread] = highest


@njit(cache=True, parallel=True, nogil=True)
def to_floats(whole, factor, out):
    """Multiply each row of whole numbers by its factor; `out` may be the same memory."""
    for c in prange(whole.shape[0]):
        for k in range(whole.shape[1]):
            out[c, k] = whole[c, k] * factor[c]
