from __future__ import annotations

from django.db import models

from lifecircle.hub.people.encryption import EncryptedText
from lifecircle.hub.surveys.models.survey import Survey


class Invitation(models.Model):
    """Leave to answer a survey once, with a code on a letter or a paper form.

    Drawn from the register of residents, blank (a numbered form for whoever is met), or made at the door. It knows who
    was asked and whether they answered, not what: an answer does not name its invitation. `contact` is a keyed hash of
    a telephone number, so that nobody who is not registered answers twice.
    """

    HOW = ("drawn", "blank", "door")

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="invitations")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    band = models.CharField(max_length=40, blank=True)
    how = models.CharField(max_length=5)
    digest = models.CharField(max_length=64, unique=True)
    code = EncryptedText()
    resident = models.ForeignKey(
        "people.Resident", on_delete=models.PROTECT, null=True, related_name="+"
    )
    contact = models.CharField(max_length=64, blank=True)
    answered_on = models.DateField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "resident"], name="one_invitation_a_resident",
                condition=models.Q(resident__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["survey", "contact"], name="one_invitation_a_contact",
                condition=~models.Q(contact=""),
            ),
        ]  # fmt: skip
