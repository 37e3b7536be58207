"""A folder with a walking graph, what is walked to, and the tiles that are done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lifecircle.atomic import FolderKind, atomic_file, atomic_folder
from lifecircle.engine.reach import Opportunities, Sources
from lifecircle.engine.reach.catchment import Floats
from lifecircle.engine.reach.graph import TICKS_PER_SECOND, Arcs
from lifecircle.engine.reach.opportunities import COARSER_BITS, Scales, Tally
from lifecircle.engine.tiling import kernels
from lifecircle.engine.tiling.quadtree import Tile, cut
from lifecircle.errors import InputError
from lifecircle.progress import Progress

if TYPE_CHECKING:
    from distributed import Client

_FORMAT = 1
_NAMES = (
    "x", "y", "along_indptr", "along_packed", "against_indptr", "against_packed", "people", "node",
    "category", "supply", "weight",
)  # fmt: skip
STORE = FolderKind(
    "tiles of Lifecircle", "生活圈的分块", "store.json",
    ("store.json", "scales.json", "tiles", *(f"{name}.npy" for name in _NAMES)),
)  # fmt: skip
_SUMS = ("near", "count", "offered", "shared")


@dataclass(frozen=True, slots=True)
class _Part:
    """The graph of a tile and its halos: what `Tally` takes of a graph."""

    along: Arcs
    against: Arcs

    @property
    def nodes(self) -> int:
        return self.along.nodes


class Store:
    """Opportunities in tiles, on disk.

    A tile is a run of nodes in spatial order. Its sums come from the sources within one halo of it,
    each of which is shared by people within a second one; a halo is the farthest that anybody gets
    within the cut-off in a straight line. So tiles need nothing of each other: they may be done in
    any order, on any machine that sees the folder, and again after a crash; those that are done stay.

    Examples
    --------
    >>> tally = Tally(graph, sources, 11, cutoff_s=900, people=people)  # doctest: +SKIP
    >>> store = Store.create("tiles", tally, x, y)  # doctest: +SKIP
    >>> store.run()  # doctest: +SKIP
    >>> store.opportunities().count.shape  # doctest: +SKIP
    """

    def __init__(self, folder: Path | str) -> None:
        """Open a store.

        Raises
        ------
        InputError
            The folder is no store of this version.
        """
        self.folder = Path(folder)
        try:
            plan = json.loads((self.folder / "store.json").read_text(encoding="utf-8"))
            self.format = plan["format"]
            self.categories, self.cutoff, self.way = plan["categories"], plan["cutoff"], plan["way"]
            self.shifts, self.halo_m, self.shared = plan["shifts"], plan["halo_m"], plan["shared"]
            self.tiles = [Tile(t["first"], t["last"], tuple(t["box"])) for t in plan["tiles"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{folder}: not a folder of tiles of this version ({error}) / 不是本版本的分块文件夹"
            ) from None
        if self.format != _FORMAT:
            raise InputError(
                f"{folder}: tiles of format {self.format}, not {_FORMAT} / 分块的格式版本不符"
            )

    @classmethod
    def create(
        cls,
        folder: Path | str,
        tally: Tally,
        x: Floats,
        y: Floats,
        *,
        most_nodes: int = 250_000,
    ) -> Store:
        """Write a store, atomically.

        Parameters
        ----------
        folder
            New or empty, or an earlier store, which is replaced.
        tally
            Of the whole, not yet searched: the graph, the sources, and what is summed.
        x, y
            (nodes,) metres, in the order of `spatial_order`.
        most_nodes
            Of a tile, without its halos: what bounds a worker's memory, about 0.3 KB a node for 11
            categories.

        Raises
        ------
        ValueError
            The nodes are in another order.
        OutputError
            The folder is not ours to replace.
        """
        graph, sources, way = tally.graph, tally.sources, tally.way
        tiles = cut(x, y, most_nodes)
        fastest = max(
            kernels.top_speed(arcs.indptr, arcs.packed, x, y)
            for arcs in (graph.along, graph.against)
        )
        order = np.argsort(sources.node, kind="stable")
        plan = {
            "format": _FORMAT, "categories": tally.categories, "cutoff": tally.cutoff, "way": way,
            "shifts": [graph.along.shift, graph.against.shift],
            "halo_m": fastest * tally.cutoff + 1.0, "shared": tally.shares,
            "tiles": [asdict(tile) for tile in tiles],
        }  # fmt: skip
        arrays: dict[str, NDArray[Any]] = {
            "x": x, "y": y, "along_indptr": graph.along.indptr, "along_packed": graph.along.packed,
            "against_indptr": graph.against.indptr, "against_packed": graph.against.packed,
            "people": tally.people, "node": sources.node[order],
            "category": sources.category[order], "weight": tally.weight,
            "supply": tally.supply[order] if tally.sums else np.zeros(0),
        }  # fmt: skip
        with atomic_folder(Path(folder), STORE) as temporary:
            for name, values in arrays.items():
                np.save(temporary / f"{name}.npy", values)
            (temporary / "tiles").mkdir()
            (temporary / "store.json").write_text(json.dumps(plan), encoding="utf-8")
            _write_scales(temporary / "scales.json", tally.scales)
        return cls(folder)

    @property
    def scales(self) -> Scales:
        """The scales of all tiles' sums."""
        plan = json.loads((self.folder / "scales.json").read_text(encoding="utf-8"))
        return Scales(np.array(plan["supply"], dtype=np.int64), plan["people"], plan["share"])

    def left(self) -> list[int]:
        """The tiles that are still to be done, by number."""
        return [k for k in range(len(self.tiles)) if not self.path_of(k).exists()]

    def run(self, client: Client | None = None, *, progress: Progress | None = None) -> None:
        """Do what is left.

        Parameters
        ----------
        client
            Of a Dask scheduler whose workers see the folder under the same path. Workers may die: what
            they had begun is done again by others. Without one, the tiles are done here.
        progress
            Told of each tile.
        """
        progress = progress or Progress()
        while True:
            left = self.left()
            with progress.stage("tiles", total=len(left)) as advance:
                for _ in self._done(left, client):
                    advance(1)
            if not self.shared or self._fits():
                return

    def _done(self, left: list[int], client: Client | None) -> Iterator[int]:
        if client is None:
            for number in left:
                yield do_tile(str(self.folder), number)
            return
        from distributed import as_completed  # noqa: PLC0415  (the extra `scale`)

        folder = str(self.folder.resolve())
        futures = client.map(do_tile, [folder] * len(left), left, pure=False, threads=1)
        for done in as_completed(futures):  # type: ignore[no-untyped-call]
            yield done.result()

    def _fits(self) -> bool:
        """Whether all shares fit their scale; if not, a coarser one, and all tiles are left to do."""
        if all(bool(np.load(self.path_of(k) / "fits.npy")) for k in range(len(self.tiles))):
            return True
        scales = self.scales
        _write_scales(
            self.folder / "scales.json", replace(scales, share=scales.share - COARSER_BITS)
        )
        return False

    def opportunities(self) -> Opportunities:
        """All tiles together, as `reach.opportunities` gives them, without `demand`.

        Raises
        ------
        InputError
            Tiles are left to do.
        """
        if self.left():
            raise InputError(f"{self.folder}: {len(self.left())} tiles are left / 尚有分块未完成")
        parts = [self._read(k) for k in range(len(self.tiles))]
        whole = {name: np.concatenate([p[name] for p in parts], axis=1) for name in parts[0]}
        return self.scales.amounts(
            whole["near"], whole["count"], whole.get("offered"), whole.get("shared")
        )

    def path_of(self, number: int) -> Path:
        """Where a tile's sums are, once they are."""
        return self.folder / "tiles" / f"{number:06d}-{self.scales.share}"

    def _read(self, number: int) -> dict[str, NDArray[Any]]:
        path = self.path_of(number)
        return {
            name: np.load(path / f"{name}.npy", mmap_mode="r")
            for name in _SUMS
            if (path / f"{name}.npy").exists()
        }

    def array(self, name: str) -> NDArray[Any]:
        """One of the arrays that all tiles share, left on disk."""
        return np.load(self.folder / f"{name}.npy", mmap_mode="r")


