"""Writes of surveys: made, asked of whom, opened, answered once by each, closed."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from lifecircle.engine.polling.asking import Questionnaire, check_answers, from_json, to_json
from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import ConflictError, InvalidError
from lifecircle.hub.facilities import queries as facilities
from lifecircle.hub.people import queries as people
from lifecircle.hub.places import queries as places
from lifecircle.hub.stream import actions as stream
from lifecircle.hub.surveys import queries
from lifecircle.hub.surveys.models import Answer, Invitation, Quota, Survey
from lifecircle.hub.versions import check_version

Values = Mapping[str, Any]

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: none that is read for another."""
_CODE = 12
MOST_INVITED = 20_000
_SHORTEST_PHONE = 7


@dataclass(frozen=True, slots=True)
class Who:
    """Who answered at the door or on paper: the code of an invitation; without one an invitation is made.

    For a registered `resident`, or for whoever has the telephone number `phone`, which is not kept, and lives at `place`.
    """

    code: str = ""
    place: str = ""
    resident: int | None = None
    phone: str = ""


@transaction.atomic
def create(
    actor: Actor, *, place: str, questionnaire: Questionnaire, counts: bool = True
) -> Survey:
    """Make a survey of the residents of a place, not open yet.

    Raises
    ------
    ForbiddenError
        The caller may not make surveys there.
    """
    where = places.open_place(actor, place, right="survey.read")
    actor.check("survey.write", where.lineage)
    _check_types(questionnaire)
    one = Survey.objects.create(
        place=where, zh=questionnaire.zh, en=questionnaire.en, counts=counts, created_by=actor.name,
        questionnaire=to_json(questionnaire),
    )  # fmt: skip
    _say(actor, one, "created")
    return one


@transaction.atomic
def change(actor: Actor, number: int, values: Values, *, version: int) -> Survey:
    """Change a survey's title, questions, last day, or whether it counts; questions only while it is a draft.

    Raises
    ------
    ConflictError
        It has changed since the caller saw `version` of it, or is open.
    InputError
        The questions do not hold together.
    """
    one = locked(actor, number, version)
    if "sections" in values and one.state != "draft":
        raise ConflictError("questions stand once a survey is open", "调查开始后题目不能再改")
    for name in ("zh", "en", "counts", "ends_on"):
        if name in values:
            setattr(one, name, values[name])
    sections = values.get("sections", one.questionnaire["sections"])
    made = from_json({"zh": one.zh, "en": one.en, "sections": sections})
    _check_types(made)
    one.questionnaire = to_json(made)
    return _changed(actor, one, "changed", fields=sorted(values))


@transaction.atomic
def set_quotas(actor: Actor, number: int, rows: Sequence[Values], *, version: int) -> Survey:
    """Set how many answers are wanted of each band in each place.

    Raises
    ------
    InvalidError
        A place lies outside the survey's, a band is not asked, or one occurs twice.
    """
    one = locked(actor, number, version)
    if one.state == "closed":
        raise ConflictError("the survey is closed", "调查已结束")
    known = {band.id for band in queries.bands()}
    here = _communities(actor, one)
    made: dict[tuple[str, str], Quota] = {}
    for row in rows:
        where = here.get(row["place"])
        if where is None:
            raise _outside(one, row["place"])
        if row["band"] not in known:
            raise InvalidError(f"one of {', '.join(sorted(known))}", "可调查的年龄段")
        if (where.code, row["band"]) in made:
            raise InvalidError("each place and band once", "每个地方和年龄段只列一次")
        made[where.code, row["band"]] = Quota(
            survey=one, place=where, band=row["band"], wanted=row["wanted"]
        )
    one.quotas.all().delete()
    Quota.objects.bulk_create(made.values())
    return _changed(actor, one, "quotas", count=len(made))


