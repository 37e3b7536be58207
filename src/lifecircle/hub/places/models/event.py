from __future__ import annotations

from django.db import models


class PlaceEvent(models.Model):
    """What happened to a place, appended and never changed: its history."""

    KINDS = (
        "created",
        "renamed",
        "reshaped",
        "moved",
        "merged",
        "split",
        "ended",
        "branch",
        "team",
    )

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in KINDS])
    on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.CharField(max_length=150)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["on", "pk"]
