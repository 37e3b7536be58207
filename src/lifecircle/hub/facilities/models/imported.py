from __future__ import annotations

from django.conf import settings
from django.db import models


class ImportBatch(models.Model):
    """A table of a register that was uploaded: what it would change, then what it did, and how to undo it.

    `changes` are `{ref, kind, before, after}`; `issues` the rows that were refused.
    """

    STATES = ("preview", "applied", "undone")
    TABLES = ("facilities", "spaces")

    table = models.CharField(max_length=10, default="facilities")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    file = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    on = models.DateField()
    state = models.CharField(max_length=8, default="preview")
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    changes = models.JSONField(default=list)
    issues = models.JSONField(default=list)

    class Meta:
        ordering = ["-pk"]
