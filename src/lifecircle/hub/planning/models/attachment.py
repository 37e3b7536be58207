from __future__ import annotations

import uuid

from django.db import models


class Attachment(models.Model):
    """A document or a photo of a project; its file is named by `key`, its SHA-256 is `digest`."""

    KINDS = ("document", "photo")

    project = models.ForeignKey(
        "planning.Project", on_delete=models.PROTECT, related_name="attachments"
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    bytes = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.CharField(max_length=150)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
