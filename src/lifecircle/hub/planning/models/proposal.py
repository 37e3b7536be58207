from __future__ import annotations

from django.db import models


class Proposal(models.Model):
    """What to build where (选址方案): asked for, searched for by a worker, and what it found.

    `asked` are budgets and wishes; `result` the best so far while it runs, everything when it is done. A worker
    says now and then that it is alive (`heard_at`); what one left is begun anew by another.
    """

    STATES = ("queued", "running", "done", "failed", "cancelled")

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT)
    title = models.CharField(max_length=200)
    run = models.ForeignKey("assessments.Run", on_delete=models.PROTECT, related_name="+")
    asked = models.JSONField(default=dict)
    state = models.CharField(max_length=9, default="queued", db_index=True)
    cancel = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.JSONField(null=True)
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField(auto_now_add=True)
    heard_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
