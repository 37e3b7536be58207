"""What leaves a survey as a file: codes for letters and forms, and the results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse

from lifecircle.engine.bundle.write import write_csv
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.downloads import download, write_book
from lifecircle.hub.people.encryption import masked_name
from lifecircle.hub.surveys import queries
from lifecircle.hub.surveys import results as said
from lifecircle.hub.surveys.models import Survey
from lifecircle.hub.text import no_formula

_INVITED = (
    "number",
    "code",
    "path",
    "place",
    "place_zh",
    "band",
    "how",
    "resident",
    "name",
    "answered",
)


def invitations(actor: Actor, one: Survey, format_: str) -> HttpResponse:
    """Codes, with where each is answered on a phone, for letters and numbered forms; names are masked.

    Who takes them along could answer for others: it takes the right to enter answers, and is audited.
    """
    actor.check("survey.answer")
    rows = [
        {
            "number": number, "code": row.code, "path": f"/answer/{row.code}", "place": row.place.code,
            "place_zh": row.place.name_zh, "band": row.band, "how": row.how,
            "resident": row.resident_id or "", "name": masked_name(row.resident.full_name) if row.resident else "",
            "answered": "yes" if row.answered_on else "",
        }
        for number, row in enumerate(queries.invitations(actor, one), start=1)
    ]  # fmt: skip
    audit.record(actor, "survey.codes", f"survey:{one.pk}", one.place.lineage, {"count": len(rows)})
    columns = {name: [no_formula(row[name]) for row in rows] for name in _INVITED}
    name = f"invitations-{one.pk}"
    if format_ == "csv":
        return download(name, "csv", lambda path: write_csv(path, columns))
    return download(
        name, "xlsx", lambda path: write_book(path, {"邀请 Invitations": columns}, width=16)
    )


def results(actor: Actor, one: Survey, place: str) -> HttpResponse:
    """The weighted results as a workbook: a row for each mean and share, a sheet for open answers by topic."""
    found = said.results(actor, one, place=place, texts=actor.may("survey.write"))
    estimates: list[dict[str, Any]] = []
    topics: list[dict[str, Any]] = []
    for question in found["questions"]:
        head = {"name": question["name"], "question": question["zh"], "asked": question["asked"]}
        if question["mean"] is not None:
            estimates.append({**head, "option": "平均 mean", **_figures(question["mean"])})
        estimates += [
            {**head, "option": option["zh"], **_figures(option)} for option in question["options"]
        ]
        topics += [{**head, **topic} for topic in question["topics"]]
    facts = {
        "survey": [one.zh], "answers": [found["answers"]], "people": [round(found["people"])],
        "effective answers": [found["effective"]], "not shown under": [found["least"]],
        "communities without an answer": ["、".join(found["silent"])],
    }  # fmt: skip
    figures = ("name", "question", "asked", "option", "value", "low", "high", "error", "answers")
    book = {
        "调查 Survey": facts,
        "结果 Results": _columns(estimates, figures),
        "意见 Open answers": _columns(topics, ("name", "question", "topic", "count", "example")),
    }
    return download(f"survey-{one.pk}-results", "xlsx", lambda path: write_book(path, book, width=18))  # fmt: skip


def _figures(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("value", "low", "high", "error", "answers")}


def _columns(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[str, list[Any]]:
    return {name: [row.get(name) for row in rows] for name in names}
