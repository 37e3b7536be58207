"""Projects as files: a row each; as a workbook also money, milestones and what is late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from lifecircle.engine.bundle.write import write_csv
from lifecircle.hub.actor import Actor
from lifecircle.hub.downloads import download, write_book
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.planning import queries
from lifecircle.hub.planning.models import Project
from lifecircle.hub.planning.monthly import monthly
from lifecircle.hub.planning.states import NAMES, days_late
from lifecircle.hub.text import no_formula

Rows = Sequence[Mapping[str, Any]]


def projects(actor: Actor, found: Sequence[Project], format_: str, place: str) -> HttpResponse:
    """The projects as a download; the workbook and the PDF are the monthly report."""
    today = timezone.localdate()
    if format_ == "pdf":
        body = monthly(actor, place)
        return download(f"projects-{today:%Y-%m}", "pdf", lambda path: _write(path, body))
    rows = [_row(one) for one in found]
    if format_ == "csv":
        columns = {
            name: [no_formula(value) for value in values]
            for name, values in (_columns(rows) or {"ref": []}).items()
        }
        return download("projects", "csv", lambda path: write_csv(path, columns))
    money = queries.summary(actor, place)["money"]
    sheets: dict[str, Rows] = {
        "项目 Projects": rows,
        "资金 Money": money,
        "节点 Milestones": [
            {"ref": one.ref, "name": one.name, "milestone": step.name, "due_on": step.due_on, "done_on": step.done_on}
            for one in found for step in one.milestones.all()
        ],
        "延误 Late": [row for row in rows if row["late_days"]],
        "风险 Risks": [
            {"ref": one.ref, "name": one.name, "risk": risk.text, "likelihood": risk.likelihood,
             "impact": risk.impact, "response": risk.response, "closed_on": risk.closed_on}
            for one in found for risk in one.risks.all()
        ],
    }  # fmt: skip
    book = {title: _columns(rows) for title, rows in sheets.items()}
    name = f"projects-{today:%Y-%m}"
    return download(name, "xlsx", lambda path: write_book(path, book, frozen=2, width=16))


def _row(one: Project) -> dict[str, Any]:
    kind = facilities.standards().types.get(one.facility_type)
    lines = list(one.budget.all())
    return {
        "ref": one.ref, "name": one.name, "place": one.place.code, "place_zh": one.place.name_zh,
        "state": one.state, "state_zh": NAMES[one.state][1],  # type: ignore[index]
        "horizon": one.horizon, "type": one.facility_type, "type_zh": "" if kind is None else kind.name_zh,
        "department": one.department, "supporting": "、".join(one.supporting),
        "responsible": "" if one.responsible is None else one.responsible.name,
        "starts_on": one.starts_on, "due_on": one.due_on, "accepted_on": one.accepted_on,
        "year": None if one.annual is None else one.annual.year,
        "planned_cny": sum(line.planned_cny for line in lines), "spent_cny": sum(line.spent_cny for line in lines),
        "promised_people": one.promised.get("people"), "late_days": days_late(one, timezone.localdate()),
    }  # fmt: skip


def _write(path: Path, body: bytes) -> None:
    path.write_bytes(body)


def _columns(rows: Rows) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
