"""Own layers: every format, places joined by name, faults by row, sums by place, and nothing for the neighbours."""

import csv
import io
import json
import sqlite3
import zipfile
from contextlib import closing

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from conftest import SmallDistrict
from lifecircle.engine.bundle.crs import wgs84_to_bd09, wgs84_to_gcj02
from lifecircle.hub.audit.models import Entry
from lifecircle.hub.errors import InvalidError
from lifecircle.hub.layers.columns import Field
from lifecircle.hub.layers.filters import predicate
from lifecircle.hub.layers.models import Layer, LayerFeature

pytestmark = pytest.mark.one_database

SAID = {"name": "树木", "source": "园林所", "on": "2026-11-20"}
URL = "/api/v1/layers"


def at(x: float, y: float = 5) -> tuple[float, float]:
    found = SmallDistrict.at(x, y)
    return float(found["lon"]), float(found["lat"])


TREES_GEO = [(100, "香樟", 5, "2020-03-12", "否"), (500, "黄葛树", 12.5, "1950/1/2", "是"),
             (900, "香樟", "", "", ""), (1300, "银杏", 8, "2011年5月6日", "否")]  # fmt: skip


def trees_csv() -> str:
    lines = ["树种,高度,栽植,古树,经度,纬度"]
    for x, kind, height, planted, old in TREES_GEO:
        lon, lat = at(x)
        lines.append(f"{kind},{height},{planted},{old},{lon},{lat}")
    return "\n".join(lines)


def trees_frame() -> geopandas.GeoDataFrame:
    rows = [(kind, None if height == "" else height) for _, kind, height, _, _ in TREES_GEO]
    spots = [shapely.Point(at(x)) for x, *_ in TREES_GEO]
    return geopandas.GeoDataFrame(
        pd.DataFrame(rows, columns=["树种", "高度"]), geometry=spots, crs=4326
    )


def upload(client, data, name="t.csv", place="D", **values):
    data = data if isinstance(data, bytes) else data.encode()
    return client.post(
        URL, {"file": SimpleUploadedFile(name, data), "place": place, **SAID, **values}
    )


def kept(client, data, name="t.csv", **values):
    answer = upload(client, data, name, **values)
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def refused(client, data, name="t.csv", **values):
    """The faults of a file that is refused, and leaves nothing behind."""
    before = Layer.objects.count(), LayerFeature.objects.count()
    answer = upload(client, data, name, **values)
    assert answer.status_code == 422, answer.content.decode()[:500]
    assert (Layer.objects.count(), LayerFeature.objects.count()) == before
    found = answer.json()
    assert found["message_en"]
    assert found["message_zh"]
    return found["issues"]


def features(client, layer, **query):
    return client.get(f"{URL}/{layer['id']}/features", query).json()


def by_place(client, layer, **query):
    answer = client.get(f"{URL}/{layer['id']}/by-place", query)
    assert answer.status_code == 200, answer.content
    found = answer.json()
    return {one["place"]: one["value"] for one in found["items"]}, found["outside"]


def test_a_csv_is_kept_with_its_fields_and_where_it_lies(hub):
    client = hub.client("planner")
    layer = kept(client, trees_csv())
    assert layer["kind"] == "point"
    assert layer["count"] == 4
    kinds = {field["name"]: field["kind"] for field in layer["fields"]}
    assert kinds == {"树种": "text", "高度": "number", "栽植": "date", "古树": "flag"}
    assert layer["bounds"] == pytest.approx([at(100)[0], at(0)[1], at(1300)[0], at(0)[1]])
    found = features(client, layer)
    assert found["count"] == 4
    second = found["features"][1]
    assert second["properties"] == {
        "树种": "黄葛树",
        "高度": 12.5,
        "栽植": "1950-01-02",
        "古树": True,
    }
    assert second["id"] == 3
    assert second["geometry"]["coordinates"] == pytest.approx(at(500), abs=1e-6)
    assert found["features"][2]["properties"]["高度"] is None
    one = client.get(f"{URL}/{layer['id']}/features/3").json()
    assert one["properties"] == second["properties"]
    assert client.get(f"{URL}/{layer['id']}/features/99").status_code == 404


