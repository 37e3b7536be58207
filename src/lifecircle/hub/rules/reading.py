"""Reading a rule that somebody wrote: every part that is wrong is named, with what was expected."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from lifecircle.errors import Issue
from lifecircle.hub.cases.kinds import kinds
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.rules.judging import Hours, Rule

_MOST_PARTS, _DEEPEST, _LONGEST_S = 20, 5, 31 * 86400
_LEAVES = {
    frozenset({"value", "above"}), frozenset({"value", "above", "clear"}), frozenset({"value", "below"}),
    frozenset({"value", "below", "clear"}), frozenset({"value", "rises", "within_s"}),
    frozenset({"value", "falls", "within_s"}), frozenset({"silent_s"}), frozenset({"value", "silent_s"}),
}  # fmt: skip
_EXPECTED = (
    "value with above or below (and clear), value with rises or falls and within_s, silent_s, all, any, not",
    "value 加 above/below (可加 clear)、rises/falls 加 within_s、silent_s、all、any、not",
)


def rule(given: Mapping[str, Any]) -> Rule:
    """Check a definition; `InvalidError` with every part that is wrong."""
    issues: list[Issue] = []
    unknown = sorted(set(given) - {"when", "raise", "for_s", "hours"})
    if unknown:
        issues.append(
            _issue(", ".join(unknown), "", "when, raise, for_s, hours", "when、raise、for_s、hours")
        )
    _check(given.get("when"), "when", issues, deep=0)
    kind = given.get("raise")
    if kind not in kinds():
        issues.append(_issue("raise", kind, f"one of {', '.join(kinds())}", "已有的事件类型"))
    for_s = given.get("for_s", 0)
    if not _is_span(for_s, least=0):
        issues.append(_issue("for_s", for_s, "seconds from 0 to a month", "0 到一个月的秒数"))
    hours = _hours(given.get("hours"), issues)
    if issues:
        raise InvalidError("the rule has mistakes", "规则有误", issues)
    return Rule(given["when"], str(kind), float(for_s), hours)


def _check(when: Any, at: str, issues: list[Issue], *, deep: int) -> None:
    if not isinstance(when, Mapping) or deep > _DEEPEST:
        issues.append(_issue(at, when, *_EXPECTED))
        return
    for name in ("all", "any"):
        if set(when) == {name}:
            parts = when[name]
            if not isinstance(parts, list) or not 1 <= len(parts) <= _MOST_PARTS:
                issues.append(
                    _issue(
                        f"{at}.{name}",
                        parts,
                        f"1 to {_MOST_PARTS} conditions",
                        f"1 到 {_MOST_PARTS} 个条件",
                    )
                )
                return
            for k, part in enumerate(parts):
                _check(part, f"{at}.{name}.{k}", issues, deep=deep + 1)
            return
    if set(when) == {"not"}:
        _check(when["not"], f"{at}.not", issues, deep=deep + 1)
        return
    if frozenset(when) not in _LEAVES:
        issues.append(_issue(at, when, *_EXPECTED))
        return
    _check_leaf(when, at, issues)


def _check_leaf(when: Mapping[str, Any], at: str, issues: list[Issue]) -> None:
    name = when.get("value", "x")
    if not isinstance(name, str) or not 0 < len(name) <= 40 or not name.isprintable():
        issues.append(_issue(f"{at}.value", name, "the name of a value", "数值名称"))
    for each in ("above", "below", "clear", "rises", "falls"):
        if each in when and not _is_number(when[each]):
            issues.append(_issue(f"{at}.{each}", when[each], "a number", "数字"))
            return
    issues += [
        _issue(f"{at}.{each}", when[each], "seconds from 1 to a month", "1 秒到一个月")
        for each in ("within_s", "silent_s") if each in when and not _is_span(when[each], least=1)
    ]  # fmt: skip
    issues += [
        _issue(f"{at}.{each}", when[each], "more than 0", "大于 0")
        for each in ("rises", "falls") if each in when and when[each] <= 0
    ]  # fmt: skip
    sign = 1 if "above" in when else -1
    limit = when.get("above", when.get("below"))
    if "clear" in when and sign * when["clear"] > sign * limit:
        issues.append(
            _issue(f"{at}.clear", when["clear"], f"not beyond {limit}", f"不超过 {limit} 的恢复值")
        )


def _hours(given: Any, issues: list[Issue]) -> Hours | None:
    if given is None:
        return None
    try:
        days = frozenset(given.get("days", range(1, 8)))
        start, end = (dt.time.fromisoformat(given.get(name, "00:00")) for name in ("from", "to"))
        good = (
            start.tzinfo is None
            and end.tzinfo is None
            and (
                set(given) <= {"days", "from", "to"}
                and days
                and days <= set(range(1, 8))
                and start != end
            )
        )
    except (AttributeError, TypeError, ValueError):
        good = False
    if not good:
        expected = (
            '{"days": [1, 7], "from": "22:00", "to": "06:00"}, Monday is 1',
            "星期 (1 为周一) 与起止时刻",
        )
        issues.append(_issue("hours", given, *expected))
        return None
    return Hours(days, start, end)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_span(value: Any, *, least: float) -> bool:
    return _is_number(value) and least <= value <= _LONGEST_S


def _issue(at: str, value: Any, en: str, zh: str) -> Issue:
    shown = "" if value is None else str(value)[:80]
    return Issue("rule", "rule", en, zh, column=at, value=shown)
