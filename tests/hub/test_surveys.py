"""Surveys: one answer each, by phone, door or paper; weighted, few left out; what they say of types reaches the cards."""

import io
import json
import uuid

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lifecircle.engine.polling.templates import compose
from lifecircle.engine.polling.xlsform import to_xlsform
from lifecircle.engine.standards import default
from lifecircle.errors import InputError
from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import queries as assessments
from lifecircle.hub.assessments.snapshot import write_snapshot
from lifecircle.hub.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from lifecircle.hub.people import actions as people
from lifecircle.hub.places import actions as places
from lifecircle.hub.places import queries as tree
from lifecircle.hub.surveys import actions, queries, results
from lifecircle.hub.surveys.actions import Who
from lifecircle.hub.surveys.models import Answer, Invitation, Survey

pytestmark = pytest.mark.one_database

RATED = {"sat_toilet": "5"}


def made(hub, who="planner", place="D", sections=("c11",), **values):
    asked = compose(default(), sections, zh="公共安全调查", en="Safety")
    return actions.create(hub.actor(who), place=place, questionnaire=asked, **values)


def opened(hub, who="planner", **values):
    one = made(hub, who, **values)
    return actions.open_(hub.actor(who), one.pk, version=one.version)


def quota(place="C1", band="age_60_74", wanted=3):
    return {"place": place, "band": band, "wanted": wanted}


def invited(hub, one, *rows, who="planner"):
    one = actions.set_quotas(hub.actor(who), one.pk, rows or [quota()], version=one.version)
    return actions.invite(hub.actor(who), one.pk, version=one.version)


def enter(hub, one, who="worker1", *, values=RATED, band="age_60_74", how="door", key=None, **rest):
    met = Who(**{"place": "C1", **rest})
    return actions.enter(hub.actor(who), one.pk, met, key=key or uuid.uuid4(), values=values, how=how, band=band)  # fmt: skip


def many(hub, one, count, place="C1", who="planner", **values):
    for k in range(count):
        enter(hub, one, who, phone=f"139{place[-1]}{k:07}", place=place, **values)


def consenting(place="C1", birth_year=1960, name="王五"):
    today = timezone.localdate()
    return people.register(
        Actor.system("tests"), place=place, full_name=name, phone="13700137000", birth_year=birth_year, groups=[],
        consents=[{"purpose": "survey", "given_on": today, "keep_until": today.replace(year=today.year + 1)}],
    )  # fmt: skip


def test_a_survey_is_built_of_the_library_and_answered_on_a_phone_with_the_code_of_a_letter(hub):
    client = hub.client("planner")
    known = client.get("/api/v1/surveys/library").json()
    assert {"infant_care", "elder_care", "c01", "exam_city"} <= {
        s["name"] for s in known["sections"]
    }
    assert [band["id"] for band in known["bands"]] == ["age_15_59", "age_60_74", "age_75_plus"]
    body = {"place": "D", "zh": "托育与安全", "sections": ["infant_care", "c11"]}
    one = client.post("/api/v1/surveys", body, "application/json").json()
    assert (one["state"], one["place"], one["version"]) == ("draft", "D", 1)
    survey = invited(hub, Survey.objects.get(pk=one["id"]))
    code = Invitation.objects.first().code
    stranger = hub.client()
    assert stranger.get(f"/api/v1/public/surveys/{code}").status_code == 404  # a draft
    actions.open_(hub.actor("planner"), survey.pk, version=survey.version)
    asked = stranger.get(f"/api/v1/public/surveys/{code.lower()[:4]}-{code[4:]}").json()
    assert (asked["band"], asked["open"], asked["answered"]) == ("age_60_74", True, False)
    assert asked["sections"][0]["questions"][0]["name"] == "infant_has"
    sent = {"key": str(uuid.uuid4()), "values": {"infant_has": "no", "sat_toilet": "4"}}
    first = stranger.post(f"/api/v1/public/surveys/{code}", sent, "application/json")
    again = stranger.post(f"/api/v1/public/surveys/{code}", sent, "application/json")
    assert (first.status_code, again.status_code) == (201, 201)  # its reply was lost: still one
    other = {**sent, "key": str(uuid.uuid4())}
    twice = stranger.post(f"/api/v1/public/surveys/{code}", other, "application/json")
    assert twice.status_code == 409
    assert "每人只答一次" in twice.json()["message_zh"]
    kept = Answer.objects.get()
    assert json.loads(kept.values) == {"infant_has": "no", "sat_toilet": "4"}
    assert (kept.how, kept.band, kept.place.code, kept.by) == ("phone", "age_60_74", "C1", "")
    assert stranger.get("/api/v1/public/surveys/AAAAAAAAAAAA").status_code == 404


