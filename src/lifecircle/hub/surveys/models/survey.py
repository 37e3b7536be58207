from __future__ import annotations

from django.db import models


class Survey(models.Model):
    """A questionnaire that the residents of a place are asked (居民调查).

    `questionnaire` is that of `engine.polling.asking.to_json`, and stands once the survey is open. Where `counts`, its
    ratings of facility types go into the cards once it is closed.
    """

    STATES = ("draft", "open", "closed")

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="surveys")
    zh = models.CharField(max_length=200)
    en = models.CharField(max_length=200, blank=True)
    questionnaire = models.JSONField()
    state = models.CharField(max_length=6, default="draft", db_index=True)
    counts = models.BooleanField(default=True)
    ends_on = models.DateField(null=True)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk} {self.zh}"


class Quota(models.Model):
    """How many answers are wanted of an age band in a place below the survey's."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="quotas")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    band = models.CharField(max_length=40)
    wanted = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "place", "band"], name="one_quota_a_band")
        ]
