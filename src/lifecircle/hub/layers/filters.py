"""Which rows are shown: `楼层 >= 6 and 用途 in (住宅, "商 住") and name contains 路`.

Conditions joined by `and` (且). A condition is a field, an operator and a value; names and values with spaces or
signs stand in quotes. Operators: = != < <= > >= contains (包含) in (属于). A blank cell meets `!=` and `= ""` only.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lifecircle.hub.errors import InvalidError
from lifecircle.hub.layers.columns import Field, day, flag, number

MOST_CONDITIONS = 20
MOST_VALUES = 500
_WORD = re.compile(
    r"""\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|(<=|>=|!=|<>|[=<>(),≤≥≠（），、])|([^\s=<>!≤≥≠(),（），、"']+))"""
)
_SIGNS = {"<>": "!=", "≤": "<=", "≥": ">=", "≠": "!=", "（": "(", "）": ")", "，": ",", "、": ","}
_NAMED = {"contains": "contains", "包含": "contains", "in": "in", "属于": "in"}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_READ: dict[str, tuple[Callable[[Any], Any], str, str]] = {
    "number": (number, "a number", "数字"),
    "flag": (flag, "yes or no", "是或否"),
    "date": (day, "a day, as 2026-11-27", "日期, 如 2026-11-27"),
}
Values = Sequence[Any]


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    sign: bool
    at: int


def predicate(text: str, fields: Sequence[Field]) -> Callable[[Values], bool]:
    """Whether a row's values meet a filter; every row meets an empty one.

    Raises
    ------
    InvalidError
        It is no filter, or not one of these fields.
    """
    conditions = _Reader(_tokens(text), {one.name: k for k, one in enumerate(fields)}, fields).all()
    return lambda values: all(condition(values) for condition in conditions)


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    while text[at:].strip():
        found = _WORD.match(text, at)
        if found is None:
            raise _refused("closed quotes and known signs", "成对的引号和可用的符号", text[at:], at)
        double, single, sign, word = found.groups()
        start, at = at, found.end()
        if sign is not None:
            tokens.append(_Token(_SIGNS.get(sign, sign), sign=True, at=start))
        elif double is not None or single is not None:
            quoted = double.replace('""', '"') if double is not None else single.replace("''", "'")
            tokens.append(_Token(quoted, sign=False, at=start))
        else:
            tokens.append(_Token(word, sign=False, at=start))
    return tokens


class _Reader:
    """Takes a filter's words one after the other."""

    def __init__(
        self, tokens: list[_Token], columns: dict[str, int], fields: Sequence[Field]
    ) -> None:
        self._tokens, self._columns, self._fields, self._at = tokens, columns, fields, 0

    def all(self) -> list[Callable[[Values], bool]]:
        """Every condition."""
        found: list[Callable[[Values], bool]] = []
        while self._at < len(self._tokens):
            if found:
                self._take("and", "且", {"and", "且"})
            if len(found) == MOST_CONDITIONS:
                raise _refused(
                    f"at most {MOST_CONDITIONS} conditions", f"最多 {MOST_CONDITIONS} 个条件"
                )
            found.append(self._condition())
        return found

    def _condition(self) -> Callable[[Values], bool]:
        name = self._take("a field", "字段名", set(self._columns))
        column = self._columns[name]
        kind = self._fields[column].kind
        sign = self._take("an operator: = != < <= > >= contains in", "运算符: = != < <= > >= 包含 属于",
                          {*_COMPARE, *_NAMED})  # fmt: skip
        if sign in _COMPARE:
            return _compared(column, _COMPARE[sign], self._value(kind, blank=sign in {"=", "!="}))
        if _NAMED[sign] == "in":
            values = set(self._list(kind))
            return lambda row: row[column] is not None and row[column] in values
        part = str(self._value("text")).lower()
        return lambda row: row[column] is not None and part in str(row[column]).lower()

    def _list(self, kind: str) -> list[Any]:
        self._take("(", "(", {"("})
        values = [self._value(kind)]
        while self._take("a comma or )", "逗号或右括号", {",", ")"}) == ",":
            if len(values) == MOST_VALUES:
                raise _refused(f"at most {MOST_VALUES} values", f"最多 {MOST_VALUES} 个值")
            values.append(self._value(kind))
        return values

    def _value(self, kind: str, *, blank: bool = False) -> Any:
        word = self._take("a value", "取值", None)
        if blank and word == "":
            return None
        if kind not in _READ:
            return word
        read, en, zh = _READ[kind]
        value = read(word)
        if value is None:
            raise _refused(en, zh, word, self._tokens[self._at - 1].at)
        return value

    def _take(self, en: str, zh: str, wanted: set[str] | None) -> str:
        if self._at == len(self._tokens):
            raise _refused(en, zh, "the end 结尾")
        token = self._tokens[self._at]
        known = token.sign is False if wanted is None else token.text in wanted
        if not known:
            raise _refused(en, zh, token.text, token.at)
        self._at += 1
        return token.text


def _compared(
    column: int, holds: Callable[[Any, Any], bool], value: Any
) -> Callable[[Values], bool]:
    if holds in (operator.eq, operator.ne):
        return lambda row: holds(row[column], value)
    return lambda row: row[column] is not None and holds(row[column], value)


def _refused(en: str, zh: str, there: str = "", at: int = 0) -> InvalidError:
    shown = f" ({there[:40]!r}, {at + 1})" if there else ""
    return InvalidError(f"filter: {en}{shown}", f"筛选条件: 应为{zh}{shown}")
