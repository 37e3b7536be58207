from __future__ import annotations

from django.db import models

from lifecircle.hub.people.encryption import EncryptedText


class Device(models.Model):
    """A device at a place (设备), down to a dwelling; `door` is shown to who holds its case.

    `digest` is of its secret, `mqtt_hash` what Mosquitto checks that against; with `certificate` it shows one to the
    broker instead. One whose messages a platform pushes is known there as `external_id`. One that does not wait for our
    own acknowledgement (`acks`) may lose what it said while nobody listened: it is at risk.

    In a dwelling it measures somebody's home: `owner` is who that is, and without their consent no reading is kept.
    """

    KINDS = (
        "button", "smoke", "gas", "co", "door", "corridor_lamp", "lift", "pump", "water_leak", "environment", "gateway",
    )  # fmt: skip
    STATES = ("active", "maintenance", "retired")
    RESERVED = frozenset({"canary", "import", "latest", "new", "refused"})
    """Numbers that no device has: addresses of the interface and of pages, and the canary's."""
    PLATFORMS = ("ctwing", "onenet")
    DECODERS = ("own", "chirpstack", "senml", *PLATFORMS)

    ref = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=20, db_index=True)
    name = models.CharField(max_length=200)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="devices")
    door = EncryptedText(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    decoder = models.CharField(max_length=12, default="own")
    external_id = models.CharField(max_length=100, null=True)
    certificate = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)
    mqtt_hash = models.CharField(max_length=250)
    acks = models.BooleanField(default=True)
    owner = EncryptedText(null=True)
    contacts = EncryptedText(null=True)
    consent_on = models.DateField(null=True)
    consent_by = models.CharField(max_length=150, blank=True)
    withdrawn_on = models.DateField(null=True)
    vendor = models.CharField(max_length=100, blank=True)
    installed_on = models.DateField(null=True)
    battery = models.FloatField(null=True)
    firmware = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=11, default="active", db_index=True)
    silent_after_s = models.PositiveIntegerField(null=True)
    heard_at = models.DateTimeField(null=True, db_index=True)
    silence_told_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replaces"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["ref"]
        constraints = [
            models.UniqueConstraint(
                fields=["decoder", "external_id"], name="one_device_a_platforms_id"
            )
        ]

    @property
    def in_dwelling(self) -> bool:
        """Whether it is in somebody's home: its place is a dwelling, or it has a door."""
        return self.door is not None or self.place.level == "dwelling"

    def __str__(self) -> str:
        return f"{self.ref} {self.name}"
