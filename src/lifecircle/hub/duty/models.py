from __future__ import annotations

from django.conf import settings
from django.db import models


class Shift(models.Model):
    """Somebody is on duty at a place from one moment to another (排班); `substitute` stands in for them."""

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="shifts")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts"
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="stands_in"
    )
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField(db_index=True)
    note = models.CharField(max_length=500, blank=True)
    handed_over_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="shift_ends_after_it_starts",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
            )
        ]