def do_tile(folder: str, number: int, threads: int = 0) -> int:
    """Do one tile of a store; what is written is whole or not there. Returns its number."""
    import numba  # noqa: PLC0415

    store = Store(folder)
    path = store.path_of(number)
    if path.exists():
        return number
    before = numba.get_num_threads()
    if threads:
        numba.set_num_threads(threads)
    try:
        sums, fits = _search(store, store.tiles[number])
    finally:
        numba.set_num_threads(before)
    kind = FolderKind("a tile", "分块", "near.npy", ("*.npy",))
    with atomic_folder(path, kind) as temporary:
        for name, values in sums.items():
            np.save(temporary / f"{name}.npy", np.ascontiguousarray(values))  # written in one go
        np.save(temporary / "fits.npy", np.array(fits))
    return number


def _search(store: Store, tile: Tile) -> tuple[dict[str, NDArray[Any]], bool]:
    """The sums of a tile's nodes, and whether its shares fit their scale."""
    nodes, start, offset, rank = _around(store, tile)
    arcs = []
    for side, shift in zip(("along", "against"), store.shifts, strict=True):
        rows, packed = kernels.part(
            store.array(f"{side}_indptr"),
            store.array(f"{side}_packed"),
            nodes,
            start,
            offset,
            rank,
        )
        arcs.append(Arcs(rows, packed, np.zeros(0, dtype=np.int32), shift))
    sources = _sources(store, tile, nodes)
    people = store.array("people")
    tally = Tally(
        _Part(*arcs), sources, store.categories, cutoff_s=store.cutoff / TICKS_PER_SECOND,
        way=store.way, people=people[nodes] if len(people) else None, scales=store.scales,
        decay=np.array(store.array("weight")),
    )  # fmt: skip
    fits = tally.search_once()
    first = int(np.searchsorted(nodes, tile.first))
    own = slice(first, first + tile.last - tile.first)
    sums = {name: getattr(tally, name)[: store.categories, own] for name in _SUMS[:2]}
    if tally.sums:
        sums["offered"] = tally.offered[: store.categories, own]
    if tally.shares:
        sums["shared"] = tally.shared[: store.categories, own]
    return sums, fits


