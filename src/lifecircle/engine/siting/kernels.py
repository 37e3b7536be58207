"""The loops of location problems: interchange, and Lagrangian bounds with what they decide.

Candidates have entries (point, cost): `starts`, (candidates + 1,), `points` and `costs`, (entries,).
The same entries by point, the cheapest first, are `firsts`, (points + 1,), `near` and `prices`. Whoever
has nothing chosen near costs `outside`, (points,). What is wanted are `count` candidates that make
sum_i min(outside_i, min_j cost_ij) least: maximal covering has costs of 0, the p-median has no outside.
"""

import numpy as np
from numba import njit

FREE, IN, OUT = 0, 1, 2


@njit(cache=True, nogil=True)
def assign(firsts, near, prices, outside, chosen, first, second, owner, point):
    """The cheapest chosen candidate of a point, its cost and the next one's."""
    first[point] = second[point] = outside[point]
    owner[point] = -1
    for e in range(firsts[point], firsts[point + 1]):
        if chosen[near[e]]:
            if owner[point] < 0:
                if prices[e] >= outside[point]:
                    break
                first[point], owner[point] = prices[e], near[e]
            else:
                second[point] = min(prices[e], outside[point])
                break


@njit(cache=True, nogil=True)
def assign_all(firsts, near, prices, outside, chosen, first, second, owner):
    """`assign` for every point."""
    for i in range(len(outside)):
        assign(firsts, near, prices, outside, chosen, first, second, owner, i)


@njit(cache=True, nogil=True)
def greedy(starts, points, costs, outside, count, chosen, closed):
    """Add the candidate that saves most until there are `count`."""
    now = outside.copy()
    placed = 0
    for j in range(len(chosen)):
        if chosen[j]:
            placed += 1
            for e in range(starts[j], starts[j + 1]):
                now[points[e]] = min(now[points[e]], costs[e])
    while placed < count:
        best, most = -1, -1.0
        for j in range(len(chosen)):
            if chosen[j] or closed[j]:
                continue
            gain = 0.0
            for e in range(starts[j], starts[j + 1]):
                saved = now[points[e]] - costs[e]
                if saved > 0.0:
                    gain += saved
            if gain > most:
                best, most = j, gain
        if best < 0:
            break
        chosen[best] = True
        placed += 1
        for e in range(starts[best], starts[best + 1]):
            now[points[e]] = min(now[points[e]], costs[e])


@njit(cache=True, nogil=True)
def interchange(starts, points, costs, firsts, near, prices, outside, chosen, fixed, closed):
    """Swap one candidate for another while that saves something; the cost that is left.

    Each pass finds the best of all swaps (Whitaker 1983; Resende and Werneck 2007).
    """
    size, candidates = len(outside), len(chosen)
    first, second = np.empty(size), np.empty(size)
    owner = np.empty(size, np.int64)
    assign_all(firsts, near, prices, outside, chosen, first, second, owner)
    loss, extra = np.zeros(candidates), np.zeros(candidates)
    while True:
        loss[:] = 0.0
        for i in range(size):
            if owner[i] >= 0:
                loss[owner[i]] += second[i] - first[i]
        inside = np.flatnonzero(chosen)
        best_in, best_out, most = -1, -1, 1e-9
        for j in range(candidates):
            if chosen[j] or closed[j]:
                continue
            gain = 0.0
            for k in inside:
                extra[k] = 0.0
            for e in range(starts[j], starts[j + 1]):
                i, cost = points[e], costs[e]
                if cost < first[i]:
                    gain += first[i] - cost
                    if owner[i] >= 0:
                        extra[owner[i]] += second[i] - first[i]
                elif cost < second[i] and owner[i] >= 0:
                    extra[owner[i]] += second[i] - cost
            for k in inside:
                if not fixed[k] and gain - loss[k] + extra[k] > most:
                    best_in, best_out, most = j, k, gain - loss[k] + extra[k]
        if best_in < 0:
            break
        chosen[best_in], chosen[best_out] = True, False
        for e in range(starts[best_out], starts[best_out + 1]):
            i = points[e]
            if owner[i] == best_out or costs[e] <= second[i]:
                assign(firsts, near, prices, outside, chosen, first, second, owner, i)
        for e in range(starts[best_in], starts[best_in + 1]):
            if costs[e] < second[points[e]]:
                i = points[e]
                assign(firsts, near, prices, outside, chosen, first, second, owner, i)
    return first.sum()


