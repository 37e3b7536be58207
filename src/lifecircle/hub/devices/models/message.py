from __future__ import annotations

from django.db import models

from lifecircle.hub.devices.models.device import Device

# Every message writes these three: they are written by the message path alone, of devices that it has just looked up,
# so the database does not look each up again. What is old is found by an index for ranges (migration 0003).


class Receipt(models.Model):
    """A message of a device was taken: told again, it is known by its boot and number."""

    device = models.ForeignKey(
        Device,
        on_delete=models.CASCADE,
        related_name="receipts",
        db_constraint=False,
        db_index=False,
    )
    boot = models.CharField(max_length=40)
    seq = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["device", "boot", "seq"], name="one_receipt_a_message")
        ]


class Reading(models.Model):
    """A value that a device measured: by its own clock, and when it came; `skewed` where its clock is far off.

    On PostgreSQL a table of a month each, by when it came.
    """

    device = models.ForeignKey(
        Device,
        on_delete=models.CASCADE,
        related_name="readings",
        db_constraint=False,
        db_index=False,
    )
    name = models.CharField(max_length=40)
    value = models.FloatField()
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    skewed = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["device", "name", "at"])]


class Hour(models.Model):
    """What a device measured within an hour by its own clock: count, sum, lowest, highest. Kept when the readings are gone."""

    device = models.ForeignKey(
        Device, on_delete=models.CASCADE, related_name="hours", db_constraint=False, db_index=False
    )
    name = models.CharField(max_length=40)
    at = models.DateTimeField()
    count = models.PositiveIntegerField()
    total = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["device", "name", "at"], name="one_hour_a_name")
        ]


class RolledUp(models.Model):
    """One row: up to when readings that came are in the hours."""

    until = models.DateTimeField()


class Latest(models.Model):
    """The latest value of each name of each device."""

    device = models.ForeignKey(
        Device, on_delete=models.CASCADE, related_name="latest", db_constraint=False, db_index=False
    )
    name = models.CharField(max_length=40)
    value = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["device", "name"], name="one_latest_a_name")]


class AlarmState(models.Model):
    """The last message of each alarm of each device, by the device's own count; what it overtook comes too late to end it."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="alarms")
    alarm = models.CharField(max_length=30)
    boot = models.CharField(max_length=40)
    seq = models.BigIntegerField()
    over = models.BooleanField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["device", "alarm"], name="one_state_an_alarm")
        ]


class Refusal(models.Model):
    """How many messages in a name were refused on a day, and why the last was."""

    ref = models.CharField(max_length=60)
    on = models.DateField()
    count = models.PositiveIntegerField(default=0)
    why = models.CharField(max_length=200)

    class Meta:
        ordering = ["-on", "ref"]
        constraints = [models.UniqueConstraint(fields=["ref", "on"], name="one_refusal_a_day")]


class Path(models.Model):
    """One row: how the message path is. When the last canary came through, how long each step took, since when none was missing."""

    up_since = models.DateTimeField()
    at = models.DateTimeField()
    acknowledged_ms = models.PositiveIntegerField(default=0)
    told_ms = models.PositiveIntegerField(default=0)
    screen_ms = models.PositiveIntegerField(default=0)
