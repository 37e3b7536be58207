from __future__ import annotations

from typing import Any, Literal

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from ninja import File, Form, Query, Router, Status, UploadedFile

from lifecircle.hub.downloads import TYPES
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.paging import page_of
from lifecircle.hub.planning import (
    accepting,
    actions,
    attachments,
    exports,
    listing,
    oc4ids,
    oc4ids_in,
    proposing,
    queries,
)
from lifecircle.hub.planning.models import AnnualList, Attachment, Project, Proof, Proposal
from lifecircle.hub.planning.schemas import (
    AcceptIn,
    AnnualIn,
    AnnualOut,
    AnnualProjects,
    AttachmentIn,
    AttachmentOut,
    BudgetIn,
    CopyIn,
    Horizon,
    MilestonesIn,
    PackageIn,
    PackageMade,
    PackageOut,
    Picks,
    ProjectChange,
    ProjectEventOut,
    ProjectFields,
    ProjectIn,
    ProjectMove,
    ProjectOut,
    ProjectPage,
    ProofOut,
    ProposalIn,
    ProposalOut,
    RisksIn,
    SummaryOut,
    Versioned,
)
from lifecircle.hub.planning.states import State
from lifecircle.hub.requests import HubRequest
from lifecircle.hub.schemas import ERRORS, Limit, Number, Offset, Text, as_file

router = Router(tags=["planning"])
MOST_PACKAGE_BYTES = 20 * 2**20


@router.get("/projects", response={200: ProjectPage, **ERRORS}, summary="Projects")
def list_projects(
    request: HubRequest, state: State | None = None, place: Text = "", type: Text = "",  # noqa: A002
    horizon: Horizon | None = None, year: Query[int | None] = None, text: Text = "", late: bool = False,
    limit: Limit = 200, offset: Offset = 0,
) -> dict[str, Any]:  # fmt: skip
    rows = queries.projects(
        request.actor, state=state or "", place=place, type_=type, horizon=horizon or "",
        year=None if year is None else max(min(year, 9999), 0), text=text, late=late,
    )  # fmt: skip
    return page_of(rows, limit, offset)


@router.get(
    "/projects/summary", response={200: SummaryOut, **ERRORS}, summary="States, money and delays"
)
def summary(request: HubRequest, place: Text = "") -> dict[str, Any]:
    request.actor.check("project.read")
    return queries.summary(request.actor, place)


@router.get(
    "/projects/export",
    response={200: None, **ERRORS},
    summary="Projects as a file: a row each, or the monthly report",
    openapi_extra=as_file(TYPES["csv"], TYPES["xlsx"], TYPES["pdf"]),
)
def export(
    request: HubRequest, format: Literal["csv", "xlsx", "pdf"] = "xlsx", place: Text = "",  # noqa: A002
    state: State | None = None,
) -> HttpResponse:  # fmt: skip
    request.actor.check("project.read")
    rows = queries.projects(request.actor, place=place, state=state or "")
    return exports.projects(request.actor, list(rows), format, place)


@router.get(
    "/projects/oc4ids", response={200: PackageOut, **ERRORS}, summary="Projects as an OC4IDS package"
)  # fmt: skip
def to_oc4ids(request: HubRequest, place: Text = "") -> dict[str, Any]:
    request.actor.check("project.read")
    rows = queries.projects(request.actor, place=place)
    return oc4ids.package(list(rows), uri=request.build_absolute_uri())


@router.post(
    "/projects/oc4ids", response={201: PackageMade, **ERRORS}, summary="Enter the projects of an OC4IDS package"
)  # fmt: skip
def from_oc4ids(
    request: HubRequest, file: File[UploadedFile], said: Form[PackageIn]
) -> Status[dict[str, Any]]:
    request.actor.check("project.write")
    if (file.size or 0) > MOST_PACKAGE_BYTES:
        raise InvalidError("a package of at most 20 MiB", "不超过 20 MiB 的项目包")
    made, known = oc4ids_in.receive(request.actor, file.read(), place=said.place)
    return Status(201, {"made": made, "known": known})


