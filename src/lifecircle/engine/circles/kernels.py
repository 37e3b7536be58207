"""The loops of drawing circles: a division is `label`, (units,), with a circle for each unit.

Units are linked to `links[heads[u]:heads[u + 1]]`. A division costs
`weights[0]` * mean walk to the circle's centre / 10 min
+ `weights[1]` * share of people apart from most of their street
+ `weights[2]` * share of people above or below an equal part
+ `BEYOND` * share of people above or below the bounds.
The centre of a circle is the unit of it with the least walk from all its people. Moves are a unit that
changes over, and two circles joined and cut anew along a random spanning tree (ReCom: DeFord, Duchin,
Solomon 2021, https://doi.org/10.1162/99608f92.eb30390f); both keep every circle in one piece.
"""

import numpy as np
from numba import njit

BEYOND = 20.0
_WALK_S = 600.0


@njit(cache=True, nogil=True)
def least_walk(label, circle, walked):
    """Person-seconds to the best centre of a circle; `walked`, (units,), are those to each unit."""
    best = np.inf
    for u in range(len(label)):
        if label[u] == circle and walked[u] < best:
            best = walked[u]
    return best if np.isfinite(best) else 0.0


@njit(cache=True, nogil=True)
def walked_to(label, circle, people, walk_s, out):
    """Person-seconds of a circle's people to every unit, into `out`, (units,)."""
    out[:] = 0.0
    for u in range(len(label)):
        if label[u] == circle and people[u] > 0.0:
            for c in range(len(label)):
                out[c] += people[u] * walk_s[u, c]


@njit(cache=True, nogil=True)
def beyond(people, least, most):
    """How many people a circle has too few or too many."""
    return max(least - people, 0.0) + max(people - most, 0.0)


@njit(cache=True, nogil=True)
def apart(row):
    """The people of a street that are not in the circle where most of it is."""
    return row.sum() - row.max()


@njit(cache=True, nogil=True)
def cost_of(walks, split, uneven, out_of_bounds, total, weights):
    """The cost of a division from its sums."""
    return (
        weights[0] * walks / (total * _WALK_S) + weights[1] * split / total
        + weights[2] * uneven / total + BEYOND * out_of_bounds / total
    )  # fmt: skip


@njit(cache=True, nogil=True)
def stays_whole(u, label, heads, links, seen, stack, stamp):
    """Whether u's circle is in one piece without u, and not empty."""
    circle, first, wanted = label[u], -1, 0
    for e in range(heads[u], heads[u + 1]):
        if label[links[e]] == circle:
            wanted += 1
            first = links[e]
    if wanted == 0:
        return False
    if wanted == 1:
        return True
    found, top = 0, 1
    stack[0] = first
    seen[first] = stamp
    seen[u] = stamp
    while top > 0:
        top -= 1
        v = stack[top]
        for e in range(heads[v], heads[v + 1]):
            w = links[e]
            if w == u:
                found += 1
                if found == wanted:
                    return True
            elif label[w] == circle and seen[w] != stamp:
                seen[w] = stamp
                stack[top] = w
                top += 1
    return False


@njit(cache=True, nogil=True)
def random_tree(rng, label, a, b, start, heads, links, order, parent, mark, stamp):
    """A random spanning tree of circles a and b from `start`: `order` and `parent` of its units; how many."""
    edges = np.empty((len(links), 2), dtype=np.int64)
    size, count = 0, 1
    order[0], parent[start], mark[start] = start, -1, stamp
    for e in range(heads[start], heads[start + 1]):
        edges[size, 0], edges[size, 1] = start, links[e]
        size += 1
    while size > 0:
        pick = rng.integers(0, size)
        u, v = edges[pick, 0], edges[pick, 1]
        size -= 1
        edges[pick, 0], edges[pick, 1] = edges[size, 0], edges[size, 1]
        if mark[v] == stamp or (label[v] != a and label[v] != b):
            continue
        mark[v], parent[v] = stamp, u
        order[count] = v
        count += 1
        for e in range(heads[v], heads[v + 1]):
            if mark[links[e]] != stamp:
                edges[size, 0], edges[size, 1] = v, links[e]
                size += 1
    return count


@njit(cache=True, nogil=True)
def best_cut(rng, order, parent, count, people, wanted, lower, upper, below):
    """The unit above which a tree is cut.

    One at random of those with `lower` to `upper` people in and under them, else the one nearest to `wanted`;
    `below`, (units,), is filled with those people.
    """
    for k in range(count):
        below[order[k]] = people[order[k]]
    for k in range(count - 1, 0, -1):
        below[parent[order[k]]] += below[order[k]]
    chosen, fits, nearest = -1, 0, np.inf
    for k in range(1, count):
        u = order[k]
        if lower <= below[u] <= upper:
            fits += 1
            if rng.integers(0, fits) == 0:
                chosen = u
        elif fits == 0 and abs(below[u] - wanted) < nearest:
            chosen, nearest = u, abs(below[u] - wanted)
    return chosen


@njit(cache=True, nogil=True)
def cut_off(order, parent, count, top, inside):
    """Mark the units in and under `top` in `inside`, (units,)."""
    for k in range(count):
        u = order[k]
        inside[u] = u == top or (parent[u] >= 0 and inside[parent[u]])


