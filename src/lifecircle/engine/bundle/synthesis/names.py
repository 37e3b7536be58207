"""The official names and codes of streets and communities, from tables that a person brings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from lifecircle.engine.bundle.cells import text_of
from lifecircle.engine.bundle.readers.text import read_csv
from lifecircle.errors import BundleError, Issue

_SUFFIX = re.compile(r"(社区居民委员会|居民委员会|居委会|社区|街道办事处|街道)$")
_NOT_A_COMMUNITY = "工作站"
_DISTRICT_RESIDENTS, _COMMUNITY_RESIDENTS = 52_000.0, 7_300.0


@dataclass(frozen=True, slots=True)
class Name:
    """A place by its code; `parent` is its street's code (empty for a street)."""

    code: str
    name_zh: str
    name_en: str = ""
    parent: str = ""

    @property
    def stem(self) -> str:
        """The name without its kind: `七星岗` of `七星岗街道`."""
        return _SUFFIX.sub("", self.name_zh)

    @property
    def short(self) -> str:
        """The name as people say it: `华一坡社区` of `华一坡社区居民委员会`."""
        return self.name_zh.replace("社区居民委员会", "社区")


@dataclass(frozen=True, slots=True)
class Names:
    """Streets and their communities; every community's parent is one of the streets."""

    streets: tuple[Name, ...]
    communities: tuple[Name, ...]

    def of(self, street: Name) -> tuple[Name, ...]:
        """Return the communities of a street."""
        return tuple(name for name in self.communities if name.parent == street.code)


def read_names(source: Path) -> Names:
    """Read names from a CSV file, or from the `*streets*.csv` and `*communities*.csv` of a folder.

    Columns: `code`, `name`, `streetCode` (empty or absent: a street), optionally `name_en`. Rows
    whose name ends in 工作站 are work stations, no communities, and are left out.

    Raises
    ------
    BundleError
        With an issue for each row that lacks a code or name, repeats a code or names an unknown
        street, and for missing files, columns and streets without a community.
    """
    files = _files(source)
    issues: list[Issue] = []
    rows = [(file.name, *row) for file in files for row in _rows(file, issues)]
    names: dict[str, Name] = {}
    where: dict[str, tuple[str, int]] = {}
    for file, number, row in rows:
        name = Name(
            *(row.get(key, "").strip() for key in ("code", "name", "name_en", "streetCode"))
        )
        if not name.code or not name.name_zh or name.code in names:
            issues.append(
                Issue(
                    "names.row",
                    file,
                    "a code that occurs once, and a name",
                    "不重复的代码和名称",
                    number,
                    "code",
                    name.code,
                )
            )
        elif not name.name_zh.endswith(_NOT_A_COMMUNITY):
            names[name.code], where[name.code] = name, (file, number)
    issues += _orphans(names, where, source.name)
    if issues:
        raise BundleError("the names cannot be used / 名称表不能使用", tuple(issues))
    return Names(
        tuple(name for name in names.values() if not name.parent),
        tuple(name for name in names.values() if name.parent),
    )


def numbered_names(code: str, population: float) -> Names:
    """Make names by number: a street for each 52,000 residents, a community for each 7,300."""
    communities = max(1, round(population / _COMMUNITY_RESIDENTS))
    streets = min(communities, max(1, round(population / _DISTRICT_RESIDENTS)))
    prefix = code or "D"
    return Names(
        tuple(Name(f"{prefix}{s:03}", f"第{s}街道", f"Street {s}") for s in range(1, streets + 1)),
        tuple(
            Name(
                f"{prefix}{c % streets + 1:03}{c // streets + 1:03}",
                f"第{c + 1}社区",
                f"Community {c + 1}",
                f"{prefix}{c % streets + 1:03}",
            )
            for c in range(communities)
        ),
    )


def _files(source: Path) -> list[Path]:
    files = [source]
    if source.is_dir():
        files = sorted(source.glob("*streets*.csv")) + sorted(source.glob("*communities*.csv"))
    if not files or not all(file.is_file() for file in files):
        issue = Issue(
            "names.missing",
            source.name,
            "a CSV file, or a folder with *streets*.csv and *communities*.csv",
            "CSV 文件,或含 *streets*.csv 和 *communities*.csv 的文件夹",
        )
        raise BundleError("no names found / 找不到名称表", (issue,))
    return files


def _rows(file: Path, issues: list[Issue]) -> list[tuple[int, dict[str, str]]]:
    table = read_csv(file)
    issues += [
        Issue("names.column", file.name, f"a column {column}", f"应有 {column} 列", 1, column)
        for column in ("code", "name")
        if column not in table.columns
    ]
    records = zip(*table.columns.values(), strict=True)
    return [
        (int(number), dict(zip(table.columns, map(text_of, record), strict=True)))
        for number, record in zip(table.rows, records, strict=True)
    ]


def _orphans(names: dict[str, Name], where: dict[str, tuple[str, int]], source: str) -> list[Issue]:
    streets = {code for code, name in names.items() if not name.parent}
    issues = [
        Issue("names.street", *_at(where[code]), value=name.parent)
        for code, name in names.items()
        if name.parent and name.parent not in streets
    ]
    childless = streets - {name.parent for name in names.values()}
    issues += [
        Issue(
            "names.childless",
            source,
            "at least one community a street",
            "每个街道至少一个社区",
            column="streetCode",
            value=code,
        )
        for code in sorted(childless)
    ]
    return issues


def _at(where: tuple[str, int]) -> tuple[str, str, str, int, str]:
    file, row = where
    return file, "the code of a street of the names", "名称表中街道的代码", row, "streetCode"
