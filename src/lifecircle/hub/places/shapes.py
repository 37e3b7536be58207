"""Shapes as WKB in WGS84 with their bounds beside them, on every database alike."""

from __future__ import annotations

from typing import Any

import shapely
from django.db import models


class Shaped(models.Model):
    """A row with a shape; `west` to `north` are its bounds in degrees, for a first look."""

    shape = models.BinaryField(null=True, editable=False)
    west = models.FloatField(null=True, editable=False)
    south = models.FloatField(null=True, editable=False)
    east = models.FloatField(null=True, editable=False)
    north = models.FloatField(null=True, editable=False)

    class Meta:  # noqa: D106
        abstract = True

    @property
    def geometry(self) -> shapely.Geometry | None:
        """The shape, lon and lat; None where there is none."""
        return None if self.shape is None else shapely.from_wkb(bytes(self.shape))

    @geometry.setter
    def geometry(self, shape: shapely.Geometry | None) -> None:
        for name, value in shape_columns(shape).items():
            setattr(self, name, value)


def shape_columns(shape: shapely.Geometry | None) -> dict[str, Any]:
    """What the columns of a `Shaped` row hold for a shape."""
    names = ("west", "south", "east", "north")
    if shape is None or shape.is_empty:
        return {"shape": None, **dict.fromkeys(names)}
    return {"shape": shapely.to_wkb(shape), **dict(zip(names, shape.bounds, strict=True))}
