from __future__ import annotations

from django.conf import settings
from django.db import models

from lifecircle.hub.people.encryption import EncryptedText


class Event(models.Model):
    """Something that happened at a place; seen by who holds `right` there."""

    kind = models.CharField(max_length=40)
    right = models.CharField(max_length=30)
    lineage = models.CharField(max_length=255)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    position = models.BigIntegerField(null=True, unique=True)

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(position__isnull=True), name="event_not_numbered"
            )
        ]


class Sequencer(models.Model):
    """One row: the last position given. Whoever numbers events holds its lock."""

    last = models.BigIntegerField(default=0)


class Webhook(models.Model):
    """An address of a program that is told of events that its owner may see."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks"
    )
    url = models.URLField(max_length=500)
    kinds = models.JSONField(default=list)
    secret = EncryptedText()
    position = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    last_answer = models.CharField(max_length=200, blank=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
