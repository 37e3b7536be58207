"""The folder of results: whole or not there, the same each time, and readable by others."""

from __future__ import annotations

import dataclasses
import json

import geopandas
import pyarrow.parquet as pq
import pytest
from handmade import COLOURS, make_assessment

from lifecircle.atomic import sha256
from lifecircle.engine.report import write_results
from lifecircle.engine.report.manifest import manifest as manifest_of
from lifecircle.engine.report.provenance import numbers
from lifecircle.progress import Progress


@pytest.fixture(scope="module")
def assessment():
    return make_assessment()


@pytest.fixture(scope="module")
def results(assessment, tmp_path_factory):
    return write_results(assessment, tmp_path_factory.mktemp("results") / "out")


@pytest.fixture(scope="module")
def manifest(results):
    return json.loads(results.manifest.read_text(encoding="utf-8"))


def test_every_path_of_the_results_is_a_file_of_the_folder(results):
    paths = {getattr(results, field.name) for field in dataclasses.fields(results)}
    assert paths - {results.folder, results.moments, results.probabilities} == set(
        results.folder.iterdir()
    )


def test_tables_are_read_back_as_they_were(assessment, results):
    assert pq.read_table(results.cards).equals(assessment.cards)
    assert pq.read_table(results.gaps).equals(assessment.gaps)
    assert pq.read_table(results.indicators).equals(assessment.indicators)
    assert pq.read_table(results.facilities).drop(["geometry"]).equals(assessment.facilities)
    assert pq.read_table(results.buildings).drop(["geometry"]).equals(assessment.buildings)


def test_places_carry_shape_and_a_colour_a_card(assessment, results):
    places = geopandas.read_parquet(results.places)
    assert places.crs.to_epsg() == 4326
    assert list(places.code) == list(assessment.district.places.code)
    assert all(a.equals(b) for a, b in zip(places.geometry, assessment.shapes, strict=True))
    for key in ("overall", "S1", "S8", "C01", "C11"):
        expected = [assessment.card(code, key)["colour"] for code in places.code]
        assert list(places[key]) == expected
        assert set(places[key]) <= set(COLOURS)


def test_points_stand_where_they_are(assessment, results):
    facilities = geopandas.read_parquet(results.facilities)
    assert facilities.geometry.x.tolist() == assessment.facilities["lon"].to_pylist()
    assert facilities.geometry.y.tolist() == assessment.facilities["lat"].to_pylist()


def test_the_manifest_names_every_other_file_by_its_hash(results, manifest):
    files = {f.name: sha256(f) for f in results.folder.iterdir() if f != results.manifest}
    assert manifest["outputs"] == files


def test_the_manifest_says_what_went_in(assessment, manifest):
    assert manifest["inputs"] == assessment.district.inputs
    assert manifest["parameters"]["moment"] == "Mo 10:00"
    assert manifest["parameters"]["way"] == "both"
    assert manifest["synthetic"] == ["facilities", "population"]
    assert [o["path"] for o in manifest["standard"]["overrides"]] == ["rules.coverage_full"]
    assert manifest["network"]["arcs"] == 3100
    assert manifest["warnings"][0]["file"] == "buildings.csv"
    assert "seconds" not in manifest


def test_the_manifest_says_which_way_was_graded(assessment, tmp_path):
    back = manifest_of(dataclasses.replace(assessment, way="back"), tmp_path)
    assert back["parameters"]["way"] == "back"


def test_the_same_assessment_gives_the_same_bytes_elsewhere(results, tmp_path):
    again = write_results(make_assessment(), tmp_path / "elsewhere" / "again")
    for file in results.folder.iterdir():
        assert (again.folder / file.name).read_bytes() == file.read_bytes(), file.name


def test_a_failure_leaves_what_was_there(assessment, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.html").write_text("old")
    (out / "manifest.json").write_text("{}")
    broken = dataclasses.replace(assessment, network={"figure": object()})
    with pytest.raises(TypeError, match="not a figure"):
        write_results(broken, out)
    assert [f.name for f in tmp_path.iterdir()] == ["out"]
    assert (out / "report.html").read_text() == "old"


def test_progress_hears_of_every_stage(assessment, tmp_path):
    progress = Progress()
    write_results(assessment, tmp_path / "out", progress=progress)
    assert list(progress.seconds) == ["tables", "workbook", "report", "manifest"]


def test_numbers_of_the_standard_are_found_by_the_path_that_overrides_them(assessment):
    found = {item.path: item.number for item in numbers(assessment.district.standards)}
    standards = assessment.district.standards
    assert found["rules.coverage_full"].value == 0.85
    assert found["rules.coverage_full"].origin == "override"
    assert found["types.kindergarten.walk_min"] is standards.types["kindergarten"].walk_min
    assert found["profiles.elder_75.flat_mps"] is standards.profiles["elder_75"].flat_mps
    assert found["rules.colours.green.floor"].value == 90