@transaction.atomic
def invite(actor: Actor, number: int, *, version: int) -> Survey:
    """Invite as many as the quotas want: residents by chance, of those registered who consented to surveys; then blanks.

    A blank invitation is a numbered form for whoever is met there. Who is invited already counts; nobody is twice.

    Raises
    ------
    ConflictError
        The survey is closed, or there are no quotas.
    """
    one = locked(actor, number, version)
    quotas = list(one.quotas.select_related("place").order_by("pk"))
    if one.state == "closed" or not quotas:
        raise ConflictError(
            "quotas first, of a survey that is not closed", "请先设定配额 (未结束的调查)"
        )
    invited = set(
        one.invitations.filter(resident__isnull=False).values_list("resident_id", flat=True)
    )
    asked = Counter(one.invitations.values_list("place_id", "band"))
    known = people.consenting(one.place.lineage, "survey").exclude(pk__in=invited)
    fit = [
        (resident.household.place.lineage, queries.band_of(resident.birth_year), resident)
        for resident in known.select_related("household__place")
        if resident.birth_year
    ]
    made: list[Invitation] = []
    chance = secrets.SystemRandom()
    for quota in quotas:
        missing = max(quota.wanted - asked[quota.place_id, quota.band], 0)
        lineage = quota.place.lineage
        near = [r for at, band, r in fit if band == quota.band and at.startswith(lineage)]
        drawn = chance.sample(near, min(missing, len(near)))
        made += [_invitation(one, quota.place, quota.band, "drawn", resident=r) for r in drawn]
        blank = missing - len(drawn)
        made += [_invitation(one, quota.place, quota.band, "blank") for _ in range(blank)]
    if one.invitations.count() + len(made) > MOST_INVITED:
        raise InvalidError(f"{MOST_INVITED} invitations at most", f"不超过 {MOST_INVITED} 份邀请")
    Invitation.objects.bulk_create(made, batch_size=500)
    return _changed(actor, one, "invited", count=len(made))


@transaction.atomic
def open_(actor: Actor, number: int, *, version: int) -> Survey:
    """Open a survey, for the first time or again; from now on it can be answered."""
    one = locked(actor, number, version)
    if one.state == "open":
        raise ConflictError("it is open already", "调查已在进行")
    queries.questionnaire(one)
    one.state, one.opened_at = "open", timezone.now()
    return _changed(actor, one, "opened")


@transaction.atomic
def close(actor: Actor, number: int, *, version: int) -> Survey:
    """Close a survey; where it counts, the next assessment takes its ratings."""
    one = locked(actor, number, version)
    if one.state != "open":
        raise ConflictError(f"it is {one.state}", "调查未在进行")
    one.state, one.closed_at = "closed", timezone.now()
    return _changed(actor, one, "closed")


@transaction.atomic
def answer(code: str, *, key: UUID, values: Values, band: str = "") -> Answer:
    """Answer with the code of an invitation, whoever holds it.

    Raises
    ------
    MissingError
        No invitation has this code.
    ConflictError
        It was answered already, or the survey is not open.
    InputError
        Answers do not fit the questions; each is named.
    """
    found = queries.invitation(code)
    return _received(found, key=key, values=values, band=band, how="phone", by="")


@transaction.atomic
def enter(
    actor: Actor, number: int, who: Who, *, key: UUID, values: Values, how: str, band: str = ""
) -> Answer:  # fmt: skip
    """Enter an answer taken at the door or from paper.

    `key` is made where the answer was: sent twice, it is one answer.

    Raises
    ------
    ConflictError
        They answered already, or the survey is not open.
    InvalidError
        It is not said who answered, or of which band.
    """
    one = queries.survey(actor, number, right="survey.answer")
    before = queries.has_answer(key)
    if before is not None and before.survey_id == one.pk:
        return before
    if who.code:
        found = queries.invitation(who.code)
        if found.survey_id != one.pk:
            raise InvalidError("an invitation to this survey", "本调查的邀请编号")
        actor.check("survey.answer", found.place.lineage)
    else:
        found = _met(actor, one, who, band)
    made = _received(found, key=key, values=values, band=band, how=how, by=actor.name)
    audit.record(actor, "survey.answered", f"survey:{one.pk}", found.place.lineage, {"how": how})
    return made


def locked(actor: Actor, number: int, version: int) -> Survey:
    """A survey that the caller may change, held until the transaction ends; `ConflictError` if it changed since."""
    seen = queries.survey(actor, number)
    actor.check("survey.write", seen.place.lineage)
    one = Survey.objects.select_for_update(of=("self",)).select_related("place").get(pk=seen.pk)
    check_version(one, version)
    return one


def inherit(place: Any, heirs: Sequence[Any]) -> None:
    """What hangs on a place that ended goes to the first that goes on; quotas for the same band add up."""
    heir = heirs[0]
    for table in (Survey, Invitation, Answer):
        table.objects.filter(place=place).update(place=heir)
    for quota in Quota.objects.filter(place=place):
        same = Quota.objects.filter(survey=quota.survey, place=heir, band=quota.band).first()
        if same is None:
            Quota.objects.filter(pk=quota.pk).update(place=heir)
        else:
            Quota.objects.filter(pk=same.pk).update(wanted=same.wanted + quota.wanted)
            quota.delete()


