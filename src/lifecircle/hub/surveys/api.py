from __future__ import annotations

from typing import Any, Literal

from django.http import HttpResponse
from ninja import File, Form, Router, Status, UploadedFile

from lifecircle.engine.polling.asking import Questionnaire
from lifecircle.engine.polling.templates import compose, indicators, library
from lifecircle.engine.polling.xlsform import from_xlsform, to_xlsform
from lifecircle.hub.downloads import TYPES, download
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.paging import page_of
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Limit, Number, Offset, Text, as_file
from lifecircle.hub.surveys import actions, exports, queries, results
from lifecircle.hub.surveys.models import Answer, Survey
from lifecircle.hub.surveys.schemas import (
    AnswerIn,
    AskedOut,
    EnteredIn,
    LibraryOut,
    PartResult,
    ProgressRow,
    QuotasIn,
    ReceivedOut,
    SurveyChange,
    SurveyFormIn,
    SurveyIn,
    SurveyOut,
    SurveyPage,
    SurveyResults,
    SurveyState,
    SurveyVersion,
    SurveyWhole,
)
from lifecircle.hub.uploads import stored

router = Router(tags=["surveys"])
public_router = Router(tags=["public"])


@router.get("/surveys", response={200: SurveyPage, **ERRORS}, summary="Surveys, the latest first")
def list_surveys(
    request: HubRequest, state: SurveyState | None = None, limit: Limit = 200, offset: Offset = 0
) -> dict[str, Any]:
    rows = queries.surveys(request.actor, state=state or "")
    return page_of(rows, limit, offset, lambda one: queries.told(request.actor, one))


@router.get(
    "/surveys/library", response={200: LibraryOut, **ERRORS}, summary="Sections to build a questionnaire from"
)  # fmt: skip
def sections(request: HubRequest) -> dict[str, Any]:
    request.actor.check("survey.read")
    names = indicators()
    known = library(facilities.standards()).values()
    return {
        "bands": _bands(),
        "sections": [
            {"name": one.name, "zh": one.zh, "en": one.en, "questions": one.questions,
             "indicators": {q.name: names[q.name] for q in one.questions if q.name in names}}
            for one in known
        ],
    }  # fmt: skip


@router.post(
    "/surveys",
    response={201: SurveyOut, **ERRORS},
    summary="Make a survey of the library's sections",
)
def create(request: HubRequest, body: SurveyIn) -> Status[dict[str, Any]]:
    made = compose(facilities.standards(), body.sections, zh=body.zh, en=body.en)
    return Status(201, _made(request, body.place, made, counts=body.counts))


@router.post(
    "/surveys/xlsform", response={201: SurveyOut, **ERRORS}, summary="Make a survey of an XLSForm"
)
def create_of_form(
    request: HubRequest, file: File[UploadedFile], said: Form[SurveyFormIn]
) -> Status[dict[str, Any]]:
    request.actor.check("survey.write")
    with stored(file, "form") as path:
        made = from_xlsform(path.read_bytes(), file.name or "form.xlsx")
    return Status(201, _made(request, said.place, made, counts=said.counts))


@router.get("/surveys/{number}", response={200: SurveyWhole, **ERRORS}, summary="One survey")
def survey(request: HubRequest, number: Number) -> dict[str, Any]:
    return _whole(request, queries.survey(request.actor, number))


@router.patch("/surveys/{number}", response={200: SurveyWhole, **ERRORS}, summary="Change it")
def change(request: HubRequest, number: Number, body: SurveyChange) -> dict[str, Any]:
    given = body.values.dict(exclude_unset=True)
    given = {name: value for name, value in given.items() if value is not None or name == "ends_on"}
    return _whole(request, actions.change(request.actor, number, given, version=body.version))


@router.get(
    "/surveys/{number}/xlsform", response={200: None, **ERRORS}, summary="Its questions as an XLSForm",
    openapi_extra=as_file(TYPES["xlsx"]),
)  # fmt: skip
def form(request: HubRequest, number: Number) -> HttpResponse:
    one = queries.survey(request.actor, number)
    content = to_xlsform(queries.questionnaire(one), form_id=f"lifecircle_survey_{number}")
    return download(f"survey-{number}", "xlsx", lambda path: _write(path, content))


@router.put(
    "/surveys/{number}/quotas", response={200: SurveyWhole, **ERRORS}, summary="Answers wanted"
)
def set_quotas(request: HubRequest, number: Number, body: QuotasIn) -> dict[str, Any]:
    rows = [one.dict() for one in body.quotas]
    return _whole(request, actions.set_quotas(request.actor, number, rows, version=body.version))


@router.post(
    "/surveys/{number}/invite",
    response={200: SurveyWhole, **ERRORS},
    summary="Invite as the quotas want",
)
def invite(request: HubRequest, number: Number, body: SurveyVersion) -> dict[str, Any]:
    return _whole(request, actions.invite(request.actor, number, version=body.version))


