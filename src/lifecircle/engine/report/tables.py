"""The results as tables: plain Parquet, and GeoParquet where a row has a place on the map."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from lifecircle.engine.bundle.write import write_geoparquet
from lifecircle.engine.grading.model import Assessment
from lifecircle.engine.report.book import Area, CardBook
from lifecircle.engine.report.columns import rollup_columns

CRS = "EPSG:4326"


def write_tables(assessment: Assessment, folder: Path) -> None:
    """Write cards, gaps, indicators, places, facilities and buildings into `folder`."""
    write_parquet(folder / "cards.parquet", assessment.cards)
    write_parquet(folder / "gaps.parquet", assessment.gaps)
    write_parquet(folder / "indicators.parquet", assessment.indicators)
    write_parquet(folder / "groups.parquet", assessment.groups)
    if assessment.moments.num_rows:
        write_parquet(folder / "moments.parquet", assessment.moments)
    if assessment.probabilities is not None:
        write_parquet(folder / "probabilities.parquet", assessment.probabilities)
    columns = place_columns(assessment)
    write_geoparquet(folder / "places.parquet", columns, assessment.shapes, CRS)
    _write_points(folder / "facilities.parquet", assessment.facilities)
    _write_points(folder / "buildings.parquet", assessment.buildings)


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a table as Parquet; the same table gives the same bytes."""
    pq.write_table(table.combine_chunks(), path, compression="zstd")


def place_columns(assessment: Assessment) -> dict[str, Any]:
    """Return the places' level, code and names, and the colours of their roll-up cards.

    One colour column for the overall card, each theme and each category, headed by its key; ""
    where a place has no such card. Rows are in the order of the district's places.
    """
    book = CardBook(assessment)
    places = assessment.district.places
    columns: dict[str, Any] = {
        "level": places.level,
        "code": places.code,
        "name_zh": places.name_zh,
        "name_en": places.name_en,
        "parent": np.array(["" if p < 0 else places.code[p] for p in places.parent], dtype=object),
    }
    by_index = {area.index: area for area in _areas(book)}
    for column in rollup_columns(assessment.district.standards):
        colours = np.full(len(places.code), "", dtype=object)
        for index, area in by_index.items():
            card = book.card(area, column.scope, column.key)
            if card is not None:
                colours[index] = card["colour"]
        columns[column.key] = colours
    return columns


def _areas(book: CardBook) -> Iterator[Area]:
    yield book.district
    for street in book.streets:
        yield street
        yield from street.communities
    yield from book.grids
    yield from book.circles


def _write_points(path: Path, table: pa.Table) -> None:
    points = shapely.points(table["lon"].to_numpy(), table["lat"].to_numpy())
    columns = {name: table[name].combine_chunks() for name in table.column_names}
    write_geoparquet(path, columns, points, CRS)
