from __future__ import annotations

from django.db import models

from lifecircle.hub.cases.models.case import Case


class Rung(models.Model):
    """A step of a case's ladder: when which tier is told if nobody has answered; fired once, or called off."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="rungs")
    tier = models.CharField(max_length=9)
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)
    off_at = models.DateTimeField(null=True)
    reached = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(
                fields=["due_at"], name="rungs_waiting",
                condition=models.Q(fired_at__isnull=True, off_at__isnull=True),
            )
        ]  # fmt: skip
