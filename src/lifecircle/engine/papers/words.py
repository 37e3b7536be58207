"""What a paper says of itself, in Chinese and in English."""

from __future__ import annotations

LABELS: dict[str, tuple[str, str]] = {
    "kind": ("15分钟生活圈五色卡", "Five-colour card of the 15-minute life circle"),
    "synthetic": ("合成数据 · 仅供演示", "Synthetic data, for demonstration only"),
    "residents": ("常住人口", "Residents"),
    "streets": ("街道", "Streets"),
    "communities": ("社区", "Communities"),
    "facilities": ("设施", "Facilities"),
    "overall": ("总体", "Overall"),
    "themes": ("八个专项圈", "The eight themes"),
    "legend": ("怎样读颜色", "How to read the colours"),
    "groups": ("各人群的覆盖", "Coverage by group"),
    "lived": ("实际", "Lived"),
    "compliant": ("合规", "Compliance"),
    "indicators": ("指标", "Indicators"),
    "lorenz": ("居民累计份额与可达基础服务累计份额", "Share of residents against share of base services"),
    "good": ("做得好的", "What is well served"),
    "missing": ("缺什么, 怎样升一级", "What is missing, and what would lift it"),
    "members": ("所辖各地", "Area by area"),
    "types": ("62类设施", "The 62 facility types"),
    "type": ("类型", "Type"),
    "card": ("卡片", "Card"),
    "gap": ("缺口", "Gap"),
    "uncovered": ("走不到的人", "People beyond reach"),
    "lift": ("升一级", "One grade up"),
    "gaps": ("缺口, 按影响人数", "Gaps, by people affected"),
    "place": ("地方", "Area"),
    "changes": ("与上一次相比", "Since the last run"),
    "before": ("原", "Before"),
    "after": ("现", "After"),
    "why": ("原因", "Why"),
    "nothing": ("没有", "None"),
    "edge": ("边界外的资料不全, 本地的评级可能偏低或偏高", "What lies beyond the boundary is not known"),
    "map": ("各社区总体卡片", "Overall card by community"),
}  # fmt: skip

METHOD = (
    (
        "按真实路网的坡道、台阶、电梯与过街计算往返步行时间, 两个方向各自不超过时限才算可达; 评级按各人群自己的步速。",
        "Walks follow the real slopes, stairs, lifts and crossings; within reach means there and back, at each group's own speed.",
    ),
    (
        "得分 = 规模 0.35 + 覆盖 0.35 + 品质 0.15 + 满意度 0.15, 按已知分项折算; 灰色为未评, 不是等级。",
        "Score: scale 0.35, coverage 0.35, quality 0.15, satisfaction 0.15, over the parts that are known; grey is not rated, no grade.",
    ),
    (
        "颜色界线、权重、否决条件与类别归属没有公开的官方文本, 是本产品的建议值, 可在数据包中替换。",
        "Thresholds, weights, vetoes and groupings have no published official text: they are proposals and can be replaced in the bundle.",
    ),
    (
        "30 米高程不能分辨台阶; 人口按住宅建筑面积分摊到楼, 只评地方, 不评个人。",
        "A 30 m elevation model resolves no stairs; people are spread over homes by floor area. Places are graded, never persons.",
    ),
)  # fmt: skip
