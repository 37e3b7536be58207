import dataclasses
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.standards import Standards, check, default, export, override, read
from lifecircle.errors import StandardsError

KINDS = sorted(default().types)
# A pool is one supply and so has one norm: its types cannot change theirs alone.
POOLED = {kind.id for kind in default().types.values() if kind.pool}
MINUTES = st.floats(0.01, 120)
NUMBERS = st.one_of(
    st.tuples(
        st.sampled_from([k for k in KINDS if default().types[k].walk_min is not None]).map(
            lambda k: f"types.{k}.walk_min"
        ),
        MINUTES,
    ),
    st.tuples(
        st.sampled_from(
            [k for k in KINDS if default().types[k].norm is not None and k not in POOLED]
        ).map(lambda k: f"types.{k}.norm"),
        st.floats(0.001, 100_000),
    ),
    st.tuples(
        st.sampled_from(sorted(default().profiles)).map(lambda p: f"profiles.{p}.flat_mps"),
        st.floats(0.05, 5),
    ),
    st.tuples(
        st.sampled_from(sorted(default().rules.weights)).map(lambda w: f"rules.weights.{w}"),
        st.floats(0.001, 100),
    ),
    st.tuples(st.just("rules.coverage_full"), st.floats(0.01, 1)),
    st.tuples(st.just("rules.colours.green.floor"), st.floats(75.5, 100)),
    st.tuples(st.just("groups.child_and_youth.members.age_15_59"), st.floats(0.01, 1)),
)


def at(standards: Standards, path: str) -> object:
    """Follow a dotted path by hand: an oracle that shares no code with the overrides."""
    item: object = standards
    for name in path.split("."):
        if isinstance(item, tuple):
            pairs = [i if isinstance(i, tuple) else (i.id, i) for i in item]
            item = dict(pairs)[name]
        else:
            item = item[name] if isinstance(item, dict) else getattr(item, name)
    return item


@settings(max_examples=20, deadline=None)  # each writes a folder
@given(st.dictionaries(st.sampled_from(range(99)), NUMBERS, max_size=6))
def test_overrides_take_effect_are_listed_and_survive_the_disk(
    drawn: dict[int, tuple[str, float]],
) -> None:
    values = dict(drawn.values())
    changed = override(default(), values)
    for path, value in values.items():
        number = at(changed, path)
        assert (number.value, number.origin, number.verify) == (value, "override", False)
        assert number.unit == at(default(), path).unit
    assert [o.path for o in changed.overrides] == list(values)
    assert check(changed) == ()
    with TemporaryDirectory() as folder:
        export(changed, Path(folder) / "standard")
        assert read(Path(folder) / "standard") == changed


@given(NUMBERS)
def test_overriding_back_restores_the_value_and_keeps_the_first_before(
    entry: tuple[str, float],
) -> None:
    path, value = entry
    original = at(default(), path).value
    back = override(override(default(), {path: value}), {path: original})
    assert at(back, path).value == original
    assert [o.path for o in back.overrides] == [path]
    assert back.overrides[0].before == back.overrides[0].after


def test_no_override_changes_nothing() -> None:
    assert override(default(), {}) == default()


def test_the_default_is_untouched() -> None:
    before = default().types["market"].walk_min
    override(default(), {"types.market.walk_min": 3})
    assert default().types["market"].walk_min == before


def test_texts_and_switches_can_be_replaced() -> None:
    changed = override(
        default(),
        {
            "types.market.group": "elder_60",
            "types.public_rental.graded": False,
            "types.market.type_class": "plus",
            "themes.S3.name_zh": "健康圈",
        },
    )
    assert changed.types["market"].group == "elder_60"
    assert changed.types["market"].type_class == "plus"
    assert changed.themes["S3"].name_zh == "健康圈"


def test_none_takes_an_optional_number_away_and_a_number_brings_one() -> None:
    changed = override(
        default(),
        {
            "profiles.stroller.stairs_up_mps": "none",
            "types.market.min_area_m2": "none",
            "types.sports_large.min_area_m2": 3150,
        },
    )
    assert changed.profiles["stroller"].stairs_up_mps is None
    assert changed.types["market"].min_area_m2 is None
    brought = changed.types["sports_large"].min_area_m2
    assert brought is not None
    assert (brought.value, brought.unit) == (3150.0, "m2")


