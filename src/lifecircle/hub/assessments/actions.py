"""Writes of assessments: asking for one, stopping it, publishing its cards."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import queries
from lifecircle.hub.assessments.models import Ground, Publication, Run
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.places import queries as places
from lifecircle.hub.stream import actions as stream
from lifecircle.moment import Moment

MOST_DRAWS = 1000
MOST_MOMENTS = 6


@transaction.atomic
def request(
    actor: Actor, *, title: str = "", draws: int = 0, moments: Sequence[str] = (),
    automatic: bool = False,
) -> Run:  # fmt: skip
    """Queue an assessment of the district as it is when a worker takes it.

    Raises
    ------
    ConflictError
        One is waiting already.
    InvalidError
        Too many draws, or a moment that is none.
    """
    ground = Ground.objects.select_for_update().get(pk=queries.ground(actor).pk)
    actor.check("assessment.run")
    if not 0 <= draws <= MOST_DRAWS or len(moments) > MOST_MOMENTS:
        raise InvalidError(
            f"0 to {MOST_DRAWS} draws and at most {MOST_MOMENTS} moments",
            f"抽样 0–{MOST_DRAWS} 次, 时刻不超过 {MOST_MOMENTS} 个",
        )
    for moment in moments:
        try:
            Moment.parse(moment)
        except ValueError as error:
            raise InvalidError(
                f"a moment such as Sa 20:00 ({error})", "如 Sa 20:00 的时刻"
            ) from error
    if Run.objects.filter(place=ground.place, state="queued").exists():
        raise ConflictError("an assessment is waiting already", "已有一次评估在排队")
    last = Run.objects.filter(place=ground.place).aggregate(last=Max("number"))["last"] or 0
    run = Run.objects.create(
        place=ground.place, number=last + 1, title=title, draws=draws, moments=list(moments),
        requested_by=actor.name, automatic=automatic,
    )  # fmt: skip
    audit.record(actor, "run.requested", f"run:{run.pk}", ground.place.lineage)
    _told(run, "queued")
    return run


@transaction.atomic
def set_upkeep(actor: Actor, minutes: int | None) -> Ground:
    """Let an assessment follow by itself when nothing has changed for some minutes; None: only when asked for."""
    ground = Ground.objects.select_for_update().get(pk=queries.ground(actor).pk)
    actor.check("assessment.publish", ground.place.lineage)
    ground.upkeep_min = minutes
    ground.save(update_fields=["upkeep_min"])
    audit.record(
        actor,
        "upkeep.set",
        f"place:{ground.place.code}",
        ground.place.lineage,
        {"minutes": minutes},
    )
    return ground


@transaction.atomic
def cancel(actor: Actor, number: UUID) -> Run:
    """Stop a run: at once if it waits, at its next step if it is being done."""
    run = Run.objects.select_for_update(of=("self",)).get(pk=queries.run(actor, number).pk)
    actor.check("assessment.run")
    if run.requested_by != actor.name:
        actor.check("assessment.publish", run.place.lineage)
    if run.state == "queued":
        run.state, run.finished_at = "cancelled", timezone.now()
    elif run.state != "running":
        raise ConflictError(f"the assessment is {run.state}", "评估已结束")
    run.cancel = True
    run.save(update_fields=["state", "finished_at", "cancel"])
    audit.record(actor, "run.cancelled", f"run:{run.pk}", run.place.lineage)
    _told(run, "cancelled")
    return run


@transaction.atomic
def publish(actor: Actor, number: UUID, *, place: str, keys: Sequence[str]) -> Publication:
    """Let residents of a place read some cards of a run; it takes the place of what was published.

    Raises
    ------
    InvalidError
        No key, or one that the run has no card of there.
    """
    run, where = queries.run(actor, number), places.place(actor, place)
    actor.check("assessment.publish", where.lineage)
    if run.state != "done":
        raise ConflictError(f"the assessment is {run.state}", "评估尚未完成")
    known = set(queries.cards(actor, run, place=place).values_list("key", flat=True))
    if not keys or set(keys) - known:
        raise InvalidError(
            f"keys of cards there, not {', '.join(sorted(set(keys) - known)) or 'none'}",
            "已有卡片的名称",
        )
    withdraw_from(where.pk)
    below = queries.cards(actor, run).filter(place__lineage__startswith=where.lineage)
    made = Publication.objects.create(
        run=run, place=where, keys=list(dict.fromkeys(keys)), published_by=actor.name,
        areas=sorted(set(below.values_list("place__code", flat=True))),
    )  # fmt: skip
    audit.record(actor, "cards.published", f"place:{place}", where.lineage, {"run": str(run.pk)})
    stream.emit("cards.published", where.lineage, "card.read", {"keys": made.keys})
    return made


@transaction.atomic
def withdraw(actor: Actor, place: str) -> None:
    """Take published cards back."""
    where = places.place(actor, place)
    actor.check("assessment.publish", where.lineage)
    withdraw_from(where.pk)
    audit.record(actor, "cards.withdrawn", f"place:{place}", where.lineage)


def _told(run: Run, state: str) -> None:
    data = {"run": str(run.pk), "number": run.number, "state": state}
    stream.emit("run", run.place.lineage, "assessment.run", data)


def withdraw_from(place: int) -> None:
    """End what is published at a place."""
    rows = Publication.objects.select_for_update().filter(place_id=place, withdrawn_at__isnull=True)
    rows.update(withdrawn_at=timezone.now())
