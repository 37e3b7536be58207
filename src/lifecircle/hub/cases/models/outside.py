from __future__ import annotations

from django.conf import settings
from django.db import models

from lifecircle.hub.cases.models.case import Case
from lifecircle.hub.cases.models.order import Order
from lifecircle.hub.cases.models.photo import CasePhoto


class OutsideLink(models.Model):
    """A case, or one order of it, in the hands of a body without an account: who has the link may look and answer.

    Of the link only its hash is kept. `ask` is all that the body reads of the matter; the door only where `door` says so.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="outside_links")
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, null=True, related_name="outside_links"
    )
    body = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    ask = models.CharField(max_length=1000)
    door = models.BooleanField(default=False)
    shown = models.ManyToManyField(CasePhoto, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=50, blank=True)
    done_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case.ref} {self.body}"

    @property
    def name(self) -> str:
        """Who acts by it, as histories and the audit say."""
        return f"outside body: {self.body}"
