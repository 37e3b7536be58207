"""A layer and its features."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from lifecircle.hub.places.shapes import Shaped


class Layer(models.Model):
    """A table with shapes that belongs to a place; whoever may see cards there sees it.

    `fields` are `{name, kind}` in their order; `kind` is what its shapes are.
    """

    KINDS = ("point", "line", "polygon")

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="layers")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="layers"
    )
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    on = models.DateField()
    file = models.CharField(max_length=200)
    kind = models.CharField(max_length=7)
    fields = models.JSONField(default=list)
    count = models.PositiveIntegerField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    style = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk} {self.name}"


class LayerFeature(Shaped):
    """One row of a layer: `row` is its number in the file, `values` are in the order of the fields."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="features")
    row = models.PositiveIntegerField()
    values = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["layer", "row"], name="one_feature_a_row"),
        ]
