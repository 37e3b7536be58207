"""Checking a filled-in workbook: the same workbook back, every bad cell coloured and explained."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import shapely
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from lifecircle.atomic import atomic_file
from lifecircle.engine.bundle.crs import to_metres, to_wgs84
from lifecircle.engine.bundle.model import District
from lifecircle.engine.bundle.readers.raw import unreadable
from lifecircle.engine.bundle.readers.sheet import BROKEN, check_size
from lifecircle.engine.bundle.references import check_shared_hours, type_ids, words
from lifecircle.engine.bundle.schema import TableSpec
from lifecircle.engine.bundle.survey.layout import HEAD_ROWS, Layout, layouts
from lifecircle.engine.bundle.survey.reading import Filled, read_crs, read_sheet
from lifecircle.engine.bundle.tree import locate
from lifecircle.engine.bundle.validate import Table, validate
from lifecircle.errors import Issue
from lifecircle.moment import Moment

_BAD = PatternFill("solid", start_color="FFFFC7CE")
_DOUBTFUL = PatternFill("solid", start_color="FFFFEB9C")
_LIST, _SUMMARY = "检查 Check", "街道汇总 Summary"
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check: the issues, and the typed sheets by key."""

    issues: tuple[Issue, ...]
    sheets: dict[str, Table]
    layouts: dict[str, Layout]
    crs: str

    @property
    def errors(self) -> int:
        """How many issues are errors."""
        return sum(issue.severity == "error" for issue in self.issues)


def check_workbook(path: Path | str, district: District, out: Path | str | None = None) -> Checked:
    """Check a filled-in survey workbook; with `out`, write it back with every bad cell marked.

    Parameters
    ----------
    path
        The workbook, as `write_template` made it and officials filled it in.
    district
        Whose places, types and boundary it has to fit.
    out
        Where the marked workbook goes: bad cells red, doubtful ones yellow, each with a comment; a
        sheet that lists all of them; a sheet with a summary a street. Whatever looks like a formula
        goes out as text.

    Raises
    ------
    BundleError
        It is no workbook.
    """
    path = Path(path)
    try:
        check_size(path)
        book = openpyxl.load_workbook(path)
    except BROKEN as error:
        raise unreadable(
            path.name, error, "an Excel workbook (.xlsx)", "Excel 工作簿(.xlsx)"
        ) from error
    crs, issues = read_crs(book)
    filled: dict[str, Filled] = {}
    tables: dict[str, Table] = {}
    for layout in layouts(district.standards):
        sheet = read_sheet(book, layout)
        if sheet is None:
            if layout.key != "places":
                expected = f"a sheet {layout.title}", f"应有工作表“{layout.title}”"
                issues.append(Issue("missing_sheet", path.name, *expected, severity="warning"))
            continue
        table, found = validate(sheet.raw, TableSpec(layout.table, layout.columns))
        found = [i for i in found if i.code not in {"missing_column", "empty", "unknown_column"}]
        said = {(i.row, i.column) for i in sheet.issues}
        sheet.issues += [i for i in found if (i.row, i.column) not in said]
        if layout.key != "places":
            sheet.issues += _check_rows(layout, table, district, crs)
        filled[layout.key], tables[layout.key] = sheet, table
        issues += sheet.issues
    issues += _twice(tables, filled)
    checked = Checked(tuple(issues), tables, {k: f.layout for k, f in filled.items()}, crs)
    if out is not None:
        _mark(book, filled, issues)
        _neutralise(book)
        _summarise(book, checked, district)
        with atomic_file(Path(out)) as temporary:
            book.save(temporary)
    return checked


