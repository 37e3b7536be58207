from __future__ import annotations

from django.db import models


class Population(models.Model):
    """How many persons of a group live in a place, as a survey or a census says."""

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="population")
    group = models.CharField(max_length=40)
    persons = models.FloatField()
    source = models.CharField(max_length=200, blank=True)
    on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "group"], name="one_count_a_group"),
            models.CheckConstraint(name="persons_not_negative", condition=models.Q(persons__gte=0)),
        ]
