"""Two runs side by side: what rose, what fell, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from lifecircle.engine.grading.words import PARTS_ZH
from lifecircle.engine.runs.causes import CAUSES_ZH, Differences
from lifecircle.engine.runs.run import Run
from lifecircle.engine.standards import COLOURS

Row = dict[str, Any]
_NOTICED = 0.05
"""Scores that differ by less read alike."""

CHANGES = pa.schema(
    [
        ("level", pa.string()),
        ("area", pa.string()),
        ("area_zh", pa.string()),
        ("area_en", pa.string()),
        ("scope", pa.string()),
        ("key", pa.string()),
        ("key_zh", pa.string()),
        ("key_en", pa.string()),
        ("change", pa.string()),  # rose, fell (by colour), better, worse (by score), new, gone
        ("colour_before", pa.string()),  # null where there was no such card
        ("colour_after", pa.string()),
        ("score_before", pa.float64()),
        ("score_after", pa.float64()),
        ("part", pa.string()),  # the part that moved the score most; "" for roll-ups
        ("causes", pa.list_(pa.string())),  # network, facility, population, standard, survey ...
        ("why_zh", pa.string()),
        ("why_en", pa.string()),
    ]
)
"""One row a card that differs, in the order of the cards."""


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """What differs between two runs.

    `changes` has the columns of `CHANGES`; `inputs` names the input files that differ; `counts` how
    many cards of each scope rose, fell, or differ otherwise; `same` how many are as they were.
    """

    changes: pa.Table
    inputs: tuple[str, ...]
    counts: dict[str, dict[str, int]]
    same: int

    def __repr__(self) -> str:
        return f"<Comparison: {self.changes.num_rows:,} cards differ, {self.same:,} do not>"


def compare(before: Run, after: Run) -> Comparison:
    """Hold two runs against each other, card by card.

    Why a card changed is read from the manifests and tables: which inputs differ, and which of
    them touch this card (facilities of its types, people of its area, an override of its types,
    the map). Where several do, all are named.

    Parameters
    ----------
    before, after
        Runs of one district, or of two: cards are matched by the area's code and the card's key.
    """
    differences = Differences.between(before, after)
    one, two = (
        {(r["area"], r["scope"], r["key"]): r for r in run.cards.to_pylist()}
        for run in (before, after)
    )
    members = _members(after.cards.to_pylist(), after.manifest)
    rows: list[Row] = []
    counts: dict[str, Counter[str]] = {}
    same = 0
    for key in [*one, *(key for key in two if key not in one)]:
        old, new = one.get(key), two.get(key)
        change = _change(old, new)
        if not change:
            same += 1
            continue
        row = new or old or {}
        counts.setdefault(row["scope"], Counter())[change] += 1
        rows.append(_row(row, old, new, change, differences, members))
    return Comparison(
        pa.Table.from_pylist(rows, schema=CHANGES), differences.inputs,
        {scope: dict(count) for scope, count in counts.items()}, same,
    )  # fmt: skip


def _change(old: Row | None, new: Row | None) -> str:
    if old is None or new is None:
        return "new" if old is None else "gone"
    order = {colour: k for k, colour in enumerate(COLOURS)}
    a, b = order.get(old["colour"]), order.get(new["colour"])
    if (a is None) != (b is None):
        return "new" if a is None else "gone"
    if a is not None and b is not None and a != b:
        return "rose" if b < a else "fell"
    gain = (new["score"] or 0.0) - (old["score"] or 0.0)
    if abs(gain) < _NOTICED:
        return ""
    return "better" if gain > 0 else "worse"


def _members(rows: list[Row], manifest: Row) -> dict[str, frozenset[str]]:
    """The types that each key speaks of, by key."""
    groups = manifest["standard"].get("members", {})
    types = {r["key"] for r in rows if r["scope"] == "type"}
    everything = frozenset(types)
    return {
        **{key: frozenset({key}) for key in types},
        **{key: frozenset(kinds) for key, kinds in groups.items()},
        "overall": everything,
    }


def _row(
    row: Row,
    old: Row | None,
    new: Row | None,
    change: str,
    differences: Differences,
    members: dict[str, frozenset[str]],
) -> Row:
    part, causes = "", []
    kinds = members.get(row["key"], frozenset())
    if old is not None and new is not None:
        part = _moved_most(old, new) if row["scope"] == "type" else ""
        causes = differences.causes(old, new, kinds)
    ids = [i for kind in sorted(kinds) for i in differences.facilities.get(kind, ())]
    zh, en = _why(old, new, part, causes, ids if "facility" in causes else [])
    return {
        **{name: row[name] for name in CHANGES.names[:8]},
        "change": change,
        "colour_before": old and old["colour"],
        "colour_after": new and new["colour"],
        "score_before": old and old["score"],
        "score_after": new and new["score"],
        "part": part,
        "causes": causes,
        "why_zh": zh,
        "why_en": en,
    }


def _moved_most(old: Row, new: Row) -> str:
    moved = {
        name: abs((new[name] or 0.0) - (old[name] or 0.0))
        for name in PARTS_ZH
        if not (old[name] is None and new[name] is None)
    }
    best = max(moved, key=lambda name: moved[name], default="")
    return best if best and moved[best] > 0 else ""


def _why(
    old: Row | None, new: Row | None, part: str, causes: list[str], ids: list[str]
) -> tuple[str, str]:
    zh, en = [], []
    if part and old is not None and new is not None:
        a, b = (f"{row[part]:.0f}" if row[part] is not None else "–" for row in (old, new))
        zh.append(f"{PARTS_ZH[part]} {a} → {b}")
        en.append(f"{part} {a} → {b}")
    if causes:
        zh.append("因" + "、".join(CAUSES_ZH[c] for c in causes) + "有变")
        en.append("as these changed: " + ", ".join(causes))
    if ids:
        shown = ", ".join(ids[:4]) + (f" … ({len(ids)})" if len(ids) > 4 else "")
        zh.append(f"设施 {shown}")
        en.append(f"facilities {shown}")
    return "; ".join(zh), "; ".join(en)
