"""The compiled loops. Plain arrays in, plain arrays out; everything else stays in Python.

One search is Dial's (1969) bucket queue on integer ticks, bounded at a cut-off, with buckets as wide
as the shortest arcs (Denardo & Fox 1979): what a bucket holds cannot improve itself, and where a
shorter arc makes it do so all the same, it is opened again. Each arc is relaxed without branches,
since none of them could be foretold. Indices are unsigned: numba then leaves out the test for
negative ones. What is tried and measured stands in docs/adr/0006-reach-kernels.md.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange

NEVER = 2**30
U = np.uint64
LOW = U(0xFFFFFFFF)
HALF = U(32)


@njit(cache=True, nogil=True)
def scratch(nodes, arcs, cutoff, shift):
    """What a search writes into: times, settled nodes, and the queue's heads, links and entries."""
    room = nodes + arcs + 2
    return (
        np.full(nodes, NEVER, np.int32),
        np.empty(nodes + room, np.int32),
        np.full((cutoff >> shift) + 1, -1, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.uint64),
    )


@njit(cache=True, nogil=True)
def settle(arcs, seed_node, seed_ticks, cutoff, into):
    """Search from seeds up to `cutoff`; return how many entries of `settled` it filled.

    `arcs` are (indptr, packed, shift), where an arc is packed as head * 2**32 + weight and a bucket
    is 2**shift ticks wide; `into` is what `scratch` made. On entry times hold NEVER and buckets -1.
    On return `settled[:count]` holds every node that is walked to within the cut-off (now and then
    one twice: who reads a time sets it back to NEVER and skips what already is), and the buckets
    hold -1 again. A time that is not NEVER on entry is a bound: nothing is searched beyond a node
    that is not reached earlier than that.
    """
    indptr, packed, width = arcs
    dist, settled, bucket, link, entry = into
    shift = U(width)
    beyond = np.int32(cutoff + 1)
    furthest = U(cutoff)
    room = U(len(entry))
    count = U(0)
    entries = U(0)
    for s in range(len(seed_node)):
        ticks = seed_ticks[s]
        node = U(seed_node[s])
        if ticks < beyond and ticks < dist[node]:
            if entries >= room:
                entries = _compact(dist, bucket, link, entry)
            dist[node] = ticks
            where = U(ticks) >> shift
            entry[entries] = (node << HALF) | U(ticks)
            link[entries] = bucket[where]
            bucket[where] = np.int32(entries)
            entries += U(1)
    now = U(0)
    last = furthest >> shift
    while now <= last:
        at = bucket[now]
        if at < 0:
            now += U(1)
            continue
        bucket[now] = -1
        while at >= 0:
            one = entry[U(at)]
            node = one >> HALF
            base = one & LOW
            if dist[node] == np.int32(base):
                a = U(indptr[node])
                end = U(indptr[node + U(1)])
                if entries + (end - a) > room:
                    while at >= 0:  # the rest of the bucket, this entry too, goes back
                        after = link[U(at)]
                        link[U(at)] = bucket[now]
                        bucket[now] = at
                        at = after
                    entries = _compact(dist, bucket, link, entry)
                    count = _once(settled, count)
                    break
                settled[count] = np.int32(node)
                count += U(1)
                while a < end:
                    arc = packed[a]
                    a += U(1)
                    far = base + (arc & LOW)
                    other = arc >> HALF
                    before = dist[other]
                    ticks = np.int32(far)
                    better = ticks < min(before, beyond)
                    dist[other] = ticks if better else before
                    where = min(far, furthest) >> shift
                    first = bucket[where]
                    entry[entries] = (other << HALF) | far
                    link[entries] = first
                    bucket[where] = np.int32(entries) if better else first
                    entries += U(better)
            at = link[U(at)]
    return np.int64(count)


@njit(cache=True, nogil=True)
def _compact(dist, bucket, link, entry):
    """Keep only the entries that still hold, at most one a node; return how many there are."""
    old_link, old_entry = link.copy(), entry.copy()
    entries = U(0)
    for b in range(len(bucket)):
        at = bucket[b]
        bucket[b] = -1
        while at >= 0:
            one = old_entry[U(at)]
            if dist[one >> HALF] == np.int32(one & LOW):
                entry[entries] = one
                link[entries] = bucket[b]
                bucket[b] = np.int32(entries)
                entries += U(1)
            at = old_link[U(at)]
    return entries


@njit(cache=True, nogil=True)
def _once(settled, count):
    """Keep each settled node once; return how many there are."""
    distinct = np.unique(settled[: np.int64(count)])
    settled[: len(distinct)] = distinct
    return U(len(distinct))


@njit(cache=True, nogil=True)
def take(dist, settled, count, ticks):
    """Move the times of what was settled into `ticks`, each node once; forget the node times.

    Returns how many nodes there are: the first of `settled`, with `ticks` beside them.
    """
    size = U(0)
    k = U(0)
    while k < U(count):
        node = U(settled[k])
        time = dist[node]
        dist[node] = NEVER
        settled[size] = np.int32(node)
        ticks[size] = time
        size += U(time != NEVER)
        k += U(1)
    return np.int64(size)


