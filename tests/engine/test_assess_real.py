"""Real Yuzhong, end to end: the real map, with what it lacks made up and marked so."""

from __future__ import annotations

import pyarrow.compute as pc

import lifecircle


def test_real_yuzhong_is_assessed_from_its_map(shared_data, tmp_path):
    data = shared_data / "yuzhong"
    lifecircle.new_bundle(
        tmp_path / "bundle", osm=data / "yuzhong.osm.pbf",
        elevation=data / "yuzhong_srtm30_utm48n.tif",
        boundary=data / "yuzhong_500103_osm_wgs84.geojson", code="500103", name_zh="渝中区",
        population=576300, names=data,
        synthesise=frozenset({"places", "population", "facilities"}),
    )  # fmt: skip
    result = lifecircle.assess(tmp_path / "bundle", tmp_path / "results")
    places = result.district.places
    assert (len(places.at("street")), len(places.at("community"))) == (11, 79)
    assert abs(result.buildings["residents"].to_numpy().sum() - 576300) < 1
    assert {"places", "population", "facilities"} <= set(result.district.synthetic)
    assert "buildings" not in result.district.synthetic
    types = result.cards.filter(pc.field("scope") == "type")
    assert types.num_rows == 62 * 91
    assert {"green", "blue", "yellow", "orange", "red"} <= set(types["colour"].to_pylist())
    assert all(types["synthetic"].to_pylist())
    assert result.network["lifts"] == 13
    assert "合成" in (tmp_path / "results" / "report.html").read_text(encoding="utf-8")


def test_sao_paulo_is_assessed_from_its_hexagons(shared_data, tmp_path):
    data = shared_data / "sao_paulo"
    lifecircle.new_bundle(
        tmp_path / "bundle", osm=data / "spo_osm.pbf", people=data / "spo_hexgrid.csv",
        counts={"schools": "primary_school", "healthcare": "clinic"}, name_zh="圣保罗",
        name_en="São Paulo", synthesise=frozenset({"places", "facilities"}),
    )  # fmt: skip
    result = lifecircle.assess(tmp_path / "bundle", tmp_path / "run")
    assert result.district.crs.to_epsg() == 32723  # southern hemisphere
    assert result.district.population > 500_000
    schools = result.district.facilities.type == "primary_school"
    assert sum("primary_school" in str(i) for i in result.district.facilities.id[schools]) > 20
    assert result.card("D", "overall")["colour"] != "grey"
    lifecircle.write_paper(tmp_path / "run", tmp_path / "paper.pdf", lang="en")
    assert lifecircle.verify(tmp_path / "run", tmp_path / "bundle").equal
