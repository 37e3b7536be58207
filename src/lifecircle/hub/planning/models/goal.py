from __future__ import annotations

from django.conf import settings
from django.db import models


class WorkGoal(models.Model):
    """A work goal of a place (工作目标): a measure that is to get from one value to another by a day, and who answers for it.

    With `counts` it measures itself: accepted projects of a facility type there. `place_on_screen` is where it stands on
    the command screen, 0 for nowhere.
    """

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="goals")
    name = models.CharField(max_length=200)
    about = models.CharField(max_length=1000, blank=True)
    unit = models.CharField(max_length=40)
    start = models.FloatField(default=0.0)
    target = models.FloatField()
    starts_on = models.DateField()
    due_on = models.DateField()
    department = models.CharField(max_length=100, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="goals"
    )
    counts = models.CharField(max_length=60, blank=True)
    place_on_screen = models.PositiveSmallIntegerField(default=0)
    ended_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["place_on_screen", "due_on", "pk"]


class GoalProgress(models.Model):
    """How far a goal was on a day; appended, never changed."""

    goal = models.ForeignKey(WorkGoal, on_delete=models.PROTECT, related_name="progress")
    on = models.DateField()
    value = models.FloatField()
    note = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["on", "pk"]
