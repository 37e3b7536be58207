"""The loops of programmes: building greedily, what a programme serves, and a bound that none can beat.

`o` are `Arrays`; `left`, (needs,), is what is not served yet, and `built_in`, (options,), the year of
each option that is built, -1 of the others.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit


class Arrays(NamedTuple):
    """`programmes.Options` as numba takes them; here, as numba's cache names the module of what it compiled for."""

    starts: Any
    needs: Any
    weight: Any
    space: Any
    kind: Any
    area: Any
    cost: Any
    capacity: Any
    first: Any
    when: Any
    rooms: Any
    budgets: Any
    apart: Any
    family: Any


MOMENTUM, STALE, SHRINK = 0.7, 10, 0.85
PART = 0.9
"""Of a step, the prices of needs take this part and those of money the rest."""


@njit(cache=True, nogil=True)
def gain_of(o, p, left):
    """What an option serves of what is left."""
    total = 0.0
    for e in range(o.starts[p], o.starts[p + 1]):
        total += left[o.needs[e]]
    return min(total, o.capacity[p])


@njit(cache=True, nogil=True)
def serve(o, p, left):
    """Serve by an option, each need by the same share where it has not enough for all; what it serves."""
    total = 0.0
    for e in range(o.starts[p], o.starts[p + 1]):
        total += left[o.needs[e]]
    if total <= 0.0:
        return 0.0
    kept = max(1.0 - o.capacity[p] / total, 0.0)
    for e in range(o.starts[p], o.starts[p + 1]):
        left[o.needs[e]] *= kept
    return total * (1.0 - kept)


@njit(cache=True, nogil=True)
def fits(o, p, year, rest, money, built):
    """Whether an option can still be built in a year; `rest` is free area, `built`, (spaces, kinds), what is there."""
    if o.first[p] > year or o.cost[p] > money[year] + 1e-6:
        return False
    s = o.space[p]
    if s < 0:
        return True
    for t in range(o.when.shape[1]):
        if o.when[p, t] and o.area[p] > rest[s, t] + 1e-9:
            return False
    for k in range(built.shape[1]):  # noqa: SIM110  (numba)
        if built[s, k] and (k == o.kind[p] or o.apart[k, o.kind[p]]):
            return False
    return True


@njit(cache=True, nogil=True)
def take(o, p, year, rest, money, built):
    """Build an option in a year."""
    money[year] -= o.cost[p]
    s = o.space[p]
    if s >= 0:
        for t in range(o.when.shape[1]):
            if o.when[p, t]:
                rest[s, t] -= o.area[p]
        built[s, o.kind[p]] = True


@njit(cache=True, nogil=True)
def fill(o, built_in, left, rest, money, built, power, noise):
    """Build what serves most, year after year, by gain / cost ** `power`, until nothing fits.

    `noise`, (options,), multiplies what an option seems to be worth. Gains only fall, and only by what is
    built of the same family: whoever is still first when counted anew is first.
    """
    size = len(built_in)
    key, fresh = np.empty(size), np.zeros(size, dtype=np.int64)
    turn = np.zeros(size + 1, dtype=np.int64)
    for year in range(len(o.budgets)):
        for p in range(size):
            key[p] = -1.0
            if built_in[p] < 0 and fits(o, p, year, rest, money, built):
                key[p] = gain_of(o, p, left) * noise[p] / max(o.cost[p], 1.0) ** power
                fresh[p] = turn[o.family[p]]
        while True:
            best, most = -1, 0.0
            for p in range(size):
                if key[p] > most and o.cost[p] <= money[year] + 1e-6:
                    best, most = p, key[p]
            if best < 0:
                break
            family = o.family[best]
            if not fits(o, best, year, rest, money, built):
                key[best] = -1.0
            elif fresh[best] != turn[family]:
                key[best] = gain_of(o, best, left) * noise[best] / max(o.cost[best], 1.0) ** power
                fresh[best] = turn[family]
            else:
                serve(o, best, left)
                take(o, best, year, rest, money, built)
                built_in[best] = year
                key[best] = -1.0
                turn[family] += 1


@njit(cache=True, nogil=True)
def value_of(o, built_in, left):
    """Serve year after year: the mean over the years of what is served by then; `left` is what stays.

    Within a year those that can serve everybody come first: the others' places are not wasted then.
    """
    total, years = 0.0, len(o.budgets)
    for turn in range(2 * years):
        year = turn // 2
        for p in range(len(built_in)):
            if built_in[p] == year and np.isinf(o.capacity[p]) == (turn % 2 == 0):
                total += serve(o, p, left) * (years - year) / years
    return total


@njit(cache=True, nogil=True)
def rebuild(o, built_in, left, power, noise):
    """Build on what is built until nothing fits; the value, and in `left` what is not served."""
    rest, money = o.rooms.copy(), o.budgets.copy()
    built = np.zeros((len(o.rooms), len(o.apart)), dtype=np.bool_)
    left[:] = o.weight
    for year in range(len(o.budgets)):
        for p in range(len(built_in)):
            if built_in[p] == year:
                take(o, p, year, rest, money, built)
                serve(o, p, left)
    fill(o, built_in, left, rest, money, built, power, noise)
    left[:] = o.weight
    return value_of(o, built_in, left)


@njit(cache=True, nogil=True)
def knapsack(o, worth, slot, members, room, order, part):
    """The most that fits of a space's options, the last in part, and in `part`, (options,), how much of each.

    Options that need no area in the slot are free.
    """
    total, used = 0.0, 0
    for p in members:
        part[p] = 0.0
        if worth[p] <= 0.0:
            continue
        if o.when[p, slot] and o.area[p] > 0.0:
            order[used] = p
            used += 1
        else:
            part[p] = 1.0
            total += worth[p]
    ranks = np.empty(used)
    for k in range(used):
        ranks[k] = -worth[order[k]] / o.area[order[k]]
    for k in np.argsort(ranks):
        p = order[k]
        part[p] = min(room / o.area[p], 1.0)
        total += worth[p] * part[p]
        room -= o.area[p] * part[p]
        if room <= 0.0:
            break
    return total


