"""Branch and bound over candidates: a good answer at once, then how good it is."""

from __future__ import annotations

import heapq
import math
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.siting import kernels
from lifecircle.engine.siting.model import Bools, Floats, Location, Siting

Watch = Callable[[Siting], bool | None]
"""Told of every better answer and of every hundredth node; ends the search by returning False."""

_TOGETHER = 4
"""Nodes at a time, whatever the number of threads: the search is the same on every machine."""
_ROOT_STEPS, _ROOT_ROUNDS, _NODE_STEPS = 2000, 4, 100


@dataclass(order=True, slots=True)
class _Node:
    bound: float
    number: int
    state: NDArray[np.int8] = field(compare=False)
    prices: Floats = field(compare=False)
    share: Floats = field(compare=False)
    answer: tuple[Bools, float] = field(default=(np.zeros(0, dtype=bool), math.inf), compare=False)


def locate(
    problem: Location,
    *,
    gap: float = 1e-4,
    base: float = 0.0,
    seconds: float = 60.0,
    rounds: int = 60,
    watch: Watch | None = None,
) -> Siting:
    """Choose the candidates that cost least.

    Greedy, interchange and a shaken interchange give the answer; Lagrangian bounds with the
    candidates that they rule out, and branching where they do not decide, give its distance to the
    optimum.

    Parameters
    ----------
    problem
        What to choose.
    gap
        Ends when the answer is proven to be within this share of `abs(base - cost)`; 0 for the optimum.
    base
        What the value is counted from: 0 for costs, the sum of `outside` for what is covered.
    seconds
        Ends then, with the gap that is reached; 0 gives the heuristic's answer and the root's bound.
    rounds
        Of the shaken interchange before the search.
    watch
        Told how the search gets on.
    """
    return _Search(problem, gap, base, seconds, watch).run(rounds)


