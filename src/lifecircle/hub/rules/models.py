from __future__ import annotations

from django.db import models


class Rule(models.Model):
    """A rule over what devices of a kind measure at a place and below; which of its versions holds, if any."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="rules")
    device_kind = models.CharField(max_length=20, blank=True)
    holds = models.ForeignKey(
        "rules.Version", on_delete=models.PROTECT, null=True, related_name="held_by"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Version(models.Model):
    """What a rule says, never changed; and what it would have done to the past when it was tried."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    tried = models.JSONField(null=True)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["rule", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="one_version_a_number")
        ]


class Judgement(models.Model):
    """How a rule stands with a device: what it remembers, whether it is on, when time alone may change that."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="judgements")
    device = models.ForeignKey(
        "devices.Device", on_delete=models.CASCADE, related_name="judgements"
    )
    state = models.JSONField()
    on = models.BooleanField(default=False)
    look_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "device"], name="one_judgement_a_device")
        ]
