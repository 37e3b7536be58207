"""Compiled: one source more or fewer, one arc quicker or slower, without searching from the rest."""

from __future__ import annotations

import numpy as np
from numba import njit

from lifecircle.engine.reach.kernels import HALF, NEVER, U, settle
from lifecircle.engine.reach.opportunity_kernels import add, walk_from


@njit(cache=True, nogil=True)
def amend(
    sign, at, both, there, back, sources, cutoff, amounts, near, sums, into, into_back, ticks
):
    """Add source `at`, or with `sign` -1 take it away.

    Returns how many nodes it is walked to from, how many of those have lost their nearest (they are
    the first of `settled`, their times in `near` set to NEVER), its weighted people, and the bits of
    the highest sum of shares.
    """
    node, category, supply, whole_supply, _ = sources
    people, weight, scale = amounts
    settled = into[1]
    size = walk_from(
        both, there, back, node[at : at + 1], np.zeros(1, np.int32), cutoff, into, into_back, ticks
    )
    row = category[at]
    drawn, highest = add(
        sign, settled, ticks, size, whole_supply[at], supply[at], people, weight, scale, row, sums
    )
    here = near[row]
    lost = 0
    for k in range(size):
        u = settled[k]
        if sign > 0:
            here[u] = min(here[u], ticks[k])
        elif here[u] == ticks[k]:
            here[u] = NEVER
            settled[lost] = u
            lost += 1
    return np.int64(size), lost, drawn, highest


@njit(cache=True, nogil=True)
def mend(row, lost, both, there, back, fore, sources, cutoff, near, into, into_back, ticks):
    """Find the nearest anew for nodes that have lost it: from the sources that they walk to.

    Returns how many sources were searched from.
    """
    node, category, _, _, alive = sources
    dist, settled = into[0], into[1]
    here = near[row]
    count = settle(fore, lost, np.zeros(len(lost), np.int32), cutoff, into)
    near_by = np.empty(len(node), np.int32)
    searched = 0
    for j in range(len(node)):
        if alive[j] and category[j] == row and dist[node[j]] != NEVER:
            near_by[searched] = j
            searched += 1
    for k in range(count):
        dist[settled[k]] = NEVER
    for i in range(searched):
        j = near_by[i]
        size = walk_from(
            both, there, back, node[j : j + 1], np.zeros(1, np.int32), cutoff, into, into_back,
            ticks,
        )  # fmt: skip
        for k in range(size):
            u = settled[k]
            here[u] = min(here[u], ticks[k])
    return searched


@njit(cache=True, nogil=True)
def users(fore, first, second, old, new, sources, cutoff, into, used):
    """Mark the sources whose walks change with arcs from `first` to `second`; `fore` walks to them.

    A walk gains by a quicker arc if it is quicker through it, and loses by a slower one if it went
    through it; all as they were before any of the arcs changed.
    """
    node, _, _, _, alive = sources
    dist, settled = into[0], into[1]
    zero, seed = np.zeros(1, np.int32), np.empty(1, np.int32)
    before = np.empty(len(node), np.int32)
    for i in range(len(first)):
        seed[0] = first[i]
        count = settle(fore, seed, zero, cutoff, into)
        for j in range(len(node)):
            before[j] = dist[node[j]]
        for k in range(count):
            dist[settled[k]] = NEVER
        seed[0] = second[i]
        count = settle(fore, seed, zero, cutoff, into)
        for j in range(len(node)):
            if before[j] != NEVER and alive[j] and not used[j]:
                through, after = np.int64(before[j]), dist[node[j]]
                gains = through + new[i] < after and through + new[i] <= cutoff
                used[j] = gains or (new[i] > old[i] and through + old[i] == after)
        for k in range(count):
            dist[settled[k]] = NEVER


@njit(cache=True, nogil=True)
def weigh(packed, positions, weights):
    """Give the arcs at some positions other weights."""
    for k in range(len(positions)):
        arc = packed[positions[k]]
        packed[positions[k]] = ((arc >> HALF) << HALF) | U(weights[k])


@njit(cache=True, nogil=True)
def reweigh(
    used, both, there, back, in_there, in_back, old, new, sources, cutoff, amounts, near, sums, into, into_back,
    ticks, mark, drawn, lost_row, lost_node,
):  # fmt: skip
    """Search again from the sources `used`, before and after some arcs' weights change.

    `in_there` and `in_back` are the arcs' positions; on return they weigh `new`. Nodes that lost
    their nearest are put into `lost_row` and `lost_node`. Returns sources, nodes, lost ones and the
    bits of the highest sum of shares.
    """
    node, category, supply, whole_supply, _ = sources
    people, weight, scale = amounts
    settled = into[1]
    zero = np.zeros(1, np.int32)
    searched, nodes, lost, highest = 0, np.int64(0), 0, np.int64(0)
    for j in range(len(node)):
        if not used[j]:
            continue
        row = category[j]
        here = near[row]
        weigh(there[1], in_there, old)
        weigh(back[1], in_back, old)
        size = walk_from(both, there, back, node[j : j + 1], zero, cutoff, into, into_back, ticks)
        add(-1, settled, ticks, size, whole_supply[j], supply[j], people, weight, scale, row, sums)
        before_node, before_ticks = settled[:size].copy(), ticks[:size].copy()
        weigh(there[1], in_there, new)
        weigh(back[1], in_back, new)
        size = walk_from(both, there, back, node[j : j + 1], zero, cutoff, into, into_back, ticks)
        drawn[j], high = add(
            1, settled, ticks, size, whole_supply[j], supply[j], people, weight, scale, row, sums
        )
        highest |= high
        for k in range(size):
            mark[settled[k]] = ticks[k]
        for k in range(len(before_node)):
            u = before_node[k]
            if here[u] == before_ticks[k] and mark[u] > before_ticks[k]:
                here[u] = NEVER
                lost_row[lost] = row
                lost_node[lost] = u
                lost += 1
        for k in range(size):
            u = settled[k]
            here[u] = min(here[u], ticks[k])
            mark[u] = NEVER
        searched += 1
        nodes = nodes + np.int64(size)
    weigh(there[1], in_there, new)
    weigh(back[1], in_back, new)
    return searched, nodes, lost, highest