@njit(cache=True, nogil=True)
def shake(
    starts, points, costs, firsts, near, prices, outside, best, cost, fixed, closed, rounds, rng
):
    """Interchange, then swap a few at random and interchange again, `rounds` times; in place; the cost.

    An iterated local search (Lourenço, Martin and Stützle 2003).
    """
    cost = min(
        cost, interchange(starts, points, costs, firsts, near, prices, outside, best, fixed, closed)
    )
    loose = np.flatnonzero(best & ~fixed)
    spare = np.flatnonzero(~best & ~closed)
    if len(loose) == 0 or len(spare) == 0:
        return cost
    for _ in range(rounds):
        chosen = best.copy()
        for _swap in range(min(2 + int(rng.random() * 3), len(loose))):
            inside = np.flatnonzero(chosen & ~fixed)
            others = np.flatnonzero(~chosen & ~closed)
            chosen[inside[int(rng.random() * len(inside))]] = False
            chosen[others[int(rng.random() * len(others))]] = True
        found = interchange(
            starts, points, costs, firsts, near, prices, outside, chosen, fixed, closed
        )
        if found < cost - 1e-9:
            cost = found
            best[:] = chosen
    return cost


@njit(cache=True, nogil=True)
def relax(
    starts, points, costs, outside, count, state, prices, best, enough, steps, pace, weight, share
):
    """Bound the cost from below by Lagrangian relaxation of "every point is served", and fix candidates.

    `prices`, (points,), are the multipliers; they, `state`, `weight` (what each candidate saves at the
    best of them) and `share` (how often each was wanted) are changed in place. A candidate that no
    solution under `enough` can have, or be without, is fixed. Ends when the bound reaches `enough`.

    Returns the bound. Subgradient steps with deflection (Held, Wolfe and Crowder 1974; Camerini 1975).
    """
    size, candidates = len(outside), len(state)
    cap = outside.copy()
    left = count
    for j in range(candidates):
        if state[j] == IN:
            left -= 1
            for e in range(starts[j], starts[j + 1]):
                cap[points[e]] = min(cap[points[e]], costs[e])
    for i in range(size):
        prices[i] = min(prices[i], cap[i])
    kept, bound = prices.copy(), -np.inf
    saves = np.zeros(candidates)
    served = np.zeros(size)
    move = np.zeros(size)
    wanted = np.zeros(candidates, np.bool_)
    free = np.flatnonzero(state == FREE)
    stalled = 0
    for _step in range(steps):
        now = 0.0
        for i in range(size):
            now += prices[i]
        for j in free:
            total = 0.0
            for e in range(starts[j], starts[j + 1]):
                saved = prices[points[e]] - costs[e]
                if saved > 0.0:
                    total += saved
            saves[j] = total
        take = min(left, len(free))
        wanted[:] = False
        low, high = 0.0, 0.0  # the least that is wanted saves, the most that is not
        if take > 0:
            order = np.argsort(-saves[free])
            for k in range(take):
                wanted[free[order[k]]] = True
                now -= saves[free[order[k]]]
            low = saves[free[order[take - 1]]]
            if take < len(free):
                high = saves[free[order[take]]]
        elif len(free) > 0:
            high = saves[free].max()
        served[:] = 0.0
        for j in free:
            share[j] *= 0.95
            if wanted[j]:
                share[j] += 0.05
                for e in range(starts[j], starts[j + 1]):
                    if prices[points[e]] > costs[e]:
                        served[points[e]] += 1.0
        if _step == 0 or now > bound + 1e-9 * abs(bound):
            stalled = 0
            bound = now
            kept[:] = prices
            for j in free:
                weight[j] = saves[j]
            if bound >= enough:
                break
            fixed = False
            for j in free:
                if wanted[j] and take < len(free) and bound + saves[j] - high >= enough:
                    state[j] = IN
                    left -= 1
                    fixed = True
                    for e in range(starts[j], starts[j + 1]):
                        cap[points[e]] = min(cap[points[e]], costs[e])
                elif not wanted[j] and take > 0 and bound + low - saves[j] >= enough:
                    state[j] = OUT
                    fixed = True
            if fixed:
                free = np.flatnonzero(state == FREE)
                for i in range(size):
                    prices[i] = min(prices[i], cap[i])
                kept[:] = prices
                move[:] = 0.0
                if len(free) == 0 or left <= 0:
                    bound = cap.sum()  # nothing is left to choose
                    break
        else:
            stalled += 1
            if stalled >= 20:
                pace *= 0.85
                stalled = 0
                if pace < 0.001:
                    break
        norm = 0.0
        for i in range(size):
            toward = 1.0 - served[i]
            move[i] = toward + 0.9 * move[i]
            if (move[i] > 0.0 and prices[i] >= cap[i]) or (move[i] < 0.0 and prices[i] <= 0.0):
                move[i] = 0.0
            norm += move[i] * move[i]
        if norm < 1e-12:
            break
        stride = pace * (best - now + 1e-3 * abs(best)) / norm
        for i in range(size):
            prices[i] = min(max(prices[i] + stride * move[i], 0.0), cap[i])
    prices[:] = kept
    return bound