def test_age_shares_change_together() -> None:
    changed = override(
        default(), {"bands.age_75_plus.share": 0.09, "bands.age_15_59.share": 0.5922}
    )
    assert changed.bands["age_75_plus"].share.value == 0.09
    with pytest.raises(StandardsError, match="sum to 1"):
        override(default(), {"bands.age_75_plus.share": 0.09})


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("types.kindergarden.walk_min", 8, "kindergarten"),
        ("types.kindergarten.walk_mins", 8, "walk_min"),
        ("typ.kindergarten.walk_min", 8, "types"),
        ("rules.weights.scales", 0.5, "scale"),
        ("rules.colours.greene.floor", 80, "green"),
        ("bands.age_75.share", 0.1, "age_75_plus"),
        ("types.kindergarten", 8, "walk_min"),
        ("types.kindergarten.walk_min.value", 8, "below a value"),
        ("types.kindergarten.id", "x", "path"),
        ("types", 1, "path"),
        ("", 1, "path"),
        ("version", "x", "types"),
        ("rules.coverage_full", True, "finite number"),
        ("rules.coverage_full", "0.8", "finite number"),
        ("rules.coverage_full", float("nan"), "finite number"),
        ("rules.coverage_full", "none", "finite number"),
        ("rules.coverage_full", 85, "at most 1"),
        ("types.kindergarten.walk_min", -5, "above 0"),
        ("types.kindergarten.walk_min", 0, "above 0"),
        ("types.kindergarten.walk_min", float("inf"), "finite number or none"),
        ("types.kindergarten.walk_min", "none", "walking minutes"),
        ("types.kindergarten.group", "kids", "id that is defined"),
        ("types.kindergarten.group", 7, "a text"),
        ("types.kindergarten.tier", "20", "one of 15, 10, 5, B"),
        ("types.kindergarten.norm", "none", "a norm"),
        ("types.kindergarten.norm_base", "street", "group_1000"),
        ("types.kindergarten.graded", "yes", "true or false"),
        ("types.market.norm", 5, "no norm for reach"),
        ("types.nursing_home.norm", 30, "the same norm"),
        ("types.nursing_home.tier", "5", "the same tier"),
        ("profiles.adult.flat_mps", 72, "at most 5"),
        ("rules.colours.green.floor", 70, "floors that fall"),
        ("rules.colours.red.floor", 10, "floors that fall"),
        ("rules.colours.grey.floor", 10, "not a grade"),
        ("rules.colours.green.symbol", "◆", "symbol of its own"),
        ("rules.weights.scale", 0, "above 0"),
        ("rules.utilisation_low", 0.95, "utilisation_high"),
        ("rules.answers_min", 31, "answers_full"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_expected(
    path: str, value: object, expected: str
) -> None:
    with pytest.raises(StandardsError) as refused:
        override(default(), {path: value})
    assert any(expected in issue.expected for issue in refused.value.issues)
    assert all(issue.expected_zh for issue in refused.value.issues)


def test_every_bad_entry_is_named_at_once() -> None:
    bad = {"types.x.norm": 1, "rules.y": 2, "rules.coverage_full": "all", "profiles.adult.z": 3}
    with pytest.raises(StandardsError) as refused:
        override(default(), bad)
    assert [issue.column for issue in refused.value.issues] == list(bad)
    assert refused.value.exit_code == 3


def test_every_number_can_be_overridden_by_itself() -> None:
    """By its own value: each path that the standard has leads somewhere."""
    standards = default()
    paths = [
        f"{room}.{key}.{part.name}"
        for room in ("types", "bands", "profiles")
        for key, item in getattr(standards, room).items()
        for part in dataclasses.fields(item)
        if hasattr(getattr(item, part.name), "value")
    ]
    values = {path: at(standards, path).value for path in paths}
    changed = override(standards, values)
    assert len(changed.overrides) == len(paths)
    assert all(o.before == o.after for o in changed.overrides)
