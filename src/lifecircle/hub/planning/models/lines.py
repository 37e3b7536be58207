from __future__ import annotations

from django.db import models


class BudgetLine(models.Model):
    """Money of a project from one source in one year, CNY: planned, and spent."""

    project = models.ForeignKey("planning.Project", on_delete=models.CASCADE, related_name="budget")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=100)
    planned_cny = models.FloatField()
    spent_cny = models.FloatField(default=0.0)

    class Meta:
        ordering = ["year", "source"]
        constraints = [
            models.UniqueConstraint(fields=["project", "year", "source"], name="one_budget_line")
        ]


class Milestone(models.Model):
    """Something of a project that is to be done by a day."""

    project = models.ForeignKey(
        "planning.Project", on_delete=models.CASCADE, related_name="milestones"
    )
    name = models.CharField(max_length=200)
    due_on = models.DateField()
    done_on = models.DateField(null=True)

    class Meta:
        ordering = ["due_on", "pk"]


class Risk(models.Model):
    """What may go wrong with a project: how likely and how bad, 1 to 5, and what is done about it."""

    project = models.ForeignKey("planning.Project", on_delete=models.CASCADE, related_name="risks")
    text = models.CharField(max_length=500)
    likelihood = models.PositiveSmallIntegerField()
    impact = models.PositiveSmallIntegerField()
    response = models.CharField(max_length=500, blank=True)
    closed_on = models.DateField(null=True)

    class Meta:
        ordering = ["pk"]
