"""Reads of the audit: for the auditor alone."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit.actions import FIRST, anchors, digest_of
from lifecircle.hub.audit.models import Entry, Seal


def entries(actor: Actor) -> QuerySet[Entry]:
    """All entries, the newest first; none for who may not read the audit."""
    return Entry.objects.all() if actor.may("audit.read") else Entry.objects.none()


def history(target: str) -> QuerySet[Entry]:
    """What was done to one thing, the newest first; for an app that has shown that its caller may see the thing."""
    return Entry.objects.filter(target=target, allowed=True).order_by("-pk")


def broken_seals() -> Iterator[str]:
    """What is wrong with the chain, in words; nothing if it holds."""
    previous, known = FIRST, {}
    for one in Seal.objects.order_by("pk"):
        found = [link.entry for link in one.entries.select_related("entry").order_by("position")]
        if one.previous != previous:
            yield f"seal {one.pk}: does not follow the one before it / 与前一封存不相连"
        if digest_of(one.previous, found) != one.digest:
            yield f"seal {one.pk}: entries were changed or removed / 记录被改动或删除"
        previous = known[one.pk] = one.digest
    if not anchors().exists():
        if known:
            yield f"{anchors().name}: the file is gone / 库外锚点文件缺失"
        return
    for line in anchors().read_text(encoding="ascii").splitlines():
        number, _, digest = line.split(" ")
        if known.get(int(number)) != digest:
            yield f"seal {number}: not as it was anchored / 与库外锚点不符"
