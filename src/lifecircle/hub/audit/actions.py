"""Appending to the audit, and sealing what was appended."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit.models import Entry, Seal, SealedEntry

FIRST = "0" * 64
BATCH = 1000


def record(
    actor: Actor,
    action: str,
    target: str,
    lineage: str = "",
    detail: dict[str, Any] | None = None,
    *,
    allowed: bool = True,
) -> Entry:
    """Append what was done, in the transaction of the act itself."""
    return Entry.objects.create(
        account_id=actor.account_id, name=actor.name, address=actor.address, action=action[:40],
        target=target[:120], lineage=lineage, allowed=allowed, detail=detail or {},
    )  # fmt: skip


@transaction.atomic
def seal() -> int:
    """Chain the entries that are not sealed yet, the oldest first; return how many were.

    The head of the chain is also appended to a file outside the database.
    """
    entries = list(
        Entry.objects.select_for_update(of=("self",))
        .filter(sealed__isnull=True)
        .order_by("pk")[:BATCH]
    )
    if not entries:
        return 0
    last = Seal.objects.order_by("-pk").first()
    previous = last.digest if last else FIRST
    one = Seal.objects.create(previous=previous, digest=digest_of(previous, entries))
    SealedEntry.objects.bulk_create(
        SealedEntry(entry=entry, seal=one, position=k) for k, entry in enumerate(entries)
    )
    transaction.on_commit(lambda: _anchor(one))
    return len(entries)


def digest_of(previous: str, entries: list[Entry]) -> str:
    """SHA-256 over the digest before and the entries, a line of JSON each."""
    digest = hashlib.sha256(previous.encode())
    for entry in entries:
        row = [
            entry.pk, entry.at.isoformat(), entry.account_id, entry.name, entry.address, entry.action,
            entry.target, entry.lineage, entry.allowed, entry.detail,
        ]  # fmt: skip
        digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def anchors() -> Path:
    """The file that the head of every seal is appended to: keep a copy of it elsewhere."""
    path: Path = settings.DATA / "audit-anchors.log"
    return path


def _anchor(one: Seal) -> None:
    with anchors().open("a", encoding="ascii") as file:
        file.write(f"{one.pk} {one.at.isoformat()} {one.digest}\n")
