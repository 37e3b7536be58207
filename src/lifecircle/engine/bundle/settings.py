"""`district.toml`: who the district is, how its tables are placed, what it overrides."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from lifecircle.engine.bundle.crs import known_crs
from lifecircle.engine.bundle.schema import TABLES
from lifecircle.engine.standards import Standards
from lifecircle.errors import BundleError, Issue
from lifecircle.moment import Moment

FILE = "district.toml"
ALL_TYPES = "all"
"""In `surveyed`: the register is complete for every type."""

_DISTRICT: dict[str, tuple[type, ...]] = {
    "code": (str,), "name_zh": (str,), "name_en": (str,), "population": (int, float),
    "oldtown": (bool,), "moment": (str,), "synthetic": (list,), "surveyed": (list,), "date": (dt.date,),
}  # fmt: skip
_SECTIONS = ("district", "crs", "files", "network", "standards")
_FILES = ("network", "elevation", "edits")
_JOIN, _FARTHEST_LINK_M = "join_islands_m", 200.0
_MADE_UP = (*TABLES, *_FILES)


@dataclass(frozen=True, slots=True)
class Settings:
    """What `district.toml` says."""

    code: str
    name_zh: str
    name_en: str
    population: float | None
    oldtown: bool
    moment: str
    synthetic: frozenset[str]
    surveyed: frozenset[str]
    crs: dict[str, str]
    network: str
    elevation: str
    edits: str
    date: dt.date | None
    join_islands_m: float
    overrides: dict[str, Any]

    def crs_of(self, table: str, declared: str) -> str:
        """The system of a table: named for it, else the file's own, else the default."""
        return self.crs.get(table) or declared or self.crs.get("default", "")


def read_settings(folder: Path) -> tuple[Settings, list[Issue]]:
    """Read `district.toml`; every entry at fault gives an issue.

    Raises
    ------
    BundleError
        It is missing or is no TOML: nothing else can be known.
    """
    content = _load(folder)
    issues = [_unknown(name, _SECTIONS) for name in content if name not in _SECTIONS]
    for name in _SECTIONS:
        if not isinstance(content.get(name, {}), dict):
            issues.append(_issue(name, "a table", "应为表", content[name]))
            content[name] = {}
    about, crs, files, walk = (content.get(n, {}) for n in ("district", "crs", "files", "network"))
    faults = _check_district(about)
    wrong = {issue.column.split(".")[1] for issue in faults}
    good = {name: value for name, value in about.items() if name not in wrong}
    issues += [*faults, *_check_crs(crs), *_check_files(files), *_check_network(walk)]
    settings = Settings(
        code=good.get("code", ""),
        name_zh=good.get("name_zh", ""),
        name_en=good.get("name_en", ""),
        population=float(good["population"]) if "population" in good else None,
        oldtown=good.get("oldtown", False),
        moment=good.get("moment", "Mo 10:00"),
        synthetic=frozenset(good.get("synthetic", [])),
        surveyed=frozenset(map(str, good.get("surveyed", []))),
        crs=crs,
        network=str(files.get("network", "network.osm.pbf")),
        elevation=str(files.get("elevation", "")),
        edits=str(files.get("edits", "")),
        date=good.get("date"),
        join_islands_m=0.0 if _check_network(walk) else float(walk.get(_JOIN, 0.0)),
        overrides=content.get("standards", {}),
    )
    return settings, issues


def check_surveyed(named: frozenset[str], standards: Standards) -> list[Issue]:
    """Check that the types whose register is said to be complete exist."""
    return [
        _unknown(f"district.surveyed.{name}", (ALL_TYPES, *standards.types))
        for name in sorted(named)
        if name != ALL_TYPES and name not in standards.types
    ]


def _load(folder: Path) -> dict[str, Any]:
    path = folder / FILE
    if not path.is_file():
        issue = Issue("missing_file", FILE, "a file district.toml", "应有文件 district.toml")
        raise BundleError(f"{folder}: no district there / 没有区域数据包", (issue,))
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        issue = Issue("toml", FILE, "TOML in UTF-8", "UTF-8 编码的 TOML", value=str(error))
        raise BundleError(f"{FILE}: cannot be read / 无法读取", (issue,)) from error


def _check_district(about: dict[str, Any]) -> list[Issue]:
    issues = [
        _issue(f"district.{n}", "a value", "必填") for n in ("code", "name_zh") if not about.get(n)
    ]
    for name, value in about.items():
        issues += _check_entry(name, value)
    return issues


def _check_entry(name: str, value: Any) -> list[Issue]:
    if name not in _DISTRICT:
        return [_unknown(f"district.{name}", tuple(_DISTRICT))]
    wanted = _DISTRICT[name]
    if not any(type(value) is kind for kind in wanted):
        kind = wanted[-1].__name__
        return [_issue(f"district.{name}", f"a {kind}", f"类型应为 {kind}", value)]
    if name == "population" and not 0 <= value < 1e10:
        return [_issue("district.population", "at least 0", "不小于 0", value)]
    if name == "synthetic":
        return [
            _unknown(f"district.synthetic.{table}", _MADE_UP)
            for table in value
            if table not in _MADE_UP
        ]
    if name == "moment":
        try:
            Moment.parse(value)
        except ValueError:
            return [_issue("district.moment", "such as 'Mo 10:00'", "形如 'Mo 10:00'", value)]
    return []


def _check_files(files: dict[str, Any]) -> list[Issue]:
    issues = [_unknown(f"files.{name}", _FILES) for name in files if name not in _FILES]
    return issues + [
        _issue(f"files.{name}", "a file's name", "文件名", files[name])
        for name in _FILES
        if name in files and not (isinstance(files[name], str) and files[name])
    ]


def _check_network(walk: dict[str, Any]) -> list[Issue]:
    issues = [_unknown(f"network.{name}", (_JOIN,)) for name in walk if name != _JOIN]
    value = walk.get(_JOIN, 0)
    if type(value) not in {int, float} or not 0 <= value <= _FARTHEST_LINK_M:
        expected = f"metres from 0 to {_FARTHEST_LINK_M:g}", f"0 至 {_FARTHEST_LINK_M:g} 米"
        issues.append(_issue(f"network.{_JOIN}", *expected, value))
    return issues


def _check_crs(crs: dict[str, Any]) -> list[Issue]:
    issues = []
    for table, name in crs.items():
        if table != "default" and table not in TABLES:
            issues.append(_unknown(f"crs.{table}", ("default", *TABLES)))
        elif not isinstance(name, str) or not known_crs(name):
            issues.append(
                _issue(
                    f"crs.{table}",
                    "an EPSG code, GCJ-02 or BD-09",
                    "EPSG 代码、GCJ-02 或 BD-09",
                    name,
                )
            )
    return issues


def _issue(path: str, expected: str, expected_zh: str, value: Any = "") -> Issue:
    return Issue("settings", FILE, expected, expected_zh, column=path, value=str(value))


def _unknown(path: str, known: tuple[str, ...]) -> Issue:
    last = path.rsplit(".", 1)[-1]
    near = get_close_matches(last, known, 1)
    hint = f"one of {', '.join(known)}" + (f"; did you mean {near[0]}?" if near else "")
    return Issue("unknown_key", FILE, hint, f"可用: {'、'.join(known)}", column=path)
