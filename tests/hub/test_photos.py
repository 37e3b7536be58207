"""Photos of facilities: drawn anew without what was hidden in them, bounded, seen and changed by who may."""

import io
import struct
import tarfile
import zipfile
import zlib

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from hub.pictures import jpeg, opened, written
from lifecircle.hub import pictures
from lifecircle.hub.errors import ConflictError, MissingError
from lifecircle.hub.facilities import actions, photos, queries
from lifecircle.hub.facilities.models import FacilityPhoto

pytestmark = pytest.mark.one_database

PHOTOS = "/api/v1/facilities/F2/photos"
"""F2 lies in the community of worker1, F7 in that of worker3."""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.DATA = tmp_path


def file(body=None, name="p.jpg"):
    return SimpleUploadedFile(name, jpeg() if body is None else body)


def send(hub, body=None, name="p.jpg", who="worker1", **values):
    return hub.client(who).post(PHOTOS, {"file": file(body, name), **values})


def image(hub, number, who="worker1", query=""):
    return hub.client(who).get(f"{PHOTOS}/{number}{query}")


def files():
    return sorted(path.name for path in settings.DATA.rglob("*.jpg"))


def test_a_photo_is_kept_without_position_camera_or_comment(hub):
    sent = jpeg(taken="2026:11:20 09:30:00")
    assert opened(sent).getexif().get_ifd(0x8825)
    made = send(hub, sent, caption=" 正门 ").json()
    assert (made["caption"], made["taken_on"], made["added_by"]) == (
        "正门",
        "2026-11-20",
        "worker1",
    )
    assert hub.client("council").get(PHOTOS).json() == [made]
    for query in ("", "?small=true"):
        answer = image(hub, made["id"], query=query)
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "private" in answer["Cache-Control"]
        kept = opened(answer.content)
        assert not kept.getexif()
        assert set(kept.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }
        assert b"Secret" not in answer.content


def test_a_photo_taken_sideways_stands_upright(hub):
    made = send(hub, jpeg((80, 40), orientation=6)).json()
    assert (made["width"], made["height"]) == (40, 80)
    kept = opened(image(hub, made["id"]).content)
    assert kept.size == (40, 80)
    assert kept.getpixel((35, 5))[2] > 200  # what was upper left is upper right
    assert kept.getpixel((5, 5))[2] < 60


def test_a_large_photo_is_made_smaller(hub):
    made = send(hub, jpeg((4000, 2000))).json()
    assert (made["width"], made["height"]) == (1600, 800)
    assert opened(image(hub, made["id"]).content).size == (1600, 800)
    assert opened(image(hub, made["id"], query="?small=true").content).size == (320, 160)


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"),
                                            ("WEBP", "RGBA"), ("JPEG", "L"), ("JPEG", "CMYK")])  # fmt: skip
def test_every_kind_of_jpeg_png_and_webp_becomes_a_jpeg(hub, kind, mode):
    made = send(hub, written(Image.new(mode, (20, 10)), kind), f"p.{kind.lower()}").json()
    assert opened(image(hub, made["id"]).content).format == "JPEG"


def test_what_is_transparent_stands_on_white(hub):
    body = written(Image.new("RGBA", (20, 10), (0, 0, 0, 0)), "PNG")
    made = send(hub, body, "p.png").json()
    assert min(opened(image(hub, made["id"]).content).getpixel((5, 5))) > 250


def test_what_hides_behind_a_photo_is_gone(hub):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as inner:
        inner.writestr("evil.html", "<script>hidden</script>")
    made = send(hub, jpeg() + archive.getvalue()).json()
    body = image(hub, made["id"]).content
    assert b"hidden" not in body
    assert not zipfile.is_zipfile(io.BytesIO(body))


