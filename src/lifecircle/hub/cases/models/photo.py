from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from lifecircle.hub.cases.models.case import Case


class CasePhoto(models.Model):
    """A photo of a case, taken before or after the work; its files are named by `key` (`lifecircle.hub.pictures`).

    `sent_key` was made where it was taken: sent twice, it is one photo. `width`, `height`, `bytes` and `digest` (SHA-256) are
    of the large file. One that an outside body took has no account; `outside` is the link that it came by.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="photos")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sent_key = models.UUIDField(null=True, unique=True)
    when = models.CharField(max_length=6, blank=True)
    taken_on = models.DateField(null=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="case_photos"
    )
    outside = models.ForeignKey(
        "cases.OutsideLink", on_delete=models.PROTECT, null=True, related_name="photos"
    )
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