def place_of(district: District, texts: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Places by code or Chinese name, (rows,): -1 for none, -2 for a name that there is twice."""
    names = Counter(map(str, district.places.name_zh))
    number = {str(n): -2 if names[str(n)] > 1 else k for k, n in enumerate(district.places.name_zh)}
    number |= {str(code): k for k, code in enumerate(district.places.code)}
    return np.array([number.get(str(t), -1) if t else -1 for t in texts], dtype=np.int64)


def _check_rows(layout: Layout, table: Table, district: District, crs: str) -> list[Issue]:
    """Check what one sheet says of places, types, hours and positions."""
    issues = []
    name = "place" if layout.table == "population" else "community"
    found = place_of(district, table[name])
    for k in np.flatnonzero((found < 0) & (table[name] != "")).tolist():
        again = "; that name occurs twice, give its code" if found[k] == -2 else ""
        again_zh = "; 该名称不止一处, 请填代码" if found[k] == -2 else ""
        expected = f"the code or name of a place{again}", f"地方的代码或名称{again_zh}"
        issues.append(table.issue("place", k, name, *expected))
    if layout.types:
        issues += _check_types(layout, table, district)
        for k, hours in enumerate(table["hours"]):
            if hours and Moment(0, 600).is_open(hours) is None:
                expected = (
                    "opening hours such as Mo-Fr 08:30-17:30",
                    "开放时间, 如 Mo-Fr 08:30-17:30",
                )
                issues.append(
                    replace(table.issue("hours", k, "hours", *expected), severity="warning")
                )
    if layout.table == "spaces":
        issues += check_shared_hours(table)
        for k, text in enumerate(table["allowed_types"]):
            known = type_ids(np.array(words(text), dtype=object), district.standards)
            if any(kind not in district.standards.types for kind in known):
                expected = "facility types, separated by ;", "设施类型, 以 ; 分隔"
                issues.append(table.issue("type", k, "allowed_types", *expected))
    if layout.table in {"facilities", "spaces"}:
        issues += _check_positions(table, district, crs, found)
    return issues


def _check_types(layout: Layout, table: Table, district: District) -> list[Issue]:
    issues = []
    kinds = type_ids(table["type"], district.standards)
    for k, kind in enumerate(kinds):
        if kind and kind not in layout.types:
            known = kind in district.standards.types
            en = "a type of this sheet" if known else "a facility type of the list"
            zh = "本表的类型, 请移到相应的表" if known else "列表中的设施类型"
            issues.append(table.issue("type", k, "type", en, zh))
    return issues


def _check_positions(table: Table, district: District, crs: str, named: Any) -> list[Issue]:
    lon, lat = table["lon"], table["lat"]
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if len(known) == 0:
        return []
    spots = to_metres(to_wgs84(shapely.points(lon[known], lat[known]), crs), district.crs)
    x, y = shapely.get_x(spots), shapely.get_y(spots)
    away = shapely.distance(spots, district.places.geometry[0])
    inside = locate(district.places, x, y)
    issues = []
    for j, k in enumerate(known.tolist()):
        if away[j] > 3000:
            expected = (
                "a position in or near the district (longitude, then latitude?)",
                "区内或附近的位置 (是否先经度后纬度?)",
            )
            issues.append(table.issue("position", k, "lon", *expected))
        elif named[k] >= 0 and inside[j] >= 0 and named[k] != inside[j]:
            there = district.places.name_zh[inside[j]]
            expected = f"the community where it stands: {there}", f"位置所在的社区: {there}"
            issue = table.issue("community", k, "community", *expected)
            issues.append(replace(issue, severity="warning"))
    return issues


def _twice(tables: dict[str, Table], filled: dict[str, Filled]) -> list[Issue]:
    """Facilities of all sheets have one numbering."""
    first: dict[str, str] = {}
    issues = []
    for key, table in tables.items():
        if not filled[key].layout.types:
            continue
        for k, number in enumerate(table["id"]):
            here = f"{filled[key].layout.title}:{int(table.raw.rows[k])}"
            seen = first.setdefault(number, here) if number else here
            if seen != here and not seen.startswith(f"{filled[key].layout.title}:"):
                expected = f"unique; also in {seen}", f"唯一; 与 {seen} 重复"
                issues.append(table.issue("value", k, "id", *expected))
                filled[key].issues.append(issues[-1])
    return issues


def _mark(book: Any, filled: dict[str, Filled], issues: list[Issue]) -> None:
    """Colour every bad cell and say in a comment what was expected; list them all on a sheet."""
    for sheet in filled.values():
        page = book[sheet.layout.title]
        for merged in list(page.merged_cells.ranges):
            page.unmerge_cells(str(merged))
        for issue in sheet.issues:
            if issue.row and issue.column in sheet.letters:
                cell = page.cell(issue.row, sheet.letters[issue.column])
                cell.fill = _BAD if issue.severity == "error" else _DOUBTFUL
                said = f"{issue.expected_zh}\n{issue.expected}"
                earlier = cell.comment.text + "\n" if cell.comment and issue.row > HEAD_ROWS else ""
                cell.comment = Comment(earlier + said, "lifecircle", height=90, width=280)
    for title in (_LIST, _SUMMARY):
        if title in book.sheetnames:
            del book[title]
    page = book.create_sheet(_LIST, 0)
    page.append(
        ["工作表 Sheet", "行 Row", "列 Column", "值 Value", "应为", "Expected", "级别 Severity"]
    )
    for issue in issues:
        page.append([issue.file, issue.row or None, issue.column, issue.value, issue.expected_zh,
                     issue.expected, issue.severity])  # fmt: skip
    for letter, width in zip("ABCDEFG", (24, 8, 16, 24, 40, 50, 10), strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A2"


def _neutralise(book: Any) -> None:
    """Let nothing that looks like a formula run in whoever's spreadsheet opens this."""
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                value = cell.value
                if isinstance(value, str) and value.startswith(_FORMULA):
                    cell.value = "'" + value
                    cell.data_type = "s"


def _summarise(book: Any, checked: Checked, district: District) -> None:
    """A row a street: people, facilities and spaces of each sheet, and how much is wrong."""
    places = district.places
    streets = places.at("street")
    street_of = np.where(places.level == "community", places.parent, -1)
    street_of[streets] = streets
    keys = [k for k in checked.sheets if k not in {"places", "population"}]
    counts = {key: Counter[int]() for key in keys}
    wrong: Counter[int] = Counter()
    bad = Counter((issue.file, issue.row) for issue in checked.issues)
    people: Counter[int] = Counter()
    for key, table in checked.sheets.items():
        if key == "places":
            continue
        name = "place" if key == "population" else "community"
        for k, place in enumerate(place_of(district, table[name]).tolist()):
            street = int(street_of[place]) if place >= 0 else -1
            wrong[street] += bad[checked.layouts[key].title, int(table.raw.rows[k])]
            if key == "population":
                people[street] += int(np.nan_to_num(table["residents"][k]))
            else:
                counts[key][street] += 1
    page = book.create_sheet(_SUMMARY, 1)
    titles = [checked.layouts[key].title for key in keys]
    page.append(["街道 Street", "常住人口 Residents", *titles, "问题 Issues"])
    for street in [*streets.tolist(), -1]:
        name = str(places.name_zh[street]) if street >= 0 else "其他 Elsewhere"
        page.append([name, people[street], *(counts[key][street] for key in keys), wrong[street]])
    page.column_dimensions["A"].width = 24
    page.freeze_panes = "B2"
