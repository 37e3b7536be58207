"""Whether a standard holds together: references, ranges, sums and the order of the colours."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from lifecircle.engine.standards.decode import Value, nearest
from lifecircle.engine.standards.limits import number_issues
from lifecircle.engine.standards.model import (
    COLOURS,
    Band,
    FacilityType,
    GradingRules,
    Group,
    Number,
    Standards,
)
from lifecircle.errors import Issue

Known = Mapping[str, Collection[str]]
"""The ids that each table defines: categories, themes, groups, bands, profiles."""

NORM_BASES = {
    "supply": ("group_1000", "residents_1000"),
    "per_place": ("street", "community"),
    "count": ("residents_1000",),
    "ratio": ("floor_1000_m2", "residents_1000", "group", "group_1000"),
    "enrolment": ("group",),
}
"""What a norm may be per, by measure; `reach` has no norm."""

PARTS = ("scale", "coverage", "quality", "satisfaction")
CLASSES = ("base", "plus", "special")
DESIGN_PROFILE = "design"
_SUM_TOLERANCE = 1e-6


def check(standards: Standards) -> tuple[Issue, ...]:
    """Return everything that does not hold together; empty when all does.

    Parameters
    ----------
    standards
        Any standard, the default set or one's own: the numbers of types, categories and themes
        are free.
    """
    known: Known = {
        "categories": standards.categories,
        "themes": standards.themes,
        "groups": standards.groups,
        "bands": standards.bands,
        "profiles": standards.profiles,
    }
    return (
        *_numbers(standards),
        *type_issues(standards.types, known, type_files(standards.types)),
        *group_issues(standards.groups, standards.bands, known),
        *share_issues(standards.bands),
        *rule_issues(standards.rules),
    )


def type_files(types: Mapping[str, FacilityType]) -> dict[str, str]:
    """Return the file of each type, as `export` would name it."""
    return {kind.id: f"types/{kind.category}.toml" for kind in types.values()}


def type_issues(
    types: Mapping[str, FacilityType], known: Known, files: Mapping[str, str]
) -> Iterator[Issue]:
    """Check each type's references and measure, and that pools stay within one tier."""
    pools: dict[str, list[FacilityType]] = defaultdict(list)
    for kind in types.values():
        file, path = files[kind.id], f"types.{kind.id}"
        yield from _known(kind.category, known["categories"], file, f"{path}.category")
        yield from _known(kind.theme, known["themes"], file, f"{path}.theme")
        yield from _known(kind.group, known["groups"], file, f"{path}.group")
        yield from _measure(kind, file, path)
        if kind.pool:
            pools[kind.pool].append(kind)
    for kinds in pools.values():
        yield from _pool(kinds, files)


def group_issues(
    groups: Mapping[str, Group], bands: Mapping[str, Band], known: Known
) -> Iterator[Issue]:
    """Check which bands make up a group and which profiles walk."""
    if DESIGN_PROFILE not in known["profiles"]:
        yield Issue(
            "missing_key",
            "profiles.toml",
            "a profile for the planning norm",
            "用于核对规划标准的步行画像",
            column=f"profiles.{DESIGN_PROFILE}",
        )
    for group in groups.values():
        path = f"groups.{group.id}"
        yield from _known(group.profile, known["profiles"], "groups.toml", f"{path}.profile")
        for member, _ in group.members:
            where = f"{path}.members.{member}"
            yield from _known(member, known["bands"], "groups.toml", where)
    for band in bands.values():
        path = f"bands.{band.id}.profile"
        yield from _known(band.profile, known["profiles"], "bands.toml", path)


def share_issues(bands: Mapping[str, Band]) -> Iterator[Issue]:
    """Check that the age bands' shares make up everyone."""
    total = sum(band.share.value for band in bands.values())
    if abs(total - 1.0) > _SUM_TOLERANCE:
        yield Issue(
            "sum",
            "bands.toml",
            "shares of all age bands that sum to 1; give the others with it",
            "各年龄段占比之和应为 1, 请一并给出其他年龄段",
            column="bands.*.share",
            value=f"{total:.6g}",
        )


def rule_issues(rules: GradingRules) -> Iterator[Issue]:
    """Check the parts, the classes and that the colours' floors fall from 100 to 0."""
    yield from _exactly(rules.weights, PARTS, "rules.weights")
    yield from _exactly(rules.class_weights, CLASSES, "rules.class_weights")
    ids = [style.id for style in rules.colours]
    if ids != [*COLOURS, "grey"]:
        yield _rule("colours", ", ".join(ids), "green, blue, yellow, orange, red, grey")
        return
    floors = [style.floor for style in rules.colours[:-1]]
    values = [floor.value for floor in floors if floor is not None]
    falling = len(values) == len(floors) and all(a > b for a, b in pairwise(values))
    if not falling or values[-1] != 0:
        said = ", ".join("none" if f is None else f"{f.value:g}" for f in floors)
        yield _rule("colours.*.floor", said, "floors that fall from green to red, which has 0")
    if rules.colours[-1].floor is not None:
        yield _rule("colours.grey.floor", "", "none: grey is not a grade")
    if len({style.symbol for style in rules.colours}) < len(rules.colours):
        yield _rule("colours.*.symbol", "", "a symbol of its own for each colour")
    if rules.utilisation_low.value >= rules.utilisation_high.value:
        low = f"{rules.utilisation_low.value:g}"
        yield _rule("utilisation_low", low, "less than utilisation_high")
    if rules.answers_min.value > rules.answers_full.value:
        yield _rule("answers_min", f"{rules.answers_min.value:g}", "at most answers_full")