class _Search:
    def __init__(
        self, problem: Location, gap: float, base: float, seconds: float, watch: Watch | None
    ) -> None:
        self.problem, self.gap, self.base = problem, gap, base
        self.start = time.perf_counter()
        self.end = self.start + seconds
        self.watch = watch
        self.whole = problem.whole
        self.best: Bools = problem.fixed.copy()
        self.cost = math.inf
        self.nodes, self.made = 0, 0
        self.heap: list[_Node] = []
        self.under_way = [0.0]
        """Bounds of what is being looked at; at first all there is."""
        self.over = False

    @property
    def enough(self) -> float:
        """Answers that cost this or more are not looked for."""
        near = self.cost - self.gap * abs(self.base - self.cost) - 1e-9 * abs(self.cost)
        return min(near, self.cost - 1 + 1e-4) if self.whole else near

    @property
    def bound(self) -> float:
        """What every answer costs at least."""
        seen = [self.enough, *self.under_way, *(node.bound for node in self.heap[:1])]
        bound = max(min(seen), 0.0)
        return min(math.ceil(bound - 1e-5), self.cost) if self.whole else bound

    def run(self, rounds: int) -> Siting:
        problem, rng = self.problem, np.random.default_rng(1)
        choice = problem.fixed.copy()
        kernels.greedy(*_entries(problem), problem.count, choice, problem.closed)
        self._found(choice)
        choice = self.best.copy()
        self._found(
            choice, kernels.shake(*_both(problem), choice, self.cost, *self._held(), rounds, rng)
        )
        with ThreadPoolExecutor(min(_TOGETHER, os.cpu_count() or 1)) as pool:
            self._root()
            while self._open_some(pool):
                pass
        return self._now()

    def _root(self) -> None:
        """Bound the whole problem, again with each better answer that the multipliers lead to."""
        problem = self.problem
        state = np.zeros(len(self.best), dtype=np.int8)
        state[problem.fixed], state[problem.closed] = kernels.IN, kernels.OUT
        node = _Node(0.0, 0, state, problem.second_best(self.best), np.zeros(len(state)))
        for _ in range(_ROOT_ROUNDS):
            before = node.bound
            self._relaxed(node, _ROOT_STEPS, 2.0, self.cost, self.enough)
            self._found(*node.answer)
            if node.bound >= self.enough or node.bound - before < 1e-4 * (self.enough - before):
                break
        self.under_way = []
        self._keep([node])

    def _open_some(self, pool: ThreadPoolExecutor) -> bool:
        """Branch on the nodes with the lowest bounds; whether there is more to do."""
        if self.over or time.perf_counter() > self.end:
            return False
        nodes: list[_Node] = []
        while self.heap and len(nodes) < _TOGETHER:
            node = heapq.heappop(self.heap)
            if node.bound >= self.enough:  # and so have all others
                self.heap.clear()
                break
            nodes.append(node)
        if not nodes:
            return False
        self.under_way = [node.bound for node in nodes]
        cost, enough = self.cost, self.enough
        for some in list(pool.map(lambda node: self._branch(node, cost, enough), nodes)):
            self._keep(some)
        self.under_way = []
        before, self.nodes = self.nodes, self.nodes + len(nodes)
        if before // 100 != self.nodes // 100:
            self._tell()
        return True

    def _branch(self, node: _Node, cost: float, enough: float) -> list[_Node]:
        free = np.flatnonzero(node.state == kernels.FREE)
        split = free[np.argmin(np.abs(node.share[free] - 0.5))]
        made = []
        for decided in (kernels.IN, kernels.OUT):
            state = node.state.copy()
            state[split] = decided
            child = _Node(node.bound, 0, state, node.prices.copy(), node.share.copy())
            self._relaxed(child, _NODE_STEPS, 1.0, cost, enough)
            made.append(child)
        return made

    def _relaxed(self, node: _Node, steps: int, pace: float, cost: float, enough: float) -> None:
        """Bound a node, and find the answer that its multipliers lead to."""
        problem = self.problem
        saves = np.full(len(node.state), -1.0)
        bound = kernels.relax(
            *_entries(problem), problem.count, node.state, node.prices, cost, enough, steps, pace,
            saves, node.share,
        )  # fmt: skip
        node.bound = max(node.bound, bound)
        choice = node.state == kernels.IN
        free = np.flatnonzero(node.state == kernels.FREE)
        left = problem.count - int(choice.sum())
        if len(free) < left:
            node.answer = self.best, math.inf
            return
        choice[free[np.argsort(-saves[free], kind="stable")[:left]]] = True
        node.answer = choice, kernels.interchange(*_both(problem), choice, *self._held())

    def _held(self) -> tuple[Bools, Bools]:
        return self.problem.fixed, self.problem.closed

    def _keep(self, nodes: list[_Node]) -> None:
        """Take the answers that nodes led to; those that are still open go on the heap."""
        for node in nodes:
            self._found(*node.answer)
            free = int((node.state == kernels.FREE).sum())
            left = self.problem.count - int((node.state == kernels.IN).sum())
            if 0 < left < free and node.bound < self.enough:
                self.made += 1
                node.number = self.made
                heapq.heappush(self.heap, node)

    def _found(self, chosen: Bools, cost: float | None = None) -> None:
        """Take an answer that is better than the best."""
        cost = self.problem.cost(chosen) if cost is None else cost
        if cost < self.cost:
            self.best, self.cost = chosen, cost
            self._tell()

    def _now(self) -> Siting:
        bound = min(self.bound, self.cost)
        value, bound = abs(self.base - self.cost), abs(self.base - bound)
        spent = time.perf_counter() - self.start
        return Siting(np.flatnonzero(self.best), value, bound, self.nodes, spent)

    def _tell(self) -> None:
        if self.watch is not None and self.watch(self._now()) is False:
            self.over = True


_Entries = tuple[NDArray[np.int64], NDArray[np.int32], Floats, Floats]
_Both = tuple[
    NDArray[np.int64],
    NDArray[np.int32],
    Floats,
    NDArray[np.int64],
    NDArray[np.int32],
    Floats,
    Floats,
]


def _entries(problem: Location) -> _Entries:
    return problem.starts, problem.points, problem.costs, problem.outside


def _both(problem: Location) -> _Both:
    by_point = problem.firsts, problem.near, problem.prices
    return problem.starts, problem.points, problem.costs, *by_point, problem.outside
