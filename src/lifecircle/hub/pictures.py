"""Pictures that callers send, drawn anew: nothing of the file that came is kept but what is seen."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from ninja import UploadedFile
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from lifecircle.atomic import atomic_file
from lifecircle.hub.errors import InvalidError, MissingError

ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
MOST_BYTES = 15 * 2**20
MOST_MEGAPIXELS = {"JPEG": 50, "MPO": 50, "PNG": 24, "WEBP": 24}
"""A JPEG is read at a fraction of its size, the others whole. Phones write JPEG, or MPO inside it."""
LARGE_PX, SMALL_PX = 1600, 320
_FORMATS = ("JPEG", "PNG", "WEBP")
_ONE_AT_A_TIME = threading.Lock()
"""The largest pictures take 200 to 400 MiB while they are read."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as two JPEGs, and the day that its camera wrote."""

    large: bytes
    small: bytes
    width: int
    height: int
    taken_on: dt.date | None

    @property
    def digest(self) -> str:
        """SHA-256 of the large one, as hexadecimal digits."""
        return hashlib.sha256(self.large).hexdigest()


def read(file: UploadedFile) -> Picture:
    """Read a picture, turn it upright and draw it anew.

    Raises
    ------
    InvalidError
        It is no JPEG, PNG or WebP, is damaged, or has more bytes or pixels than allowed.
    """
    if Path(file.name or "").suffix.lower() not in ENDINGS:
        raise InvalidError(f"a photo: {', '.join(ENDINGS)}", f"照片文件: {', '.join(ENDINGS)}")
    if (file.size or 0) > MOST_BYTES:
        most = MOST_BYTES // 2**20
        raise InvalidError(f"a photo of at most {most} MiB", f"不超过 {most} MiB 的照片")
    try:
        body = io.BytesIO(file.read())
        with _ONE_AT_A_TIME, Image.open(body, formats=_FORMATS) as image:
            _check_pixels(image)
            return _drawn(image)
    except InvalidError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except UnidentifiedImageError as error:
        raise InvalidError(
            "a photo that is a JPEG, PNG or WebP inside", "内容确为 JPEG、PNG 或 WebP 的照片"
        ) from error
    except Exception as error:  # whatever a decoder stumbles over, it is the file's fault
        raise InvalidError("a photo that is whole, not damaged", "完整、未损坏的照片") from error


def write(key: UUID, picture: Picture) -> None:
    """Keep the files of a picture."""
    for small, body in ((False, picture.large), (True, picture.small)):
        with atomic_file(_path(key, small=small)) as temporary:
            temporary.write_bytes(body)


def answer(key: UUID, *, small: bool, kept: str = "no-store") -> HttpResponse:
    """A picture as it is sent; `kept` says whether a browser may keep it. `MissingError` where it was removed a moment ago."""
    try:
        body = load(key, small=small)
    except FileNotFoundError:
        raise MissingError from None
    found = HttpResponse(body, content_type="image/jpeg")
    found["Cache-Control"] = kept
    found["X-Content-Type-Options"] = "nosniff"
    return found


def load(key: UUID, *, small: bool) -> bytes:
    """The JPEG of a picture.

    Raises
    ------
    FileNotFoundError
        It is not there any more.
    """
    return _path(key, small=small).read_bytes()


def erase(key: UUID) -> None:
    """Remove the files of a picture."""
    shutil.rmtree(_path(key, small=True).parent, ignore_errors=True)


def _path(key: UUID, *, small: bool) -> Path:
    folder = Path(settings.DATA) / "photos" / key.hex[:2] / key.hex
    return folder / ("small.jpg" if small else "large.jpg")


def _check_pixels(image: Image.Image) -> None:
    most = MOST_MEGAPIXELS[image.format or ""]
    if image.width * image.height > most * 1_000_000:
        raise _too_large(most)


def _too_large(most: int = 50) -> InvalidError:
    return InvalidError(
        f"a photo of at most {most} million pixels", f"不超过 {most * 100} 万像素的照片"
    )


def _drawn(image: Image.Image) -> Picture:
    taken_on = _taken_on(image)
    image.thumbnail((LARGE_PX, LARGE_PX), reducing_gap=2.0)
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    large = Image.new("RGB", upright.size, "white")  # a new one: it has no EXIF, XMP or comment
    large.paste(upright, mask=upright)
    small = large.copy()
    small.thumbnail((SMALL_PX, SMALL_PX))
    return Picture(_jpeg(large), _jpeg(small), *large.size, taken_on)


def _jpeg(image: Image.Image) -> bytes:
    body = io.BytesIO()
    image.save(body, "JPEG", quality=85, optimize=True, progressive=True)
    return body.getvalue()


def _taken_on(image: Image.Image) -> dt.date | None:
    """The day that the camera wrote, if it is one that can be."""
    written = image.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
    try:
        day = dt.date(*(int(part) for part in str(written)[:10].split(":")))
    except (ValueError, TypeError):
        return None
    return day if dt.date(1900, 1, 1) <= day <= timezone.localdate() else None
