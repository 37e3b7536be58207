from __future__ import annotations

from django.db import models

from lifecircle.hub.people.encryption import EncryptedText
from lifecircle.hub.surveys.models.survey import Survey


class Answer(models.Model):
    """One filled-in questionnaire: of an age band in a place, of nobody by name. Its values are encrypted.

    The key is made where it was filled in: what is sent twice is kept once.
    """

    HOW = ("phone", "door", "paper")

    key = models.UUIDField(primary_key=True, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="answers")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    band = models.CharField(max_length=40)
    how = models.CharField(max_length=5)
    on = models.DateField()
    by = models.CharField(max_length=150, blank=True)
    values = EncryptedText()

    class Meta:
        ordering = ["key"]
