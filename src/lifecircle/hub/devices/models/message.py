from __future__ import annotations

from django.db import models

from lifecircle.hub.devices.models.device import Device


class Receipt(models.Model):
    """A message of a device was taken: told again, it is known by its boot and number."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="receipts")
    boot = models.CharField(max_length=40)
    seq = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["device", "boot", "seq"], name="one_receipt_a_message")
        ]


class Reading(models.Model):
    """A value that a device measured: by its own clock, and when it came; `skewed` where its clock is far off."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="readings")
    name = models.CharField(max_length=40)
    value = models.FloatField()
    at = models.DateTimeField()
    received_at = models.DateTimeField(db_index=True)
    skewed = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["device", "name", "at"])]


class Latest(models.Model):
    """The latest value of each name of each device."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="latest")
    name = models.CharField(max_length=40)
    value = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["device", "name"], name="one_latest_a_name")]


class Refusal(models.Model):
    """How many messages in a name were refused on a day, and why the last was."""

    ref = models.CharField(max_length=60)
    on = models.DateField()
    count = models.PositiveIntegerField(default=0)
    why = models.CharField(max_length=200)

    class Meta:
        ordering = ["-on", "ref"]
        constraints = [models.UniqueConstraint(fields=["ref", "on"], name="one_refusal_a_day")]
