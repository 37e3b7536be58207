"""Tiles of the relief hold the heights that rasterio reads from the bundle's elevation model."""

import numpy as np
import pytest
import rasterio
from django.test import Client
from pyproj import Transformer
from rasterio.io import MemoryFile
from scipy.interpolate import RegularGridInterpolator

from lifecircle.hub.assessments.models import Ground

pytestmark = pytest.mark.one_database

Z, X, Y = 13, 6520, 3391
"""The tile that holds 106.5525 E 29.55 N."""


@pytest.fixture
def model(hub):
    """A slope with a hole, in UTM, added to the bundle that was loaded."""
    folder = Ground.objects.get().folder
    settings = folder / "district.toml"
    text = settings.read_text(encoding="utf-8")
    east, north = Transformer.from_crs(4326, 32648, always_xy=True).transform(106.5525, 29.55)
    rows, columns = np.mgrid[0:100, 0:120]
    metres = (200 + 1.5 * columns + 40 * np.sin(rows / 9)).astype(np.float32)
    metres[48:52, 58:62] = -9999
    transform = rasterio.Affine(30, 0, east - 1800, 0, -30, north + 1500)
    with rasterio.open(
        folder / "model.tif", "w", driver="GTiff", width=120, height=100, count=1, dtype="float32",
        crs="EPSG:32648", transform=transform, nodata=-9999,
    ) as file:  # fmt: skip
        file.write(metres, 1)
    settings.write_text(
        text.replace("[files]\n", '[files]\nelevation = "model.tif"\n'), encoding="utf-8"
    )
    assert "model.tif" in settings.read_text(encoding="utf-8")
    yield folder
    settings.write_text(text, encoding="utf-8")
    (folder / "model.tif").unlink()


def heights(body: bytes):
    with MemoryFile(body) as memory, memory.open() as picture:
        r, g, b = picture.read().astype(float)
    return r * 256 + g + b / 256 - 32768


def centres() -> tuple[np.ndarray, np.ndarray]:
    """Easting and northing of the tile's pixels in the model's own projection."""
    n = 2**Z * 256
    column, row = np.meshgrid(X * 256 + np.arange(256) + 0.5, Y * 256 + np.arange(256) + 0.5)
    lon = column / n * 360 - 180
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * row / n))))
    return Transformer.from_crs(4326, 32648, always_xy=True).transform(lon, lat)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_tile_has_the_heights_of_the_model_and_no_cliff_at_its_hole(hub, model):
    client = hub.client("worker1")
    answer = client.get(f"/api/v1/map/relief/{Z}/{X}/{Y}")
    assert answer["Content-Type"] == "image/png"
    found = heights(answer.content)
    assert found.shape == (256, 256)
    with rasterio.open(model / "model.tif") as file:
        metres = file.read(1, masked=True).astype(float).filled(np.nan)
        x, y = file.xy(np.arange(100), np.zeros(100))[1], file.xy(np.zeros(120), np.arange(120))[0]
    exact = RegularGridInterpolator((x[::-1], y), metres[::-1], bounds_error=False)
    east, north = centres()
    expected = exact(np.column_stack([north.ravel(), east.ravel()])).reshape(256, 256)
    known = np.isfinite(expected)
    assert known.mean() > 0.4
    assert np.abs(found - expected)[known].max() < 1.0
    assert found.min() > 150
    kept = model / "tiles" / "relief" / str(Z) / str(X) / f"{Y}.png"
    assert kept.read_bytes() == answer.content


def test_where_heights_are_known_is_said(hub, model):
    found = hub.client("worker1").get("/api/v1/map/relief").json()
    west, south, east, north = found["bounds"]
    assert west < 106.5525 < east
    assert south < 29.55 < north
    assert east - west == pytest.approx(3600 / 96_900, rel=0.03)


def test_elsewhere_the_answer_is_empty(hub, model):
    client = hub.client("worker1")
    for address in (f"{Z}/{X + 9}/{Y}", "14/13040/6782", "3/7/900"):
        answer = client.get(f"/api/v1/map/relief/{address}")
        assert (answer.status_code, answer.content) == (204, b"")
    assert client.get("/api/v1/map/relief/13/-1/2").status_code == 422


def test_a_district_without_a_model_has_no_relief(hub):
    client = hub.client("worker1")
    assert client.get("/api/v1/map/relief").json()["bounds"] is None
    assert client.get("/api/v1/map/relief/12/3260/1695").status_code == 204


def test_the_relief_is_for_those_who_may_see_the_district(hub):
    for client in (Client(), hub.client("resident"), hub.client("sysadmin")):
        assert client.get(f"/api/v1/map/relief/{Z}/{X}/{Y}").status_code in (401, 403, 404)
        assert client.get("/api/v1/map/relief").status_code in (401, 403, 404)