@pytest.mark.parametrize("ending", ["xlsx", "geojson", "gpkg", "parquet"])
def test_every_format_gives_the_same_layer(hub, tmp_path, ending):
    frame, path = trees_frame(), tmp_path / f"t.{ending}"
    if ending == "xlsx":
        book = openpyxl.Workbook()
        book.active.append(["树种", "高度", "Lng", "Lat"])
        for row in frame.itertuples():
            height = None if pd.isna(row.高度) else row.高度
            book.active.append([row.树种, height, row.geometry.x, row.geometry.y])
        book.save(path)
    elif ending == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path, driver={"geojson": "GeoJSON", "gpkg": "GPKG"}[ending], engine="pyogrio")
    client = hub.client("planner")
    layer = kept(client, path.read_bytes(), path.name)
    found = features(client, layer)["features"]
    assert [one["properties"] for one in found] == [
        {"树种": kind, "高度": None if height == "" else height}
        for _, kind, height, _, _ in TREES_GEO
    ]
    spots = [one["geometry"]["coordinates"] for one in found]
    assert np.allclose(spots, [at(x) for x, *_ in TREES_GEO], atol=1e-6)


@pytest.mark.parametrize(("crs", "shift"), [("GCJ-02", wgs84_to_gcj02), ("BD-09", wgs84_to_bd09)])
def test_shifted_coordinates_are_brought_home_when_they_are_named(hub, crs, shift):
    xs = np.linspace(20, 1580, 60)
    true = np.array([at(x, y) for x, y in zip(xs, np.tile([-190, 190], 30), strict=True)])
    lon, lat = shift(true[:, 0], true[:, 1])
    text = "n,lng,lat\n" + "\n".join(
        f"{k},{x},{y}" for k, (x, y) in enumerate(zip(lon, lat, strict=True))
    )
    client = hub.client("planner")
    found = features(client, kept(client, text, crs=crs))["features"]
    assert np.allclose([one["geometry"]["coordinates"] for one in found], true, atol=2e-6)
    issues = refused(client, text)
    assert issues[0]["code"] == "misses_district"
    assert issues[0]["value"] == crs


def test_metres_of_a_named_system_are_read_and_swapped_axes_are_told(hub):
    frame, client = trees_frame(), hub.client("planner")
    metres = frame.to_crs(4544)
    text = "n,x,y\n" + "\n".join(f"1,{p.x},{p.y}" for p in metres.geometry)
    found = features(client, kept(client, text, crs="EPSG:4544"))["features"]
    assert np.allclose(
        [one["geometry"]["coordinates"] for one in found], [at(x) for x, *_ in TREES_GEO], atol=1e-6
    )
    assert refused(client, text)
    swapped = "n,lon,lat\n" + "\n".join(f"1,{p.y},{p.x}" for p in frame.geometry)
    assert "swapped" in refused(client, swapped)[0]["expected"]
    assert upload(client, text, crs="+proj=pipeline").status_code == 422


def test_rows_are_joined_to_places_by_code_or_name(hub):
    client = hub.client("planner")
    text = "社区,老人,备注\nC1,10,代码\n社区2,20,名称\n外街社区3 ,30,空格\n"
    layer = kept(client, text)
    assert layer["kind"] == "polygon"
    assert [field["name"] for field in layer["fields"]] == ["社区", "老人", "备注"]
    values, outside = by_place(client, layer, measure="sum", field="老人")
    assert values == {"C1": 10, "C2": 20, "C3": 30, "C4": 0}
    assert outside == 0


def test_a_row_that_names_no_place_or_several_says_so(hub):
    from lifecircle.hub.places.models import Place

    Place.objects.filter(code="C4").update(name_zh="社区1")
    issues = refused(hub.client("planner"), "社区,n\nC1,1\n社区9,2\n社区1,3\n,4\n")
    assert [(one["row"], one["column"], one["value"]) for one in issues] == [
        (3, "社区", "社区9"), (4, "社区", "社区1"), (5, "社区", "")
    ]  # fmt: skip
    assert "C1, C4" in issues[1]["expected"]


def test_a_worker_joins_to_no_place_that_they_do_not_see(hub):
    client = hub.client("worker1")
    issues = refused(client, "place,n\nC1,1\nC3,2\n外街社区3,3\n", place="C1")
    assert [one["row"] for one in issues] == [3, 4]
    assert "C3" not in issues[0]["expected"]


def test_which_column_joins_can_be_said_and_has_to_be_there(hub):
    client = hub.client("planner")
    assert kept(client, "where,n\nC1,1\n", join="where")["kind"] == "polygon"
    assert refused(client, "where,n\nC1,1\n")[0]["code"] == "missing_column"
    assert refused(client, "where,n\nC1,1\n", join="x")[0]["value"] == "x"