def _met(actor: Actor, one: Survey, who: Who, band: str) -> Invitation:
    """The invitation of somebody met at the door: theirs, or a new one."""
    before = one.invitations.select_related("survey__place", "place")
    if who.resident is not None:
        known = people.resident(actor, who.resident)
        where = _community(actor, one, known.household.place)
        actor.check("survey.answer", where.lineage)
        old = before.filter(resident=known).first()
        band = band or queries.band_of(known.birth_year or 0)
        return old or _kept(_invitation(one, where, band, "door", resident=known))
    if len([c for c in who.phone if c.isdigit()]) < _SHORTEST_PHONE or not who.place:
        raise InvalidError(
            "an invitation's code, a resident, or a place and a telephone number",
            "邀请编号、已登记居民, 或地方和电话",
        )
    where = _inside(actor, one, who.place)
    actor.check("survey.answer", where.lineage)
    contact = queries.contact_of(one, who.phone)
    old = before.filter(contact=contact).first()
    return old or _kept(_invitation(one, where, band, "door", contact=contact))


def _kept(made: Invitation) -> Invitation:
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:  # two at the same moment
        raise _twice() from error
    return made


def _received(
    found: Invitation, *, key: UUID, values: Values, band: str, how: str, by: str
) -> Answer:
    one = found.survey
    before = queries.has_answer(key)
    if before is not None:
        if before.survey_id == one.pk and found.answered_on is not None:
            return before  # sent twice: the first reply was lost
        raise InvalidError("a key of its own for each answer", "每份答卷单独的编号")
    today = timezone.localdate()
    if not queries.is_open(one):
        raise ConflictError("the survey is not open", "调查未在进行")
    band = found.band or band
    if band not in {known.id for known in queries.bands()}:
        raise InvalidError("the age band of who answers", "答卷人的年龄段")
    kept = check_answers(queries.questionnaire(one), values)
    fresh = Invitation.objects.filter(pk=found.pk, answered_on__isnull=True)
    if not fresh.update(answered_on=today):
        again = queries.has_answer(key)
        if again is not None:
            return again
        raise _twice()
    try:
        with transaction.atomic():
            return Answer.objects.create(
                key=key, survey=one, place=found.place, band=band, how=how, on=today, by=by,
                values=json.dumps(kept, ensure_ascii=False),
            )  # fmt: skip
    except IntegrityError as error:
        raise InvalidError("a key of its own for each answer", "每份答卷单独的编号") from error


def _twice() -> ConflictError:
    return ConflictError("this was answered already: one answer each", "已经答过: 每人只答一次")


def _invitation(one: Survey, place: Any, band: str, how: str, **who: Any) -> Invitation:
    code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE))
    return Invitation(
        survey=one,
        place=place,
        band=band,
        how=how,
        code=code,
        digest=queries.digest_of(code),
        **who,
    )


def _check_types(asked: Questionnaire) -> None:
    known = facilities.standards().types
    strange = [
        question.name
        for question in asked.questions()
        if question.about and question.about not in known
    ]
    if strange:
        raise InvalidError(
            f"ratings of facility types that there are, not {strange[0]}",
            f"以已有设施类型命名的评分题, 不是 {strange[0]}",
        )


def _inside(actor: Actor, one: Survey, code: str) -> Any:
    where = places.open_place(actor, code, right="survey.read")
    if not where.lineage.startswith(one.place.lineage) or where.level != "community":
        raise _outside(one, code)
    return where


def _communities(actor: Actor, one: Survey) -> dict[str, Any]:
    """The communities of a survey that the caller sees, by code."""
    rows = places.places(actor, right="survey.read").filter(level="community")
    return {where.code: where for where in rows.filter(lineage__startswith=one.place.lineage)}


def _outside(one: Survey, code: str) -> InvalidError:
    return InvalidError(
        f"a community at or below {one.place.code}, not {code}",
        f"{one.place.name_zh} 内的社区, 不是 {code}",
    )


def _community(actor: Actor, one: Survey, where: Any) -> Any:
    """The community in which somebody lives, who is registered in a building of it."""
    codes = where.lineage.strip("/").split("/")
    known = places.by_code(codes)
    found = next((known[code] for code in codes if code in known and known[code].level == "community"), None)  # fmt: skip
    if found is None:
        raise InvalidError("a resident of a community", "住在社区内的居民")
    return _inside(actor, one, found.code)


def _changed(actor: Actor, one: Survey, what: str, **detail: Any) -> Survey:
    one.version += 1
    one.save()
    _say(actor, one, what, **detail)
    return one


def _say(actor: Actor, one: Survey, what: str, **detail: Any) -> None:
    audit.record(actor, f"survey.{what}", f"survey:{one.pk}", one.place.lineage, detail)
    stream.emit(f"survey.{what}", one.place.lineage, "survey.read", {"id": one.pk, "state": one.state})  # fmt: skip
