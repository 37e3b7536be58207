"""Units and rules in both languages."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence in Chinese and in English."""

    zh: str = ""
    en: str = ""


def points(score: float) -> str:
    """A score with one decimal, rounded down: 89.96 is under 90 and must not read as 90.0."""
    return f"{math.floor(score * 10 + 1e-6) / 10:.1f}"


UNITS_ZH = {
    "people": "人", "seats": "个学位", "places": "个托位", "beds": "张床", "m2": "平方米",
    "m": "米",
    "centres": "个中心", "stations": "个站", "points": "个点", "complexes": "个综合体",
    "outlets": "个网点", "devices": "台", "share": "台", "stops": "个站点", "spaces": "个车位",
    "units": "套", "rooms": "间", "meals_per_day": "份/日",
}  # fmt: skip

RULES = {
    "score": ("按得分评定", "graded by its score"),
    "coverage_cap": ("覆盖率不足一半, 最高为黄", "coverage under a half: yellow at best"),
    "absent": (
        "一半以上服务人群在1.5倍时限内无设施可达",
        "at least half of the group reaches none within 1.5 times the limit",
    ),
    "failing": ("安全或证照不合格的设施", "facilities that failed a safety or licence check"),
    "incomplete": ("数据不足六成, 未评", "under 60 % of the grade is known: not rated"),
    "nobody": ("无服务人群", "nobody of the group lives here"),
    "no_group": ("缺少该人群数据, 未评", "no population is recorded for this group: not rated"),
    "not_surveyed": (
        "未调查此类设施, 未评",
        "facilities of this type were not surveyed: not rated",
    ),
    "reported": ("只报告不评级", "reported, not graded"),
    "worst_base": ("受最差基础保障类拖累", "held by its worst base type"),
    "closed": ("已停用", "closed for good"),
}

PARTS_ZH = {"scale": "规模", "coverage": "覆盖", "quality": "品质", "satisfaction": "满意度"}
