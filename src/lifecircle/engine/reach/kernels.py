"""The compiled loops. Plain arrays in, plain arrays out; everything else stays in Python.

One search is Dial's (1969) bucket queue on integer ticks, bounded at a cut-off: weights are at
least 1, so a bucket is complete when it is opened and each arc is relaxed at most once.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange

NEVER = 2**30


@njit(cache=True, nogil=True)
def settle(
    indptr,
    head,
    weight,
    seed_node,
    seed_ticks,
    cutoff,
    dist,
    touched,
    bucket,
    entry_next,
    entry_node,
):
    """Search from seeds up to `cutoff`; return how many nodes were touched.

    `dist` holds NEVER and `bucket` -1 on entry. On return `dist` holds the ticks of the nodes in
    `touched[:count]` (all of them within the cut-off) and `bucket` holds -1 again.
    """
    count = 0
    entries = 0
    first = cutoff + 1
    for s in range(len(seed_node)):
        ticks = seed_ticks[s]
        node = seed_node[s]
        if ticks <= cutoff and ticks < dist[node]:
            if dist[node] == NEVER:
                touched[count] = node
                count += 1
            dist[node] = ticks
            entry_node[entries] = node
            entry_next[entries] = bucket[ticks]
            bucket[ticks] = entries
            entries += 1
            first = min(first, ticks)
    pending = entries
    now = first
    while pending > 0:
        entry = bucket[now]
        while entry >= 0:
            pending -= 1
            node = entry_node[entry]
            entry = entry_next[entry]
            if dist[node] != now:
                continue
            for a in range(indptr[node], indptr[node + 1]):
                ticks = now + weight[a]
                if ticks > cutoff:
                    continue
                other = head[a]
                if ticks < dist[other]:
                    if dist[other] == NEVER:
                        touched[count] = other
                        count += 1
                    dist[other] = ticks
                    entry_node[entries] = other
                    entry_next[entries] = bucket[ticks]
                    bucket[ticks] = entries
                    entries += 1
                    pending += 1
        bucket[now] = -1
        now += 1
    return count


@njit(cache=True, nogil=True)
def _collect(count, dist, touched, row, column, cost, cutoff, best, found):
    """Carry node times on to the points beside the nodes; forget the node times."""
    size = 0
    for k in range(count):
        node = touched[k]
        base = dist[node]
        dist[node] = NEVER
        for a in range(row[node], row[node + 1]):
            ticks = base + cost[a]
            if ticks <= cutoff:
                point = column[a]
                if best[point] == NEVER:
                    found[size] = point
                    size += 1
                if ticks < best[point]:
                    best[point] = ticks
    return size


@njit(cache=True, nogil=True)
def _same_edge(first, last, on_edge, s_end, t_end, s_side, t_side, cutoff, best, found, size):
    """Walk between a source and the points on its own edge without touching the edge's ends.

    `s_end` and `t_end` are the ticks between each and one end of the edge, in the direction that
    is walked: what lies between them is their difference, without the sides.
    """
    for k in range(first, last):
        point = on_edge[k]
        if t_end[point] >= NEVER or s_end >= NEVER:
            continue
        walk = (t_end[point] - t_side[point]) - (s_end - s_side)
        if walk < 0:
            continue
        ticks = walk + s_side + t_side[point]
        if ticks <= cutoff:
            if best[point] == NEVER:
                found[size] = point
                size += 1
            if ticks < best[point]:
                best[point] = ticks
    return size


@njit(cache=True, parallel=True, nogil=True)
def tables(
    graph_to, graph_from, source, target, by_node, by_edge, sources, cutoff, ways, threads, out_point,
    out_ticks, out_count,
):  # fmt: skip
    """Walking times between sources and the points they are reached from, one search a source.

    `ways` is 1 for out (target to source), 2 for back (source to target), 3 for both (the slower
    of the two). Rows of `out_*` belong to `sources`, in their order; times are in ticks.
    """
    row, column, to_cost, from_cost = by_node
    edge_first, edge_last, on_edge = by_edge
    (s_tail, s_head, s_side, s_from_tail, s_from_head, s_to_tail, s_to_head) = source
    (t_side, t_from_tail, t_from_head, t_to_tail, t_to_head) = target
    nodes = len(row) - 1
    points = len(t_side)
    entries = max(len(graph_to[1]), len(graph_from[1])) + 2
    for thread in prange(threads):
        dist = np.full(nodes, NEVER, np.int32)
        touched = np.empty(nodes, np.int32)
        bucket = np.full(cutoff + 1, -1, np.int32)
        entry_next = np.empty(entries, np.int32)
        entry_node = np.empty(entries, np.int32)
        best = np.full(points, NEVER, np.int32)
        found = np.empty(points, np.int32)
        best_back = np.full(points, NEVER, np.int32)
        found_back = np.empty(points, np.int32)
        seed_node = np.empty(2, np.int32)
        seed_ticks = np.empty(2, np.int32)
        for k in range(thread, len(sources), threads):
            s = sources[k]
            seed_node[0], seed_node[1] = s_tail[s], s_head[s]
            size = 0
            if ways & 1:
                seed_ticks[0], seed_ticks[1] = s_from_tail[s], s_from_head[s]
                count = settle(
                    graph_to[0], graph_to[1], graph_to[2], seed_node, seed_ticks, cutoff, dist,
                    touched, bucket, entry_next, entry_node,
                )  # fmt: skip
                size = _collect(count, dist, touched, row, column, to_cost, cutoff, best, found)
                size = _same_edge(
                    edge_first[s], edge_last[s], on_edge, s_to_head[s], t_to_head, s_side[s],
                    t_side, cutoff, best, found, size,
                )  # fmt: skip
                size = _same_edge(
                    edge_first[s], edge_last[s], on_edge, s_to_tail[s], t_to_tail, s_side[s],
                    t_side, cutoff, best, found, size,
                )  # fmt: skip
            back = 0
            if ways & 2:
                seed_ticks[0], seed_ticks[1] = s_to_tail[s], s_to_head[s]
                count = settle(
                    graph_from[0], graph_from[1], graph_from[2], seed_node, seed_ticks, cutoff,
                    dist, touched, bucket, entry_next, entry_node,
                )  # fmt: skip
                back = _collect(
                    count, dist, touched, row, column, from_cost, cutoff, best_back, found_back
                )
                back = _same_edge(
                    edge_first[s], edge_last[s], on_edge, s_from_tail[s], t_from_tail, s_side[s],
                    t_side, cutoff, best_back, found_back, back,
                )  # fmt: skip
                back = _same_edge(
                    edge_first[s], edge_last[s], on_edge, s_from_head[s], t_from_head, s_side[s],
                    t_side, cutoff, best_back, found_back, back,
                )  # fmt: skip
            kept = 0
            if ways == 3:
                for j in range(size):
                    point = found[j]
                    ticks = max(best[point], best_back[point])
                    if ticks <= cutoff:
                        out_point[k, kept] = point
                        out_ticks[k, kept] = ticks
                        kept += 1
            elif ways == 1:
                for j in range(size):
                    out_point[k, kept] = found[j]
                    out_ticks[k, kept] = best[found[j]]
                    kept += 1
            else:
                for j in range(back):
                    out_point[k, kept] = found_back[j]
                    out_ticks[k, kept] = best_back[found_back[j]]
                    kept += 1
            out_count[k] = kept
            for j in range(size):
                best[found[j]] = NEVER
            for j in range(back):
                best_back[found_back[j]] = NEVER


@njit(cache=True, nogil=True)
def search(indptr, head, weight, arc, seed_node, seed_ticks, cutoff):
    """One search with predecessors: ticks of every node, and the arc that it was entered by.

    Returns (nodes,) ticks (NEVER beyond the cut-off), (nodes,) previous node and (nodes,) arc;
    previous is -1 at a seed.
    """
    nodes = len(indptr) - 1
    dist = np.full(nodes, NEVER, np.int32)
    touched = np.empty(nodes, np.int32)
    bucket = np.full(cutoff + 1, -1, np.int32)
    entries = len(head) + len(seed_node)
    count = settle(
        indptr, head, weight, seed_node, seed_ticks, cutoff, dist, touched, bucket,
        np.empty(entries, np.int32), np.empty(entries, np.int32),
    )  # fmt: skip
    seeded = np.full(nodes, NEVER, np.int32)
    for s in range(len(seed_node)):
        seeded[seed_node[s]] = min(seeded[seed_node[s]], seed_ticks[s])
    previous = np.full(nodes, -1, np.int32)
    entered = np.full(nodes, -1, np.int32)
    for k in range(count):
        node = touched[k]
        for a in range(indptr[node], indptr[node + 1]):
            other = head[a]
            if previous[other] < 0 and dist[node] + weight[a] == dist[other] < seeded[other]:
                previous[other] = node
                entered[other] = arc[a]
    return dist, previous, entered


@njit(cache=True, parallel=True, nogil=True)
def lengths(
    out_graph, back_graph, ends, tail, forward, backward, metres, cell, cells, cutoff, threads,
    length, ground,
):  # fmt: skip
    """Metres of street and cells of ground within the cut-off there and back, a search a source.

    A stretch counts that is walked out and back from one of its edge's ends within the cut-off each
    way; of an edge whose two ends are reached the parts from both add up to its length at most.
    """
    nodes = len(cell)
    entries = max(len(out_graph[1]), len(back_graph[1])) + 2
    (s_tail, s_head, from_tail, from_head, to_tail, to_head) = ends
    for thread in prange(threads):
        there = np.full(nodes, NEVER, np.int32)
        back = np.full(nodes, NEVER, np.int32)
        touched = np.empty(nodes, np.int32)
        touched_back = np.empty(nodes, np.int32)
        bucket = np.full(cutoff + 1, -1, np.int32)
        entry_next = np.empty(entries, np.int32)
        entry_node = np.empty(entries, np.int32)
        stamp = np.full(cells, -1, np.int64)
        seed_node = np.empty(2, np.int32)
        seed_ticks = np.empty(2, np.int32)
        for s in range(thread, len(s_tail), threads):
            seed_node[0], seed_node[1] = s_tail[s], s_head[s]
            seed_ticks[0], seed_ticks[1] = to_tail[s], to_head[s]
            count = settle(
                out_graph[0], out_graph[1], out_graph[2], seed_node, seed_ticks, cutoff, there,
                touched, bucket, entry_next, entry_node,
            )  # fmt: skip
            seed_ticks[0], seed_ticks[1] = from_tail[s], from_head[s]
            count_back = settle(
                back_graph[0], back_graph[1], back_graph[2], seed_node, seed_ticks, cutoff, back,
                touched_back, bucket, entry_next, entry_node,
            )  # fmt: skip
            total = 0.0
            found = 0
            for k in range(count):
                u = touched[k]
                if back[u] == NEVER:
                    continue
                if stamp[cell[u]] != s:
                    stamp[cell[u]] = s
                    found += 1
                for a in range(out_graph[0][u], out_graph[0][u + 1]):
                    v = out_graph[1][a]
                    e = out_graph[3][a] // 2
                    if forward[e] < 0 or backward[e] < 0:
                        continue  # no way back along it
                    at_tail = tail[e] == u
                    goes = forward[e] if at_tail else backward[e]
                    comes = backward[e] if at_tail else forward[e]
                    share = min((cutoff - there[u]) / goes, (cutoff - back[u]) / comes)
                    if there[v] < NEVER and back[v] < NEVER:
                        if not at_tail:
                            continue  # counted from its tail
                        share += min((cutoff - there[v]) / comes, (cutoff - back[v]) / goes)
                    total += min(share, 1.0) * metres[e]
            length[s] = total
            ground[s] = found
            for k in range(count):
                there[touched[k]] = NEVER
            for k in range(count_back):
                back[touched_back[k]] = NEVER
