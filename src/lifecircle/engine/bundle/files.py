"""The files that other rooms read: here only whether they are there and what they say to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import osmium

from lifecircle.engine.bundle.settings import FILE, Settings
from lifecircle.engine.network.edits import read_edits
from lifecircle.engine.network.elevation import read_heights
from lifecircle.errors import Issue, NetworkError

_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PACKED = (b"\x1f\x8b", b"BZh")


@dataclass(frozen=True, slots=True)
class Maps:
    """The street network and, where there are, the elevation model and the field edits."""

    network: Path
    elevation: Path | None
    edits: Path | None


def find_maps(folder: Path, settings: Settings) -> tuple[Maps, list[Issue]]:
    """Find the network and the elevation file of a bundle; they lie inside its folder."""
    issues = _check(folder, "network", settings.network, is_osm,
                    ("an OpenStreetMap file in the folder", "文件夹中的 OpenStreetMap 文件"))  # fmt: skip
    if settings.elevation:
        issues += _check(folder, "elevation", settings.elevation, is_tiff,
                         ("a GeoTIFF in the folder", "文件夹中的 GeoTIFF 高程文件"))  # fmt: skip
    if settings.edits:
        issues += _check(folder, "edits", settings.edits, is_json,
                         ("a GeoJSON file in the folder", "文件夹中的 GeoJSON 文件"))  # fmt: skip
    elevation = folder / settings.elevation if settings.elevation else None
    edits = folder / settings.edits if settings.edits else None
    return Maps(folder / settings.network, elevation, edits), issues


def read_through(maps: Maps) -> list[Issue]:
    """Read both files to the end: one that was cut off begins like a whole one."""
    issues = []
    try:
        for _ in osmium.FileProcessor(str(maps.network)):
            pass
    except RuntimeError as error:
        expected = "a complete OpenStreetMap file", "完整的 OpenStreetMap 文件"
        issues.append(Issue("broken_file", maps.network.name, *expected, value=str(error)[:120]))
    if maps.edits is not None:
        try:
            read_edits(maps.edits)
        except NetworkError as error:
            issues += error.issues
    if maps.elevation is not None:
        try:
            read_heights(maps.elevation)
        except NetworkError as error:
            issues += error.issues
    return issues


def is_osm(head: bytes) -> bool:
    """Whether a file's first bytes are those of OpenStreetMap data: PBF, XML or packed XML."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return (
        b"OSMHeader" in head[:64]
        or head.startswith(_PACKED)
        or text.startswith((b"<?xml", b"<osm"))
    )


def is_json(head: bytes) -> bool:
    """Whether a file's first bytes begin a JSON object."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def is_tiff(head: bytes) -> bool:
    """Whether a file's first bytes are those of a TIFF or a BigTIFF."""
    return head.startswith(_TIFF)


def _check(
    folder: Path, name: str, file: str, right: Callable[[bytes], bool], expected: tuple[str, str]
) -> list[Issue]:
    path, column = folder / file, f"files.{name}"
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        return [Issue("missing_file", FILE, *expected, column=column, value=file)]
    with path.open("rb") as opened:
        if right(opened.read(256)):
            return []
    return [Issue("wrong_file", file, *expected, column=column)]
