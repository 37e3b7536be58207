"""Pictures as cameras write them."""

import io
from typing import Any

from PIL import ExifTags, Image

GPS = {ExifTags.GPS.GPSLatitudeRef: "N", ExifTags.GPS.GPSLatitude: (29.0, 33.0, 0.0)}


def jpeg(size=(40, 30), colour="green", *, orientation: int = 1, taken: str = "", **values: Any):
    """A JPEG whose upper left quarter is blue, with a position in its EXIF."""
    image = Image.new("RGB", size, colour)
    image.paste("blue", (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Artist] = "Secret-Artist"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(GPS)
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    return written(image, "JPEG", exif=exif, comment=b"Secret-Comment", **values)


def written(image: Image.Image, kind: str, **values: Any) -> bytes:
    body = io.BytesIO()
    image.save(body, kind, **values)
    return body.getvalue()


def opened(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body))
