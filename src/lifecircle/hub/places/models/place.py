from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from lifecircle.hub.places.shapes import Shaped

LEVELS = ("district", "street", "community", "grid", "building", "dwelling")
"""The tree, from the top."""
CIRCLE = "circle"
"""A drawn area of communities or grids, beside the tree: it holds nothing but names its members."""


class Place(Shaped):
    """A node of the tree. It is never deleted: a place that ends keeps its row and its past.

    `lineage` is the codes from the district down, as in `/500103/500103001/`: a subtree is a prefix. `members` are the
    codes of the communities or grids of a circle; others have none.
    """

    code = models.CharField(max_length=40, unique=True, validators=[RegexValidator(r"^[\w.:-]+$")])
    level = models.CharField(max_length=10, choices=[(level, level) for level in (*LEVELS, CIRCLE)])
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    pinyin = models.CharField(max_length=300, blank=True, editable=False)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    lineage = models.CharField(max_length=255, db_index=True, editable=False)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    party_branch = models.CharField(max_length=100, blank=True)
    synthetic = models.BooleanField(default=False)
    members = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["lineage"]
        indexes = [models.Index(fields=["level", "lineage"])]
        constraints = [
            models.CheckConstraint(
                name="place_has_parent_unless_district",
                condition=Q(level="district", parent__isnull=True)
                | (~Q(level="district") & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(
                name="place_ends_after_it_began",
                condition=Q(since__isnull=True)
                | Q(until__isnull=True)
                | Q(until__gte=models.F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"
