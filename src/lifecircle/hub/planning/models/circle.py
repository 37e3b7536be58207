from __future__ import annotations

from django.db import models


class Circle(models.Model):
    """The life of a life circle: planned, being built, accepted, a demonstration; its area is a place's."""

    STATES = ("planned", "building", "accepted", "demonstration")

    place = models.OneToOneField("places.Place", on_delete=models.PROTECT, related_name="life")
    state = models.CharField(max_length=13, default="planned")
    checklist = models.CharField(max_length=40, default="life_circle")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["place__lineage"]


class CircleStep(models.Model):
    """A circle came into a state; appended, never changed."""

    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField(auto_now_add=True)
    on = models.DateField()
    by = models.CharField(max_length=150)
    state = models.CharField(max_length=13)
    note = models.CharField(max_length=500, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]


class CircleTarget(models.Model):
    """How many circles a district is to have accepted by a day, all together."""

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    circles = models.PositiveIntegerField()

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["place", "on"], name="one_circle_target_a_day")
        ]


class Check(models.Model):
    """What people found of an item of a check list at a place; it stands over what the register says."""

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    checklist = models.CharField(max_length=40)
    item = models.CharField(max_length=40)
    met = models.BooleanField()
    note = models.CharField(max_length=500)
    by = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["place", "checklist", "item"], name="one_check_an_item")
        ]