def png_of(width, height):
    """A small file that says it is a large picture."""

    def chunk(kind, data):
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def webp_of(width, height):
    canvas = (
        bytes([0, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    )
    inner = written(Image.new("RGB", (8, 8)), "WEBP")[12:]
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + canvas + inner
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_of(width, height):
    body, at = bytearray(jpeg()), jpeg().index(b"\xff\xc0")
    body[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(body)


HOSTILE = {
    "svg": (SVG, "p.svg"), "svg as jpeg": (SVG, "p.jpg"), "html": (b"<html>", "p.jpg"), "empty": (b"", "p.jpg"),
    "gif": (written(Image.new("P", (9, 9)), "GIF"), "p.jpg"), "ending": (jpeg(), "p.html"),
    "no ending": (jpeg(), "photo"), "html before": (b"<html>" + jpeg(), "p.jpg"),
    "half a jpeg": (jpeg((900, 900))[:4000], "p.jpg"), "pdf": (b"%PDF-1.7\n", "p.png"),
    "half a png": (written(Image.effect_noise((90, 90), 50), "PNG")[:3000], "p.png"),
    "half a webp": (written(Image.effect_noise((90, 90), 50), "WEBP")[:300], "p.webp"),
    "png bomb": (png_of(60_000, 60_000), "p.png"), "png over the limit": (png_of(8_000, 8_000), "p.png"),
    "webp bomb": (webp_of(16_000, 16_000), "p.webp"), "jpeg bomb": (jpeg_of(65_000, 65_000), "p.jpg"),
    "too long": (jpeg() + b"\0" * pictures.MOST_BYTES, "p.jpg"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_photo_is_refused_in_both_languages(hub, name):
    answer = send(hub, *HOSTILE[name])
    assert answer.status_code == 422, answer.content
    said = answer.json()
    assert said["message_en"] != said["message_zh"]
    if "bomb" in name or "limit" in name:
        assert "million pixels" in said["message_en"]
    if name.startswith("half"):
        assert "damaged" in said["message_en"]
    assert files() == []
    assert not FacilityPhoto.objects.exists()


def test_a_facility_has_at_most_ten_photos_and_none_twice(hub):
    for k in range(photos.MOST):
        assert send(hub, jpeg((20 + k, 20))).status_code == 201
        assert send(hub, jpeg((20, 20))).status_code == 409
    answer = send(hub, jpeg((99, 20)))
    assert answer.status_code == 409
    assert "10" in answer.json()["message_zh"]
    assert len(files()) == 2 * photos.MOST


def test_a_photo_that_is_removed_is_erased_and_its_trace_stays(
    hub, django_capture_on_commit_callbacks
):
    number = send(hub).json()["id"]
    with django_capture_on_commit_callbacks(execute=True):
        assert hub.client("worker1").delete(f"{PHOTOS}/{number}").status_code == 204
    assert image(hub, number).status_code == 404
    assert hub.client("worker1").delete(f"{PHOTOS}/{number}").status_code == 404
    assert (hub.client("worker1").get(PHOTOS).json(), files()) == ([], [])
    said = hub.client("auditor").get("/api/v1/audit?limit=20").json()["items"]
    kept = [one["action"] for one in said if one["target"] == "facility:F2"]
    assert kept == ["photo.removed", "photo.added"]


def test_what_is_not_kept_leaves_no_file_and_a_lost_file_is_a_404(hub):
    worker = hub.actor("worker1")
    one = photos.add(worker, "F2", file(), caption="")
    with pytest.raises(ConflictError):
        photos.add(worker, "F2", file(), caption="")
    assert files() == ["large.jpg", "small.jpg"]
    pictures.erase(one.key)
    assert image(hub, one.pk).status_code == 404
    assert len(hub.client("worker1").get(PHOTOS).json()) == 1


@pytest.mark.parametrize(("who", "reads", "writes"), [
    ("planner", 200, 201), ("street1", 200, 201), ("grid1", 200, 403), ("council", 200, 403), ("worker3", 404, 404),
    ("street2", 404, 404), ("resident", 404, 404), ("auditor", 404, 404), ("", 401, 401),
])  # fmt: skip
def test_photos_are_seen_and_changed_by_who_may_the_facility(hub, who, reads, writes):
    number = send(hub).json()["id"]
    client = hub.client(who)
    assert client.get(PHOTOS).status_code == reads
    assert client.get(f"{PHOTOS}/{number}").status_code == reads
    assert client.get(f"{PHOTOS}/{number}?small=true").status_code == reads
    assert send(hub, jpeg((50, 50)), who=who).status_code == writes
    wanted = 204 if writes == 201 else writes
    assert client.delete(f"{PHOTOS}/{number}").status_code == wanted


def test_a_department_adds_photos_to_facilities_of_its_category_only(hub):
    from lifecircle.hub.actor import Actor
    from lifecircle.hub.people import actions as people

    people.grant(
        Actor.system("tests"), username="provider", role="department_officer", place="D",
        categories=["C01"],
    )  # fmt: skip
    client = hub.client("provider")
    answers = [
        client.post(f"/api/v1/facilities/{ref}/photos", {"file": file()}).status_code
        for ref in ("F3", "F2")  # a kindergarten, a clinic
    ]
    assert answers == [201, 403]


def test_a_photo_is_reached_by_its_own_facility_only(hub):
    number = send(hub).json()["id"]
    assert hub.client("planner").get(f"/api/v1/facilities/F7/photos/{number}").status_code == 404
    assert hub.client("planner").delete(f"/api/v1/facilities/F7/photos/{number}").status_code == 404


def test_the_photos_of_a_removed_facility_are_not_shown(hub):
    worker = hub.actor("worker1")
    number = send(hub).json()["id"]
    actions.remove(worker, "F2", source="x", on="2026-11-20")
    assert hub.client("worker1").get(PHOTOS).status_code == 404
    assert image(hub, number).status_code == 404
    with pytest.raises(MissingError):
        queries.photo(worker, "F2", number)


def test_a_backup_holds_the_photos(hub, tmp_path):
    from lifecircle.hub.backup import _add_folder, _extract

    number = send(hub).json()["id"]
    before = image(hub, number).content
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        _add_folder(tar, tmp_path / "photos", "photos")
    pictures.erase(FacilityPhoto.objects.get(pk=number).key)
    assert image(hub, number).status_code == 404
    with tarfile.open(tmp_path / "b.tar") as tar:
        _extract(tar)
    assert image(hub, number).content == before
