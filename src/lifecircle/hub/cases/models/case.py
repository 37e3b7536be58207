from __future__ import annotations

from django.conf import settings
from django.db import models

from lifecircle.hub.people.encryption import EncryptedText


class Case(models.Model):
    """A matter somebody must deal with (事件): an alarm, a fault, a report, a visit.

    `source` says how it came, `origin` is what it came from there, once each (a device and its alarm, an outside number):
    the same thing told twice is one case. `door` is the address to the door, shown to whoever holds the case. `tier` is
    how far up it has gone. `drill` and `canary` are not in any figure. One that is `held` keeps what it says of people
    beyond its time; `forgotten_on` is when another let go of it.
    """

    STATES = (
        "received",
        "assigned",
        "accepted",
        "on_site",
        "resolved",
        "verified",
        "closed",
        "merged",
        "handed",
    )
    SOURCES = ("device", "resident", "worker", "inspection", "hotline", "open311")

    ref = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=30, db_index=True)
    priority = models.CharField(max_length=2, db_index=True)
    source = models.CharField(max_length=10)
    origin = models.CharField(max_length=120, null=True, unique=True)
    title = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="cases")
    door = EncryptedText(null=True)
    reporter = EncryptedText(null=True)
    contacts = EncryptedText(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    state = models.CharField(max_length=8, default="received", db_index=True)
    tier = models.CharField(max_length=9, default="grid")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="cases"
    )
    department = models.CharField(max_length=100, blank=True)
    body = models.CharField(max_length=100, blank=True)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="duplicates"
    )
    opened_at = models.DateTimeField(db_index=True)
    answer_due = models.DateTimeField()
    arrive_due = models.DateTimeField()
    close_due = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    rating = models.CharField(max_length=12, blank=True)
    drill = models.BooleanField(default=False)
    canary = models.BooleanField(default=False)
    held = models.BooleanField(default=False)
    forgotten_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class CaseEvent(models.Model):
    """What happened to a case, appended and never changed; `key` was made where it was done: sent twice, it is done once."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    what = models.CharField(max_length=20)
    note = models.CharField(max_length=1000, blank=True)
    detail = models.JSONField(default=dict)
    key = models.UUIDField(null=True, unique=True)

    class Meta:
        ordering = ["pk"]


class Count(models.Model):
    """How many cases a day has had: the last number that was given."""

    day = models.DateField(unique=True)
    last = models.PositiveIntegerField()

    class Meta:
        ordering = ["day"]
