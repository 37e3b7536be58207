"""What a survey's answers say of everybody: weighted, with intervals, few answers left out; and of facility types."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lifecircle.engine.polling import poststratified, raked
from lifecircle.engine.polling.asking import Question, shown
from lifecircle.engine.polling.estimating import LEAST_ANSWERS, Estimate, mean, share
from lifecircle.engine.polling.grouping import grouped
from lifecircle.hub.actor import Actor
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.places import queries as places
from lifecircle.hub.surveys import queries
from lifecircle.hub.surveys.models import Answer, Survey
from lifecircle.hub.surveys.people import people_by_band

By = Literal["community", "street", "band"]
Floats = NDArray[np.float64]

_LEAST_TOPIC = 3
"""A topic that fewer answers share is not shown: it says more of who wrote it."""
_MOST_TOPICS = 30
_OFF = 1e-3
"""By which part of its people a margin may be missed."""
_STEP = 25.0
"""A rating of 1 to 5 is 0 to 100 in the cards."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Answers with how many people each stands for; communities and bands without any are silent."""

    rows: Sequence[tuple[Answer, Mapping[str, Any]]]
    weight: Floats
    people: float
    silent: tuple[str, ...]
    silent_bands: tuple[str, ...]

    @property
    def strata(self) -> list[str]:
        """The community of each answer."""
        return [row.place.code for row, _ in self.rows]


def gathered(actor: Actor, one: Survey, *, place: str = "") -> Gathered:
    """A survey's answers where the caller may see, weighted to the people of each community and of each band there."""
    rows = queries.answers(actor, one, place=place)
    below = places.below(one.place.lineage).filter(level="community")
    seen = below.filter(places.within(actor, "survey.read"))
    if place:
        seen = seen.filter(lineage__contains=f"/{place}/")
    return weigh(rows, list(seen))


def weigh(rows: Sequence[tuple[Answer, Mapping[str, Any]]], communities: Iterable[Any]) -> Gathered:
    """Rake answers to the people of communities and of bands.

    Both margins count the people of those communities and bands that answered: nobody stands for the silent. Where
    the two contradict each other (one community has only young answers, say), the communities' alone are met; where
    nobody is known to live, every answer counts alike.
    """
    bands = [band.id for band in queries.bands()]
    people = people_by_band(communities, bands)
    where, ages = [row.place.code for row, _ in rows], [row.band for row, _ in rows]
    answered, heard = set(where), set(ages)
    silent = [
        code for code, counts in people.items() if any(counts.values()) and code not in answered
    ]
    everybody = sum(sum(counts.values()) for counts in people.values())
    near = {code: sum(people.get(code, {}).get(band, 0.0) for band in heard) for code in answered}
    old = {band: sum(people.get(code, {}).get(band, 0.0) for code in answered) for band in heard}
    if not rows or not all(near.values()) or not all(old.values()):
        weight = np.ones(len(rows))
    else:
        found = raked([(where, near), (ages, old)])
        if found.off > _OFF:
            found = poststratified(where, near)
        weight = found.weight
    quiet = tuple(band for band in bands if band not in heard)
    return Gathered(rows, weight, everybody, tuple(sorted(silent)), quiet)


def results(actor: Actor, one: Survey, *, place: str = "", texts: bool = False) -> dict[str, Any]:
    """What the answers to each question say; open answers by topic where `texts`."""
    found = gathered(actor, one, place=place)
    whole = queries.questionnaire(one)
    asked = [{question.name for question in shown(whole, values)} for _, values in found.rows]
    questions = [
        _said(question, found, sum(question.name in names for names in asked), texts=texts)
        for question in whole.questions() if question.kind != "note"
    ]  # fmt: skip
    return {
        "answers": len(found.rows), "people": found.people, "least": LEAST_ANSWERS,
        "effective": _effective(found.weight), "questions": questions,
        "silent": list(found.silent), "silent_bands": list(found.silent_bands),
        "how": {how: sum(row.how == how for row, _ in found.rows) for how in Answer.HOW},
    }  # fmt: skip


def by_part(
    actor: Actor, one: Survey, name: str, by: By, *, option: str = "", place: str = ""
) -> list[dict[str, Any]]:
    """What the answers to one question say of each community, street or age band.

    A rating's and a number's mean, or the share that chose `option`. Where one part alone has too few answers, that
    with the fewest beside it is left out too: the whole less the others would show it.
    """
    found = gathered(actor, one, place=place)
    question = next((q for q in queries.questionnaire(one).questions() if q.name == name), None)
    if question is None or question.kind in ("text", "note"):
        raise InvalidError("a question with choices or numbers", "选择、评分或数字题")
    if question.kind in ("one", "many") and option not in {o.name for o in question.options}:
        raise InvalidError("an option of the question", "该题的选项")
    values, estimate = _numbers(question, found, option), share if option else mean
    parts, names = _parts(found, by)
    made = []
    for part in dict.fromkeys(parts):
        inside = np.array([one == part for one in parts])
        got = estimate(values, found.weight, within=inside, strata=found.strata)
        made.append({"part": part, "zh": names[part][0], "en": names[part][1], **told(got)})
    few = [one for one in made if one["suppressed"]]
    if len(few) == 1 and len(made) > 2:
        least = min((one for one in made if not one["suppressed"]), key=lambda one: one["answers"])
        least |= _NOTHING
    return made


