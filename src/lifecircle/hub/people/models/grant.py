from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from lifecircle.hub.rights import ROLE_NAMES


class Grant(models.Model):
    """A role that somebody holds at a place and below, from a moment to a moment; without one everywhere."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants"
    )
    role = models.CharField(max_length=30, choices=[(role, role) for role in ROLE_NAMES])
    place = models.ForeignKey(
        "places.Place", null=True, on_delete=models.PROTECT, related_name="grants"
    )
    categories = models.JSONField(default=list, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    granted_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "place"],
                condition=Q(until__isnull=True),
                name="a_role_once_at_a_place",
            ),
            models.UniqueConstraint(
                fields=["account", "role"],
                condition=Q(until__isnull=True, place__isnull=True),
                name="a_role_once_everywhere",
            ),
        ]

    @property
    def lineage(self) -> str:
        """Under what the role holds."""
        return "/" if self.place is None else str(self.place.lineage)
