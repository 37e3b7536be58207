from __future__ import annotations

from django.conf import settings
from django.db import models


class Project(models.Model):
    """Work that closes a gap (项目): from the idea to acceptance, with what it was born from.

    `evidence` is the card, or whatever else, that asked for it, as it was then; `promised` what it is to bring;
    `scores` are `{need, basis, fit, landing}: {score, reason}`, 0 to 5. `planned` are the values of the facility
    that comes of it. `version` rises with every change: who writes says which one they saw.
    """

    HORIZONS = ("near", "later")
    KINDS = ("new", "enlarge", "way", "other")

    ref = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="projects")
    kind = models.CharField(max_length=10)
    facility_type = models.CharField(max_length=60, blank=True, db_index=True)
    space = models.CharField(max_length=80, blank=True)
    facility = models.CharField(max_length=80, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    planned = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)
    promised = models.JSONField(default=dict)
    scores = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="idea", db_index=True)
    horizon = models.CharField(max_length=6, default="later")
    department = models.CharField(max_length=100, blank=True)
    supporting = models.JSONField(default=list)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="projects"
    )
    starts_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    annual = models.ForeignKey(
        "planning.AnnualList", on_delete=models.PROTECT, null=True, related_name="projects"
    )
    pilot = models.BooleanField(default=False)
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="copies"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=150)
    accepted_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["ref"]

    def __str__(self) -> str:
        return f"{self.ref} {self.name}"


class ProjectEvent(models.Model):
    """What was done to a project, by whom; appended, never changed."""

    project = models.ForeignKey("planning.Project", on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=150)
    what = models.CharField(max_length=30)
    note = models.CharField(max_length=500, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
