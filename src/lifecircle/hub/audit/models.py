from __future__ import annotations

from django.db import models
from django.utils import timezone


class Entry(models.Model):
    """One act: who, when, from where, what, on what, and whether it was allowed.

    The database refuses to change an entry, and to delete one before `KEPT_DAYS` are over. `detail`
    holds no personal values.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    account_id = models.BigIntegerField(null=True, db_index=True)
    name = models.CharField(max_length=150)
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=40, db_index=True)
    target = models.CharField(max_length=120, db_index=True)
    lineage = models.CharField(max_length=255, blank=True)
    allowed = models.BooleanField(default=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]


class Seal(models.Model):
    """A batch of entries, chained: its hash is over the hash before it and the entries in order."""

    at = models.DateTimeField(default=timezone.now)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["previous"], name="one_chain")]


class SealedEntry(models.Model):
    """Where an entry stands in its seal. Entries become visible out of order: a range would miss some."""

    entry = models.OneToOneField(Entry, on_delete=models.DO_NOTHING, related_name="sealed")
    seal = models.ForeignKey(Seal, on_delete=models.DO_NOTHING, related_name="entries")
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seal", "position"], name="one_entry_a_position")
        ]
