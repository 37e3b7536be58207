from __future__ import annotations

from django.db import models


class FacilityValue(models.Model):
    """What a facility's field was said to be, by whom, from which source and as of which day."""

    facility = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="values"
    )
    field = models.CharField(max_length=20)
    value = models.JSONField(null=True)
    source = models.CharField(max_length=200)
    on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["facility", "field"])]
