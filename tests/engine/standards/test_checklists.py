"""Check lists: whole, named, and held against what is there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.engine.standards.checklists import Item, Present, checklists, met

KINDS = ("nursery", "toilet", "market")


def test_every_list_is_whole_and_says_where_it_comes_from():
    known = checklists()
    assert {
        "complete_community",
        "embedded_services",
        "child_friendly",
        "modern_community",
        "life_circle",
    } == set(known)
    assert len(known["complete_community"].items) == 20
    for one in known.values():
        names = [item.id for item in one.items]
        assert len(names) == len(set(names))
        assert one.source
        assert all(item.zh and item.en and item.norm for item in one.items)
        assert one.origin == "source" or one.verify


@pytest.mark.parametrize(
    ("there", "answer"),
    [
        ([], False),
        ([("a", "nursery", 250.0)], True),
        ([("a", "nursery", 150.0)], False),
        ([("a", "nursery", None)], None),
        ([("a", "nursery", 150.0), ("b", "nursery", None)], None),
        ([("a", "market", 900.0)], False),
    ],
)
def test_an_item_is_met_missing_or_to_be_looked_at(there, answer):
    item = Item("nursery", "托儿所", "Nursery", "不少于200 m²", ("nursery",), 200)
    assert met(item, [Present(*one) for one in there])[0] is answer


def test_what_no_register_knows_is_for_people_to_look_at():
    assert met(Item("x", "x", "x", "x"), []) == (None, ())


facilities = st.lists(
    st.builds(
        Present,
        st.text("ab", min_size=1, max_size=3),
        st.sampled_from(KINDS),
        st.one_of(st.none(), st.floats(0, 500)),
    )
)


@given(
    facilities,
    st.sets(st.sampled_from(KINDS), min_size=1),
    st.booleans(),
    st.one_of(st.none(), st.just(200.0)),
)
def test_more_facilities_never_make_an_item_unmet(there, types, every, area):
    item = Item("x", "x", "x", "x", tuple(sorted(types)), area, every)
    order = {False: 0, None: 1, True: 2}
    verdicts = [order[met(item, there[:k])[0]] for k in range(len(there) + 1)]
    assert verdicts == sorted(verdicts)
