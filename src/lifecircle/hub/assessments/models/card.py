from __future__ import annotations

from django.db import models


class Card(models.Model):
    """A card of a run, as the engine gave it; `detail` is its whole row, `inputs` of the run its hashes."""

    run = models.ForeignKey("assessments.Run", on_delete=models.CASCADE, related_name="cards")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT)
    scope = models.CharField(max_length=8)
    key = models.CharField(max_length=60)
    colour = models.CharField(max_length=6)
    score = models.FloatField(null=True)
    detail = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "place", "scope", "key"], name="one_card_a_key")
        ]
        indexes = [models.Index(fields=["run", "scope", "key"])]