@njit(cache=True, nogil=True)
def best_parts(o, worth, by_space, starts, order, part, trial):
    """The most that is worth of all options, each space within its area; `part` how much of each.

    `by_space` lists the options by space, those that need none last.
    """
    total, spaces = 0.0, len(starts) - 2
    for s in range(spaces + 1):
        members = by_space[starts[s] : starts[s + 1]]
        if s == spaces:
            for p in members:
                part[p] = 1.0 if worth[p] > 0.0 else 0.0
                total += worth[p]
            continue
        least = np.inf
        for slot in range(o.when.shape[1]):  # each slot bounds alone: the least of them does
            value = knapsack(o, worth, slot, members, o.rooms[s, slot], order, trial)
            if value < least:
                least = value
                for p in members:
                    part[p] = trial[p]
        total += least
    return total


@njit(cache=True, nogil=True)
def worths(o, price, rate, worth, pick):
    """What each option is worth at prices of needs, (years, needs), and of money, (years,), in its best year."""
    years = len(o.budgets)
    for p in range(len(worth)):
        worth[p], pick[p] = 0.0, -1
        later = 0.0
        for year in range(years - 1, -1, -1):
            here, top = 0.0, 0.0
            for e in range(o.starts[p], o.starts[p + 1]):
                n = o.needs[e]
                here += price[year, n]
                if o.weight[n] > 0.0:
                    top = max(top, price[year, n] / o.weight[n])
            if np.isfinite(o.capacity[p]):
                here = min(here, o.capacity[p] * top)
            later += here
            if o.first[p] <= year and later - rate[year] * o.cost[p] > worth[p]:
                worth[p], pick[p] = later - rate[year] * o.cost[p], year


@njit(cache=True, nogil=True)
def bound(o, by_space, starts, known, rounds, wanted):
    """A value that no programme can beat, by Lagrangian relaxation of "served by something that is built".

    Each need has a price a year; an option is worth the prices of its needs, at most its capacity's worth,
    less what its money costs then. What fits a space is bounded by a knapsack in parts. `wanted`, (options,),
    becomes how much of each was taken of late: near to what the linear program takes.
    """
    size, count, years = len(o.space), len(o.weight), len(o.budgets)
    price, rate = np.empty((years, count)), np.zeros(years)
    for year in range(years):
        price[year] = 0.5 * o.weight / years
    kept, kept_rate = price.copy(), rate.copy()
    best, stride, waited = np.inf, 1.0, 0
    worth, part, trial = np.empty(size), np.zeros(size), np.zeros(size)
    pick, order = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    slope, slope_rate = np.empty((years, count)), np.empty(years)
    move, move_rate = np.zeros((years, count)), np.zeros(years)
    share = np.empty(size)  # what an option can serve of its needs
    for p in range(size):
        total = 0.0
        for e in range(o.starts[p], o.starts[p + 1]):
            total += o.weight[o.needs[e]]
        share[p] = min(o.capacity[p] / total, 1.0) if total > 0.0 else 0.0
    for _ in range(rounds):
        total = 0.0
        for year in range(years):
            slope_rate[year] = o.budgets[year]
            total += rate[year] * o.budgets[year]
            for n in range(count):
                spare = o.weight[n] / years - price[year, n]
                slope[year, n] = -1.0 if spare > 0.0 else 0.0  # wanted
                total += max(spare, 0.0)
        worths(o, price, rate, worth, pick)
        total += best_parts(o, worth, by_space, starts, order, part, trial)
        if total < best - 1e-9 * abs(best) or not np.isfinite(best):
            best, waited = total, 0
            kept[:], kept_rate[:] = price, rate
        else:
            waited += 1
            if waited >= STALE:
                stride, waited = stride * SHRINK, 0
        gap = total - known
        if gap <= 0.0 or stride < 0.002:
            break
        if total > 2.0 * best:  # gone astray
            price[:], rate[:] = kept, kept_rate
            move[:], move_rate[:] = 0.0, 0.0
            stride *= SHRINK
            continue
        for p in range(size):
            wanted[p] = 0.97 * wanted[p] + 0.03 * part[p]
            if part[p] > 0.0:
                slope_rate[pick[p]] -= o.cost[p] * part[p]
                for year in range(pick[p], years):
                    for e in range(o.starts[p], o.starts[p + 1]):
                        slope[year, o.needs[e]] += part[p] * share[p]
        norm, norm_rate = 0.0, 0.0
        for year in range(years):
            move_rate[year] = MOMENTUM * move_rate[year] + (1.0 - MOMENTUM) * slope_rate[year]
            if rate[year] > 0.0 or move_rate[year] < 0.0:
                norm_rate += move_rate[year] ** 2
            for n in range(count):
                move[year, n] = MOMENTUM * move[year, n] + (1.0 - MOMENTUM) * slope[year, n]
                norm += move[year, n] ** 2 * o.weight[n]
        for year in range(years):
            if norm > 0.0:
                step = stride * PART * gap / norm
                for n in range(count):
                    to = price[year, n] - step * move[year, n] * o.weight[n]
                    price[year, n] = min(max(to, 0.0), o.weight[n] / years)
            if norm_rate > 0.0:
                to = rate[year] - stride * (1.0 - PART) * gap * move_rate[year] / norm_rate
                rate[year] = max(to, 0.0)
    return best