def test_an_answer_names_nobody_and_is_no_plain_text_in_the_database(hub):
    from django.db import connection

    one = opened(hub)
    resident = consenting()
    enter(hub, one, resident=resident.pk, values={"c11_wish": "楼道灯坏了"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM surveys_answer")
        text = str(
            [bytes(v) if isinstance(v, memoryview) else v for row in cursor.fetchall() for v in row]
        )
    assert "楼道" not in text
    fields = {field.name for field in Answer._meta.get_fields()}
    assert not fields & {"resident", "invitation", "contact"}


def test_answers_that_do_not_fit_are_refused_whole_and_the_code_stays_good(hub):
    one = invited(hub, opened(hub, sections=("elder_care",)))
    code = Invitation.objects.first().code
    with pytest.raises(InputError) as error:
        actions.answer(code, key=uuid.uuid4(), values={"elder_has": "yes", "elder_able": "flying"})
    assert {issue.column for issue in error.value.issues} == {
        "elder_able",
        "elder_need",
        "sat_elder_station",
    }
    assert not Answer.objects.exists()
    actions.answer(code, key=uuid.uuid4(), values={"elder_has": "no"})
    assert Answer.objects.count() == 1
    assert one.state == "open"


def test_who_is_met_at_the_door_answers_once_by_register_phone_or_letter(hub):
    one = opened(hub)
    resident = consenting(birth_year=1940)
    key = uuid.uuid4()
    assert enter(hub, one, resident=resident.pk, band="", key=key).band == "age_75_plus"
    assert (
        enter(hub, one, resident=resident.pk, band="", key=key).key == key
    )  # the offline queue sends again
    with pytest.raises(ConflictError, match="one answer each"):
        enter(hub, one, resident=resident.pk)
    enter(hub, one, phone="139 0000 1111")
    with pytest.raises(ConflictError, match="one answer each"):
        enter(hub, one, phone="+86-13900001111", how="paper")
    assert "13900001111" not in str(list(Invitation.objects.values_list("contact", flat=True)))
    with pytest.raises(InvalidError, match="invitation's code"):
        enter(hub, one, phone="123")
    other = opened(hub)
    enter(hub, other, phone="139 0000 1111")  # another survey is another question
    assert Answer.objects.count() == 3


def test_a_drawn_sample_takes_residents_who_consented_and_fills_up_with_blank_forms(hub):
    good = [consenting(birth_year=1955 + k).pk for k in range(2)]
    consenting(birth_year=1990)
    consenting("C3", birth_year=1958)
    planner = hub.actor("planner")
    one = invited(hub, made(hub), quota(wanted=5))
    rows = Invitation.objects.filter(survey=one)
    assert sorted(rows.filter(how="drawn").values_list("resident_id", flat=True)) == sorted(good)
    assert rows.filter(how="blank").count() == 3
    assert len({row.code for row in rows}) == 5
    again = actions.invite(planner, one.pk, version=one.version)
    assert rows.count() == 5
    again = actions.open_(planner, one.pk, version=again.version)
    enter(hub, again, code=rows.filter(how="blank").first().code, how="paper")
    [row] = queries.progress(planner, again)
    assert (row["place"], row["wanted"], row["asked"], row["answered"]) == ("C1", 5, 5, 1)
    sheet = hub.client("planner").get(f"/api/v1/surveys/{one.pk}/invitations?format=csv")
    lines = sheet.content.decode("utf-8-sig").strip().splitlines()
    assert len(lines) == 6
    assert "王*" in sheet.content.decode()
    assert "王五" not in sheet.content.decode()


def test_quotas_lie_inside_each_once_and_of_bands_that_are_asked(hub):
    planner, one = hub.actor("planner"), made(hub, place="S1")
    for rows in ([quota("C3")], [quota("S1")], [quota(), quota()], [quota(band="age_0_2")]):
        with pytest.raises(InvalidError):
            actions.set_quotas(planner, one.pk, rows, version=one.version)
    with pytest.raises(ConflictError, match="quotas first"):
        actions.invite(planner, one.pk, version=one.version)


def test_questions_stand_once_a_survey_is_open_and_second_writers_are_told(hub):
    planner, one = hub.actor("planner"), made(hub)
    sections = one.questionnaire["sections"]
    sections[0]["questions"] = sections[0]["questions"][:2]
    one = actions.change(planner, one.pk, {"sections": sections, "en": "Shorter"}, version=1)
    assert len(list(queries.questionnaire(one).questions())) == 2
    with pytest.raises(ConflictError, match="newer"):
        actions.change(planner, one.pk, {"zh": "晚了"}, version=1)
    sections[0]["questions"][0]["name"] = "sat_spaceport"
    with pytest.raises(InvalidError, match="sat_spaceport"):
        actions.change(planner, one.pk, {"sections": sections}, version=one.version)
    one = actions.open_(planner, one.pk, version=one.version)
    with pytest.raises(ConflictError, match="stand once"):
        actions.change(planner, one.pk, {"sections": sections}, version=one.version)
    one = actions.change(
        planner,
        one.pk,
        {"ends_on": timezone.localdate() - timezone.timedelta(1)},
        version=one.version,
    )
    with pytest.raises(ConflictError, match="not open"):
        enter(hub, one, phone="13900000000")
    one = actions.close(planner, one.pk, version=one.version)
    with pytest.raises(ConflictError):
        actions.close(planner, one.pk, version=one.version)


def test_answers_are_weighted_to_the_people_of_communities_and_bands(hub):
    planner, one = hub.actor("planner"), opened(hub)
    ratings = {("C1", "age_15_59"): ("5", 20), ("C1", "age_60_74"): ("3", 4), ("C2", "age_15_59"): ("1", 6),
               ("C2", "age_60_74"): ("2", 12)}  # fmt: skip
    for (code, band), (rating, count) in ratings.items():
        for k in range(count):
            met = {"phone": f"13{code[1]}{band[4]}{k:07}", "place": code}
            enter(hub, one, "planner", band=band, values={"sat_toilet": rating}, **met)
    found = results.results(planner, one)
    assert (found["answers"], found["silent"]) == (42, ["C3", "C4"])
    assert found["silent_bands"] == ["age_75_plus"]
    gathered = results.gathered(planner, one)
    here = tree.below("/").filter(code__in=["C1", "C2"])
    people_ = results.people_by_band(here, ["age_15_59", "age_60_74"])
    keys = [(row.place.code, row.band) for row, _ in gathered.rows]
    weighed = list(zip(gathered.weight, keys, strict=True))
    for code in ("C1", "C2"):
        sums = sum(w for w, key in weighed if key[0] == code)
        assert sums == pytest.approx(sum(people_[code].values()), rel=1e-3)
    for band in ("age_15_59", "age_60_74"):
        sums = sum(w for w, key in weighed if key[1] == band)
        assert sums == pytest.approx(people_["C1"][band] + people_["C2"][band], rel=1e-3)
    expected = sum(w * (int(ratings[key][0]) - 1) * 25 for w, key in weighed) / sum(gathered.weight)
    rating = next(q for q in found["questions"] if q["name"] == "sat_toilet")
    assert rating["mean"]["value"] == pytest.approx(expected)
    assert rating["mean"]["low"] < expected < rating["mean"]["high"]
    assert sum(o["value"] for o in rating["options"]) == pytest.approx(1)
    [street] = results.by_part(planner, one, "sat_toilet", "street")
    assert (street["part"], street["value"]) == ("S1", pytest.approx(expected))
    by_band = results.by_part(planner, one, "sat_toilet", "band")
    assert {p["part"] for p in by_band} == {"age_15_59", "age_60_74"}


def test_margins_that_contradict_each_other_leave_the_communities_right(hub):
    one = opened(hub)
    many(hub, one, 20, "C1", band="age_15_59")
    many(hub, one, 10, "C2", band="age_60_74", values={"sat_toilet": "1"})
    gathered = results.gathered(hub.actor("planner"), one)
    here = tree.below("/").filter(code__in=["C1", "C2"])
    people_ = results.people_by_band(here, ["age_15_59", "age_60_74"])
    for code in ("C1", "C2"):
        weighed = zip(gathered.weight, gathered.strata, strict=True)
        sums = sum(w for w, where in weighed if where == code)
        assert sums == pytest.approx(sum(people_[code].values()))
    parts = results.by_part(hub.actor("planner"), one, "sat_toilet", "community")
    assert {p["part"]: p["value"] for p in parts} == pytest.approx({"C1": 100.0, "C2": 0.0})


def test_few_answers_say_nothing_and_cannot_be_found_by_taking_the_others_away(hub):
    one = opened(hub)
    many(hub, one, 12, "C1")
    many(hub, one, 15, "C2")
    many(hub, one, 4, "C3")
    parts = {
        p["part"]: p for p in results.by_part(hub.actor("planner"), one, "sat_toilet", "community")
    }
    assert parts["C3"]["suppressed"]
    assert parts["C3"]["answers"] is None
    assert parts["C1"]["suppressed"]  # else the whole less the others would be C3
    assert parts["C2"]["value"] == pytest.approx(100)
    few = opened(hub, sections=("c10",))
    many(hub, few, 3, values={"sat_child_play": "2"})
    said = results.results(hub.actor("planner"), few)["questions"][0]
    assert (said["mean"]["suppressed"], said["asked"]) == (True, None)


def test_open_answers_are_grouped_and_shown_to_those_who_make_surveys(hub):
    one = opened(hub)
    for k, text in enumerate(["楼道灯坏了", "楼道堆物", "楼道没有灯, 电话13800138000", "其他"]):
        enter(hub, one, phone=f"1390000{k:04}", values={"c11_wish": text})
    client = hub.client("planner")
    said = client.get(f"/api/v1/surveys/{one.pk}/results").json()["questions"][-1]
    assert [(t["topic"], t["count"]) for t in said["topics"]] == [("楼道", 3)]
    assert "13800138000" not in str(said)
    watched = hub.client("council").get(f"/api/v1/surveys/{one.pk}/results").json()
    assert watched["questions"][-1]["topics"] == []
    book = client.get(f"/api/v1/surveys/{one.pk}/results/export")
    sheets = openpyxl.load_workbook(io.BytesIO(book.content))
    assert sheets["意见 Open answers"]["C2"].value == "楼道"


def test_a_worker_sees_the_districts_survey_and_only_their_own_part_of_it(hub):
    one = opened(hub)
    many(hub, one, 11, "C1")
    many(hub, one, 13, "C3", values={"sat_toilet": "1"})
    client = hub.client("worker1")
    [seen] = client.get("/api/v1/surveys").json()["items"]
    assert (seen["id"], seen["place"], seen["place_zh"]) == (one.pk, "", "")
    found = client.get(f"/api/v1/surveys/{one.pk}/results").json()
    assert found["answers"] == 11
    assert found["questions"][2]["mean"] is not None
    whole = client.get(f"/api/v1/surveys/{one.pk}").json()
    assert (whole["may_change"], whole["may_answer"]) == (False, True)
    assert [row["place"] for row in client.get(f"/api/v1/surveys/{one.pk}/progress").json()] == [
        "C1"
    ]
    with pytest.raises(MissingError):
        enter(hub, one, "worker1", place="C3", phone="13999999999")
    with pytest.raises(ForbiddenError):
        actions.close(hub.actor("worker1"), one.pk, version=one.version)
    foreign = made(hub, "street2", place="S2")
    assert hub.client("worker1").get(f"/api/v1/surveys/{foreign.pk}").status_code == 404
    with pytest.raises(MissingError):
        made(hub, "worker1", place="S1")


def test_ratings_of_a_closed_survey_reach_the_cards_with_how_many_answered(hub, tmp_path):
    from lifecircle.hub.assessments.models import Ground
    from lifecircle.hub.assessments.tasks import run_next

    planner = hub.actor("planner")
    run = assessments.run(planner)
    before = assessments.card(planner, run, "C1", "type", "toilet").detail
    one = opened(hub)
    many(hub, one, 40, "C1", values={"sat_toilet": "5"})
    many(hub, one, 35, "C2", values={"sat_toilet": "4"})
    assert not assessments.is_stale(planner)
    actions.close(planner, one.pk, version=one.version)
    assert assessments.is_stale(planner)
    rows = {(r["place"], r["type"]): r for r in results.satisfaction()}
    assert (rows["C1", "toilet"]["score"], rows["C1", "toilet"]["answers"]) == (100.0, 40)
    assert rows["C2", "toilet"]["score"] == 75.0
    write_snapshot(Ground.objects.get(), tmp_path / "snapshot")
    assert "C1,toilet,40,100" in (tmp_path / "snapshot" / "surveys.csv").read_text()
    from lifecircle.hub.assessments import actions as runs

    runs.request(planner)
    assert run_next()
    after = assessments.card(planner, assessments.run(planner), "C1", "type", "toilet").detail
    assert after["answers"] == 40
    assert before["answers"] != 40
    assert after["satisfaction"] > 90


def test_what_residents_miss_most_stands_beside_demand(hub):
    planner, one = hub.actor("planner"), opened(hub)
    many(hub, one, 12, "C1", values={"c11_missing": ["toilet", "aed"]})
    many(hub, one, 6, "C2", values={"c11_missing": ["aed"]})
    assert results.wishes({"toilet"}, {"C1"}) == {}  # it is open
    actions.close(planner, one.pk, version=one.version)
    found = results.wishes({"toilet", "aed"}, {"C1", "C2", "D"})
    assert found["C1", "toilet"] == pytest.approx(1.0)
    assert ("C2", "aed") not in found  # too few
    assert 0 < found["D", "toilet"] < 1
    rows = hub.client("planner").get(f"/api/v1/runs/{hub.run}/demand", {"type": "toilet"}).json()
    assert {row["place"]: row["wished"] for row in rows}["C1"] == pytest.approx(1.0)


def test_a_survey_that_does_not_count_or_is_open_says_nothing_in_the_cards(hub):
    planner = hub.actor("planner")
    quiet = opened(hub, counts=False)
    many(hub, quiet, 12)
    actions.close(planner, quiet.pk, version=quiet.version)
    many(hub, opened(hub), 12)
    assert results.satisfaction() == []


def test_a_later_survey_takes_the_place_of_an_earlier_where_it_has_answers(hub):
    planner = hub.actor("planner")
    for rating, codes in (("1", ("C1", "C2")), ("5", ("C1",))):
        one = opened(hub)
        for code in codes:
            many(hub, one, 6, code, values={"sat_toilet": rating})
        actions.close(planner, one.pk, version=one.version)
    found = {r["place"]: r["score"] for r in results.satisfaction() if r["type"] == "toilet"}
    assert found == {"C1": 100.0, "C2": 0.0}


def test_a_form_made_elsewhere_is_a_survey_here_and_goes_out_again(hub):
    content = to_xlsform(compose(default(), ["infant_care"], zh="托育", en="Childcare"))
    client = hub.client("planner")
    file = SimpleUploadedFile("form.xlsx", content)
    answer = client.post("/api/v1/surveys/xlsform", {"file": file, "place": "S1"})
    assert answer.status_code == 201, answer.content
    number = answer.json()["id"]
    assert client.get(f"/api/v1/surveys/{number}/xlsform").content[:2] == b"PK"
    broken = SimpleUploadedFile("form.xlsx", b"not a workbook")
    refused = client.post("/api/v1/surveys/xlsform", {"file": broken, "place": "S1"})
    assert refused.status_code == 422
    assert Survey.objects.count() == 1


def test_surveys_follow_the_tree_of_places(hub):
    one = opened(hub)
    one = actions.set_quotas(
        hub.actor("planner"), one.pk, [quota("C1"), quota("C2", wanted=4)], version=one.version
    )
    many(hub, one, 3, "C2")
    places.merge(hub.actor("planner"), ["C2"], into="C1", on=timezone.localdate())
    [row] = queries.progress(hub.actor("planner"), one)
    assert (row["place"], row["wanted"], row["answered"]) == ("C1", 7, 3)


def test_two_who_answer_with_one_code_at_the_same_moment_are_one_answer(hub):
    one = invited(hub, opened(hub))
    found = Invitation.objects.filter(survey=one).first()
    late = queries.invitation(found.code)  # read before the other one is committed
    actions.answer(found.code, key=uuid.uuid4(), values=RATED)
    with pytest.raises(ConflictError, match="one answer each"):
        actions._received(late, key=uuid.uuid4(), values=RATED, band="", how="phone", by="")
    assert Answer.objects.count() == 1
