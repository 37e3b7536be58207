"""From drawn cards to what can be said of them: how likely each colour is, which ranks hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from lifecircle.engine.bundle.model import LEVELS, District
from lifecircle.engine.grading.columns import CARDS
from lifecircle.engine.grading.uncertainty import GREY, Drawn, Floats
from lifecircle.engine.standards.model import COLOURS

SURE = 0.8
"""A card is borderline when its own colour comes out in less than this share of the draws."""
_RANGE = (5.0, 95.0)

PROBABILITIES = pa.schema(
    [
        *(CARDS.field(name) for name in ("level", "area", "area_zh", "area_en", "scope", "key")),
        ("key_zh", pa.string()),
        ("key_en", pa.string()),
        ("colour", pa.string()),  # as graded, without draws
        *((f"p_{colour}", pa.float64()) for colour in (*COLOURS, "grey")),
        ("borderline", pa.bool_()),
        ("score_low", pa.float64()),  # 5 % and 95 % of the draws
        ("score_high", pa.float64()),
        ("rank", pa.int64()),  # among the places of its level, best first; null when grey
        ("rank_low", pa.int64()),
        ("rank_high", pa.int64()),
        ("rank_stable", pa.bool_()),  # the range of ranks holds a tenth of the places at most
    ]
)
"""One row a card, in the order of the cards."""


def probability_table(district: District, cards: pa.Table, drawn: Drawn) -> pa.Table:
    """Say how likely each colour of each card is, and between which ranks it lies.

    Parameters
    ----------
    district
        The district.
    cards
        The cards as graded (`CARDS`).
    drawn
        The same cards in every draw.
    """
    places = district.places
    number = {code: k for k, code in enumerate(places.code)}
    ranks: dict[tuple[tuple[str, str], str], Floats] = {
        (key, level): _ranks(score[places.level == level])
        for key, score in drawn.score.items()
        for level in LEVELS
    }
    within = {
        k: (places.level[k], int(np.count_nonzero(places.level[:k] == places.level[k])))
        for k in range(len(places.code))
    }
    nominal = _nominal_ranks(cards)
    rows = []
    for card in cards.to_pylist():
        key, place = (card["scope"], card["key"]), number[card["area"]]
        colours, scores = drawn.colour[key][place], drawn.score[key][place]
        level, row = within[place]
        share = np.bincount(colours, minlength=GREY + 1) / len(colours)
        own = GREY if card["colour"] == "grey" else COLOURS.index(card["colour"])
        rows.append(
            {name: card[name] for name in PROBABILITIES.names[:9]}
            | {f"p_{c}": float(p) for c, p in zip((*COLOURS, "grey"), share, strict=True)}
            | {"borderline": bool(own != GREY and share[own] < SURE)}
            | _range(scores, ranks[key, level][row], nominal.get((card["area"], *key)))
        )
    return pa.Table.from_pylist(rows, schema=PROBABILITIES)


def _ranks(scores: Floats) -> Floats:
    """Rank places in every draw, (places, draws), 1 the best; NaN where grey."""
    order = np.argsort(np.argsort(-np.nan_to_num(scores, nan=-1.0), axis=0, kind="stable"), axis=0)
    return np.where(np.isnan(scores), np.nan, order + 1.0)


def _nominal_ranks(cards: pa.Table) -> dict[tuple[str, str, str], tuple[int, int]]:
    """The rank of each rated card among those of its key and level, and how many there are."""
    groups: dict[tuple[str, str, str], list[tuple[float, str]]] = {}
    for card in cards.select(["level", "area", "scope", "key", "score"]).to_pylist():
        if card["score"] is not None:
            group = groups.setdefault((card["level"], card["scope"], card["key"]), [])
            group.append((-card["score"], card["area"]))
    result = {}
    for (_, scope, key), group in groups.items():
        for rank, (_, area) in enumerate(sorted(group), start=1):
            result[area, scope, key] = (rank, len(group))
    return result


def _range(scores: Floats, ranks: Floats, nominal: tuple[int, int] | None) -> dict[str, Any]:
    known = np.isfinite(scores)
    empty = dict.fromkeys(PROBABILITIES.names[-6:])
    if nominal is None or not known.any():
        return empty
    low, high = np.percentile(scores[known], _RANGE)
    first, last = np.percentile(ranks[known], _RANGE, method="nearest").astype(int)
    rank, count = nominal
    return {
        "score_low": float(low),
        "score_high": float(high),
        "rank": rank,
        "rank_low": int(first),
        "rank_high": int(last),
        "rank_stable": bool(last - first <= max(count // 10, 1)),
    }
