from __future__ import annotations

from django.db import models


class Publication(models.Model):
    """Cards of a run that residents may read without logging in: some keys, in the areas that lay there then."""

    run = models.ForeignKey("assessments.Run", on_delete=models.PROTECT)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT)
    keys = models.JSONField()
    areas = models.JSONField(default=list)
    published_by = models.CharField(max_length=150)
    published_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=models.Q(withdrawn_at__isnull=True),
                name="one_publication_a_place",
            )
        ]  # fmt: skip
