"""Files that callers take along: written in a folder of their own, named as their readers expect."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.http import HttpResponse
from django.utils.http import content_disposition_header

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
    "gpkg": "application/geopackage+sqlite3",
}
"""Media types by ending."""


def download(
    name: str, ending: str, write: Callable[[Path], None], *, stem: str = ""
) -> HttpResponse:
    """The file that `write` writes, named `name` by the browser; in the folder it is called `stem`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{stem or name}.{ending}"
        write(path)
        body = path.read_bytes()
    plain = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in name)
    answer = HttpResponse(body, content_type=TYPES[ending])
    answer["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{plain}.{ending}"
    )
    return answer
