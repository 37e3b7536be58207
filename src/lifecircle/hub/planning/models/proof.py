from __future__ import annotations

from django.db import models


class Proof(models.Model):
    """What an accepted project changed: its cards before and after, and the people newly reached.

    `figures` are filled in when the assessment after it is done.
    """

    project = models.OneToOneField(
        "planning.Project", on_delete=models.PROTECT, related_name="proof", primary_key=True
    )
    before = models.ForeignKey(
        "assessments.Run", on_delete=models.PROTECT, null=True, related_name="+"
    )
    after = models.ForeignKey(
        "assessments.Run", on_delete=models.PROTECT, null=True, related_name="+"
    )
    figures = models.JSONField(default=dict)
    made_at = models.DateTimeField(null=True)