_RULES_ZH = {
    "green, blue, yellow, orange, red, grey": "依次为 green, blue, yellow, orange, red, grey",
    "floors that fall from green to red, which has 0": "下限由绿至红递减, 红为 0",
    "none: grey is not a grade": "不设下限: 灰色不是等级",
    "a symbol of its own for each colour": "每种颜色各用不同的符号",
    "less than utilisation_high": "小于 utilisation_high",
    "at most answers_full": "不大于 answers_full",
}


def _rule(path: str, value: str, expected: str) -> Issue:
    return Issue(
        "rules", "rules.toml", expected, _RULES_ZH[expected], column=f"rules.{path}", value=value
    )


def _numbers(standards: Standards) -> Iterator[Issue]:
    for kind in standards.types.values():
        yield from _fields(kind, f"types/{kind.category}.toml", f"types.{kind.id}")
    for profile in standards.profiles.values():
        yield from _fields(profile, "profiles.toml", f"profiles.{profile.id}")
    for band in standards.bands.values():
        yield from _fields(band, "bands.toml", f"bands.{band.id}")
    for group in standards.groups.values():
        for band_id, part in group.members:
            path = f"groups.{group.id}.members.{band_id}"
            yield from number_issues("members", part, "groups.toml", path)
    yield from _fields(standards.rules, "rules.toml", "rules")
    for table in ("weights", "class_weights"):
        for key, number in getattr(standards.rules, table).items():
            yield from number_issues(table, number, "rules.toml", f"rules.{table}.{key}")
    for style in standards.rules.colours:
        yield from _fields(style, "rules.toml", f"rules.colours.{style.id}")


def _fields(item: Value, file: str, path: str) -> Iterator[Issue]:
    for part in dataclasses.fields(item):
        number = getattr(item, part.name)
        if isinstance(number, Number):
            yield from number_issues(part.name, number, file, f"{path}.{part.name}")


def _measure(kind: FacilityType, file: str, path: str) -> Iterator[Issue]:
    bases = NORM_BASES.get(kind.measure, ())
    if kind.norm is not None and kind.norm_base not in bases:
        listed = ", ".join(bases)
        yield Issue(
            "norm_base",
            file,
            f"one of {listed} for the measure {kind.measure}" if bases else "no norm for reach",
            f"计量方式 {kind.measure} 下为以下之一: {listed}" if bases else "reach 不设标准值",
            column=f"{path}.norm_base",
            value=kind.norm_base,
        )
    if kind.norm is None and kind.graded and bases:
        yield Issue(
            "missing_key",
            file,
            f"a norm: the measure is {kind.measure}",
            f"缺少标准值: 计量方式为 {kind.measure}",
            column=f"{path}.norm",
        )
    if kind.walk_min is None and kind.measure in {"supply", "per_place", "reach"}:
        yield Issue(
            "missing_key",
            file,
            f"walking minutes: the measure is {kind.measure}",
            f"缺少步行分钟数: 计量方式为 {kind.measure}",
            column=f"{path}.walk_min",
        )


def _pool(kinds: list[FacilityType], files: Mapping[str, str]) -> Iterator[Issue]:
    """A pool is one supply: one tier (no tier stands in for another), one group, one norm."""
    first = kinds[0]
    for kind in kinds[1:]:
        for name in ("tier", "group", "measure", "norm_base", "capacity_unit"):
            if getattr(kind, name) != getattr(first, name):
                yield _pool_issue(kind, first, files[kind.id], name, str(getattr(kind, name)))
        if kind.norm and first.norm and kind.norm.value != first.norm.value:
            yield _pool_issue(kind, first, files[kind.id], "norm", f"{kind.norm.value:g}")


def _pool_issue(kind: FacilityType, first: FacilityType, file: str, name: str, value: str) -> Issue:
    return Issue(
        "pool",
        file,
        f"the same {name} as {first.id}: both share the pool {kind.pool}",
        f"与 {first.id} 的 {name} 相同: 二者共用供给池 {kind.pool}",
        column=f"types.{kind.id}.{name}",
        value=value,
    )


def _known(value: str, known: Collection[str], file: str, path: str) -> Iterator[Issue]:
    if value not in known:
        near = nearest(value, known) or ", ".join(list(known)[:12])
        yield Issue(
            "reference",
            file,
            f"an id that is defined, such as {near}",
            f"已定义的编号, 如 {near}",
            column=path,
            value=value,
        )


def _exactly(table: Mapping[str, Number], keys: tuple[str, ...], path: str) -> Iterator[Issue]:
    if set(table) != set(keys):
        listed = ", ".join(keys)
        yield Issue(
            "keys",
            "rules.toml",
            f"exactly the keys {listed}",
            f"恰好包含以下键: {listed}",
            column=path,
            value=", ".join(table),
        )
