"""A questionnaire: its questions in sections, which of them come up, and whether answers fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from lifecircle.errors import InputError, Issue

Kind = Literal["rating", "one", "many", "number", "text", "note"]
Answers = Mapping[str, Any]

RATINGS: tuple[tuple[str, str, str], ...] = (
    ("5", "很满意", "Very satisfied"), ("4", "满意", "Satisfied"), ("3", "一般", "Neither"),
    ("2", "不满意", "Dissatisfied"), ("1", "很不满意", "Very dissatisfied"),
    ("0", "不了解或没用过", "Do not know or never used"),
)  # fmt: skip
"""What a rating may be: five steps, and none."""
SATISFACTION = "sat_"
"""A rating whose name begins so is of the facility type that follows."""

MOST_QUESTIONS, MOST_OPTIONS, LONGEST = 250, 60, 1000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")


@dataclass(frozen=True, slots=True)
class Option:
    """What may be chosen: the name that is kept, and its words."""

    name: str
    zh: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where an earlier question was answered with one of some values, or with a number between two.

    With `negate` it holds where that is not so. A question that did not come up has no answer.
    """

    question: str
    among: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    negate: bool = False

    def holds(self, answers: Answers) -> bool:
        """Whether it does, for what was answered so far."""
        return self._met(answers.get(self.question)) is not self.negate

    def _met(self, given: Any) -> bool:
        if given is None:
            return False
        if self.among:
            chosen = given if isinstance(given, (list, tuple)) else (given,)
            return any(str(one) in self.among for one in chosen)
        try:
            number = float(given)
        except (TypeError, ValueError):
            return False
        return (self.least is None or number >= self.least) and (
            self.most is None or number <= self.most
        )


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `when` are conditions that must all hold for it to come up (skip logic).

    A number lies between `least` and `most`; of `many`, at most `most` options are chosen.
    """

    name: str
    kind: Kind
    zh: str
    en: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    least: float | None = None
    most: float | None = None
    when: tuple[Condition, ...] = ()

    @property
    def about(self) -> str:
        """The facility type that a rating is of; empty for others."""
        is_rating = self.kind == "rating" and self.name.startswith(SATISFACTION)
        return self.name.removeprefix(SATISFACTION) if is_rating else ""

    @property
    def choices(self) -> tuple[Option, ...]:
        """What may be chosen; those of a rating are always the same."""
        return tuple(Option(*one) for one in RATINGS) if self.kind == "rating" else self.options


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together."""

    name: str
    zh: str
    en: str = ""
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Sections in order. Question names are unique over all of them."""

    zh: str
    en: str = ""
    sections: tuple[Section, ...] = field(default=())

    def questions(self) -> Iterator[Question]:
        """All questions in order."""
        for section in self.sections:
            yield from section.questions


def shown(questionnaire: Questionnaire, answers: Answers) -> list[Question]:
    """The questions that come up for some answers; what hangs on a question that does not come up does not either."""
    found: list[Question] = []
    given: dict[str, Any] = {}
    for one in questionnaire.questions():
        if all(condition.holds(given) for condition in one.when):
            found.append(one)
            if answers.get(one.name) is not None:
                given[one.name] = answers[one.name]
    return found


def check_answers(questionnaire: Questionnaire, answers: Answers) -> dict[str, Any]:
    """Hold answers against their questions; return those of questions that come up, as they are kept.

    Ratings and single choices are kept as option names, several as a sorted list, numbers as float, text without
    spaces around it. Answers to questions that do not come up are left out.

    Raises
    ------
    InputError
        An answer is none for its question, or one that is required is missing: all are named at once.
    """
    known = {one.name for one in questionnaire.questions()}
    issues = [
        _issue(name, "", "a question of this questionnaire", "本问卷中的问题", "unknown")
        for name in answers
        if name not in known
    ]
    kept: dict[str, Any] = {}
    for one in shown(questionnaire, answers):
        given = answers.get(one.name)
        if one.kind == "note" or given is None or given in ("", [], ()):
            if one.required and one.kind != "note":
                issues.append(_issue(one.name, "", "an answer", "需要回答", "missing"))
            continue
        value = _kept(one, given, issues)
        if value is not None:
            kept[one.name] = value
    if issues:
        raise InputError("answers do not fit the questions / 答案与问卷不符", tuple(issues))
    return kept


def check_questionnaire(one: Questionnaire) -> None:
    """Raise `InputError` where a questionnaire does not hold together: names, options, conditions, bounds."""
    issues: list[Issue] = []
    if not one.zh.strip():
        issues.append(_issue("title", "", "a title in Chinese", "中文标题", "title"))
    questions = list(one.questions())
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        issues.append(
            _issue("questions", str(len(questions)), f"1 to {MOST_QUESTIONS} questions", f"1 到 {MOST_QUESTIONS} 个问题")
        )  # fmt: skip
    sections: set[str] = set()
    for section in one.sections:
        if not _NAME.match(section.name) or section.name in sections:
            issues.append(_name(section.name))
        sections.add(section.name)
    before: dict[str, Question] = {}
    for question in questions:
        _check(question, before, issues)
        before[question.name] = question
    if issues:
        raise InputError("the questionnaire does not hold together / 问卷有误", tuple(issues))


def to_json(one: Questionnaire) -> dict[str, Any]:
    """The questionnaire as plain dictionaries and lists; `from_json` makes it anew."""
    return {
        "zh": one.zh, "en": one.en,
        "sections": [
            {"name": part.name, "zh": part.zh, "en": part.en, "questions": [_plain(q) for q in part.questions]}
            for part in one.sections
        ],
    }  # fmt: skip


def from_json(content: Mapping[str, Any]) -> Questionnaire:
    """Make a questionnaire of what `to_json` gave, and check that it holds together.

    Raises
    ------
    InputError
        It does not.
    """
    made = Questionnaire(
        str(content.get("zh", "")),
        str(content.get("en", "")),
        tuple(
            Section(part["name"], part["zh"], part.get("en", ""), tuple(map(_made, part["questions"])))
            for part in content["sections"]
        ),
    )  # fmt: skip
    check_questionnaire(made)
    return made


def _made(content: Mapping[str, Any]) -> Question:
    return Question(
        content["name"], content["kind"], content["zh"], content.get("en", ""), bool(content.get("required", False)),
        tuple(Option(o["name"], o["zh"], o.get("en", "")) for o in content.get("options", ())),
        content.get("least"), content.get("most"),
        tuple(
            Condition(c["question"], tuple(c.get("among", ())), c.get("least"), c.get("most"), bool(c.get("negate", False)))
            for c in content.get("when", ())
        ),
    )  # fmt: skip


def _plain(one: Question) -> dict[str, Any]:
    content: dict[str, Any] = {
        "name": one.name, "kind": one.kind, "zh": one.zh, "en": one.en, "required": one.required,
        "options": [{"name": o.name, "zh": o.zh, "en": o.en} for o in one.options],
        "least": one.least, "most": one.most,
        "when": [
            {"question": c.question, "among": list(c.among), "least": c.least, "most": c.most, "negate": c.negate}
            for c in one.when
        ],
    }  # fmt: skip
    return content


def _kept(one: Question, given: Any, issues: list[Issue]) -> Any:
    names = [option.name for option in one.choices]
    if one.kind in ("rating", "one"):
        if str(given) in names and not isinstance(given, (list, tuple)):
            return str(given)
        issues.append(_choice(one, str(given), names))
    elif one.kind == "many":
        chosen = list(given) if isinstance(given, (list, tuple)) else [given]
        wrong = [str(each) for each in chosen if str(each) not in names]
        if wrong:
            issues.append(_choice(one, wrong[0], names))
        elif one.most is not None and len(set(chosen)) > one.most:
            most = int(one.most)
            issues.append(
                _issue(one.name, str(len(chosen)), f"{most} at most", f"最多选 {most} 项")
            )
        else:
            return [name for name in names if name in {str(each) for each in chosen}]
    elif one.kind == "number":
        return _number(one, given, issues)
    else:
        text = str(given).strip()
        if len(text) <= LONGEST:
            return text
        issues.append(_issue(one.name, text[:20], f"{LONGEST} letters at most", f"不超过 {LONGEST} 字"))  # fmt: skip
    return None


def _number(one: Question, given: Any, issues: list[Issue]) -> float | None:
    try:
        number = float(given)
    except (TypeError, ValueError):
        number = float("nan")
    least = -1e12 if one.least is None else one.least
    most = 1e12 if one.most is None else one.most
    if least <= number <= most and not isinstance(given, bool):
        return number
    issues.append(_issue(one.name, str(given), f"a number from {least:g} to {most:g}", f"{least:g} 到 {most:g} 的数字"))  # fmt: skip
    return None


def _check(one: Question, before: Mapping[str, Question], issues: list[Issue]) -> None:
    if not _NAME.match(one.name) or one.name in before:
        issues.append(_name(one.name))
    if one.kind not in get_args(Kind):
        issues.append(_issue(one.name, one.kind, "one of " + ", ".join(get_args(Kind)), "已有的题型"))  # fmt: skip
    if not 1 <= len(one.zh.strip()) <= LONGEST:
        issues.append(_issue(one.name, one.zh[:20], "its words in Chinese", "中文题目"))
    if one.kind in ("one", "many"):
        names = [option.name for option in one.options]
        good = 2 <= len(names) <= MOST_OPTIONS and len(set(names)) == len(names)
        if not good or not all(re.fullmatch(r"[A-Za-z0-9_]{1,60}", name) for name in names):
            issues.append(
                _issue(one.name, ", ".join(names[:5]), f"2 to {MOST_OPTIONS} options of different names (letters, digits)",
                       f"2 到 {MOST_OPTIONS} 个不同编号 (字母、数字) 的选项")
            )  # fmt: skip
    if one.least is not None and one.most is not None and one.least > one.most:
        issues.append(_issue(one.name, f"{one.least:g} > {one.most:g}", "the least, then the most", "最小值不大于最大值"))  # fmt: skip
    for condition in one.when:
        _check_condition(one, condition, before.get(condition.question), issues)


def _check_condition(
    one: Question, condition: Condition, asked: Question | None, issues: list[Issue]
) -> None:
    if asked is None:
        issues.append(_issue(one.name, condition.question, "a condition on an earlier question", "以前面的问题为条件"))  # fmt: skip
        return
    names = {option.name for option in asked.choices}
    if names and not condition.among and asked.kind != "rating":
        issues.append(_issue(one.name, condition.question, "options of that question", "该问题的选项"))  # fmt: skip
    issues += [
        _issue(one.name, value, f"an option of {asked.name}", f"{asked.name} 的选项")
        for value in condition.among
        if value not in names
    ]


def _choice(one: Question, value: str, names: Sequence[str]) -> Issue:
    listed = ", ".join(names[:12])
    return _issue(one.name, value, f"one of {listed}", f"选项之一: {listed}", "choice")


def _name(value: str) -> Issue:
    expected = "a name of its own: small letters, digits, _", "不重复的编号: 小写字母、数字、下划线"
    return _issue(value[:60], value[:60], *expected, "name")


def _issue(column: str, value: str, en: str, zh: str, code: str = "answer") -> Issue:
    return Issue(code, "questionnaire", en, zh, column=column, value=value[:80])