def test_every_bad_row_is_named_at_once(hub):
    lon, lat = at(100)
    text = (
        "name,n,lon,lat\n"
        f"ok,1,{lon},{lat}\n"
        f"a,2,,{lat}\n"
        f"b,3,nan,{lat}\n"
        f"#REF!,4,{lon},{lat}\n"
        f"d,5,200,{lat}\n"
        f"e,6,1e308,{lat}\n"
    )
    issues = refused(hub.client("planner"), text)
    assert {one["row"] for one in issues} == {3, 4, 5, 6, 7}
    assert all(one["file"] == "t.csv" and one["expected"] and one["expected_zh"] for one in issues)
    assert {(one["row"], one["column"]) for one in issues} >= {(3, "lon"), (4, "lon"), (5, "name")}


def test_a_column_with_a_few_words_among_numbers_is_text_and_says_so(hub):
    lon, lat = at(100)
    rows = [f"{k},{lon},{lat}" for k in range(9)]
    layer = kept(hub.client("planner"), "n,lon,lat\n" + "\n".join([*rows, f"许多,{lon},{lat}"]))
    assert layer["fields"] == [{"name": "n", "kind": "text"}]
    note = next(one for one in layer["issues"] if one["code"] == "mixed")
    assert (note["row"], note["column"], note["value"], note["severity"]) == (
        11,
        "n",
        "许多",
        "warning",
    )


def test_codes_and_long_numbers_stay_as_they_are_written(hub):
    lon, lat = at(100)
    text = "code,id,x1\n0012,12345678901234567890,1.0\n".replace("x1", "x1,lon,lat").replace(
        "1.0\n", f"1.0,{lon},{lat}\n"
    )
    client = hub.client("planner")
    found = features(client, kept(client, text))["features"][0]["properties"]
    assert found == {"code": "0012", "id": "12345678901234567890", "x1": 1}


def geojson(*shapes, **values) -> bytes:
    rows = [
        {"type": "Feature", "geometry": shape, "properties": {"n": k, **values}}
        for k, shape in enumerate(shapes)
    ]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


def test_one_layer_holds_one_kind_of_shape(hub):
    point = {"type": "Point", "coordinates": at(100)}
    line = {"type": "LineString", "coordinates": [at(100), at(200)]}
    client = hub.client("planner")
    assert kept(client, geojson(line, line), "l.geojson")["kind"] == "line"
    issues = refused(client, geojson(point, line, point), "l.geojson")
    assert [(one["row"], one["value"]) for one in issues] == [(2, "line")]
    group = {"type": "GeometryCollection", "geometries": [point]}
    assert [one["row"] for one in refused(client, geojson(point, group, None), "l.geojson")] == [
        2,
        3,
    ]


def test_hostile_shapes_are_refused(hub):
    client = hub.client("planner")
    angles = np.linspace(0, 2 * np.pi, 200_000)
    circle = shapely.Polygon(
        np.column_stack([106.555 + 0.001 * np.cos(angles), 29.55 + 0.001 * np.sin(angles)])
    )
    issues = refused(
        client,
        geojson(json.loads(shapely.to_geojson(shapely.set_precision(circle, 0)))),
        "p.geojson",
    )
    assert (issues[0]["code"], issues[0]["row"]) == ("vertices", 1)
    bow = {
        "type": "Polygon",
        "coordinates": [[at(0, 0), at(100, 100), at(100, 0), at(0, 100), at(0, 0)]],
    }
    assert "valid" in refused(client, geojson(bow), "p.geojson")[0]["expected"]
    huge = {"type": "Point", "coordinates": [1e308, -1e308]}
    assert refused(client, geojson(huge), "p.geojson")
    nan = b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[NaN,1]},"properties":{}}]}'
    assert refused(client, nan, "p.geojson")
    assert refused(client, b'{"type":"FeatureCollection","features":' + b"[" * 100_000, "p.geojson")
    far = {"type": "Point", "coordinates": [2.35, 48.85]}
    assert refused(client, geojson(far, far), "p.geojson")[0]["code"] == "misses_district"


