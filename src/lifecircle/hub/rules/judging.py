"""Judging a rule: what it says of a device after each message and as time goes by. Pure: the same live and over history.

A condition is a value above or below a limit (it ends only beyond `clear`: hysteresis), a rise or fall within a time (rate), or
silence for a time (absence); and any, all, not of those. A rule is on once its condition has held for `for_s`, begun within
its hours; it is off as soon as the condition no longer holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

_MOST_SAMPLES = 256
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(slots=True)
class State:
    """What is known of a device under a rule: each leaf's own memory, since when the whole holds, whether it is on.

    Moments are seconds since 1970. `look_at` is when time alone may change it; None for never. Lists, not tuples: it is kept
    as JSON.
    """

    leaves: dict[str, Any] = field(default_factory=dict)
    heard: dict[str, float] = field(default_factory=dict)
    since: float | None = None
    on: bool = False
    look_at: float | None = None

    def to_json(self) -> dict[str, Any]:
        """What is kept of it."""
        return {"leaves": self.leaves, "heard": self.heard, "since": self.since, "on": self.on}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> State:
        """From what was kept."""
        return cls(**kept)


@dataclass(frozen=True, slots=True)
class Hours:
    """When a rule may begin: on days of the week (1 is Monday), from a time to a time, over midnight where `end` is earlier."""

    days: frozenset[int]
    start: dt.time
    end: dt.time

    def hold(self, at: float) -> bool:
        """Whether a moment is within them, on the clock of the district."""
        local = timezone.localtime(_moment(at))
        now = local.time()
        if self.start <= self.end:
            return local.isoweekday() in self.days and self.start <= now < self.end
        if now >= self.start:
            return local.isoweekday() in self.days
        return now < self.end and (local.isoweekday() - 2) % 7 + 1 in self.days

    def next(self, at: float) -> float:
        """The next moment after `at` at which they begin to hold."""
        local = timezone.localtime(_moment(at))
        for ahead in range(9):
            begins = dt.datetime.combine(
                local.date() + dt.timedelta(ahead), self.start, local.tzinfo
            )
            if begins > local and begins.isoweekday() in self.days:
                return _seconds(begins)
        raise AssertionError("a week has days")


@dataclass(frozen=True, slots=True)
class Rule:
    """A definition that was checked (`reading.rule`)."""

    when: Mapping[str, Any]
    kind: str
    for_s: float = 0.0
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A rule began, or ended, to be on."""

    at: dt.datetime
    on: bool


def judge(
    rule: Rule, state: State, at: dt.datetime, values: Mapping[str, float] | None = None
) -> list[Change]:
    """Bring a state up to a moment, at which the device told values (None: time went by, and nothing was told).

    Returns
    -------
    list of Change
        When the rule began and ended to be on since, in order.
    """
    now, changes = _seconds(at), []
    while state.look_at is not None and state.look_at < now:
        changes += _step(rule, state, state.look_at)
    if values is not None:
        fresh = {name: v for name, v in values.items() if now >= state.heard.get(name, now)}
        state.heard |= dict.fromkeys(fresh, now)
        state.heard[""] = max(state.heard.get("", now), now)
        _learn(rule.when, "0", state, now, fresh)
    return changes + _step(rule, state, now)


def _step(rule: Rule, state: State, now: float) -> list[Change]:
    before = state.on
    if not _holds(rule.when, "0", state, now):
        state.since, state.on = None, False
    else:
        state.since = now if state.since is None else state.since
        lasted = now - state.since >= rule.for_s
        state.on = state.on or (lasted and (rule.hours is None or rule.hours.hold(now)))
    state.look_at = _next(rule, state, now)
    return [] if state.on == before else [Change(_moment(now), state.on)]


def _next(rule: Rule, state: State, now: float) -> float | None:
    """When time alone may change a state."""
    moments = [
        state.heard[name] + span for span, name in _silences(rule.when) if name in state.heard
    ]
    moments += [
        at + span for path, span in _rates(rule.when, "0") for at, _ in state.leaves.get(path, [])
    ]
    if state.since is not None and not state.on:
        moments.append(state.since + rule.for_s)
        if rule.hours is not None:
            moments.append(rule.hours.next(now))
    return min((one for one in moments if one > now), default=None)


