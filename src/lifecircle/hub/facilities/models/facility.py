from __future__ import annotations

from django.db import models


class Facility(models.Model):
    """Something that serves residents at a point, as it is now; its past stands in `FacilityValue`.

    `place` is the community that it lies in; beyond the boundary (`in_surround`) it is the district.
    `version` rises with every change: who writes says which one they saw.
    """

    ref = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    pinyin = models.CharField(max_length=300, blank=True, editable=False)
    type = models.CharField(max_length=60, db_index=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="facilities")
    in_surround = models.BooleanField(default=False)
    lon = models.FloatField()
    lat = models.FloatField()
    level = models.CharField(max_length=10, blank=True)
    capacity = models.FloatField(null=True)
    floor_area_m2 = models.FloatField(null=True)
    hours = models.CharField(max_length=300, blank=True)
    operator = models.CharField(max_length=200, blank=True)
    operating = models.BooleanField(null=True)
    open_as_stated = models.BooleanField(null=True)
    barrier_free = models.BooleanField(null=True)
    safe = models.BooleanField(null=True)
    licensed = models.BooleanField(null=True)
    condition = models.FloatField(null=True)
    utilisation = models.FloatField(null=True)
    synthetic = models.BooleanField(default=False)
    checked_on = models.DateField(null=True, db_index=True)
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["ref"]

    def __str__(self) -> str:
        return f"{self.ref} {self.name}"
