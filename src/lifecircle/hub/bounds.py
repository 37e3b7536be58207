"""Rectangles as addresses write them."""

from __future__ import annotations

from lifecircle.hub.errors import InvalidError

Bounds = tuple[float, float, float, float]


def bounds_of(text: str) -> Bounds | None:
    """`west,south,east,north` in degrees (or with heights between); None for no text.

    Raises
    ------
    InvalidError
        It is something else.
    """
    if not text:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
        west, south, east, north = (
            numbers if len(numbers) == 4 else (numbers[k] for k in (0, 1, 3, 4))
        )
    except (ValueError, IndexError) as error:
        raise InvalidError("bbox: west,south,east,north in degrees", "bbox: 西,南,东,北") from error
    if not all(abs(value) <= 360 for value in (west, south, east, north)):
        raise InvalidError("bbox in degrees", "bbox 以度为单位")
    return west, south, east, north
