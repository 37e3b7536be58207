from __future__ import annotations

from django.db import models


class AnnualList(models.Model):
    """The projects of a year at a place (年度项目清单); frozen as they stood when it was approved."""

    STATES = ("draft", "approved")

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=8, default="draft")
    approved_by = models.CharField(max_length=150, blank=True)
    approved_at = models.DateTimeField(null=True)
    frozen = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["place", "year"], name="one_annual_list_a_place")
        ]
