from __future__ import annotations

from django.conf import settings
from django.db import models

from lifecircle.hub.people.encryption import EncryptedText


class Chat(models.Model):
    """A group chat (工作群) that is told of the cases of its place: those that reach its tier, or of a department at once.

    Of priority P1 up to `up_to`. `kind` is a robot of `bots` or a schema of apprise; `address` holds its key: nobody is
    shown it again, and it goes when the chat ends. `answer` is what the other side said last. Until `rests_until`
    it is left alone.
    """

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="chats")
    department = models.CharField(max_length=100, blank=True)
    up_to = models.CharField(max_length=2, default="P5")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    address = EncryptedText(null=True)
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
    took_it = models.BooleanField(null=True)
    rests_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class PushSubscription(models.Model):
    """A browser (浏览器) of an account that is told by push when its page is closed.

    `endpoint` and the keys are what the browser gave; `mark` is the SHA-256 of the endpoint, by which the browser knows itself
    again, `service` where its push service is. `answer` is what that said last. Until `rests_until` it is left alone.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    name = models.CharField(max_length=40, blank=True)
    mark = models.CharField(max_length=64, unique=True)
    service = models.CharField(max_length=300)
    endpoint = EncryptedText()
    p256dh = EncryptedText()
    auth = EncryptedText()
    added_at = models.DateTimeField()
    answer = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
    took_it = models.BooleanField(null=True)
    rests_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.service}"


class Notice(models.Model):
    """Somebody was told of a case on a channel, or of what `text` says; whether it was sent, arrived, was answered.

    An account; or whom a case names (`who`: the resident, family, a neighbour) by their phone; or a group chat.
    By push, each browser of an account has its own; it stays when the browser is gone.

    The same telling of a case, somebody and a channel exists once a round.
    """

    STATES = ("queued", "sent", "delivered", "failed", "off")

    case = models.ForeignKey(
        "cases.Case", on_delete=models.CASCADE, null=True, related_name="notices"
    )
    text = models.CharField(max_length=500, blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="notices"
    )
    chat = models.ForeignKey(Chat, on_delete=models.PROTECT, null=True, related_name="notices")
    browser = models.ForeignKey(
        PushSubscription, on_delete=models.SET_NULL, null=True, related_name="notices"
    )
    who = models.CharField(max_length=10, blank=True)
    phone = EncryptedText(null=True)
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=9, default="queued", db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=120, blank=True, db_index=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="notice_says_something",
                condition=models.Q(case__isnull=False) | ~models.Q(text=""),
            )
        ]
