from __future__ import annotations

from django.db import models


class Application(models.Model):
    """A program that may report (应用): an app of the city, FixMyStreet, a neighbour's platform. Only its key's hash is kept."""

    name = models.CharField(max_length=100)
    contact = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """A case came by an application. `token` is what its client named it by, once each; `body` the hash of what it sent.

    `caller` is a keyed hash of the address that it came from, for the limit: addresses themselves are not kept.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="submissions"
    )
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="submission")
    token = models.CharField(max_length=100, null=True)
    body = models.CharField(max_length=64)
    caller = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "token"], name="one_submission_a_token")
        ]
