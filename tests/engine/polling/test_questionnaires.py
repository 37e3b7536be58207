"""Questionnaires: what comes up, what fits, the library, and XLSForms in and out."""

import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from lifecircle.engine.polling.asking import (
    Condition,
    Option,
    Question,
    Questionnaire,
    Section,
    check_answers,
    check_questionnaire,
    from_json,
    shown,
    to_json,
)
from lifecircle.engine.polling.grouping import grouped
from lifecircle.engine.polling.templates import compose, indicators, library
from lifecircle.engine.polling.xlsform import from_xlsform, to_xlsform
from lifecircle.engine.standards import default
from lifecircle.errors import InputError

INFANTS = ("infant_care",)


def care():
    return compose(default(), INFANTS, zh="婴幼儿照护调查", en="Infant care")


def columns(error) -> set[str]:
    return {issue.column for issue in error.value.issues}


def test_what_hangs_on_a_question_that_does_not_come_up_does_not_either():
    names = [one.name for one in shown(care(), {"infant_has": "no", "infant_want": "full"})]
    assert names == ["infant_has"]
    names = [one.name for one in shown(care(), {"infant_has": "yes", "infant_want": "full"})]
    assert "infant_pay" in names
    assert "infant_why_not" not in names


def test_answers_are_kept_as_they_fit_and_all_that_do_not_are_named():
    kept = check_answers(care(), {"infant_has": "no", "infant_pay": "x", "infant_wish": " y "})
    assert kept == {"infant_has": "no"}  # the rest does not come up
    good = {
        "infant_has": "yes",
        "infant_carer": "nanny",
        "infant_want": "full",
        "infant_pay": "3500",
        "sat_nursery": 4,
    }
    assert check_answers(care(), good)["infant_pay"] == 3500.0
    assert check_answers(care(), good)["sat_nursery"] == "4"
    bad = {
        "infant_has": "yes",
        "infant_carer": "robot",
        "infant_want": "full",
        "infant_pay": -1,
        "strange": 1,
    }
    with pytest.raises(InputError) as error:
        check_answers(care(), bad)
    assert columns(error) == {"infant_carer", "infant_pay", "strange", "sat_nursery"}
    why = {
        "infant_has": "soon",
        "infant_want": "no",
        "sat_nursery": "0",
        "infant_why_not": ["far", "price", "trust", "full"],
    }
    with pytest.raises(InputError) as error:
        check_answers(care(), why)
    assert columns(error) == {"infant_why_not"}


def test_the_library_has_every_category_both_cares_and_the_61_indicators():
    known = library(default())
    assert {f"c{k:02}" for k in range(1, 12)} | {"infant_care", "elder_care", "home"} <= set(known)
    assert len(indicators()) == 61
    rated = {q.about for part in known.values() for q in part.questions if q.about}
    assert rated == {kind.id for kind in default().types.values() if kind.graded}
    whole = compose(default(), list(known), zh="全部")
    names = [one.name for one in whole.questions()]
    assert len(names) == len(set(names))
    assert all(one.en for one in whole.questions())
    with pytest.raises(InputError, match="no such section"):
        compose(default(), ["c99"], zh="x")


def test_the_whole_library_goes_out_as_xlsform_and_comes_back_equal():
    whole = compose(default(), list(library(default())), zh="全部问题", en="Everything")
    assert from_xlsform(to_xlsform(whole)) == whole


def test_the_form_skips_as_the_questionnaire_does():
    form = convert(io.BytesIO(to_xlsform(care())), validate=False).xform
    assert "/infant_want  = 'full'" in form or "/infant_want = 'full'" in form
    assert "中文 (zh)" in form
    assert "English (en)" in form


@st.composite
def questions(draw, name: str, before: list[Question]):
    kind = draw(st.sampled_from(["rating", "one", "many", "number", "text", "note"]))
    options, least, most = (), None, None
    if kind in ("one", "many"):
        count = draw(st.integers(2, 4))
        options = tuple(Option(f"o{i}", f"选项{i}", f"option {i}") for i in range(count))
        most = float(count) if kind == "many" else None
    elif kind == "number":
        least, most = 0.0, draw(st.integers(1, 9)) * 1.5
    asked = [one for one in before if one.kind not in ("text", "note") and draw(st.booleans())]
    when = tuple(draw(conditions(one)) for one in asked)
    required = kind != "note" and draw(st.booleans())
    return Question(
        name, kind, f"问题{name}?", f"question {name}?", required, options, least, most, when
    )


@st.composite
def conditions(draw, asked: Question):
    negate = draw(st.booleans())
    if asked.kind == "number":
        return Condition(
            asked.name, least=1.0, most=draw(st.sampled_from([None, 2.5])), negate=negate
        )
    among = draw(st.sets(st.sampled_from([o.name for o in asked.choices]), min_size=1, max_size=3))
    return Condition(asked.name, tuple(sorted(among)), negate=negate)


