"""An assessment's tables as GeoDataFrames, for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from lifecircle.errors import MissingExtraError

if TYPE_CHECKING:
    from lifecircle.engine.grading.model import Assessment

Layer = Literal["cards", "gaps", "indicators", "facilities", "buildings"]
LAYERS: tuple[Layer, ...] = ("cards", "gaps", "indicators", "facilities", "buildings")


def to_geopandas(assessment: Assessment, layer: Layer = "cards") -> Any:
    """Return one of the tables as a GeoDataFrame in WGS84.

    Parameters
    ----------
    assessment
        The result of a run.
    layer
        `cards`, `gaps` and `indicators` have the polygon of their area in every row (None where a
        place has none); `facilities` and `buildings` are points.

    Raises
    ------
    MissingExtraError
        geopandas is not installed.
    ValueError
        There is no such layer.
    """
    if layer not in LAYERS:
        raise ValueError(f"layer is one of {', '.join(LAYERS)}, not {layer!r}")
    try:
        import geopandas  # noqa: PLC0415  (an extra)
    except ImportError:
        raise MissingExtraError("geopandas", "geo") from None
    table = getattr(assessment, layer)
    if layer in {"facilities", "buildings"}:
        shapes = shapely.points(table["lon"].to_numpy(), table["lat"].to_numpy())
    else:
        number = {code: k for k, code in enumerate(assessment.district.places.code)}
        shapes = assessment.shapes[np.array([number[code] for code in table["area"].to_pylist()])]
    return geopandas.GeoDataFrame(table.to_pandas(), geometry=shapes, crs="EPSG:4326")
