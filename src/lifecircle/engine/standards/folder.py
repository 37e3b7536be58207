"""A standard as a folder of TOML files: read strictly, written so that it reads back equal.

`standard.toml` (version, overrides) · `categories.toml` · `themes.toml` · `bands.toml` ·
`groups.toml` · `profiles.toml` · `rules.toml` · `types/*.toml`, usually one file a category.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from lifecircle.atomic import FolderKind, atomic_folder
from lifecircle.engine.standards import checks
from lifecircle.engine.standards.decode import BROKEN, Decoder, Value
from lifecircle.engine.standards.encode import plain, toml
from lifecircle.engine.standards.model import (
    Band,
    Category,
    FacilityType,
    GradingRules,
    Group,
    Override,
    Profile,
    Standards,
    Theme,
)
from lifecircle.errors import Issue, StandardsError

_TABLES = {
    "categories": Category,
    "themes": Theme,
    "bands": Band,
    "groups": Group,
    "profiles": Profile,
}


@cache
def default() -> Standards:
    """Return the standard that ships with Lifecircle; one object for the whole process."""
    return read(Path(__file__).with_name("data"))


def read(folder: Path) -> Standards:
    """Read a standard from a folder of TOML files.

    Parameters
    ----------
    folder
        Holds the files that `export` writes.

    Raises
    ------
    StandardsError
        A file is absent or no TOML, a key is unknown or missing, a value has the wrong type or
        range, or the parts do not hold together. Its issues name every place at once.
    """
    issues: list[Issue] = []
    raw = {name: _load(folder, f"{name}.toml", issues) for name in (*_TABLES, "rules", "standard")}
    tables = {name: _entries(kind, raw[name], name, issues) for name, kind in _TABLES.items()}
    files: dict[str, str] = {}
    types = _types(folder, files, issues)
    decoder = Decoder("rules.toml", issues)
    rules: Value = (
        BROKEN if raw["rules"] is None else decoder.value(GradingRules, raw["rules"], "rules")
    )
    version, overrides = _head(raw["standard"], issues)
    standards = Standards(version=version, types=types, rules=rules, overrides=overrides, **tables)
    if all(table is not None for table in raw.values()):  # what could be read fits the rest?
        known = {name: tuple(raw[name] or ()) for name in _TABLES}
        issues += checks.type_issues(types, known, files)
        issues += checks.group_issues(tables["groups"], tables["bands"], known)
        if len(tables["bands"]) == len(known["bands"]):
            issues += checks.share_issues(tables["bands"])
        if rules is not BROKEN:
            issues += checks.rule_issues(rules)
    if issues:
        raise StandardsError(f"{folder}: 标准不成立 / the standard does not hold", tuple(issues))
    return standards


EXPORTED = FolderKind(
    "an exported standard", "导出的标准", "standard.toml",
    ("standard.toml", "types", *(f"{name}.toml" for name in (*_TABLES, "rules"))),
)  # fmt: skip


def export(standards: Standards, folder: Path) -> None:
    """Write a standard to a folder of TOML files, atomically; an existing folder is replaced.

    `read(folder)` returns an equal standard.
    """
    with atomic_folder(folder, EXPORTED) as temporary:
        head = {"version": standards.version} | {
            "overrides": {
                f"n{number}": plain(item) for number, item in enumerate(standards.overrides, 1)
            }
        }
        _write(temporary / "standard.toml", head)
        for name in (*_TABLES, "rules"):
            _write(temporary / f"{name}.toml", plain(getattr(standards, name)))
        (temporary / "types").mkdir()
        for category in standards.categories:
            kinds = {k: t for k, t in standards.types.items() if t.category == category}
            if kinds:
                _write(temporary / "types" / f"{category}.toml", plain(kinds))


def _write(path: Path, table: dict[str, Any]) -> None:
    path.write_text(toml(table), encoding="utf-8", newline="\n")


def _load(folder: Path, name: str, issues: list[Issue]) -> dict[str, Any] | None:
    try:
        return tomllib.loads((folder / name).read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        issues.append(
            Issue(
                "toml",
                name,
                f"a readable TOML file in UTF-8 ({error})",
                "可读的 UTF-8 编码 TOML 文件",
            )
        )
        return None


def _entries(
    kind: Value, table: dict[str, Any] | None, name: str, issues: list[Issue]
) -> dict[str, Any]:
    return Decoder(f"{name}.toml", issues).entries(kind, {} if table is None else table, name)


def _types(folder: Path, files: dict[str, str], issues: list[Issue]) -> dict[str, FacilityType]:
    types: dict[str, FacilityType] = {}
    paths = sorted((folder / "types").glob("*.toml"))
    if not paths:
        issues.append(Issue("toml", "types", "a folder of TOML files", "存放 TOML 文件的文件夹"))
    for path in paths:
        name = f"types/{path.name}"
        table = _load(folder, name, issues) or {}
        found = Decoder(name, issues).entries(FacilityType, table, "types")
        issues += [
            Issue(
                "duplicate",
                name,
                "a type that no other file has",
                "其他文件中没有的类型",
                value=key,
            )
            for key in found.keys() & types.keys()
        ]
        types |= found
        files |= dict.fromkeys(found, name)
    return types


def _head(table: dict[str, Any] | None, issues: list[Issue]) -> tuple[str, tuple[Override, ...]]:
    if table is None:
        return "", ()
    decoder = Decoder("standard.toml", issues)
    decoder.unknown(table.keys() - {"version", "overrides"}, ("version", "overrides"), "standard")
    version = decoder.value(str, table.get("version"), "standard.version")
    listed = decoder.entries(Override, table.get("overrides", {}), "standard.overrides")
    return version, tuple(listed.values())
