from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Plan(models.Model):
    """A place is looked at by a check list once in every day, week or month, from a day on until it ends."""

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="patrol_plans")
    checklist = models.CharField(max_length=30)
    every = models.CharField(max_length=5)
    starts_on = models.DateField()
    ended_on = models.DateField(null=True)
    made_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "checklist"], name="one_plan_of_a_list_at_a_place", condition=Q(ended_on__isnull=True)
            )
        ]  # fmt: skip


class Patrol(models.Model):
    """Somebody looked at a place by a check list, on a day; `key` was made on the phone: sent twice, it is one.

    Nothing of a resident stands here.
    """

    key = models.UUIDField(unique=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="patrols")
    checklist = models.CharField(max_length=30, db_index=True)
    on = models.DateField(db_index=True)
    note = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="patrols"
    )
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-pk"]


class Answer(models.Model):
    """What was found of one point; what was not in order has the case that came of it."""

    ANSWERS = ("ok", "not_ok", "not_applicable")

    patrol = models.ForeignKey(Patrol, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(max_length=30)
    answer = models.CharField(max_length=14)
    note = models.CharField(max_length=500, blank=True)
    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, null=True, related_name="findings"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["patrol", "item"], name="one_answer_to_a_point"),
            models.CheckConstraint(
                name="what_is_not_in_order_is_a_case",
                condition=Q(answer="not_ok", case__isnull=False) | (~Q(answer="not_ok") & Q(case__isnull=True)),
            ),
        ]  # fmt: skip
