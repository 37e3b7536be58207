from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models


class Ground(models.Model):
    """What a district's assessments stand on: the bundle that it was loaded from, with its map.

    An assessment follows by itself when nothing has changed for `upkeep_min` minutes after a change.
    """

    place = models.OneToOneField("places.Place", on_delete=models.PROTECT, primary_key=True)
    name = models.CharField(max_length=40)
    loaded_at = models.DateTimeField(auto_now_add=True)
    synthetic = models.JSONField(default=list)
    upkeep_min = models.PositiveIntegerField(null=True)

    @property
    def folder(self) -> Path:
        """The bundle, in the data folder."""
        return Path(settings.DATA) / "bundles" / self.name
