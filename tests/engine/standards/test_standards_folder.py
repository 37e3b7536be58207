import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.engine.standards import Number, default, export, folder, override, read
from lifecircle.engine.standards.encode import toml
from lifecircle.errors import StandardsError

DATA = Path(folder.__file__).with_name("data")

Edit = Callable[[str], str]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def swap(old: str, new: str, count: int = 1) -> Edit:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, count)

    return edit


def test_the_default_is_read_once() -> None:
    assert default() is default()


def test_export_reads_back_equal_and_in_order(tmp_path: Path) -> None:
    export(default(), tmp_path / "out")
    again = read(tmp_path / "out")
    assert again == default()
    for room in ("types", "categories", "themes", "groups", "bands", "profiles"):
        assert list(getattr(again, room)) == list(getattr(default(), room))


def test_export_replaces_a_folder_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(default(), out)
    (out / "types" / "old.toml").write_text("")
    export(override(default(), {"rules.coverage_full": 0.8}), out)
    assert not (out / "types" / "old.toml").exists()
    assert read(out).rules.coverage_full.value == 0.8


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_the_disk(text: str) -> None:
    number = Number(1.5, "m", text)
    back = tomllib.loads(toml({"name": text, "number": number}))
    assert (back["name"], back["number"]["source"]) == (text, text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_survives_the_disk(value: float) -> None:
    back = tomllib.loads(toml({"number": Number(value, "m", "")}))
    assert back["number"]["value"] == value


MINUTES = "types.kindergarten.walk_min"
SLIPS = [
    ("types/C01.toml", swap("name_en", "nmae_en"), "types.kindergarten.nmae_en", "unknown_key"),
    ("types/C01.toml", swap("name_en", "nmae_en"), "types.kindergarten.name_en", "missing_key"),
    ("types/C01.toml", swap("value = 5", "vale = 5"), f"{MINUTES}.vale", "unknown_key"),
    ("types/C01.toml", swap("value = 5", 'value = "5"'), f"{MINUTES}.value", "type"),
    ("types/C01.toml", swap("value = 5", "value = nan"), f"{MINUTES}.value", "type"),
    ("types/C01.toml", swap("value = 5", "value = true"), f"{MINUTES}.value", "type"),
    ("types/C01.toml", swap("value = 5", "value = -5"), MINUTES, "range"),
    ("types/C01.toml", swap('unit = "min"', 'unit = "s"'), f"{MINUTES}.unit", "unit"),
    ("types/C01.toml", swap('"C01"', '"C1"'), "types.kindergarten.category", "reference"),
    ("types/C01.toml", swap('tier = "5"', "tier = 5"), "types.kindergarten.tier", "value"),
    ("types/C01.toml", swap('origin = "source"', 'origin = "?"'), f"{MINUTES}.origin", "value"),
    ("types/C01.toml", swap("[kindergarten]", '["../kinder"]'), "types", "id"),
    ("types/C01.toml", swap("[nursery]", "[nursery]\nid = 'x'"), "types.nursery.id", "unknown_key"),
    ("types/C02.toml", swap("[clinic]", "[kindergarten]"), "", "duplicate"),
    ("types/C03.toml", lambda t: "kindergarten = 5\n" + t, "types.kindergarten", "type"),
    ("types/C03.toml", lambda t: t + "[", "", "toml"),
    ("bands.toml", swap("value = 0.06,", "value = 0.16,"), "bands.*.share", "sum"),
    ("bands.toml", swap('"stroller"', '"strolller"'), "bands.age_0_2.profile", "reference"),
    ("groups.toml", swap("age_0_2 =", "x ="), "groups.residents.members.x", "reference"),
    ("groups.toml", swap('"adult"', '"car"'), "groups.residents.profile", "reference"),
    ("profiles.toml", swap("[design]", "[planner]"), "profiles.design", "missing_key"),
    ("rules.toml", swap("scale =", "size ="), "rules.weights", "keys"),
    ("rules.toml", swap("[colours.blue]", "[colours.teal]"), "rules.colours.teal.id", "value"),
    ("rules.toml", lambda _: "", "rules.weights", "missing_key"),
    ("standard.toml", swap("version =", "versoin ="), "standard.versoin", "unknown_key"),
    ("standard.toml", lambda _: "", "standard.version", "type"),
    ("themes.toml", lambda t: t + "[", "", "toml"),
    ("categories.toml", lambda t: "\x00" + t, "", "toml"),
    ("profiles.toml", lambda _: "x = " + "[" * 5000, "", "toml"),
]


@pytest.mark.parametrize(("file", "edit", "column", "code"), SLIPS)
def test_a_slip_is_reported_with_its_file_and_key(
    copy: Path, file: str, edit: Edit, column: str, code: str
) -> None:
    path = copy / file
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(StandardsError) as refused:
        read(copy)
    found = {(issue.file, issue.column, issue.code) for issue in refused.value.issues}
    assert (file, column, code) in found


def test_slips_in_many_files_are_reported_at_once(copy: Path) -> None:
    for file, old, new in (
        ("types/C01.toml", "name_en", "name_fr"),
        ("types/C05.toml", 'group = "residents"', 'group = "everyone"'),
        ("bands.toml", "value = 0.06,", "value = 0.07,"),
        ("rules.toml", "value = 90,", "value = 10,"),
    ):
        path = copy / file
        path.write_text(swap(old, new)(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(StandardsError) as refused:
        read(copy)
    files = {issue.file for issue in refused.value.issues}
    assert files == {"types/C01.toml", "types/C05.toml", "bands.toml", "rules.toml"}


def test_a_misspelt_key_names_the_right_one(copy: Path) -> None:
    path = copy / "types/C01.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("walk_min", "walk_mins", 1), "utf-8")
    with pytest.raises(StandardsError, match="did you mean walk_min") as refused:
        read(copy)
    assert "walk_min" in refused.value.issues[0].expected_zh


@pytest.mark.parametrize("missing", ["rules.toml", "bands.toml", "standard.toml"])
def test_a_missing_file_is_named(copy: Path, missing: str) -> None:
    (copy / missing).unlink()
    with pytest.raises(StandardsError) as refused:
        read(copy)
    assert missing in {issue.file for issue in refused.value.issues}


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StandardsError) as refused:
        read(tmp_path / "nowhere")
    assert {"types", "rules.toml"} <= {issue.file for issue in refused.value.issues}


@settings(max_examples=20, deadline=None)  # each copies a folder
@given(st.binary(max_size=200))
def test_no_bytes_make_it_crash(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    copy = tmp_path_factory.mktemp("noise") / "data"
    shutil.copytree(DATA, copy)
    (copy / "themes.toml").write_bytes(noise)
    with pytest.raises(StandardsError):
        read(copy)