@router.post("/projects", response={201: ProjectOut, **ERRORS}, summary="Enter a project")
def create(request: HubRequest, body: ProjectIn) -> Status[Project]:
    card = body.card
    closes = None if card is None else (card.run, card.area, card.scope, card.key)
    values = {"kind": body.kind, **_given(body, {"card"})}
    made = actions.create(request.actor, values, card=closes)
    return Status(201, queries.project(request.actor, made.ref))


@router.get("/projects/{ref}", response={200: ProjectOut, **ERRORS}, summary="One project")
def project(request: HubRequest, ref: str) -> Project:
    return queries.project(request.actor, ref)


@router.patch("/projects/{ref}", response={200: ProjectOut, **ERRORS}, summary="Change it")
def change(request: HubRequest, ref: str, body: ProjectChange) -> Project:
    one = actions.change(request.actor, ref, _given(body.values), version=body.version)
    return queries.project(request.actor, one.ref)


@router.put("/projects/{ref}/budget", response={200: ProjectOut, **ERRORS}, summary="Its money")
def set_budget(request: HubRequest, ref: str, body: BudgetIn) -> Project:
    lines = [line.dict() for line in body.lines]
    return actions.set_budget(request.actor, ref, lines, version=body.version)


@router.put(
    "/projects/{ref}/milestones", response={200: ProjectOut, **ERRORS}, summary="Its milestones"
)
def set_milestones(request: HubRequest, ref: str, body: MilestonesIn) -> Project:
    rows = [one.dict() for one in body.milestones]
    return actions.set_milestones(request.actor, ref, rows, version=body.version)


@router.put("/projects/{ref}/risks", response={200: ProjectOut, **ERRORS}, summary="Its risks")
def set_risks(request: HubRequest, ref: str, body: RisksIn) -> Project:
    rows = [one.dict() for one in body.risks]
    return actions.set_risks(request.actor, ref, rows, version=body.version)


@router.post("/projects/{ref}/move", response={200: ProjectOut, **ERRORS}, summary="Move it on")
def move(request: HubRequest, ref: str, body: ProjectMove) -> Project:
    actions.move(request.actor, ref, body.to, version=body.version, note=body.note)
    return queries.project(request.actor, ref)


@router.post(
    "/projects/{ref}/copy", response={201: list[ProjectOut], **ERRORS}, summary="Copy a pilot to other places"
)  # fmt: skip
def copy(request: HubRequest, ref: str, body: CopyIn) -> Status[list[Project]]:
    made = actions.copy(request.actor, ref, body.places)
    return Status(201, [queries.project(request.actor, one.ref) for one in made])


@router.post(
    "/projects/{ref}/accept", response={200: ProjectOut, **ERRORS},
    summary="Accept it: the register changes, an assessment follows",
)  # fmt: skip
def accept(request: HubRequest, ref: str, body: AcceptIn) -> Project:
    values = body.values.dict(exclude_none=True)
    accepting.accept(request.actor, ref, values, version=body.version, on=body.on, note=body.note)
    return queries.project(request.actor, ref)


@router.get(
    "/projects/{ref}/history", response={200: list[ProjectEventOut], **ERRORS}, summary="What was done to it"
)  # fmt: skip
def history(request: HubRequest, ref: str) -> list[Any]:
    return list(queries.events(queries.project(request.actor, ref))[:500])


@router.get(
    "/projects/{ref}/files", response={200: list[AttachmentOut], **ERRORS}, summary="Its documents and photos"
)  # fmt: skip
def files(request: HubRequest, ref: str) -> list[Attachment]:
    return list(attachments.attachments(queries.project(request.actor, ref)))


@router.post(
    "/projects/{ref}/files", response={201: AttachmentOut, **ERRORS}, summary="Add a document or a photo, of at most 30 MiB"
)  # fmt: skip
def add_file(
    request: HubRequest, ref: str, file: File[UploadedFile], said: Form[AttachmentIn]
) -> Status[Attachment]:
    return Status(201, attachments.add(request.actor, ref, file, title=said.title))