@router.get(
    "/surveys/{number}/invitations", response={200: None, **ERRORS}, summary="Codes for letters and paper forms",
    openapi_extra=as_file(TYPES["csv"], TYPES["xlsx"]),
)  # fmt: skip
def invitations(
    request: HubRequest, number: Number, format: Literal["csv", "xlsx"] = "xlsx"  # noqa: A002
) -> HttpResponse:  # fmt: skip
    return exports.invitations(request.actor, queries.survey(request.actor, number), format)


@router.post("/surveys/{number}/open", response={200: SurveyWhole, **ERRORS}, summary="Open it")
def open_(request: HubRequest, number: Number, body: SurveyVersion) -> dict[str, Any]:
    return _whole(request, actions.open_(request.actor, number, version=body.version))


@router.post("/surveys/{number}/close", response={200: SurveyWhole, **ERRORS}, summary="Close it")
def close(request: HubRequest, number: Number, body: SurveyVersion) -> dict[str, Any]:
    return _whole(request, actions.close(request.actor, number, version=body.version))


@router.get(
    "/surveys/{number}/progress",
    response={200: list[ProgressRow], **ERRORS},
    summary="Wanted, asked, answered",
)
def progress(request: HubRequest, number: Number) -> list[dict[str, Any]]:
    return queries.progress(request.actor, queries.survey(request.actor, number))


@router.post(
    "/surveys/{number}/answers", response={201: ReceivedOut, **ERRORS}, summary="Enter an answer taken at the door or from paper"
)  # fmt: skip
def enter(request: HubRequest, number: Number, body: EnteredIn) -> Status[Answer]:
    given = body.dict()
    who = actions.Who(**{name: given.pop(name) for name in ("code", "place", "resident", "phone")})
    return Status(201, actions.enter(request.actor, number, who, **given))


@router.get(
    "/surveys/{number}/results",
    response={200: SurveyResults, **ERRORS},
    summary="What it says of everybody",
)
def said(request: HubRequest, number: Number, place: Text = "") -> dict[str, Any]:
    one = queries.survey(request.actor, number)
    texts = request.actor.may("survey.write")
    return results.results(request.actor, one, place=place, texts=texts)


@router.get(
    "/surveys/{number}/results/export", response={200: None, **ERRORS}, summary="The results as a workbook",
    openapi_extra=as_file(TYPES["xlsx"]),
)  # fmt: skip
def export(request: HubRequest, number: Number, place: Text = "") -> HttpResponse:
    return exports.results(request.actor, queries.survey(request.actor, number), place)


@router.get(
    "/surveys/{number}/results/{question}", response={200: list[PartResult], **ERRORS},
    summary="One question by community, street or age band",
)  # fmt: skip
def by_part(
    request: HubRequest, number: Number, question: str, by: results.By = "community", option: Text = "", place: Text = ""
) -> list[dict[str, Any]]:  # fmt: skip
    one = queries.survey(request.actor, number)
    return results.by_part(request.actor, one, question, by, option=option, place=place)


@public_router.get(
    "/surveys/{code}", response={200: AskedOut, **ERRORS}, summary="What an invitation asks"
)
def asked(request: HubRequest, code: str) -> dict[str, Any]:  # noqa: ARG001
    found = queries.invitation(code)
    one = found.survey
    return {
        "zh": one.zh, "en": one.en, "place_zh": found.place.name_zh, "place_en": found.place.name_en,
        "band": found.band, "open": queries.is_open(one), "answered": found.answered_on is not None,
        "sections": one.questionnaire["sections"], "bands": _bands(),
    }  # fmt: skip


@public_router.post(
    "/surveys/{code}", response={201: ReceivedOut, **ERRORS}, summary="Answer, once"
)
def answer(request: HubRequest, code: str, body: AnswerIn) -> Status[Answer]:  # noqa: ARG001
    return Status(201, actions.answer(code, **body.dict()))


def _made(request: HubRequest, place: str, asked: Questionnaire, *, counts: bool) -> dict[str, Any]:
    one = actions.create(request.actor, place=place, questionnaire=asked, counts=counts)
    return queries.told(request.actor, one)


def _whole(request: HubRequest, one: Survey) -> dict[str, Any]:
    return {
        **queries.told(request.actor, one), "sections": one.questionnaire["sections"],
        "may_change": request.actor.may("survey.write", one.place.lineage),
        "may_answer": queries.surveys(request.actor, right="survey.answer").filter(pk=one.pk).exists(),
    }  # fmt: skip


def _bands() -> list[dict[str, str]]:
    return [{"id": band.id, "zh": band.name_zh, "en": band.name_en} for band in queries.bands()]


def _write(path: Any, content: bytes) -> None:
    path.write_bytes(content)
