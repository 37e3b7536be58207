"""The workbook's cover as rows of text: what it is, how to read it, what is not official."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import lifecircle
from lifecircle.engine.grading.model import Assessment
from lifecircle.engine.grading.words import points
from lifecircle.engine.report.book import CardBook
from lifecircle.engine.report.colours import swatches
from lifecircle.engine.report.provenance import numbers, synthetic_tables

Row = tuple[str, tuple[str, ...]]
"""A kind (`title`, `head`, `banner`, `text` or a colour) and the texts of up to three cells."""


def overview_rows(assessment: Assessment) -> Iterator[Row]:
    """Yield the cover's rows from top to bottom."""
    district = assessment.district
    yield "title", (f"{district.name_zh} 15分钟生活圈五色卡",)
    yield "text", (f"{district.name_en}: five-colour cards of 15-minute life circles",)
    if made_up := synthetic_tables(district):
        zh = "、".join(name for name, _ in made_up)
        en = ", ".join(name for _, name in made_up)
        yield "banner", ("合成数据 Synthetic data", f"以下数据为合成，仅供演示：{zh}",
                         f"These tables are made up, for demonstration only: {en}")  # fmt: skip
    yield from _figures(assessment)
    yield from _colours(assessment)
    yield from _standing(assessment)
    for issue in assessment.warnings:
        yield "text", (f"提示 Warning · {issue.file}", issue.expected_zh, issue.expected)


def _figures(assessment: Assessment) -> Iterator[Row]:
    district = assessment.district
    book = CardBook(assessment)
    yield "head", ("基本情况 Figures", "", "")
    yield "text", ("常住人口 Residents", f"{district.population:,.0f}")
    yield "text", ("街道 Streets", str(len(book.streets)))
    yield "text", ("社区 Communities", str(len(book.communities)))
    yield "text", ("设施 Facilities", f"{assessment.facilities.num_rows:,}")
    yield "text", ("评价时刻 Moment", district.moment)
    yield "text", ("路程 Way", assessment.way)
    yield "text", ("标准 Standard", district.standards.version)
    yield "text", ("软件 Product", f"lifecircle {lifecircle.__version__}")
    if card := book.card(book.district, "overall", "overall"):
        style = district.standards.style(card["colour"])
        score = "" if card["score"] is None else f" {points(card['score'])}"
        yield card["colour"], (f"总体 Overall: {style.symbol} {style.name_zh}{score}",
                               card["reason_zh"] or "", card["reason_en"] or "")  # fmt: skip


def _colours(assessment: Assessment) -> Iterator[Row]:
    book = CardBook(assessment)
    cards = (book.card(area, "overall", "overall") for area in book.communities)
    counts = Counter(card["colour"] for card in cards if card)
    yield "head", ("五色卡 Colours", "含义与行动", "Meaning and action")
    for colour, mark in swatches(assessment.district.standards).items():
        style = mark.style
        count = f"{counts[colour]} 个社区 communities"
        yield colour, (f"{style.symbol} {style.name_zh} {style.name_en} · {count}",
                       f"{style.meaning_zh}；{style.action_zh}",
                       f"{style.meaning_en}; {style.action_en}")  # fmt: skip
    yield (
        "text",
        (
            "怎样读 How to read",
            "每格为符号、颜色名与得分（0–100）。灰色表示未评，不是第六级。",
            "Each cell holds a symbol, a colour's name and a score (0-100). Grey is not rated, no grade.",
        ),
    )


def _standing(assessment: Assessment) -> Iterator[Row]:
    standards = assessment.district.standards
    everything = numbers(standards)
    proposals = sum(item.number.origin == "proposal" for item in everything)
    unchecked = sum(item.number.verify for item in everything)
    yield "head", ("标准的性质 Standing", "", "")
    total = len(everything)
    yield (
        "text",
        (
            "建议值 Proposals",
            f"标准的 {total} 个数字中 {proposals} 个为建议值，并非官方公布；{unchecked} 个待核对。",
            f"Of {total} numbers {proposals} are proposals, not official; {unchecked} await a check.",
        ),
    )
    for change in standards.overrides:
        yield "text", (f"本区调整 Override · {change.path}", f"{change.before} → {change.after}",
                       f"{change.before} → {change.after}")  # fmt: skip
