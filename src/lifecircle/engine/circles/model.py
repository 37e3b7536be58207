"""What circles are drawn of, and what was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import connected_components

from lifecircle.errors import InputError, Issue

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, repr=False)
class Units:
    """Communities or grids that circles are drawn of.

    Attributes
    ----------
    code, name
        (units,) of each unit.
    people
        (units,) residents.
    links
        (links, 2) units that one walks between directly.
    walk_s
        (units, units) seconds on foot from the homes of one to those of another.
    street
        (units,) which street each belongs to; -1 for none.
    """

    code: tuple[str, ...]
    name: tuple[str, ...]
    people: Floats
    links: Ints
    walk_s: Floats
    street: Ints

    @classmethod
    def of(
        cls,
        code: Sequence[str],
        people: ArrayLike,
        links: ArrayLike,
        walk_s: ArrayLike,
        *,
        street: ArrayLike | None = None,
        name: Sequence[str] | None = None,
    ) -> Units:
        """Make units of plain sequences.

        Raises
        ------
        InputError
            Shapes do not match, a number is negative or not finite, or a code occurs twice.
        """
        codes, size = tuple(code), len(code)
        found = cls(
            codes, tuple(name) if name is not None else codes,
            np.ascontiguousarray(people, dtype=np.float64),
            np.unique(np.sort(np.asarray(links, dtype=np.int64).reshape(-1, 2), axis=1), axis=0),
            np.ascontiguousarray(walk_s, dtype=np.float64),
            np.full(size, -1) if street is None else np.ascontiguousarray(street, dtype=np.int64),
        )  # fmt: skip
        if size == 0 or len(set(codes)) < size:
            raise refused(
                "code", "", "one or more units, each code once", "至少一个单元, 代码不重复"
            )
        for column, values, shape in (
            ("people", found.people, (size,)), ("walk_s", found.walk_s, (size, size)),
            ("street", found.street, (size,)), ("name", np.array(found.name, dtype=object), (size,)),
        ):  # fmt: skip
            if values.shape != shape:
                raise refused(column, str(values.shape), f"shape {shape}", f"形状 {shape}")
        for column, numbers in (("people", found.people), ("walk_s", found.walk_s)):
            wrong = numbers[~(np.isfinite(numbers) & (numbers >= 0))]
            if len(wrong):
                raise refused(
                    column, f"{wrong[0]}", "finite numbers of 0 or more", "0 或更大的有限数"
                )
        if not found.people.sum() > 0:
            raise refused("people", "0", "units with people", "有居民的单元")
        if len(found.links) and (found.links.min() < 0 or found.links.max() >= size):
            raise refused(
                "links", str(found.links.max()), f"units 0 to {size - 1}", f"单元 0 至 {size - 1}"
            )
        return found

    def __len__(self) -> int:
        return len(self.code)

    def __repr__(self) -> str:
        return f"<Units: {len(self):,}, {self.people.sum():,.0f} people, {len(self.links):,} links>"

    @cached_property
    def graph(self) -> scipy.sparse.csr_array:
        """(units, units) of ones where two are linked."""
        a, b = self.links[self.links[:, 0] != self.links[:, 1]].T
        ones = np.ones(2 * len(a), dtype=np.int8)
        rows, columns = np.concatenate([a, b]), np.concatenate([b, a])
        return scipy.sparse.csr_array((ones, (rows, columns)), shape=(len(self), len(self)))

    def pieces(self, label: ArrayLike) -> Ints:
        """Number the connected pieces of each circle of a division, (units,)."""
        circle = np.asarray(label)
        coo = self.graph.tocoo()
        same = circle[coo.row] == circle[coo.col]
        inner = scipy.sparse.csr_array(
            (coo.data[same], (coo.row[same], coo.col[same])), shape=coo.shape
        )
        return np.asarray(connected_components(inner, directed=False)[1], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle that was drawn: its `members` by code, and how it comes out.

    `centre` is the member with the least walk from all people of the circle, `walk_s` that walk at the
    mean; `beyond` how many people it has above the bounds (negative: below), `pieces` 1 where it hangs
    together.
    """

    members: tuple[str, ...]
    centre: str
    people: float
    walk_s: float
    beyond: float
    pieces: int


@dataclass(frozen=True, slots=True)
class Division:
    """Circles that cover all units once.

    `walk_s` is the mean walk to the centre over everybody; `split`, (0..1), the share of people apart from
    most of their street; `uneven`, (0..1), the largest difference from an equal part, as a share of it.
    `wish` is what was looked for: `compact`, `streets` kept together, `even` circles, `between` all three; ""
    for a division by hand.
    """

    label: NDArray[np.int64]
    circles: tuple[Circle, ...]
    walk_s: float
    split: float
    uneven: float
    wish: str = ""

    @property
    def valid(self) -> bool:
        """Whether every circle is in one piece and within the bounds."""
        return all(one.pieces == 1 and one.beyond == 0 for one in self.circles)


def refused(column: str, value: str, en: str, zh: str) -> InputError:
    """Say what is wrong with what circles are to be drawn of."""
    issue = Issue("circles", "units", en, zh, column=column, value=value)
    return InputError("no circles can be drawn / 无法划定生活圈", (issue,))