def _rates(when: Mapping[str, Any], path: str) -> list[tuple[str, float]]:
    """The rates in a condition: their memory's name, and the time that they look back."""
    if "within_s" in when:
        return [(path, when["within_s"])]
    return [each for k, part in enumerate(_parts(when)) for each in _rates(part, f"{path}.{k}")]


def _silences(when: Mapping[str, Any]) -> list[tuple[float, str]]:
    """The absences in a condition: for how long, of which value ("" for any message)."""
    if "silent_s" in when:
        return [(when["silent_s"], when.get("value", ""))]
    return [each for part in _parts(when) for each in _silences(part)]


def shortest_silence(rule: Rule) -> float | None:
    """The shortest absence that a rule speaks of, in seconds; None for none."""
    return min((span for span, _ in _silences(rule.when)), default=None)


def _parts(when: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    for name in ("all", "any"):
        if name in when:
            return list(when[name])
    return [when["not"]] if "not" in when else []


def _learn(
    when: Mapping[str, Any], path: str, state: State, now: float, values: Mapping[str, float]
) -> None:
    """Let each leaf see the values: a limit remembers on which side it is, a rate what was told lately."""
    for k, part in enumerate(_parts(when)):
        _learn(part, f"{path}.{k}", state, now, values)
    name = when.get("value", "")
    if name not in values:
        return
    value = values[name]
    if "above" in when or "below" in when:
        state.leaves[path] = _beyond(when, value, was=bool(state.leaves.get(path)))
    elif "within_s" in when:
        kept = [
            [at, told] for at, told in state.leaves.get(path, []) if at > now - when["within_s"]
        ]
        state.leaves[path] = [*kept, [now, value]][-_MOST_SAMPLES:]


def _beyond(when: Mapping[str, Any], value: float, *, was: bool) -> bool:
    """Whether a value is beyond the limit, or was and is not back behind `clear` yet."""
    sign = 1 if "above" in when else -1
    limit = when["above" if sign > 0 else "below"]
    back = when.get("clear", limit)
    return sign * value > sign * limit or (was and sign * value > sign * back)


def _holds(when: Mapping[str, Any], path: str, state: State, now: float) -> bool | None:
    """Whether a condition holds; None while a value that decides it was never told (Kleene's three values)."""
    if "all" in when or "any" in when:
        decides = "any" in when
        told = [_holds(part, f"{path}.{k}", state, now) for k, part in enumerate(_parts(when))]
        if decides in told:
            return decides
        return None if None in told else not decides
    if "not" in when:
        holds = _holds(when["not"], f"{path}.0", state, now)
        return None if holds is None else not holds
    return _leaf_holds(when, path, state, now)


def _leaf_holds(when: Mapping[str, Any], path: str, state: State, now: float) -> bool | None:
    last = state.heard.get(when.get("value", ""))
    if last is None:
        return None
    if "silent_s" in when:
        return now - last >= when["silent_s"]
    if "within_s" in when:
        since = now - when["within_s"]
        return _moved(when, [told for at, told in state.leaves.get(path, []) if at > since])
    return bool(state.leaves.get(path))


def _moved(when: Mapping[str, Any], told: Sequence[float]) -> bool:
    """Whether the last value lies far enough from an earlier one."""
    if len(told) < 2:
        return False
    if "rises" in when:
        return told[-1] - min(told[:-1]) >= when["rises"]
    return max(told[:-1]) - told[-1] >= when["falls"]


def _seconds(at: dt.datetime) -> float:
    return (at - _EPOCH).total_seconds()


def _moment(at: float) -> dt.datetime:
    return _EPOCH + dt.timedelta(seconds=at)


def moment_of(at: float | None) -> dt.datetime | None:
    """A state's moment as the database keeps it."""
    return None if at is None else _moment(at)