@njit(cache=True, nogil=True)
def _collect(count, dist, settled, row, column, cost, cutoff, best, found):
    """Carry node times on to the points beside the nodes; forget the node times."""
    size = 0
    for k in range(count):
        node = settled[k]
        base = dist[node]
        if base == NEVER:
            continue
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
    for thread in prange(threads):
        into = scratch(
            nodes, max(len(graph_to[1]), len(graph_from[1])), cutoff,
            min(graph_to[2], graph_from[2]),
        )  # fmt: skip
        dist, settled = into[0], into[1]
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
                count = settle(graph_to, seed_node, seed_ticks, cutoff, into)
                size = _collect(count, dist, settled, row, column, to_cost, cutoff, best, found)
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
                count = settle(graph_from, seed_node, seed_ticks, cutoff, into)
                back = _collect(
                    count, dist, settled, row, column, from_cost, cutoff, best_back, found_back
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
def search(arcs, arc, seed_node, seed_ticks, cutoff):
    """One search with predecessors: ticks of every node, and the arc that it was entered by.

    Returns (nodes,) ticks (NEVER beyond the cut-off), (nodes,) previous node and (nodes,) arc;
    previous is -1 at a seed.
    """
    indptr, packed, shift = arcs
    nodes = len(indptr) - 1
    into = scratch(nodes, len(packed), cutoff, shift)
    dist, settled = into[0], into[1]
    count = settle(arcs, seed_node, seed_ticks, cutoff, into)
    seeded = np.full(nodes, NEVER, np.int32)
    for s in range(len(seed_node)):
        seeded[seed_node[s]] = min(seeded[seed_node[s]], seed_ticks[s])
    previous = np.full(nodes, -1, np.int32)
    entered = np.full(nodes, -1, np.int32)
    for k in range(count):
        node = settled[k]
        for a in range(indptr[node], indptr[node + 1]):
            other = np.int64(packed[a] >> HALF)
            ticks = dist[node] + np.int32(packed[a] & LOW)
            if previous[other] < 0 and ticks == dist[other] < seeded[other]:
                previous[other] = node
                entered[other] = arc[a]
    return dist, previous, entered


@njit(cache=True, nogil=True)
def reached(arcs, arc, seed_node, seed_ticks, cutoff, into):
    """The arcs that leave what is reached: (arcs,) numbers, ticks at their start, ticks along them."""
    indptr, packed, _ = arcs
    count = settle(arcs, seed_node, seed_ticks, cutoff, into)
    ticks = np.empty(count + 1, np.int32)
    count = take(into[0], into[1], count, ticks)
    settled, size = into[1], 0
    for k in range(count):
        size += indptr[settled[k] + 1] - indptr[settled[k]]
    number, start, along = (
        np.empty(size, np.int64),
        np.empty(size, np.int32),
        np.empty(size, np.int32),
    )
    size = 0
    for k in range(count):
        for a in range(indptr[settled[k]], indptr[settled[k] + 1]):
            number[size], start[size] = arc[a], ticks[k]
            along[size] = np.int32(packed[a] & LOW)
            size += 1
    return number, start, along


@njit(cache=True, parallel=True, nogil=True)
def lengths(
    out_graph, out_arc, back_graph, ends, tail, forward, backward, metres, cell, cells, cutoff, threads,
    length, ground,
):  # fmt: skip
    """Metres of street and cells of ground within the cut-off there and back, a search a source.

    A stretch counts that is walked out and back from one of its edge's ends within the cut-off each
    way; of an edge whose two ends are reached the parts from both add up to its length at most.
    """
    nodes = len(cell)
    indptr, packed, _ = out_graph
    (s_tail, s_head, from_tail, from_head, to_tail, to_head) = ends
    for thread in prange(threads):
        into = scratch(nodes, len(packed), cutoff, out_graph[2])
        into_back = scratch(nodes, len(back_graph[1]), cutoff, back_graph[2])
        there, settled = into[0], into[1]
        back, settled_back = into_back[0], into_back[1]
        ticks = np.empty(nodes + 1, np.int32)
        stamp = np.full(cells, -1, np.int64)
        seed_node = np.empty(2, np.int32)
        seed_ticks = np.empty(2, np.int32)
        for s in range(thread, len(s_tail), threads):
            seed_node[0], seed_node[1] = s_tail[s], s_head[s]
            seed_ticks[0], seed_ticks[1] = to_tail[s], to_head[s]
            count = settle(out_graph, seed_node, seed_ticks, cutoff, into)
            count = take(there, settled, count, ticks)
            for k in range(count):
                there[settled[k]] = ticks[k]
            seed_ticks[0], seed_ticks[1] = from_tail[s], from_head[s]
            count_back = settle(back_graph, seed_node, seed_ticks, cutoff, into_back)
            total = 0.0
            found = 0
            for k in range(count):
                u = settled[k]
                if back[u] == NEVER:
                    continue
                if stamp[cell[u]] != s:
                    stamp[cell[u]] = s
                    found += 1
                for a in range(indptr[u], indptr[u + 1]):
                    v = np.int64(packed[a] >> HALF)
                    e = out_arc[a] // 2
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
                there[settled[k]] = NEVER
            for k in range(count_back):
                back[settled_back[k]] = NEVER