def _around(store: Store, tile: Tile) -> tuple[NDArray[np.int64], ...]:
    """The nodes within two halos of a tile, and where each node of the runs about it stands."""
    x, y = store.array("x"), store.array("y")
    reach = 2 * store.halo_m
    runs = [other for other in store.tiles if tile.within(reach, other)]
    kept, rank, size = [], [], 0
    for run in runs:
        inside = _inside(tile, reach, x[run.first : run.last], y[run.first : run.last])
        kept.append(run.first + np.flatnonzero(inside))
        place = np.full(run.last - run.first, -1, dtype=np.int32)
        place[inside] = size + np.arange(len(kept[-1]))
        rank.append(place)
        size += len(kept[-1])
    start = np.array([run.first for run in runs], dtype=np.int64)
    offset = np.concatenate([[0], np.cumsum([len(r) for r in rank])]).astype(np.int64)
    return np.concatenate(kept), start, offset, np.concatenate(rank)


def _inside(tile: Tile, metres: float, x: Floats, y: Floats) -> NDArray[np.bool_]:
    x0, y0, x1, y1 = tile.box
    result: NDArray[np.bool_] = (
        (x >= x0 - metres) & (x <= x1 + metres) & (y >= y0 - metres) & (y <= y1 + metres)
    )
    return result


def _sources(store: Store, tile: Tile, nodes: NDArray[np.int64]) -> Sources:
    """The sources within one halo of a tile, at their places among its nodes."""
    node = store.array("node")
    place = np.searchsorted(nodes, node)
    place[place == len(nodes)] = 0
    known = nodes[place] == node if len(nodes) else np.zeros(len(node), dtype=bool)
    at = np.array(node[known])
    near = _inside(tile, store.halo_m, store.array("x")[at], store.array("y")[at])
    use = np.flatnonzero(known)[near]
    supply = store.array("supply")
    return Sources(
        place[use].astype(np.int32), np.array(store.array("category")[use]),
        np.array(supply[use]) if len(supply) else None,
    )  # fmt: skip


def _write_scales(path: Path, scales: Scales) -> None:
    plan = {"supply": scales.supply.tolist(), "people": scales.people, "share": scales.share}
    with atomic_file(path) as temporary:
        temporary.write_text(json.dumps(plan), encoding="utf-8")
