"""What one table says of another, or of the standard: codes of places, facility types, groups."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np

from lifecircle.engine.bundle.model import TREE, Strings
from lifecircle.engine.bundle.validate import Table
from lifecircle.engine.standards import Standards
from lifecircle.errors import Issue
from lifecircle.moment import Moment

RESIDENTS = "residents"
Tables = dict[str, Table | None]


def check_references(tables: Tables, standards: Standards) -> list[Issue]:
    """Name every cell that refers to a place, type or group that there is none of."""
    issues: list[Issue] = []
    places = tables["places"]
    if places is not None:
        communities = places["code"][places["level"] == "community"]
        issues += _check_codes(tables["buildings"], "community", communities)
        tree = places["code"][np.isin(places["level"], TREE)]
        asked = places["code"][places["level"] != "circle"]
        issues += _check_codes(tables["population"], "place", tree)
        issues += _check_codes(tables["surveys"], "place", asked)
    for name in ("facilities", "surveys"):
        issues += _check_types(tables[name], "type", standards)
    issues += _check_types(tables["spaces"], "allowed_types", standards)
    issues += _check_population(tables["population"], standards)
    issues += _check_hours(tables["facilities"])
    issues += check_shared_hours(tables["spaces"])
    return issues


def type_ids(values: Strings, standards: Standards) -> Strings:
    """Facility types as ids: Chinese names become ids, whatever is no type stays as it is."""
    by_name = {kind.name_zh: kind.id for kind in standards.types.values()}
    return _mapped(values, by_name)


def types_of_list(text: str, standards: Standards) -> list[str]:
    """Split `a;b` (also `；`, `、`, `,`) into ids of facility types."""
    return list(type_ids(np.array(words(text), dtype=object), standards))


def group_ids(values: Strings, standards: Standards) -> Strings:
    """Groups of the population table as ids; Chinese names become ids."""
    by_name = {band.name_zh: band.id for band in standards.bands.values()}
    by_name |= {group.name_zh: group.id for group in standards.groups.values() if group.by_record}
    by_name["常住人口"] = RESIDENTS
    return _mapped(values, by_name)


def known_groups(standards: Standards) -> list[str]:
    """The groups that a population table may hold: residents, age bands, groups by record."""
    recorded = [group.id for group in standards.groups.values() if group.by_record]
    return [RESIDENTS, *standards.bands, *recorded]


def words(text: str) -> list[str]:
    """Split `a;b` (also `；`, `、`, `,`) into its parts."""
    return [word for part in re.split("[;；、,，]", text) if (word := part.strip())]


def _mapped(values: Strings, names: dict[str, str]) -> Strings:
    result: Strings = np.empty(len(values), dtype=object)
    result[:] = [names.get(value, value) for value in values]
    return result


def _check_codes(table: Table | None, column: str, known: Iterable[str]) -> list[Issue]:
    if table is None:
        return []
    codes = set(known)
    what = ("the code of a community", "社区代码") if column == "community" else (
        "a code of places", "places 表中的代码")  # fmt: skip
    return [
        table.issue(column, k, column, *what)
        for k, code in enumerate(table[column])
        if code and code not in codes
    ]


def _check_types(table: Table | None, column: str, standards: Standards) -> list[Issue]:
    if table is None:
        return []
    known = {name for kind in standards.types.values() for name in (kind.id, kind.name_zh)}
    listed = [words(text) if column == "allowed_types" else [text] for text in table[column]]
    return [
        table.issue("type", k, column, *_nearest_type(kind, standards))
        for k, kinds in enumerate(listed)
        for kind in kinds
        if kind and kind not in known
    ]


def _nearest_type(kind: str, standards: Standards) -> tuple[str, str]:
    names = {n: t.id for t in standards.types.values() for n in (t.id, t.name_zh)}
    near = sorted({names[n] for n in get_close_matches(kind, names, 3, 0.6)})
    hint = f"; near: {', '.join(near)}" if near else ""
    hint_zh = f"; 相近: {'、'.join(standards.types[n].name_zh for n in near)}" if near else ""
    return (
        f"a facility type (lifecircle standards show){hint}",
        f"设施类型代码或中文名{hint_zh}",
    )


def _check_population(table: Table | None, standards: Standards) -> list[Issue]:
    """Groups that there are, and each place and group once."""
    if table is None:
        return []
    known = known_groups(standards)
    issues = []
    first: dict[tuple[str, str], int] = {}
    for k, (place, group) in enumerate(
        zip(table["place"], group_ids(table["group"], standards), strict=True)
    ):
        if group and group not in known:
            expected = "one of " + ", ".join(known), "常住人口、年龄段或登记人群"
            issues.append(table.issue("group", k, "group", *expected))
        elif place and group:
            row = int(table.raw.rows[k])
            seen = first.setdefault((place, group), row)
            if seen != row:
                expected = (
                    f"each place and group once; {place} also in row {seen}",
                    f"每地每人群一行; {place} 与第 {seen} 行重复",
                )
                issues.append(table.issue("twice", k, "group", *expected))
    return issues


def _check_hours(table: Table | None) -> list[Issue]:
    """Warn of hours that nobody can read: such a facility counts as open."""
    if table is None:
        return []
    monday = Moment.parse("Mo 10:00")
    expected = (
        "opening hours as OpenStreetMap writes them (Mo-Fr 08:00-18:00); taken as open",
        "OpenStreetMap 写法的开放时间(Mo-Fr 08:00-18:00); 暂按开放处理",
    )
    return [
        Issue(
            "hours",
            table.raw.file,
            *expected,
            int(table.raw.rows[k]),
            "hours",
            hours[:80],
            "warning",
        )
        for k, hours in enumerate(table["hours"])
        if hours and monday.is_open(hours) is None
    ]


def check_shared_hours(table: Table | None) -> list[Issue]:
    """Name the hours of spaces that nobody can read: what may be shared when is not to be guessed."""
    if table is None:
        return []
    monday = Moment.parse("Mo 10:00")
    expected = "opening hours such as Mo-Fr 18:00-21:00", "开放时间写法, 如 Mo-Fr 18:00-21:00"
    return [
        table.issue("hours", k, "shared_hours", *expected)
        for k, hours in enumerate(table["shared_hours"])
        if hours and monday.is_open(hours) is None
    ]