@njit(cache=True, nogil=True)
def halve(rng, label, circle, new, share, heads, links, people, tries):
    """Cut a circle in two along the best of random trees: `new` gets about `share` of its people."""
    size = len(label)
    order, parent = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    mark, below = np.full(size, -1, dtype=np.int64), np.empty(size)
    inside, kept = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
    members = np.flatnonzero(label == circle)
    wanted = share * people[members].sum()
    best = np.inf
    for t in range(tries):
        start = members[rng.integers(0, len(members))]
        count = random_tree(rng, label, circle, circle, start, heads, links, order, parent, mark, t)
        top = best_cut(rng, order, parent, count, people, wanted, wanted, wanted, below)
        if top >= 0 and abs(below[top] - wanted) < best:
            best = abs(below[top] - wanted)
            cut_off(order, parent, count, top, inside)
            for u in members:
                kept[u] = inside[u]
    for u in members:
        if kept[u]:
            label[u] = new


@njit(cache=True, nogil=True)
def anneal(
    rng,
    label,
    circles,
    people,
    street,
    streets,
    heads,
    links,
    walk_s,
    least,
    most,
    weights,
    steps,
    hot,
    cold,
):
    """Improve a division by simulated annealing.

    Returns the best within the bounds and the best of all, each (units,), and the cost of either; the
    first is infinite where none was met.
    """
    size, total = len(label), people.sum()
    even = total / circles
    held = np.zeros(circles)
    counts = np.zeros(circles, dtype=np.int64)
    walked = np.zeros((circles, size))
    walks = np.zeros(circles)
    lives = np.zeros((streets, circles))
    for u in range(size):
        held[label[u]] += people[u]
        counts[label[u]] += 1
        if street[u] >= 0:
            lives[street[u], label[u]] += people[u]
    for r in range(circles):
        walked_to(label, r, people, walk_s, walked[r])
        walks[r] = least_walk(label, r, walked[r])
    split, uneven, outside = 0.0, 0.0, 0.0
    for s in range(streets):
        split += apart(lives[s])
    for r in range(circles):
        uneven += abs(held[r] - even)
        outside += beyond(held[r], least, most)
    sum_walks = walks.sum()
    now = cost_of(sum_walks, split, uneven, outside, total, weights)
    best, best_cost = label.copy(), now
    within, within_cost = label.copy(), np.inf
    if outside <= 0.0:
        within_cost = now
    seen, stack = np.full(size, -1, dtype=np.int64), np.empty(size, dtype=np.int64)
    order, parent = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    mark, below = np.full(size, -1, dtype=np.int64), np.empty(size)
    inside = np.zeros(size, dtype=np.bool_)
    before = label.copy()
    for step in range(steps):
        heat = hot * (cold / hot) ** (step / steps)
        u = rng.integers(0, size)
        if heads[u + 1] == heads[u]:
            continue
        a = label[u]
        b = label[links[heads[u] + rng.integers(0, heads[u + 1] - heads[u])]]
        if a == b:
            continue
        before[:] = label
        if rng.random() < 0.02:
            count = random_tree(rng, label, a, b, u, heads, links, order, parent, mark, step)
            both = held[a] + held[b]
            lower, upper = max(least, both - most), min(most, both - least)
            top = best_cut(rng, order, parent, count, people, both / 2, lower, upper, below)
            cut_off(order, parent, count, top, inside)
            first = a if rng.random() < 0.5 else b
            for k in range(count):
                label[order[k]] = first if inside[order[k]] else a + b - first
        else:
            if counts[a] == 1 or not stays_whole(u, label, heads, links, seen, stack, step):
                continue
            label[u] = b
        gain = 0.0
        for v in range(size):
            if label[v] != before[v]:
                p = people[v] if label[v] == b else -people[v]
                gain += p
                if p != 0.0:
                    for c in range(size):
                        walked[a, c] -= p * walk_s[v, c]
                        walked[b, c] += p * walk_s[v, c]
                    if street[v] >= 0:
                        split -= apart(lives[street[v]])
                        lives[street[v], a] -= p
                        lives[street[v], b] += p
                        split += apart(lives[street[v]])
        for r, p in ((a, -gain), (b, gain)):
            uneven -= abs(held[r] - even)
            outside -= beyond(held[r], least, most)
            held[r] += p
            uneven += abs(held[r] - even)
            outside += beyond(held[r], least, most)
        walk_a, walk_b = least_walk(label, a, walked[a]), least_walk(label, b, walked[b])
        sums = sum_walks - walks[a] - walks[b] + walk_a + walk_b
        then = cost_of(sums, split, uneven, outside, total, weights)
        if then <= now or rng.random() < np.exp((now - then) / heat):
            now, sum_walks = then, sums
            walks[a], walks[b] = walk_a, walk_b
            counts[a] = counts[b] = 0
            for v in range(size):
                counts[label[v]] += label[v] == a or label[v] == b
            if now < best_cost - 1e-12:
                best_cost = now
                best[:] = label
            if outside < 1e-6 and now < within_cost - 1e-12:
                within_cost = now
                within[:] = label
            continue
        for v in range(size):  # taken back
            if label[v] != before[v]:
                p = people[v] if label[v] == b else -people[v]
                if p != 0.0:
                    for c in range(size):
                        walked[a, c] += p * walk_s[v, c]
                        walked[b, c] -= p * walk_s[v, c]
                    if street[v] >= 0:
                        split -= apart(lives[street[v]])
                        lives[street[v], a] += p
                        lives[street[v], b] -= p
                        split += apart(lives[street[v]])
        for r, p in ((a, gain), (b, -gain)):
            uneven -= abs(held[r] - even)
            outside -= beyond(held[r], least, most)
            held[r] += p
            uneven += abs(held[r] - even)
            outside += beyond(held[r], least, most)
        label[:] = before
    return within, within_cost, best, best_cost
