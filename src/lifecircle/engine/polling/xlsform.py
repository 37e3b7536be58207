"""Questionnaires as XLSForm: the workbook that ODK Collect, KoboToolbox and their like make forms of, and back.

What skips questions is written as `relevant` and read from it: comparisons of an answer with values or numbers, joined
by `and`; several values of one question by `or`. https://xlsform.org/en/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from lifecircle.engine.polling.asking import (
    RATINGS,
    Condition,
    Kind,
    Option,
    Question,
    Questionnaire,
    Section,
    check_questionnaire,
)
from lifecircle.errors import InputError, Issue

ZH, EN = "中文 (zh)", "English (en)"
_LABELS = (f"label::{ZH}", f"label::{EN}")
_SURVEY = ("type", "name", *_LABELS, "required", "constraint", "relevant")
_CHOICES = ("list_name", "name", *_LABELS)
_RATING = "rating"
_KINDS: dict[str, Kind] = {
    "text": "text", "string": "text", "integer": "number", "int": "number", "decimal": "number", "note": "note",
    "select one": "one", "select all that apply": "many",
}  # fmt: skip
_OURS = frozenset({"start", "end", "today", "deviceid", "username", "instance_id", "instance_name"})
_ASKED = (
    "text, integer, decimal, select_one, select_multiple or note", "文本、数字、单选、多选或说明"
)  # fmt: skip
_BOUNDED = (
    "bounds (. >= 0 and . <= 100) or count-selected(.) <= 3 as a constraint", "以上下限或选择个数为约束"
)  # fmt: skip
_MET = (
    "a condition such as ${a} = 'x' and ${b} >= 3", "形如 ${a} = 'x' and ${b} >= 3 的条件"
)  # fmt: skip


def write_form(
    survey: Sequence[Mapping[str, Any]], choices: Sequence[Mapping[str, Any]], settings: Mapping[str, str],
    columns: Sequence[str] = _SURVEY,
) -> bytes:  # fmt: skip
    """Write a form of its rows as a workbook with the sheets `survey`, `choices` and `settings`."""
    import xlsxwriter  # noqa: PLC0415  (who reads no form need not load it)

    output = BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheets = (("survey", columns, survey), ("choices", _CHOICES, choices), ("settings", tuple(settings), [settings]))  # fmt: skip
        for title, names, rows in sheets:
            sheet = book.add_worksheet(title)
            for k, name in enumerate(names):
                sheet.write_string(0, k, name)
                for row, values in enumerate(rows, start=1):
                    if values.get(name):
                        sheet.write_string(row, k, str(values[name]))
    return output.getvalue()


def to_xlsform(one: Questionnaire, *, form_id: str = "lifecircle_survey") -> bytes:
    """The questionnaire as an XLSForm workbook; `from_xlsform` reads it back equal."""
    survey: list[dict[str, Any]] = []
    choices: dict[str, Sequence[Option]] = {}
    for section in one.sections:
        survey.append({"type": "begin group", "name": f"s_{section.name}", _LABELS[0]: section.zh, _LABELS[1]: section.en})  # fmt: skip
        for question in section.questions:
            survey.append(_row(question, one))
            if question.kind in ("one", "many"):
                choices[f"o_{question.name}"] = question.options
            elif question.kind == "rating":
                choices[_RATING] = question.choices
        survey.append({"type": "end group"})
    listed = [
        {"list_name": name, "name": option.name, _LABELS[0]: option.zh, _LABELS[1]: option.en}
        for name, options in choices.items() for option in options
    ]  # fmt: skip
    settings = {"form_title": f"{one.zh} {one.en}".strip(), "form_id": form_id, "default_language": ZH,
                "title_zh": one.zh, "title_en": one.en}  # fmt: skip
    return write_form(survey, listed, settings)


def from_xlsform(content: bytes, name: str = "form.xlsx") -> Questionnaire:
    """Read a questionnaire from an XLSForm workbook, which pyxform checks first.

    Groups are sections; `calculate`, `geopoint`, repeats and other questions that a resident is not asked in words are
    refused, as is a `relevant` beyond what this module describes.

    Raises
    ------
    InputError
        It is no XLSForm, or asks what a questionnaire here cannot: every place is named.
    """
    form, titles = _parsed(content, name)
    issues: list[Issue] = []
    sections: list[Section] = []
    loose: list[Question] = []
    for child in form.get("children", ()):
        kind = child.get("type")
        if kind == "group" and child.get("name") != "meta":
            zh, en = _labels(child, str(child["name"]))
            inherited = _conditions(child, issues, name)
            inside = tuple(_questions(child, issues, name, inherited))
            sections.append(Section(_plain(child["name"]).removeprefix("s_"), zh, en, inside))
        elif kind not in _OURS and child.get("name") != "meta":
            loose += _questions({"children": [child]}, issues, name, ())
    if issues:
        raise InputError("the form cannot be used here / 表单无法使用", tuple(issues))
    if loose:
        sections.insert(0, Section("general", "基本问题", "General", tuple(loose)))
    made = Questionnaire(*titles, tuple(sections))
    check_questionnaire(made)
    return made


def relevant(conditions: Sequence[Condition], questions: Mapping[str, Question]) -> str:
    """Conditions as the expression of an XLSForm."""
    return " and ".join(_said(one, questions[one.question]) for one in conditions)


def _row(one: Question, whole: Questionnaire) -> dict[str, Any]:
    kinds = {"rating": f"select_one {_RATING}", "one": f"select_one o_{one.name}", "many": f"select_multiple o_{one.name}",
             "number": "decimal", "text": "text", "note": "note"}  # fmt: skip
    constraint = ""
    if one.kind == "number":
        bounds = ((">=", one.least), ("<=", one.most))
        constraint = " and ".join(f". {sign} {bound:.12g}" for sign, bound in bounds if bound is not None)  # fmt: skip
    elif one.kind == "many" and one.most is not None:
        constraint = f"count-selected(.) <= {one.most:.0f}"
    by_name = {other.name: other for other in whole.questions()}
    return {
        "type": kinds[one.kind], "name": one.name, _LABELS[0]: one.zh, _LABELS[1]: one.en,
        "required": "yes" if one.required else "", "constraint": constraint,
        "relevant": relevant(one.when, by_name),
    }  # fmt: skip


def _said(one: Condition, question: Question) -> str:
    name = f"${{{one.question}}}"
    if one.among:
        turn = "selected({0}, '{1}')" if question.kind == "many" else "{0} = '{1}'"
        parts = [turn.format(name, value) for value in one.among]
        words = parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"
    else:
        bounds = ((">=", one.least), ("<=", one.most))
        found = [f"{name} {sign} {bound:.12g}" for sign, bound in bounds if bound is not None]
        words = " and ".join(found) if found else f"{name} != ''"
    return f"not({words})" if one.negate else words


def _parsed(content: bytes, name: str) -> tuple[dict[str, Any], tuple[str, str]]:
    from pyxform.errors import PyXFormError  # noqa: PLC0415  (the hub's extra)
    from pyxform.xls2json import workbook_to_json  # noqa: PLC0415
    from pyxform.xls2json_backends import get_xlsform  # noqa: PLC0415
    from pyxform.xls2xform import convert  # noqa: PLC0415

    try:
        convert(BytesIO(content), validate=False)  # whatever is wrong in it is said here
        book = get_xlsform(BytesIO(content))
        form = workbook_to_json(book, form_name="form")
        given = dict(book.settings[0]) if book.settings else {}
    except PyXFormError as error:
        issue = Issue("xlsform", name, str(error)[:300], f"XLSForm 有误: {str(error)[:300]}")
        raise InputError(
            "this is no XLSForm that can be used / 不是有效的 XLSForm", (issue,)
        ) from error
    except Exception as error:
        issue = Issue("xlsform", name, "an XLSForm workbook (.xlsx)", "XLSForm 工作簿 (.xlsx)", value=str(error)[:80])  # fmt: skip
        raise InputError("this is no XLSForm / 不是 XLSForm", (issue,)) from error
    title = str(form.get("title", "")).strip()
    zh, en = str(given.get("title_zh", "")).strip(), str(given.get("title_en", "")).strip()
    return form, (zh or title, en)


def _questions(
    parent: Mapping[str, Any], issues: list[Issue], file: str, inherited: tuple[Condition, ...]
) -> Iterator[Question]:
    for child in parent.get("children", ()):
        kind = str(child.get("type", ""))
        if kind in _OURS:
            continue
        if kind == "group":
            yield from _questions(child, issues, file, (*inherited, *_conditions(child, issues, file)))  # fmt: skip
            continue
        name = _plain(child.get("name", ""))
        known = _KINDS.get(kind)
        if known is None:
            issues.append(_issue(file, name, kind, *_ASKED))
            continue
        yield _question(child, name, known, inherited, issues, file)


def _question(
    child: Mapping[str, Any], name: str, kind: Kind, inherited: tuple[Condition, ...], issues: list[Issue], file: str,
) -> Question:  # fmt: skip
    bind = child.get("bind", {})
    zh, en = _labels(child, name)
    options = tuple(
        Option(str(one["name"]), *_labels(one, str(one["name"]))) for one in child.get("choices", child.get("children", ())) or ()
    )  # fmt: skip
    steps = [step[0] for step in RATINGS]
    if kind == "one" and [one.name for one in options] == steps:
        kind, options = "rating", ()
    least, most = _bounds(str(bind.get("constraint", "")), kind, name, issues, file)
    return Question(
        name, kind, zh, en, str(bind.get("required", "")).lower() in ("yes", "true()", "true"), options, least, most,
        (*inherited, *_conditions(child, issues, file)),
    )  # fmt: skip


def _bounds(
    text: str, kind: Kind, name: str, issues: list[Issue], file: str
) -> tuple[float | None, float | None]:
    least = most = None
    for part in filter(None, (piece.strip() for piece in re.split(r"\s+and\s+", text))):
        counted = re.fullmatch(r"count-selected\(\s*\.\s*\)\s*<=\s*(\d+)", part)
        bound = re.fullmatch(r"\.\s*(>=|<=)\s*(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)", part)
        if kind == "many" and counted:
            most = float(counted[1])
        elif kind == "number" and bound:
            least, most = (float(bound[2]), most) if bound[1] == ">=" else (least, float(bound[2]))
        else:
            issues.append(_issue(file, name, part, *_BOUNDED))
    return least, most


_TERM = re.compile(
    r"\$\{(?P<name>\w+)\}\s*(?P<sign>!=|>=|<=|=)\s*(?:'(?P<value>[^']*)'|(?P<number>-?\d+(?:\.\d+)?(?:e[+-]?\d+)?))"
    r"|selected\(\s*\$\{(?P<many>\w+)\}\s*,\s*'(?P<chosen>[^']*)'\s*\)"
)


def _conditions(child: Mapping[str, Any], issues: list[Issue], file: str) -> tuple[Condition, ...]:
    text = str(child.get("bind", {}).get("relevant", "")).strip()
    if not text:
        return ()
    found = [_condition(part) for part in _split(text, "and")]
    if any(one is None for one in found):
        issues.append(_issue(file, str(child.get("name", "")), text, *_MET))
        return ()
    return tuple(_joined([one for one in found if one is not None]))


def _condition(text: str) -> Condition | None:
    """One condition of a part between `and`: several values of a question stand in brackets, joined by `or`."""
    text = text.strip()
    turned = re.fullmatch(r"not\((.*)\)", text, re.DOTALL)
    if turned and _closed(turned[1]):
        inside = [_condition(part) for part in _split(turned[1], "and")]
        whole = _joined([one for one in inside if one is not None and not one.negate])
        good = len(whole) == 1 and None not in inside
        return replace(whole[0], negate=True) if good else None
    if text.startswith("(") and text.endswith(")") and _closed(text[1:-1]):
        return _condition(text[1:-1])
    terms = [_term(part.strip()) for part in _split(text, "or")]
    if len(terms) == 1:
        return terms[0]
    values = [one.among[0] for one in terms if one is not None and one.among and not one.negate]
    same = {one.question for one in terms if one is not None}
    return (
        Condition(same.pop(), tuple(values))
        if len(values) == len(terms) and len(same) == 1
        else None
    )


def _term(text: str) -> Condition | None:
    found = _TERM.fullmatch(text)
    if not found:
        return None
    if found["many"]:
        return Condition(_plain(found["many"]), (found["chosen"],))
    name, sign = _plain(found["name"]), found["sign"]
    value = found["value"] if found["value"] is not None else found["number"]
    if sign in ("=", "!="):
        if value == "":
            return Condition(name, negate=sign == "=")
        return Condition(name, (value,), negate=sign == "!=")
    if found["number"] is None:
        return None
    bound = float(found["number"])
    return Condition(name, least=bound) if sign == ">=" else Condition(name, most=bound)


def _joined(found: Sequence[Condition]) -> list[Condition]:
    """A least and then a most of the same question are one condition."""
    made: list[Condition] = []
    for one in found:
        last = made[-1] if made else None
        if (
            last is not None and last.question == one.question and not (last.negate or one.negate)
            and last.least is not None and last.most is None and one.most is not None and one.least is None
        ):  # fmt: skip
            made[-1] = Condition(one.question, least=last.least, most=one.most)
        else:
            made.append(one)
    return made


def _split(text: str, word: str) -> list[str]:
    """Parts between a word, outside brackets and quotes."""
    parts, depth, quoted, start = [], 0, False, 0
    for k, letter in enumerate(text):
        quoted ^= letter == "'"
        depth += 0 if quoted else (letter in "([") - (letter in ")]")
        if not quoted and depth == 0 and re.match(rf"\s{word}\s", text[k:]):
            parts.append(text[start:k])
            start = k + len(word) + 2
    return [*parts, text[start:]]


def _closed(text: str) -> bool:
    depth = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return False
    return depth == 0


def _labels(child: Mapping[str, Any], otherwise: str) -> tuple[str, str]:
    label = child.get("label", otherwise)
    if not isinstance(label, Mapping):
        return str(label), ""
    zh = next((v for k, v in label.items() if "zh" in k.lower() or "中文" in k or "chinese" in k.lower()), None)  # fmt: skip
    en = next((v for k, v in label.items() if "(en" in k.lower() or "english" in k.lower()), None)
    first = next((value for value in label.values() if value), otherwise)
    return str(zh or first), str(en or "")


def _plain(name: Any) -> str:
    """A name as ours are: small letters, digits and _."""
    made = re.sub(r"[^a-z0-9_]", "_", str(name).lower())
    return made if made[:1].isalpha() else f"q_{made}"


def _issue(file: str, column: str, value: str, en: str, zh: str) -> Issue:
    return Issue("xlsform", file, en, zh, column=column, value=value[:120])
