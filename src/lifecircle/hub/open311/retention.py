"""What Open311 keeps of who reports and who runs applications, let go of when its time is over."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.open311.models import Application, Submission
from lifecircle.hub.personal import kept


@transaction.atomic
def forget() -> int:
    """Let go of hashes of addresses that no limit asks for any more, and of contacts of keys that ended; how many."""
    now = timezone.now()
    old = Submission.objects.filter(at__lt=now - kept("callers")).exclude(caller="")
    ended = Application.objects.filter(ended_at__lt=now - kept("contacts")).exclude(contact="")
    counts = {"callers": old.update(caller=""), "contacts": ended.update(contact="")}
    if any(counts.values()):
        audit.record(Actor.system("retention"), "open311.forgotten", "open311", detail=counts)
    return sum(counts.values())
