"""What each table must hold (docs/reference/bundle.md is the same in words)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "integer", "flag", "choice"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its headers, its kind, and what is allowed in it."""

    name: str
    name_zh: str
    kind: Kind = "text"
    required: bool = False
    unique: bool = False
    least: float = float("-inf")
    most: float = float("inf")
    above: bool = False
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table: its columns, whether a district needs it, and what shapes it holds."""

    name: str
    columns: tuple[Column, ...]
    required: bool = True
    geometry: Literal["none", "point", "polygon", "any"] = "none"


_PLACE_LEVELS = (
    ("district", "区"), ("street", "街道"), ("community", "社区"), ("grid", "网格"), ("circle", "生活圈"),
)  # fmt: skip
_USES = (("residential", "住宅"), ("mixed", "商住"), ("other", "其他"))
_FACILITY_LEVELS = (("city", "市区级"), ("street", "街道级"), ("community", "社区级"))

TABLES: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (
        TableSpec(
            "places",
            (
                Column("code", "代码", required=True, unique=True),
                Column("name_zh", "名称", required=True),
                Column("name_en", "英文名称"),
                Column("level", "层级", "choice", required=True, choices=_PLACE_LEVELS),
                Column("parent", "上级代码"),
                Column("members", "成员代码"),
            ),
            geometry="polygon",
        ),
        TableSpec(
            "population",
            (
                Column("place", "地方代码", required=True),
                Column("group", "人群", required=True),
                Column("persons", "人数", "number", required=True, least=0, most=1e9),
            ),
        ),
        TableSpec(
            "buildings",
            (
                Column("id", "编号", required=True, unique=True),
                Column("name", "名称"),
                Column("use", "用途", "choice", required=True, choices=_USES),
                Column("storeys", "层数", "number", least=1, most=150),
                Column("floor_area_m2", "建筑面积", "number", least=0, above=True, most=1e7),
                Column("footprint_m2", "占地面积", "number", least=0, above=True, most=1e6),
                Column("residents", "居住人数", "number", least=0, most=1e6),
                Column("community", "社区代码"),
            ),
            geometry="any",
        ),
        TableSpec(
            "facilities",
            (
                Column("id", "编号", required=True, unique=True),
                Column("name", "名称", required=True),
                Column("type", "类型", required=True),
                Column("level", "级别", "choice", choices=_FACILITY_LEVELS),
                Column("capacity", "规模", "number", least=0, most=1e8),
                Column("floor_area_m2", "建筑面积", "number", least=0, most=1e8),
                Column("hours", "开放时间"),
                Column("operating", "运营", "flag"),
                Column("open_as_stated", "按时开放", "flag"),
                Column("barrier_free", "无障碍", "flag"),
                Column("safe", "安全合格", "flag"),
                Column("licensed", "证照齐全", "flag"),
                Column("condition", "状况", "number", least=1, most=5),
                Column("utilisation", "使用率", "number", least=0, most=2),
                Column("year", "年份", "integer", least=1900, most=2100),
                Column("source", "来源"),
            ),
            geometry="any",
        ),
        TableSpec(
            "spaces",
            (
                Column("id", "编号", required=True, unique=True),
                Column("name", "名称", required=True),
                Column("area_m2", "面积", "number", required=True, least=0, above=True, most=1e7),
                Column("floor", "楼层", "integer", least=-20, most=150),
                Column("cost_cny", "费用", "number", least=0, most=1e11),
                Column("allowed_types", "可用类型"),
                Column("shared_hours", "可共享时段"),
                Column("free_from", "可用年份", "integer", least=1900, most=2100),
            ),
            required=False,
            geometry="any",
        ),
        TableSpec(
            "surveys",
            (
                Column("place", "地方代码", required=True),
                Column("type", "类型", required=True),
                Column("answers", "份数", "integer", required=True, least=0, most=1e8),
                Column("score", "得分", "number", required=True, least=0, most=100),
            ),
            required=False,
        ),
    )
}
