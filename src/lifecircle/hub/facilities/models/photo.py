from __future__ import annotations

import uuid

from django.db import models


class FacilityPhoto(models.Model):
    """A photo of a facility; its files are named by `key` (`lifecircle.hub.pictures`).

    `width`, `height`, `bytes` and `digest` (SHA-256) are of the large file.
    """

    facility = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="photos"
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    caption = models.CharField(max_length=200, blank=True)
    taken_on = models.DateField(null=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.CharField(max_length=150)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
