from __future__ import annotations

from django.db import models

from lifecircle.hub.people.encryption import EncryptedText


class DwellingNote(models.Model):
    """What a responder has to know of somebody's home: where its spare key is held, and what is dangerous there (入户须知).

    It is there while the resident consents, and no longer than `keep_until`. All that is about the home is encrypted;
    `hazards` is a list as JSON. `door` is empty where the place is the dwelling itself.
    """

    HAZARDS = ("oxygen", "gas_bottle", "battery", "dog", "dark_stairs", "clutter", "cannot_walk")

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="dwelling_notes")  # fmt: skip
    door = EncryptedText(null=True)
    resident = EncryptedText()
    key_held = EncryptedText(null=True)
    hazards = EncryptedText()
    note = EncryptedText(null=True)
    consent_on = models.DateField()
    consent_by = models.CharField(max_length=150)
    keep_until = models.DateField(db_index=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["place", "pk"]
