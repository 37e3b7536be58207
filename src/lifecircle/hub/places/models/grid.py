from __future__ import annotations

from django.conf import settings
from django.db import models


class GridMember(models.Model):
    """Somebody in a grid's team "1+3+N": its head; full-time, part-time and guiding; any others."""

    ROLES = ("head", "full_time", "part_time", "guide", "other")

    grid = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="team")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grids"
    )
    role = models.CharField(max_length=10, choices=[(role, role) for role in ROLES])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grid", "account"], name="once_in_a_team"),
            models.UniqueConstraint(
                fields=["grid"], condition=models.Q(role="head"), name="one_head_a_grid"
            ),
        ]