def test_a_polygon_of_a_million_vertices_and_a_table_of_too_many_rows_are_refused(hub):
    client = hub.client("planner")
    ring = ",".join(f"[106.55{k:07d},29.55]" for k in range(1_000_000))
    text = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[['
    issues = refused(client, (text + ring + ",[106.550000000,29.55]]]}}]}").encode(), "p.geojson")
    assert (issues[0]["code"], issues[0]["value"]) == ("vertices", "1,000,001")
    lon, lat = at(100)
    rows = "\n".join(f"{k},{lon},{lat}" for k in range(20_001))
    assert refused(client, f"n,lon,lat\n{rows}")[0]["code"] == "rows"
    wide = ",".join(f"c{k}" for k in range(101))
    assert refused(client, f"{wide}\n{','.join('1' * 101)}")[0]["code"] == "columns"


def test_small_files_that_unpack_to_large_tables_are_refused(hub, tmp_path):
    client = hub.client("planner")
    book = io.BytesIO()
    with (
        zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as sheet,
    ):
        for _ in range(210):
            sheet.write(b" " * 2**20)
    assert len(book.getvalue()) < 2**20
    assert upload(client, book.getvalue(), "b.xlsx").status_code == 422
    path = tmp_path / "b.parquet"
    pq.write_table(pa.table({"t": pa.array(["x" * 2**20] * 1000)}), path)
    assert path.stat().st_size < 2**21
    assert upload(client, path.read_bytes(), "b.parquet").status_code == 422
    pq.write_table(pa.table({"t": pa.array(np.zeros(1_000_001))}), path)
    assert upload(client, path.read_bytes(), "b.parquet").status_code == 422
    path = tmp_path / "b.gpkg"
    trees_frame().to_file(path, driver="GPKG", engine="pyogrio", layer="v")
    with closing(sqlite3.connect(path)) as database:
        database.execute("ALTER TABLE v RENAME TO w")
        database.execute(
            "CREATE VIEW v AS WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n)"
            " SELECT n.fid, w.geom FROM n, w"
        )
        database.commit()
    assert upload(client, path.read_bytes(), "b.gpkg").status_code == 422


@pytest.mark.parametrize(
    "name", ["b.xlsx", "b.gpkg", "b.parquet", "b.geojson", "b.csv", "b.exe", "b"]
)
def test_what_is_no_table_is_refused(hub, name):
    assert upload(hub.client("planner"), b"\x00\xff\x00 no table", name).status_code == 422


def test_names_and_cells_that_no_database_holds_are_refused(hub):
    client = hub.client("planner")
    spot = {"type": "Point", "coordinates": at(100)}
    for value in ("a\0b", "\ud800"):
        assert refused(client, geojson(spot, t=value), "t.geojson")[0]["column"] == "t"
        assert refused(client, geojson(spot, **{value: 1}), "t.geojson")[0]["code"] == "column"
    assert refused(client, geojson(spot, t="x" * 3000), "t.geojson")
    assert refused(client, geojson(spot, **{"n" * 101: 1}), "t.geojson")


def test_formulas_go_out_as_text(hub):
    lon, lat = at(100)
    text = f'=cmd,n,lon,lat\n"=HYPERLINK(""http://x"")",-5,{lon},{lat}\n@SUM(A1),3,{lon},{lat}\n'
    client = hub.client("planner")
    layer = kept(client, text)
    body = client.get(f"{URL}/{layer['id']}/file", {"format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[0] == ["'=cmd", "n", "lon", "lat"]
    assert [row[0] for row in rows[1:]] == ['\'=HYPERLINK("http://x")', "'@SUM(A1)"]
    assert rows[1][1] == "-5"


def box(west: float, east: float) -> shapely.Polygon:
    return shapely.box(*at(west, 0), *at(east, 50))


@pytest.mark.parametrize("kind", ["point", "line", "polygon"])
@pytest.mark.parametrize("format_", ["csv", "geojson", "gpkg"])
def test_what_goes_out_comes_in_again(hub, tmp_path, kind, format_):
    shapes = {
        "point": [shapely.Point(at(100)), shapely.Point(at(700))],
        "line": [shapely.LineString([at(100), at(300)]), shapely.MultiLineString([[at(500), at(600)], [at(700), at(800)]])],
        "polygon": [box(100, 200), shapely.MultiPolygon([box(500, 550), box(600, 650)])],
    }[kind]  # fmt: skip
    said = {"FID": 3, "fid": "a", "Geom": 1.5, "day": "2026-01-02", "yes": True, "lon": "x"}
    rows = [{"type": "Feature", "geometry": json.loads(shapely.to_geojson(one)), "properties": p}
            for one, p in zip(shapes, (said, dict.fromkeys(said)), strict=True)]  # fmt: skip
    client = hub.client("planner")
    first = kept(client, json.dumps({"features": rows}), "a.geojson")
    answer = client.get(f"{URL}/{first['id']}/file", {"format": format_})
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    path = tmp_path / f"out.{format_}"
    path.write_bytes(answer.content)
    second = kept(client, answer.content, path.name)
    one, two = features(client, first), features(client, second)
    assert [f["geometry"] for f in one["features"]] == [
        f["geometry"] for f in two["features"]
    ] or format_ == "gpkg"
    assert [list(f["properties"].values()) for f in two["features"]] == [
        list(said.values()),
        [None] * 6,
    ]
    if format_ == "gpkg":
        assert pyogrio.read_info(path)["geometry_type"] in {
            "Point",
            "MultiLineString",
            "MultiPolygon",
        }


ROWS = pd.DataFrame({
    "n": [1, 5, None, -3.5, 5], "t": ["路", "道 路", None, "Street", "a,b"],
    "d": ["2026-01-01", None, "2025-12-31", "2026-03-01", "2026-01-01"],
    "f": [True, False, None, True, False],
})  # fmt: skip
FIELDS = [Field("n", "number"), Field("t", "text"), Field("d", "date"), Field("f", "flag")]


@pytest.mark.parametrize(("text", "expected"), [
    ("", ROWS.n.map(lambda _: True)), ("n > 1", ROWS.n > 1), ("n >= 1 and n<=5", ROWS.n.between(1, 5)),
    ("n = 5", ROWS.n == 5), ("n != 5", ROWS.n != 5), ('n = ""', ROWS.n.isna()), ('n != ""', ROWS.n.notna()),
    ("n < -3", ROWS.n < -3), ("n in (1, 5)", ROWS.n.isin([1, 5])), ("t contains 路", ROWS.t.str.contains("路").fillna(False)),  # noqa: RUF100
    ('t = "道 路"', ROWS.t == "道 路"), ("t in ('a,b', 路)", ROWS.t.isin(["a,b", "路"])),
    ("t contains STREET", ROWS.t.str.lower().str.contains("street").fillna(False)),
    ("d >= 2026/1/1", ROWS.d >= "2026-01-01"), ("d < 2026-01-01 且 f != 是", (ROWS.d < "2026-01-01") & (ROWS.f != True)),  # noqa: E712
    ("f = 否", ROWS.f == False), ("n ≥ 5 and f = no", (ROWS.n >= 5) & (ROWS.f == False)),  # noqa: E712
    ("t 属于（路，Street）", ROWS.t.isin(["路", "Street"])), ("t > 路", ROWS.t.map(lambda v: isinstance(v, str) and v > "路")),
])  # fmt: skip
def test_a_filter_means_what_pandas_means(text, expected):
    meets = predicate(text, FIELDS)
    rows = ROWS.astype(object).where(ROWS.notna(), None).values.tolist()
    assert [meets(row) for row in rows] == [bool(one) for one in expected]


@pytest.mark.parametrize("text", [
    "n", "n >", "n > x", "x = 1", "n = 1 or n = 2", "n = 1 and", "n in 1", "n in (1", "n in ()", "n = '1", "d > 2026",
    "f = maybe", "n LIKE 1", "n = 1; DROP TABLE layers_layer", "n < ''", " and ".join(["n = 1"] * 21), "(n = 1)", "= 1",
    "'", "n contains", "and",
])  # fmt: skip
def test_what_is_no_filter_says_what_was_expected(text):
    with pytest.raises(InvalidError, match="filter"):
        predicate(text, FIELDS)


def test_features_are_filtered_paged_and_narrowed_to_fields(hub):
    client = hub.client("planner")
    layer = kept(client, trees_csv())
    found = features(client, layer, filter="树种 = 香樟", limit=1)
    assert (found["count"], len(found["features"])) == (2, 1)
    found = features(client, layer, filter="树种 = 香樟", limit=1, offset=1)
    assert found["features"][0]["id"] == 4
    found = features(client, layer, named="true", fields=["高度"])
    assert [list(one["properties"]) for one in found["features"]] == [["高度"]] * 4
    assert features(client, layer, named="true")["features"][0]["properties"] == {}
    answer = client.get(f"{URL}/{layer['id']}/features", {"filter": "高 = 1"})
    assert answer.status_code == 422
    assert (
        client.get(f"{URL}/{layer['id']}/features", {"named": "true", "fields": "x"}).status_code
        == 422
    )
    body = client.get(
        f"{URL}/{layer['id']}/file", {"format": "csv", "filter": "古树 = 是"}
    ).content.decode()
    assert "黄葛树" in body
    assert "香樟" not in body


def places_frame() -> geopandas.GeoDataFrame:
    rows = [
        (f"C{c}", shapely.from_wkt(SmallDistrict.box(400 * (c - 1), 400 * c))) for c in (1, 2, 3, 4)
    ]
    return geopandas.GeoDataFrame(
        rows, columns=["place", "geometry"], geometry="geometry", crs=4326
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_points_sum_up_by_place_as_in_geopandas(hub, seed):
    rng = np.random.default_rng(seed)
    size = 300
    frame = geopandas.GeoDataFrame(
        {"n": np.where(rng.random(size) < 0.1, np.nan, rng.normal(50, 30, size).round(3)), "k": rng.choice(["a", "b"], size)},
        geometry=[shapely.Point(at(x, y)) for x, y in zip(rng.uniform(-100, 1700, size), rng.uniform(-250, 250, size), strict=True)],
        crs=4326,
    )  # fmt: skip
    client = hub.client("planner")
    layer = kept(client, frame.to_json().encode(), "r.geojson")
    inside = frame.sjoin(places_frame(), predicate="intersects")
    values, outside = by_place(client, layer)
    assert values == inside.groupby("place").size().to_dict()
    assert outside == size - len(inside)
    some = inside[(inside.k == "a") & (inside.n > 20)]
    for measure in ("sum", "mean", "min", "max"):
        values, _ = by_place(client, layer, measure=measure, field="n", filter="k = a and n > 20")
        assert values == pytest.approx(some.groupby("place").n.agg(measure).to_dict(), abs=1e-6), (
            measure
        )
    streets, _ = by_place(client, layer, level="district")
    assert sum(streets.values()) == len(inside)


def test_parts_of_lines_and_polygons_are_measured_inside_each_place(hub):
    client = hub.client("planner")
    line = {"type": "LineString", "coordinates": [at(300, 0), at(900, 0)]}
    values, _ = by_place(client, kept(client, geojson(line), "l.geojson"), measure="length_m")
    metre_x = (
        geopandas.GeoSeries([shapely.LineString([at(300, 0), at(900, 0)])], crs=4326)
        .to_crs(32648)
        .length[0]
    )
    assert values == pytest.approx(
        {"C1": metre_x / 6, "C2": metre_x * 4 / 6, "C3": metre_x / 6, "C4": 0}, rel=1e-4
    )
    box = shapely.box(*at(300, -100), *at(900, 100))
    layer = kept(client, geojson(json.loads(shapely.to_geojson(box))), "p.geojson")
    values, _ = by_place(client, layer, measure="area_m2")
    metric = (
        places_frame()
        .to_crs(32648)
        .intersection(geopandas.GeoSeries([box], crs=4326).to_crs(32648)[0])
        .area
    )
    assert list(values.values()) == pytest.approx(metric.tolist(), rel=1e-4)
    assert by_place(client, layer)[0] == {"C1": 0, "C2": 1, "C3": 0, "C4": 0}


def test_sums_need_a_field_of_numbers_and_go_out_as_csv(hub):
    client = hub.client("planner")
    layer = kept(client, trees_csv())
    for query in (
        {"measure": "sum"},
        {"measure": "sum", "field": "树种"},
        {"measure": "median"},
        {"level": "x"},
    ):
        assert client.get(f"{URL}/{layer['id']}/by-place", query).status_code == 422
    query = {"measure": "mean", "field": "高度", "format": "csv"}
    body = client.get(f"{URL}/{layer['id']}/by-place", query).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert [(row["place"], row["features"], row["mean"]) for row in rows] == [
        ("C1", "1", "5.0"), ("C2", "1", "12.5"), ("C3", "1", ""), ("C4", "1", "8.0")
    ]  # fmt: skip


def test_a_layer_of_the_next_street_is_never_seen(hub):
    layer = kept(hub.client("street2"), "place,n\nC3,1\n", place="S2")
    for who in ("street1", "worker1", "council", "operator", "planner", "provider"):
        seen = hub.client(who).get(URL).json().get("items", [])
        expected = who in {"operator", "planner"}
        assert bool(seen) == expected, who
        for path in ("", "/features", "/features/2", "/by-place", "/file"):
            answer = hub.client(who).get(f"{URL}/{layer['id']}{path}")
            assert answer.status_code == (200 if expected else 404), (who, path)
    # nor by the community below: a layer of the street is the street's
    assert hub.client("worker3").get(URL).json()["count"] == 0


def test_sums_show_no_place_beyond_what_the_caller_sees(hub):
    layer = kept(hub.client("planner"), trees_csv(), place="S1")
    values, outside = by_place(hub.client("street1"), layer)
    assert values == {"C1": 1, "C2": 1}
    assert outside == 2


def test_who_may_bring_change_and_delete(hub):
    for who, place, status in (("worker1", "C1", 201), ("worker1", "C2", 404), ("worker1", "S1", 404), ("grid1", "C1", 403),
                               ("council", "C1", 403), ("provider", "S1", 403), ("auditor", "D", 403), ("street1", "C2", 201),
                               ("street1", "S2", 404)):  # fmt: skip
        answer = upload(hub.client(who), trees_csv(), place=place)
        assert answer.status_code == status, (who, place, answer.content[:200])
    layer = Layer.objects.get(owner__username="worker1")
    url, body = f"{URL}/{layer.pk}", {"name": "新名"}
    assert hub.client("street1").patch(url, body, "application/json").status_code == 403
    assert hub.client("grid1").delete(url).status_code == 403
    assert hub.client("worker3").delete(url).status_code == 404
    answer = hub.client("worker1").patch(url, body, "application/json")
    assert (answer.status_code, answer.json()["name"]) == (200, "新名")
    assert hub.client("planner").patch(url, {"source": "区"}, "application/json").status_code == 200
    assert hub.client("worker1").patch(url, {"place": "S1"}, "application/json").status_code == 404
    assert hub.client("planner").patch(url, {"place": "S1"}, "application/json").status_code == 200
    assert hub.client("worker1").get(url).status_code == 404
    assert hub.client("planner").delete(url).status_code == 204
    assert not LayerFeature.objects.filter(layer_id=layer.pk).exists()
    said = list(
        Entry.objects.filter(target=f"layer:{layer.pk}")
        .order_by("pk")
        .values_list("action", flat=True)
    )
    assert said == [
        "layer.added",
        "layer.changed",
        "layer.changed",
        "layer.changed",
        "layer.removed",
    ]


def test_a_token_needs_the_right_to_write_layers(hub):
    def post(*scopes):
        text = hub.token("planner", *scopes)
        data = {"file": SimpleUploadedFile("t.csv", trees_csv().encode()), "place": "D", **SAID}
        return hub.client().post(URL, data, headers={"authorization": f"Bearer {text}"}).status_code

    assert post("card.read", "place.read", "place.write") == 403
    assert post("card.read", "place.read", "layer.write") == 201


def test_a_style_is_kept_and_speaks_of_the_layers_fields(hub):
    client = hub.client("planner")
    url = f"{URL}/{kept(client, trees_csv())['id']}"
    style = {
        "by": "graduated",
        "field": "高度",
        "method": "equal",
        "classes": 4,
        "ramp": "viridis",
        "colour": "#d55e00",
    }
    assert client.patch(url, {"style": style}, "application/json").status_code == 200
    assert client.get(url).json()["style"] == style
    for wrong in (
        {"field": "树种"},
        {"field": "x"},
        {"classes": 99},
        {"colour": "red;}"},
        {"by": "magic"},
    ):
        assert (
            client.patch(url, {"style": {**style, **wrong}}, "application/json").status_code == 422
        )
    assert client.get(url).json()["style"] == style


def test_one_person_has_no_end_of_layers(hub, monkeypatch):
    monkeypatch.setattr("lifecircle.hub.layers.actions.MOST_LAYERS", 1)
    client = hub.client("planner")
    kept(client, trees_csv())
    assert upload(client, trees_csv()).status_code == 409


def test_a_layer_goes_on_with_the_heir_of_its_place(hub):
    from lifecircle.hub.places import actions as places

    layer = kept(hub.client("planner"), trees_csv(), place="C2")
    places.merge(hub.actor("planner"), ["C2"], into="C1", on=localdate())
    assert hub.client("worker1").get(f"{URL}/{layer['id']}").json()["place"] == "C1"
