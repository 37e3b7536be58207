from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models


class Run(models.Model):
    """One assessment: what was asked, how far it is, what came of it.

    A worker says now and then that it is alive (`heard_at`): a run whose worker fell silent is taken up
    again from what is done. `walked` is how many types it walked to: those that had changed since the
    worker's last one.
    """

    STATES = ("queued", "running", "done", "failed", "cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    draws = models.PositiveIntegerField(default=0)
    moments = models.JSONField(default=list)
    automatic = models.BooleanField(default=False)
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=9, default="queued", db_index=True)
    stage = models.CharField(max_length=40, blank=True)
    done = models.FloatField(default=0.0)
    cancel = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.JSONField(null=True)
    inputs = models.JSONField(default=dict)
    version = models.CharField(max_length=20, blank=True)
    seconds = models.JSONField(default=dict)
    walked = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["place", "number"], name="one_run_a_number")]

    @property
    def folder(self) -> Path:
        """Where the run's bundle and results lie."""
        return Path(settings.DATA) / "runs" / str(self.id)
