"""The walking network: nodes with heights, straight edges with what a walker meets on them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lifecircle.atomic import FolderKind, atomic_folder
from lifecircle.errors import NetworkError

Floats = NDArray[np.float64]

SAVED = FolderKind("a saved network", "已保存的路网", "nodes.arrow", ("nodes.arrow", "edges.arrow"))


@dataclass(frozen=True, slots=True)
class Nodes:
    """(nodes,) arrays: metres in the network's CRS, `z` NaN where no elevation is known.

    `osm` is the OpenStreetMap id, 0 for a node that was put in; `component` numbers the connected
    parts, 0 the largest.
    """

    x: Floats
    y: Floats
    z: Floats
    osm: NDArray[np.int64]
    component: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Edges:
    """(edges,) arrays of straight pieces from `tail` to `head`.

    `length_m` is horizontal; `rise_m` the climb from tail to head (NaN: stairs whose direction is
    not known); `run_m` the horizontal run of its flights of stairs. `kind` and `structure` are
    `tags.Kind` and `tags.Structure`. `signal`, `footbridge` and `board` are the shares of one wait
    (at lights, on a footbridge, for a lift or escalator) that this piece carries. `wheelchair` is
    -1 no, 0 not said, 1 yes. `hours` and `name` index `WalkNetwork.texts`.
    """

    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    length_m: Floats
    rise_m: Floats
    run_m: Floats
    kind: NDArray[np.uint8]
    structure: NDArray[np.uint8]
    forward: NDArray[np.bool_]
    backward: NDArray[np.bool_]
    signal: Floats
    footbridge: Floats
    board: Floats
    wheelchair: NDArray[np.int8]
    hours: NDArray[np.int32]
    name: NDArray[np.int32]
    way: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.tail)


@dataclass(frozen=True, slots=True, repr=False)
class WalkNetwork:
    """A walking network and what was noticed while it was built.

    `texts[0]` is "". `notes` counts what a planner should know: islands, stairs without a known
    direction, nodes without elevation, closed lifts.
    """

    crs: str
    nodes: Nodes
    edges: Edges
    texts: tuple[str, ...]
    notes: dict[str, int]

    def __repr__(self) -> str:
        return f"<WalkNetwork {self.crs}: {len(self.nodes.x):,} nodes, {len(self.edges):,} edges>"

    def lines(self, edges: NDArray[np.integer[Any]] | slice = slice(None)) -> Floats:
        """(edges, 4) x and y of tail and head, metres, of all edges or of some."""
        tail, head = self.edges.tail[edges], self.edges.head[edges]
        return np.column_stack(
            [self.nodes.x[tail], self.nodes.y[tail], self.nodes.x[head], self.nodes.y[head]]
        )

    def save(self, folder: Path) -> None:
        """Write `nodes.arrow` and `edges.arrow` (Arrow IPC) atomically."""
        with atomic_folder(Path(folder), SAVED) as temporary:
            meta = {"crs": self.crs, "texts": list(self.texts), "notes": self.notes}
            _write(temporary / "nodes.arrow", self.nodes, meta)
            _write(temporary / "edges.arrow", self.edges, {})

    @classmethod
    def load(cls, folder: Path) -> WalkNetwork:
        """Map a saved network into memory: nothing is copied until it is used.

        Raises
        ------
        NetworkError
            The folder holds no network, or a broken one.
        """
        import json  # noqa: PLC0415

        try:
            nodes, meta = _read(folder / "nodes.arrow", Nodes)
            edges, _ = _read(folder / "edges.arrow", Edges)
            about = json.loads(meta[b"lifecircle"])
        except (OSError, pa.ArrowException, KeyError, ValueError) as error:
            raise NetworkError(f"{folder}: not a saved walking network ({error})") from error
        return cls(about["crs"], nodes, edges, tuple(about["texts"]), about["notes"])


def _write(path: Path, columns: Nodes | Edges, meta: dict[str, Any]) -> None:
    import json  # noqa: PLC0415

    arrays = {f.name: pa.array(getattr(columns, f.name)) for f in fields(columns)}
    arrays = {
        k: v.cast(pa.uint8()) if pa.types.is_boolean(v.type) else v for k, v in arrays.items()
    }
    table = pa.table(arrays).replace_schema_metadata(
        {"lifecircle": json.dumps(meta, ensure_ascii=False, sort_keys=True)}
    )
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())


def _read(path: Path, cls: type[Any]) -> tuple[Any, dict[bytes, bytes]]:
    with pa.memory_map(str(path)) as source:
        table = pa.ipc.open_file(source).read_all()
    columns = {}
    for f in fields(cls):
        values = table[f.name].combine_chunks().to_numpy(zero_copy_only=True)
        columns[f.name] = values.view(np.bool_) if f.name in {"forward", "backward"} else values
    return cls(**columns), table.schema.metadata or {}
