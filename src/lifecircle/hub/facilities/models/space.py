from __future__ import annotations

from django.db import models


class Space(models.Model):
    """Idle premises (闲置空间): what they may become, and what may be shared when (复合利用).

    `shared_hours` is opening_hours text of the times in which the space is free to share; without it the
    whole space is free. `floor` is 1 on the ground floor, below 1 under ground; `free_from` the year from
    which it may be used.
    """

    ref = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="spaces")
    lon = models.FloatField()
    lat = models.FloatField()
    area_m2 = models.FloatField()
    floor = models.SmallIntegerField(null=True)
    cost_cny = models.FloatField(null=True)
    allowed_types = models.JSONField(default=list)
    shared_hours = models.CharField(max_length=300, blank=True)
    free_from = models.PositiveSmallIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["ref"]
