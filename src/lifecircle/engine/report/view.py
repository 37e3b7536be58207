"""What the page shows, gathered from an assessment and ready for the templates."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

import lifecircle
from lifecircle.engine.grading.model import Assessment
from lifecircle.engine.grading.words import PARTS_ZH
from lifecircle.engine.report.atlas import draw_atlas
from lifecircle.engine.report.book import Area, Card, CardBook, Street
from lifecircle.engine.report.colours import swatches
from lifecircle.engine.report.columns import CardColumn, rollup_columns, type_columns
from lifecircle.engine.report.provenance import numbers, synthetic_tables

GAPS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Tally:
    """How many communities have each colour in one column, and the district's own card there."""

    column: CardColumn
    card: Card | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """An area and its cards, one a column; None where there is none."""

    area: Area
    cards: tuple[Card | None, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A street's rows in a table of cards: its own, then its communities'."""

    street: Row
    communities: tuple[Row, ...]


def view(assessment: Assessment) -> dict[str, Any]:
    """Gather the page's content, by the names that the templates use."""
    standards = assessment.district.standards
    book = CardBook(assessment)
    rollups, types = rollup_columns(standards), type_columns(standards)
    return {
        "version": lifecircle.__version__,
        "district": assessment.district,
        "warnings": assessment.warnings,
        "standards": standards,
        "way": assessment.way,
        "book": book,
        "facilities": assessment.facilities.num_rows,
        "overall": book.card(book.district, "overall", "overall"),
        "marks": swatches(standards),
        "synthetic": synthetic_tables(assessment.district),
        "atlas": draw_atlas(assessment, book),
        "maps": [column for column in rollups if column.scope != "category"],
        "tallies": tallies(book, rollups),
        "rollups": rollups,
        "rollup_blocks": blocks(book, rollups),
        "circles": [
            Row(a, tuple(book.card(a, c.scope, c.key) for c in rollups)) for a in book.circles
        ],
        "types": types,
        "type_blocks": blocks(book, types),
        "type_cards": [(column, book.card(book.district, "type", column.key)) for column in types],
        "gaps": gaps(assessment, book),
        "gap_total": assessment.gaps.num_rows,
        "indicators": indicators(assessment),
        "groups": assessment.groups.filter(pc.field("level") == "district").to_pylist(),
        "moments": moments(assessment, book),
        "odds": borderline(assessment, book),
        "numbers": numbers(standards),
        "parts_zh": PARTS_ZH,
    }


def tallies(book: CardBook, columns: tuple[CardColumn, ...]) -> list[Tally]:
    """Count the communities' colours in every column."""
    result = []
    for column in columns:
        cards = [book.card(area, column.scope, column.key) for area in book.communities]
        counts = Counter(card["colour"] for card in cards if card)
        own = book.card(book.district, column.scope, column.key)
        result.append(Tally(column, own, dict(counts)))
    return result


def blocks(book: CardBook, columns: tuple[CardColumn, ...]) -> list[Block]:
    """Arrange cards street by street."""

    def row(area: Area) -> Row:
        return Row(area, tuple(book.card(area, c.scope, c.key) for c in columns))

    return [Block(row(street), tuple(map(row, street.communities))) for street in book.streets]


def gaps(assessment: Assessment, book: CardBook) -> list[tuple[dict[str, Any], Street]]:
    """Return the communities' largest gaps by people affected, each with its street."""
    streets = book.street_of()
    table = assessment.gaps.filter(pc.field("level") == "community").sort_by("rank")
    return [(gap, streets[gap["area"]]) for gap in table.slice(0, GAPS_SHOWN).to_pylist()]


def indicators(assessment: Assessment) -> dict[str, dict[str, Any]]:
    """Return the indicators by key: names, and rows of the district and its streets."""
    result: dict[str, dict[str, Any]] = {}
    for row in assessment.indicators.to_pylist():
        entry = result.setdefault(
            row["key"], {"zh": row["name_zh"], "en": row["name_en"], "rows": []}
        )
        if row["level"] in {"district", "street", "circle"}:
            entry["rows"].append(row)
    return result


@dataclass(frozen=True, slots=True)
class MomentRow:
    """The district's cards of one key, and how many communities have it green or blue, by moment."""

    key_zh: str
    key_en: str
    scope: str
    cells: tuple[dict[str, Any], ...]
    met: tuple[int, ...]


def moments(assessment: Assessment, book: CardBook) -> dict[str, Any]:
    """Return the moments that were graded, and a row for the whole, each theme and what closes.

    Types stand there only where their colour in the district differs between the moments.
    """
    cards: dict[str, list[dict[str, Any]]] = {}
    met: dict[tuple[str, str], int] = Counter()
    names = pc.unique(assessment.moments["moment"]).to_pylist()
    for row in assessment.moments.to_pylist():
        if row["area"] == book.district.code and row["scope"] != "category":
            cards.setdefault(row["key"], []).append(row)
        if row["level"] == "community" and row["colour"] in {"green", "blue"}:
            met[row["key"], row["moment"]] += 1
    rows = [
        MomentRow(
            row[0]["key_zh"], row[0]["key_en"], row[0]["scope"], tuple(row),
            tuple(met[key, name] for name in names),
        )
        for key, row in cards.items()
        if row[0]["scope"] != "type" or len({cell["colour"] for cell in row}) > 1
    ]  # fmt: skip
    order = {"overall": 0, "theme": 1, "type": 2}
    return {"names": names, "rows": sorted(rows, key=lambda row: order[row.scope])}


def borderline(assessment: Assessment, book: CardBook) -> dict[str, Any] | None:
    """Return the roll-up cards that may well have another colour, and the ranks that hold.

    None where uncertainty was not asked for.
    """
    if assessment.probabilities is None:
        return None
    table = assessment.probabilities.filter(pc.field("scope") != "type").to_pylist()
    overall = [r for r in table if r["scope"] == "overall" and r["level"] == "community"]
    ranked = [r for r in overall if r["rank"] is not None]
    close = [r for r in table if r["borderline"] and r["scope"] in {"overall", "theme"}]
    return {
        "draws": assessment.draws,
        "close": close[:GAPS_SHOWN],
        "close_total": len(close),
        "cards_total": sum(r["scope"] in {"overall", "theme"} for r in table),
        "stable": sorted((r for r in ranked if r["rank_stable"]), key=lambda r: r["rank"]),
        "unstable": sorted((r for r in ranked if not r["rank_stable"]), key=lambda r: r["rank"]),
        "street_of": book.street_of(),
    }