@router.get("/projects/{ref}/files/{number}", summary="A file; a photo is shown, small or large")
def file_of(
    request: HubRequest, ref: str, number: Number, small: bool = False
) -> HttpResponse:  # fmt: skip
    found = attachments.attachment(request.actor, ref, number)
    photo = found.kind == "photo"
    kind = "image/jpeg" if photo else "application/octet-stream"
    answer = HttpResponse(attachments.load(found, small=small), content_type=kind)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    named = content_disposition_header(as_attachment=not photo, filename=found.name)
    answer["Content-Disposition"] = named or "attachment"
    return answer


@router.delete(
    "/projects/{ref}/files/{number}", response={204: None, **ERRORS}, summary="Take it away"
)
def remove_file(request: HubRequest, ref: str, number: Number) -> Status[None]:
    attachments.remove(request.actor, ref, number)
    return Status(204, None)


@router.get("/projects/{ref}/proof", response={200: ProofOut, **ERRORS}, summary="What it changed")
def proof(request: HubRequest, ref: str) -> Proof:
    return queries.proof(request.actor, ref)


@router.get(
    "/proofs", response={200: list[ProofOut], **ERRORS}, summary="Promised against achieved"
)
def proofs(request: HubRequest) -> list[Any]:
    return list(queries.proofs(request.actor)[:1000])


@router.get("/proposals", response={200: list[ProposalOut], **ERRORS}, summary="Proposals")
def proposals(request: HubRequest) -> list[Any]:
    return list(queries.proposals(request.actor)[:200])


@router.post("/proposals", response={201: ProposalOut, **ERRORS}, summary="Ask what to build where")
def ask(request: HubRequest, body: ProposalIn) -> Status[Proposal]:
    asked = body.dict(exclude={"place", "title"}, exclude_none=True)
    return Status(
        201, proposing.ask(request.actor, place=body.place, title=body.title, asked=asked)
    )


@router.get("/proposals/{number}", response={200: ProposalOut, **ERRORS}, summary="One proposal")
def proposal(request: HubRequest, number: Number) -> Proposal:
    return queries.proposal(request.actor, number)


@router.post(
    "/proposals/{number}/cancel", response={200: ProposalOut, **ERRORS}, summary="Stop the search"
)
def cancel(request: HubRequest, number: Number) -> Proposal:
    return proposing.cancel(request.actor, number)


@router.post(
    "/proposals/{number}/projects", response={201: list[ProjectOut], **ERRORS}, summary="Make projects of it"
)  # fmt: skip
def to_projects(request: HubRequest, number: Number, body: Picks) -> Status[list[Project]]:
    made = proposing.to_projects(request.actor, number, body.builds)
    return Status(201, [queries.project(request.actor, one.ref) for one in made])


@router.get("/annual-lists", response={200: list[AnnualOut], **ERRORS}, summary="Annual lists")
def annual_lists(request: HubRequest) -> list[Any]:
    return list(queries.lists(request.actor)[:500])


@router.post("/annual-lists", response={201: AnnualOut, **ERRORS}, summary="Begin a year's list")
def create_list(request: HubRequest, body: AnnualIn) -> Status[AnnualList]:
    return Status(201, listing.create(request.actor, **body.dict()))


@router.get("/annual-lists/{number}", response={200: AnnualOut, **ERRORS}, summary="One list")
def annual_list(request: HubRequest, number: Number) -> AnnualList:
    return queries.annual(request.actor, number)


@router.put(
    "/annual-lists/{number}/projects", response={200: AnnualOut, **ERRORS}, summary="Set its projects"
)  # fmt: skip
def set_projects(request: HubRequest, number: Number, body: AnnualProjects) -> AnnualList:
    return listing.set_projects(request.actor, number, body.projects, version=body.version)


@router.post(
    "/annual-lists/{number}/approve", response={200: AnnualOut, **ERRORS}, summary="Approve it: frozen"
)  # fmt: skip
def approve(request: HubRequest, number: Number, body: Versioned) -> AnnualList:
    return listing.approve(request.actor, number, version=body.version)


def _given(body: ProjectFields, leave: set[str] | None = None) -> dict[str, Any]:
    """The fields that were sent, without what is not known inside them."""
    given = body.dict(exclude_unset=True, exclude=leave or set())
    for name in ("scores", "planned", "promised"):
        if given.get(name) is not None:
            given[name] = {k: v for k, v in given[name].items() if v not in (None, "")}
    return given
