"""Maps of cards as SVG: fill, symbol in black or white, a thick line round what is spoken of."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.engine.report.colours import Swatch

Floats = NDArray[np.float64]
WIDTH = 1000
_MARGIN = 12

MARKERS = {
    "green": "circle", "blue": "diamond", "yellow": "triangle", "orange": "square", "red": "cross2",
    "grey": "line",
}  # fmt: skip
"""QGIS's names of the colours' symbols."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An area on a map: WGS84 polygon, its colour ("" for none), whether a thick line goes round."""

    geometry: shapely.Geometry
    colour: str
    outlined: bool = False
    label: str = ""


def draw_map(shapes: list[Shape], marks: dict[str, Swatch], *, symbols: bool = True) -> str:
    """Draw areas as an SVG document, equirectangular about their middle.

    Parameters
    ----------
    shapes
        In the order in which they are painted.
    marks
        The colours by id.
    symbols
        Whether each area shows its colour's symbol, so that it can be read in black and white.
    """
    known = [s for s in shapes if s.geometry is not None and not s.geometry.is_empty]
    if not known:
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 10"></svg>'
    west, south, east, north = shapely.total_bounds([s.geometry for s in known])
    flat = float(np.cos(np.radians((south + north) / 2)))
    scale = (WIDTH - 2 * _MARGIN) / max((east - west) * flat, (north - south) / 1.4, 1e-9)
    height = round((north - south) * scale) + 2 * _MARGIN
    width = round((east - west) * flat * scale) + 2 * _MARGIN

    def turn(points: Floats) -> Floats:
        x = (points[:, 0] - west) * flat * scale + _MARGIN
        y = (north - points[:, 1]) * scale + _MARGIN
        return np.column_stack([x, y])

    size_of = f'viewBox="0 0 {width} {height}" font-family="Noto Sans SC"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size_of}>']
    drawn = [(s, shapely.transform(s.geometry, turn)) for s in known]
    for shape, area in drawn:
        swatch = marks.get(shape.colour)
        fill = swatch.style.hex if swatch else "none"
        line = 'stroke="#1a1a1a" stroke-width="5"' if shape.outlined else (
            'stroke="#ffffff" stroke-width="1.5"')  # fmt: skip
        parts.append(f'<path d="{_path(area)}" fill="{fill}" fill-rule="evenodd" {line}/>')
    for shape, area in drawn:
        swatch = marks.get(shape.colour)
        if swatch and symbols:
            circle = shapely.maximum_inscribed_circle(area, tolerance=2.0)
            (x, y), *_ = shapely.get_coordinates(circle)
            size = round(min(max(float(circle.length) * 0.9, 12), 40))
            parts.append(_text(x, y + size * 0.35, size, swatch.ink, swatch.style.symbol))
        if shape.label:
            spot = shapely.point_on_surface(area)
            parts.append(_text(spot.x, spot.y, 30, "#000000", shape.label, halo=True))
    return "".join([*parts, "</svg>"])


def draw_lorenz(x: Floats, y: Floats) -> str:
    """Draw a Lorenz curve with the line of equality, 0 to 1 on both axes."""
    size, edge = 400, 30
    span = size - 2 * edge
    pairs = zip(np.asarray(x, float), np.asarray(y, float), strict=True)
    points = " ".join(f"{edge + a * span:.1f},{size - edge - b * span:.1f}" for a, b in pairs)
    low, high = edge, size - edge
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<rect x="{low}" y="{low}" width="{span}" height="{span}" fill="none" stroke="#888"/>'
        f'<path d="M{low} {high}L{high} {low}" stroke="#888" stroke-dasharray="6 5" fill="none"/>'
        f'<polyline points="{points}" fill="none" stroke="#1f5f8b" stroke-width="3"/></svg>'
    )


def _text(x: float, y: float, size: int, ink: str, text: str, *, halo: bool = False) -> str:
    around = ' stroke="#ffffff" stroke-width="6" paint-order="stroke"' if halo else ""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="middle" fill="{ink}"'
        f"{around}>{escape(text)}</text>"
    )


def _path(shape: shapely.Geometry) -> str:
    rings = []
    for polygon in shapely.get_parts(shape):
        for ring in shapely.get_rings(polygon):
            points = np.rint(shapely.get_coordinates(ring)).astype(int)
            rings.append("M" + "L".join(f"{x} {y}" for x, y in points[:-1]) + "z")
    return "".join(rings)
