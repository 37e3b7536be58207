from __future__ import annotations

from django.db import models

from lifecircle.hub.people.encryption import EncryptedText


class Household(models.Model):
    """People who live together at a place: a dwelling, or the building or grid where that is not known."""

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="households")
    moved_out_on = models.DateField(null=True, blank=True)


class Resident(models.Model):
    """A resident as the community knows them. What identifies a person is encrypted and shown masked."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="residents")
    full_name = EncryptedText()
    phone = EncryptedText(null=True)
    birth_year = models.PositiveSmallIntegerField(null=True)
    groups = models.JSONField(default=list)
    erased_at = models.DateTimeField(null=True, editable=False)


class Consent(models.Model):
    """What a resident allowed their data to be used for, and until when it may be kept."""

    PURPOSES = ("service", "elder_care", "emergency", "survey", "statistics")

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=12, choices=[(p, p) for p in PURPOSES])
    given_on = models.DateField()
    keep_until = models.DateField()
    withdrawn_on = models.DateField(null=True)
    evidence = models.CharField(max_length=200, blank=True)
