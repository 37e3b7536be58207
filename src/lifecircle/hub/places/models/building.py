from __future__ import annotations

from django.db import models


class Building(models.Model):
    """What is known of a place of the level `building`."""

    place = models.OneToOneField(
        "places.Place", on_delete=models.PROTECT, primary_key=True, related_name="building"
    )
    use = models.CharField(
        max_length=11, choices=[(use, use) for use in ("residential", "mixed", "other")]
    )
    storeys = models.FloatField(null=True)
    floor_area_m2 = models.FloatField(null=True)
    footprint_m2 = models.FloatField(null=True)
    residents = models.FloatField(null=True)
