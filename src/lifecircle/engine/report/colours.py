"""The five colours on a page or in a cell: ink that can be read on them, never colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from lifecircle.engine.standards.model import COLOURS, Colour, ColourStyle, Standards

INK_DARK = "#000000"
INK_LIGHT = "#ffffff"


def luminance(hex_colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, 0 (black) to 1 (white), after WCAG 2.2."""
    channels = (int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, after WCAG 2.2."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def ink_on(background: str) -> str:
    """Return black or white, whichever is read better; never below 4.58 : 1."""
    return max(INK_DARK, INK_LIGHT, key=lambda ink: contrast(ink, background))


@dataclass(frozen=True, slots=True)
class Swatch:
    """A colour as it is shown: fill, ink, symbol and word."""

    style: ColourStyle
    ink: str

    @property
    def id(self) -> Colour:
        """The colour's name in the tables."""
        return self.style.id


def swatches(standards: Standards) -> dict[Colour, Swatch]:
    """Return every colour's swatch, best first and grey last."""
    order: tuple[Colour, ...] = (*COLOURS, "grey")
    styles = {colour: standards.style(colour) for colour in order}
    return {colour: Swatch(style, ink_on(style.hex)) for colour, style in styles.items()}
