from __future__ import annotations

from django.db import models


class Warning(models.Model):  # noqa: A001  (the field's own word)
    """A warning to many (预警), as CAP 1.2 has it: a draft until it is sent, and never changed after.

    `areas` are codes of places at or below its place, none for the place itself. `follows` is the message that it updates or
    cancels. `sender`, `sent_at` and `xml` are as they went out: what everybody is given stays what was sent.
    """

    STATES = ("draft", "sent")

    ref = models.CharField(max_length=30, unique=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="warnings")
    areas = models.JSONField(default=list)
    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, null=True, related_name="warnings"
    )
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="followers"
    )
    state = models.CharField(max_length=5, default="draft", db_index=True)
    status = models.CharField(max_length=8, default="Actual")
    msg_type = models.CharField(max_length=6, default="Alert")
    hazard = models.CharField(max_length=20)
    urgency = models.CharField(max_length=9)
    severity = models.CharField(max_length=8)
    certainty = models.CharField(max_length=8)
    onset = models.DateTimeField(null=True)
    expires = models.DateTimeField(db_index=True)
    headline_zh = models.CharField(max_length=160)
    headline_en = models.CharField(max_length=160, blank=True)
    description_zh = models.TextField()
    description_en = models.TextField(blank=True)
    instruction_zh = models.TextField(blank=True)
    instruction_en = models.TextField(blank=True)
    written_by = models.CharField(max_length=150)
    sent_by = models.CharField(max_length=150, blank=True)
    sent_at = models.DateTimeField(null=True)
    sender = models.CharField(max_length=200, blank=True)
    xml = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["follows"], name="a_warning_is_followed_once")
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.headline_zh}"