def satisfaction() -> list[dict[str, Any]]:
    """What surveys that count and are closed say of facility types, by community: the rows of a bundle's `surveys`.

    The latest survey of a place and type stands. Besides `place`, `type`, `answers`, `score` each row has the
    `lineage` under which it takes the place of what was known before.
    """
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    counted = Survey.objects.filter(state="closed", counts=True).select_related("place")
    for one in counted.order_by("closed_at"):
        answers = one.answers.select_related("place")
        rows = [(row, json.loads(row.values)) for row in answers]
        communities = list(places.below(one.place.lineage).filter(level="community"))
        found = weigh(rows, communities)
        for question in queries.questionnaire(one).questions():
            if question.about:
                _score(kept, one, question, found)
    return list(kept.values())


def wishes(kinds: Collection[str], codes: Collection[str]) -> dict[tuple[str, str], float]:
    """The share of residents who name a facility type as most missing, by place and type, where enough answered.

    Of the latest survey that counts, is closed and asks that (`.._missing` of the library).
    """
    found: dict[tuple[str, str], float] = {}
    lineages = {one.code: one.lineage for one in places.by_code(codes).values()}
    counted = Survey.objects.filter(state="closed", counts=True).select_related("place")
    for one in counted.order_by("closed_at"):
        asked = [q for q in queries.questionnaire(one).questions() if q.name.endswith("_missing")]
        asked = [q for q in asked if any(option.name in kinds for option in q.options)]
        if not asked:
            continue
        rows = [(row, json.loads(row.values)) for row in one.answers.select_related("place")]
        gathered_ = weigh(rows, list(places.below(one.place.lineage).filter(level="community")))
        lies = [row.place.lineage for row, _ in rows]
        for code, lineage in lineages.items():
            inside = np.array([each.startswith(lineage) for each in lies], dtype=bool)
            for question in asked:
                for option in question.options:
                    if option.name in kinds:
                        chosen = _chosen(question, gathered_, option.name)
                        got = share(
                            chosen, gathered_.weight, within=inside, strata=gathered_.strata
                        )
                        if not got.suppressed:
                            found[code, option.name] = got.value
    return found


def told(one: Estimate) -> dict[str, Any]:
    """An estimate as JSON."""
    if one.suppressed:
        return dict(_NOTHING)
    numbers = {"value": one.value, "error": one.error, "low": one.low, "high": one.high}
    finite = {name: value if np.isfinite(value) else None for name, value in numbers.items()}
    return {**finite, "answers": one.answers, "suppressed": False}


_NOTHING = {
    "value": None, "error": None, "low": None, "high": None, "answers": None, "suppressed": True,
}  # fmt: skip


def _said(question: Question, found: Gathered, asked: int, *, texts: bool) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": question.name, "kind": question.kind, "zh": question.zh, "en": question.en, "about": question.about,
        "asked": asked if asked >= LEAST_ANSWERS else None, "mean": None, "options": [], "topics": [],
    }  # fmt: skip
    if question.kind in ("rating", "number"):
        made["mean"] = told(mean(_numbers(question, found, ""), found.weight, strata=found.strata))
    if question.kind in ("rating", "one", "many"):
        made["options"] = [
            {"name": option.name, "zh": option.zh, "en": option.en,
             **told(share(_chosen(question, found, option.name), found.weight, strata=found.strata))}
            for option in question.choices
        ]  # fmt: skip
    if question.kind == "text" and texts:
        said = [str(values.get(question.name, "")) for _, values in found.rows]
        made["topics"] = [
            {"topic": group.topic, "count": len(group.members), "example": group.example}
            for group in grouped(said)[:_MOST_TOPICS] if len(group.members) >= _LEAST_TOPIC
        ]  # fmt: skip
    return made


def _numbers(question: Question, found: Gathered, option: str) -> Floats:
    """A number for each answer: a rating on 0 to 100, a number, or 1 and 0 for an option; NaN for none."""
    if question.kind in ("one", "many"):
        return _chosen(question, found, option)
    given = [values.get(question.name) for _, values in found.rows]
    if question.kind == "number":
        return np.array([np.nan if one is None else float(one) for one in given], dtype=np.float64)
    return np.array([np.nan if one in (None, "0") else (int(one) - 1) * _STEP for one in given], dtype=np.float64)  # fmt: skip


def _chosen(question: Question, found: Gathered, option: str) -> Floats:
    given = [values.get(question.name) for _, values in found.rows]
    if question.kind == "many":
        return np.array([np.nan if one is None else float(option in one) for one in given], dtype=np.float64)  # fmt: skip
    return np.array([np.nan if one is None else float(str(one) == option) for one in given], dtype=np.float64)  # fmt: skip


def _parts(found: Gathered, by: By) -> tuple[list[str], dict[str, tuple[str, str]]]:
    if by == "band":
        bands = {band.id: (band.name_zh, band.name_en) for band in queries.bands()}
        return [row.band for row, _ in found.rows], bands
    level = 2 if by == "community" else 1
    codes = [row.place.lineage.strip("/").split("/")[: level + 1][-1] for row, _ in found.rows]
    known = places.by_code(set(codes))
    return codes, {code: (one.name_zh, one.name_en) for code, one in known.items()}


def _score(
    kept: dict[tuple[str, str], dict[str, Any]], one: Survey, question: Question, found: Gathered
) -> None:
    values = _numbers(question, found, "")
    given = np.isfinite(values)
    if not given.any():
        return
    strata = np.array(found.strata)
    lineage = one.place.lineage
    for code in dict.fromkeys(strata[given].tolist()):
        here = given & (strata == code)
        score = float(np.average(values[here], weights=found.weight[here]))
        kept[code, question.about] = {
            "place": code, "type": question.about, "answers": int(here.sum()), "score": round(score, 4),
            "lineage": lineage,
        }  # fmt: skip


def _effective(weight: Floats) -> float | None:
    return float(weight.sum() ** 2 / (weight**2).sum()) if len(weight) else None
