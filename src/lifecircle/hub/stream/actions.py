"""Writing events, numbering them, and telling webhooks."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.errors import InvalidError, MissingError
from lifecircle.hub.people import actions as own
from lifecircle.hub.people import queries as people
from lifecircle.hub.rights import Right
from lifecircle.hub.stream import calling, queries
from lifecircle.hub.stream.models import Event, Sequencer, Webhook

KEPT = dt.timedelta(days=7)
CHANNEL = "lifecircle_events"
MOST_WEBHOOKS = 10
_BATCH = 500
_WAITS_S = (10, 60, 300, 1800, 7200)
"""After so many failures in a row, and then as long as the last; after two days it is stopped."""
_MOST_FAILURES = 30


_NUMBERED = """
UPDATE stream_event SET position = %s + fresh.rank FROM (
    SELECT id, row_number() OVER (ORDER BY id) AS rank FROM stream_event WHERE position IS NULL ORDER BY id LIMIT %s
) AS fresh WHERE stream_event.id = fresh.id
"""


def emit(kind: str, lineage: str, right: Right, data: dict[str, Any] | None = None) -> None:
    """Write an event in the transaction of its change; it is told once that is committed."""
    emit_all(kind, right, [(lineage, data or {})])


def emit_all(kind: str, right: Right, happened: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Write several events of a kind, each at its lineage, in their order."""
    Event.objects.bulk_create(
        Event(kind=kind, right=right, lineage=lineage, data=data) for lineage, data in happened
    )
    told_already = any(act is _wake for _, act, *_ in connection.run_on_commit)
    if connection.vendor == "postgresql" and happened and not told_already:
        transaction.on_commit(_wake)


def _wake() -> None:
    """Say to every stream that something was committed; who misses it looks all the same."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def number() -> int:
    """Give positions to what has been committed since, in the order of its ids; how many."""
    count = 0
    while Event.objects.filter(position__isnull=True).exists():
        fresh = _numbered()
        count += fresh
        if fresh < _BATCH:
            break
    return count


@transaction.atomic
def _numbered() -> int:
    Sequencer.objects.get_or_create(pk=1)
    line = Sequencer.objects.select_for_update().get(pk=1)
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERED, [line.last, _BATCH])
        count = int(cursor.rowcount)
    line.last += count
    line.save(update_fields=["last"])
    return count


def forget() -> int:
    """Delete events older than they are kept; who comes with an older position is told to start anew."""
    return Event.objects.filter(at__lt=timezone.now() - KEPT, position__isnull=False).delete()[0]


@transaction.atomic
def add_webhook(actor: Actor, *, url: str, kinds: Sequence[str]) -> tuple[Webhook, str]:
    """Add an address to be told of events from now on; return it and its secret, shown this once.

    Raises
    ------
    InvalidError
        The address is not https, or leads into this server's own network.
    """
    account = own.check_own(actor)
    if queries.webhooks(actor).count() >= MOST_WEBHOOKS:
        raise InvalidError(f"at most {MOST_WEBHOOKS} webhooks", f"最多 {MOST_WEBHOOKS} 个")
    calling.target_of(url)
    secret = secrets.token_urlsafe(32)
    hook = Webhook.objects.create(
        account_id=account, url=url, kinds=sorted(set(kinds)), secret=secret,
        position=queries.newest(),
    )  # fmt: skip
    audit.record(actor, "webhook.added", f"webhook:{hook.pk}", detail={"kinds": hook.kinds})
    return hook, secret


@transaction.atomic
def remove_webhook(actor: Actor, number_: int) -> None:
    """Stop telling one of the caller's addresses."""
    own.check_own(actor)
    if not queries.webhooks(actor).filter(pk=number_).delete()[0]:
        raise MissingError
    audit.record(actor, "webhook.removed", f"webhook:{number_}")


def end_webhooks(account: Any) -> None:
    """Tell the webhooks of an account no more."""
    Webhook.objects.filter(account=account).update(stopped_at=timezone.now())


def deliver() -> int:
    """Tell every webhook what is new to it, in order; how many events were taken.

    One that fails is tried again later, from the event that failed: nothing is left out, and what was taken
    but not acknowledged comes twice with the same position.
    """
    told = 0
    now = timezone.now()
    for hook in Webhook.objects.filter(stopped_at__isnull=True).select_related("account"):
        if hook.retry_at is None or hook.retry_at <= now:
            try:
                told += _tell(hook)
            except Exception:  # one that cannot be told stops no other
                logging.getLogger(__name__).exception("webhook %s", hook.pk)
    return told


def signature(secret: str, body: bytes) -> str:
    """What the header `X-Lifecircle-Signature` holds: HMAC-SHA256 of the body by the webhook's secret."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def _tell(hook: Webhook) -> int:
    actor, told = people.actor_of(hook.account, ""), 0
    for event in queries.after(actor, hook.position, most=100):
        if event.kind in hook.kinds or not hook.kinds:
            answer = _post(hook, event)
            hook.last_answer = answer[:200]
            if not answer.startswith("2"):
                wait = _WAITS_S[min(hook.failures, len(_WAITS_S) - 1)]
                hook.failures += 1
                hook.retry_at = timezone.now() + dt.timedelta(seconds=wait)
                if hook.failures >= _MOST_FAILURES:
                    hook.stopped_at = timezone.now()
                break
            hook.failures, hook.retry_at = 0, None
            told += 1
        hook.position = event.position or hook.position
    hook.save(update_fields=["position", "failures", "retry_at", "last_answer", "stopped_at"])
    return told


def _post(hook: Webhook, event: Event) -> str:
    """Send one event; the answer's status and reason, or what went wrong."""
    body = json.dumps(queries.plain(event), ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json", "User-Agent": "lifecircle",
        "X-Lifecircle-Position": str(event.position),
        "X-Lifecircle-Signature": signature(hook.secret, body),
    }  # fmt: skip
    return calling.post(hook.url, body, headers)
