from __future__ import annotations

from django.conf import settings
from django.db import models


class WorkingGroup(models.Model):
    """A working group across departments (工作专班): a task at a place, who leads and who belongs."""

    name = models.CharField(max_length=100)
    task = models.CharField(max_length=500, blank=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="groups_led"
    )
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="groups")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
