"""The library of questions: sections to build a questionnaire from."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lifecircle.engine.polling.asking import (
    SATISFACTION,
    Option,
    Question,
    Questionnaire,
    Section,
    check_questionnaire,
    from_json,
)
from lifecircle.engine.standards import FacilityType, Standards
from lifecircle.errors import InputError, Issue

_SEEN = (Option("yes", "是", "Yes"), Option("no", "否", "No"), Option("unknown", "不清楚", "Do not know"))  # fmt: skip


def library(standards: Standards) -> dict[str, Section]:
    """All sections by their names, in the order in which they are asked.

    The household; infant care and elder care; one section for each of the 11 categories, a rating for each of its
    graded types and what is missing; the 61 indicators of the city examination by scale.
    """
    made = dict(_files())
    first = {name: made.pop(name) for name in ("home", "infant_care", "elder_care")}
    categories = {
        code.lower(): _category(standards, code) for code in standards.categories
    }  # fmt: skip
    return first | categories | made


def compose(standards: Standards, names: Sequence[str], *, zh: str, en: str = "") -> Questionnaire:
    """Build a questionnaire of some sections; what an earlier section asks already is not asked again.

    Raises
    ------
    InputError
        A section is not in the library, or there is none.
    """
    known = library(standards)
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        listed = ", ".join(known)
        issue = Issue("section", "questionnaire", f"some of {listed}", f"{listed} 之中的板块", value=", ".join(unknown)[:80])  # fmt: skip
        raise InputError("no such section of the library / 题库中没有该板块", (issue,))
    asked: set[str] = set()
    sections = []
    for name in dict.fromkeys(names):
        fresh = tuple(one for one in known[name].questions if one.name not in asked)
        asked |= {one.name for one in fresh}
        if fresh:
            sections.append(Section(name, known[name].zh, known[name].en, fresh))
    made = Questionnaire(zh, en, tuple(sections))
    check_questionnaire(made)
    return made


def indicators() -> dict[str, str]:
    """The indicator of the city examination that each question is asked for, by the question's name."""
    return dict(_indicators())


def rating_of(kind: FacilityType) -> Question:
    """The question how satisfied one is with a type of facility within its walk."""
    minutes = f"{kind.walk_min.value:g}" if kind.walk_min else "15"
    return Question(
        f"{SATISFACTION}{kind.id}", "rating", f"您对步行{minutes}分钟内的{kind.name_zh}满意吗?",
        f"How satisfied are you with: {kind.name_en} ({minutes} min on foot)?",
    )  # fmt: skip


def _category(standards: Standards, code: str) -> Section:
    one, name = standards.categories[code], code.lower()
    kinds = [kind for kind in standards.types.values() if kind.category == code and kind.graded]
    options = tuple(Option(kind.id, kind.name_zh, kind.name_en) for kind in kinds)
    most_missed = Question(
        f"{name}_missing", "many", "其中您最希望增加或改善的(最多3项):",
        "Which of these should be added or improved first (3 at most)?", options=options, most=3.0,
    )  # fmt: skip
    why = Question(
        f"{name}_wish", "text", f"对{one.name_zh}您还有什么意见?",
        f"What else would you say of {one.name_en.lower()}?",
    )  # fmt: skip
    ratings = tuple(rating_of(kind) for kind in kinds)
    return Section(name, one.name_zh, one.name_en, (*ratings, *((most_missed,) if len(kinds) > 1 else ()), why))  # fmt: skip


@cache
def _files() -> dict[str, Section]:
    made: dict[str, Section] = {}
    for name, part in _content().items():
        asked = [_indicator(*row) for row in part.get("indicators", ())]
        asked += _written(name, part)
        made[name] = Section(name, part["zh"], part["en"], tuple(asked))
    return made


@cache
def _indicators() -> tuple[tuple[str, str], ...]:
    parts = _content().values()
    return tuple((row[0], row[1]) for part in parts for row in part.get("indicators", ()))


@cache
def _content() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in sorted(Path(__file__).with_name("library").glob("*.toml")):
        found |= tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def _written(name: str, part: dict[str, Any]) -> tuple[Question, ...]:
    rows = [
        {**one, "options": [dict(zip(("name", "zh", "en"), o, strict=True)) for o in one.get("options", ())]}
        for one in part.get("questions", ())
    ]  # fmt: skip
    if not rows:
        return ()
    section = {"name": name, "zh": part["zh"], "questions": rows}
    return from_json({"zh": part["zh"], "sections": [section]}).sections[0].questions


def _indicator(name: str, indicator: str, zh: str, en: str, how: str) -> Question:  # noqa: ARG001
    if how == "rated":
        return Question(name, "rating", zh, en)
    return Question(name, "one", zh, en, options=_SEEN)