@st.composite
def questionnaires(draw):
    made: list[Question] = []
    for k in range(draw(st.integers(1, 7))):
        made.append(draw(questions(f"q{k}", made)))
    cut = draw(st.integers(0, len(made)))
    parts = [part for part in (tuple(made[:cut]), tuple(made[cut:])) if part]
    sections = tuple(
        Section(f"p{i}", f"板块{i}", f"Part {i}", part) for i, part in enumerate(parts)
    )
    return Questionnaire("问卷", "Form", sections)


@settings(max_examples=40, deadline=None)
@given(questionnaires())
def test_any_questionnaire_comes_back_equal_from_its_form_and_from_json(one):
    check_questionnaire(one)
    assert from_json(to_json(one)) == one
    assert from_xlsform(to_xlsform(one)) == one


def book(survey, choices=(), title="外来表单"):
    made = openpyxl.Workbook()
    made.active.title = "survey"
    for row in survey:
        made["survey"].append(row)
    sheet = made.create_sheet("choices")
    for row in [("list_name", "name", "label"), *choices]:
        sheet.append(row)
    sheet = made.create_sheet("settings")
    sheet.append(("form_title", "form_id"))
    sheet.append((title, "x"))
    output = io.BytesIO()
    made.save(output)
    return output.getvalue()


HEAD = ("type", "name", "label", "relevant", "constraint")
YES = (("yn", "y", "是"), ("yn", "n", "否"))


def test_a_form_of_others_is_read():
    rows = [
        HEAD,
        ("start", "start"),
        ("select_one yn", "Has_Child", "有孩子吗?"),
        ("integer", "age", "几岁?", "${Has_Child} = 'y'", ". >= 0 and . <= 17"),
        ("begin group", "more", "其他", "${age} >= 3"),
        ("text", "wish", "意见"),
        ("end group",),
    ]
    one = from_xlsform(book(rows, YES))
    assert one.zh == "外来表单"
    assert [(s.name, [q.name for q in s.questions]) for s in one.sections] == [
        ("general", ["has_child", "age"]),
        ("more", ["wish"]),
    ]
    assert {q.name: q.when for q in one.questions()} == {
        "has_child": (), "age": (Condition("has_child", ("y",)),), "wish": (Condition("age", least=3.0),),
    }  # fmt: skip
    assert [(q.least, q.most) for q in one.questions() if q.name == "age"] == [(0.0, 17.0)]


STRANGE = [
    ("geopoint", "spot", "位置"),
    ("text", "a", "甲", "${b} * 2 > 4"),
    ("integer", "b", "乙", "", "string-length(.) = 4"),
]
LATER = [("text", "a", "甲", "${b} = 'y'"), ("select_one yn", "b", "乙")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no workbook", "no XLSForm"),
        (book([HEAD, ("select_one nowhere", "a", "甲")], YES), "nowhere"),
        (book([HEAD, *STRANGE], YES), "cannot be used"),
        (book([HEAD, *LATER], YES), "earlier question"),
    ],
)
def test_a_form_that_asks_what_cannot_be_asked_is_refused_by_name(content, words):
    with pytest.raises(InputError) as error:
        from_xlsform(content)
    assert words in str(error.value)


def test_a_questionnaire_that_does_not_hold_together_is_refused_whole():
    bad = Questionnaire("", "", (Section("a", "甲", "", (
        Question("Q", "one", "", options=(Option("x", "一"),)),
        Question("n", "number", "多少", least=3.0, most=1.0),
        Question("n", "text", "重复"),
        Question("z", "text", "z", when=(Condition("later", ("y",)),)),
    )),))  # fmt: skip
    with pytest.raises(InputError) as error:
        check_questionnaire(bad)
    assert {"title", "Q", "n", "z"} <= columns(error)


def test_open_answers_are_grouped_by_what_they_share():
    texts = ["希望增加老年食堂", "想要一个老年人食堂", "老年食堂太少了", "停车太难", "停车位不够, 停车难", "", "无",
             "电话13912345678请联系我", "More parking please", "Parking is hard"]  # fmt: skip
    found = grouped(texts)
    assert [(one.topic, len(one.members)) for one in found][:3] == [
        ("食堂", 3),
        ("parking", 2),
        ("停车", 2),
    ]
    assert found[-1].topic == ""
    assert "***" in found[-1].example
    everything = [k for one in found for k in one.members]
    assert sorted(everything) == sorted(set(everything))


@given(st.lists(st.text("停车食堂难少abc 。", max_size=12), max_size=20))
def test_every_answer_is_in_one_group_at_most_and_shares_its_topic(texts):
    found = grouped(texts)
    seen = [k for one in found for k in one.members]
    assert len(seen) == len(set(seen))
    for one in found:
        assert all(word in texts[k].lower() for k in one.members for word in one.topic.split())
        assert not one.topic or len(one.members) >= 2
