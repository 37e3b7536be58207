"""A map of cards for a notebook: fill, symbol and word, never colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pylopdf_fonts_zh_cn
import shapely

from lifecircle.engine.standards.model import COLOURS, Colour
from lifecircle.errors import MissingExtraError, NotFoundError

if TYPE_CHECKING:
    from lifecircle.engine.grading.model import Assessment

_SHOWN: tuple[Colour, ...] = (*COLOURS, "grey")


def plot_cards(
    assessment: Assessment, key: str = "overall", *, level: str = "community", ax: Any = None
) -> Any:
    """Draw the cards of one type, category, theme or the whole as a map.

    Parameters
    ----------
    assessment
        The result of a run.
    key
        A type (`kindergarten`), category (`C01`), theme (`S1`) or `overall`.
    level
        Which places to draw: `district`, `street` or `community`.
    ax
        A matplotlib axes to draw into; a new figure's when left out.

    Returns
    -------
    matplotlib.axes.Axes
        With a legend of colours, symbols and words; Chinese type is the package's own.

    Raises
    ------
    MissingExtraError
        matplotlib is not installed.
    NotFoundError
        No card has this key at this level.
    """
    try:
        from matplotlib import pyplot as plt  # noqa: PLC0415  (an extra)
        from matplotlib.font_manager import FontProperties  # noqa: PLC0415
    except ImportError:
        raise MissingExtraError("matplotlib", "plot") from None
    rows = [
        row for row in assessment.cards.to_pylist() if row["key"] == key and row["level"] == level
    ]
    if not rows:
        raise NotFoundError(f"no card {key!r} at the level {level!r} / 没有这样的卡")
    type_face = FontProperties(fname=str(pylopdf_fonts_zh_cn.sans_path()))
    standards = assessment.district.standards
    ax = plt.subplots(figsize=(10, 6))[1] if ax is None else ax
    number = {code: k for k, code in enumerate(assessment.district.places.code)}
    for row in rows:
        shape = assessment.shapes[number[row["area"]]]
        if shape is not None:
            style = standards.style(row["colour"])
            _patch(ax, shape, style.hex)
            spot = shape.point_on_surface()
            ax.annotate(style.symbol, (spot.x, spot.y), ha="center", va="center", font=type_face)
    for colour in _SHOWN:
        count = sum(row["colour"] == colour for row in rows)
        style = standards.style(colour)
        label = f"{style.symbol} {style.name_zh} {style.name_en} · {count}"
        ax.plot([], [], "s", color=style.hex, markersize=10, label=label)
    ax.legend(prop=type_face, loc="best", frameon=True)
    title = f"{rows[0]['key_zh']} {rows[0]['key_en']}"
    synthetic = " · 合成数据 SYNTHETIC" if assessment.district.synthetic else ""
    ax.set_title(title + synthetic, font=type_face)
    south, north = ax.get_ylim()
    ax.set_aspect(1.0 / max(np.cos(np.radians((south + north) / 2)), 0.01))
    ax.set_axis_off()
    return ax


def _patch(ax: Any, shape: shapely.Geometry, fill: str) -> None:
    from matplotlib.patches import PathPatch  # noqa: PLC0415
    from matplotlib.path import Path  # noqa: PLC0415

    rings = [
        Path(shapely.get_coordinates(ring), closed=True)
        for polygon in shapely.get_parts(shape)
        for ring in shapely.get_rings(polygon)
    ]
    ax.add_patch(
        PathPatch(Path.make_compound_path(*rings), facecolor=fill, edgecolor="white", linewidth=0.8)
    )
    ax.autoscale_view()
