"""Browsers that are told when their page is closed: switched on and off by their owner, and what they are told. Nothing of anybody's.

Off unless `LIFECIRCLE_WEBPUSH` says whom a push service may write to: it is the browser maker's, outside.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.cases.kinds import kinds
from lifecircle.hub.errors import ConflictError, InvalidError, MissingError
from lifecircle.hub.notify import chats, queries, webpush
from lifecircle.hub.notify.gateways import GatewayError
from lifecircle.hub.notify.models import Notice, PushSubscription
from lifecircle.hub.people import actions as people

CHANNEL = "push"
MOST = 5
"""So many browsers an account."""
_TTL_S = 3600
_URGENT = ("P1", "P2")
_OVER = ("closed", "merged")
_signer = signing.Signer(salt="lifecircle.push")


@transaction.atomic
def add(actor: Actor, *, endpoint: str, p256dh: str, auth: str, name: str = "") -> PushSubscription:
    """Tell a browser of the caller's; one that was somebody else's before is theirs no more.

    Raises
    ------
    ConflictError
        The operator has not switched push on.
    InvalidError
        Its keys are none, its address is not https outside this network, or there are too many.
    """
    account = people.check_own(actor)
    if not settings.WEBPUSH:
        raise ConflictError("push is off: LIFECIRCLE_WEBPUSH", "未开启推送: LIFECIRCLE_WEBPUSH")
    webpush.check(webpush.Browser(endpoint, p256dh, auth))
    mark = hashlib.sha256(endpoint.encode()).hexdigest()
    if queries.browsers(actor).exclude(mark=mark).count() >= MOST:
        raise InvalidError(
            f"at most {MOST} browsers: remove one", f"最多 {MOST} 个浏览器, 请先移除"
        )
    # Whoever holds the address has the browser in hand: it is said to nobody else.
    values = {
        "account_id": account, "name": name, "service": urlsplit(endpoint).netloc.lower(), "endpoint": endpoint,
        "p256dh": p256dh, "auth": auth, "added_at": timezone.now(), "answer": "", "answered_at": None,
        "took_it": None, "rests_until": None,
    }  # fmt: skip
    PushSubscription.objects.filter(mark=mark).exclude(account_id=account).delete()
    one, _ = PushSubscription.objects.update_or_create(mark=mark, defaults=values)
    audit.record(actor, "push.added", f"push:{one.pk}", detail={"service": one.service})
    return one


@transaction.atomic
def remove(actor: Actor, number: int) -> None:
    """Tell one of the caller's browsers no more; what waits for it is called off."""
    people.check_own(actor)
    one = queries.browsers(actor).filter(pk=number).first()
    if one is None:
        raise MissingError
    one.notices.filter(state="queued").update(state="off")
    one.delete()
    audit.record(actor, "push.removed", f"push:{number}")


def end(account: Any) -> None:
    """Tell no browser of an account any more."""
    Notice.objects.filter(account=account, channel=CHANNEL, state="queued").update(state="off")
    PushSubscription.objects.filter(account=account).delete()


def notices(case: Any, accounts: Sequence[Any], text: str, now: dt.datetime) -> list[Notice]:
    """Notices for each browser of these accounts; none where push is off."""
    if not settings.WEBPUSH or not accounts:
        return []
    rows = PushSubscription.objects.filter(account__in=accounts).defer("endpoint", "p256dh", "auth")
    return [
        Notice(case=case, text=text, account_id=one.account_id, browser=one, channel=CHANNEL, created_at=now, next_at=now)
        for one in rows
    ]  # fmt: skip


def post(one: Notice) -> str:
    """Hand a notice to its browser's push service; what that answered. A browser that is gone is forgotten.

    Raises
    ------
    GatewayError
        It was not taken, there is nobody to tell any more, or nothing to tell of.
    """
    browser, case = one.browser, one.case
    if browser is None or not browser.account.is_usable or not settings.WEBPUSH:
        raise GatewayError("no browser to tell", final=True)
    if case is not None and case.state in _OVER:
        raise GatewayError("the case is over", final=True)
    to = webpush.Browser(browser.endpoint, browser.p256dh, browser.auth)
    body = json.dumps(_words(one), ensure_ascii=False).encode()
    try:
        answer = webpush.post(to, body, ttl_s=_TTL_S, urgent=_is_urgent(one), topic=_topic(one))
    except webpush.GoneError:
        browser.delete()
        raise
    except GatewayError as error:
        _answered(browser, str(error), took_it=False)
        raise
    _answered(browser, answer, took_it=True)
    return answer[:120]


def rest(browser: PushSubscription, error: GatewayError, until: dt.datetime) -> None:
    """Leave a browser alone that refused; where a push service is silent, all that are its."""
    rows = PushSubscription.objects.all()
    if isinstance(error, webpush.UnreachableError):
        rows.filter(service=browser.service).update(rests_until=until)
    elif not error.final:
        rows.filter(pk=browser.pk).update(rests_until=until)


def number_of(receipt: str) -> int | None:
    """The notice that a browser's receipt is of; none if we never gave it."""
    try:
        return int(_signer.unsign(receipt))
    except (signing.BadSignature, ValueError):
        return None


def _words(one: Notice) -> dict[str, Any]:
    """What the worker of the desk shows: number, kind, priority, the place to its community."""
    case, receipt = one.case, _signer.sign(str(one.pk))
    if case is None:
        return {
            "ref": "", "title": "生活圈 Lifecircle", "body": "有新通知 a new notice", "urgent": False, "receipt": receipt,
        }  # fmt: skip
    kind = kinds().get(case.kind)
    what = f"{kind.zh} {kind.en}" if kind else case.kind
    drill = "演练 DRILL " if case.drill else ""
    return {
        "ref": case.ref, "title": f"{drill}[{case.priority}] {what}",
        "body": f"{chats.whereabouts(case)} · {case.ref}", "urgent": _is_urgent(one), "receipt": receipt,
    }  # fmt: skip


def _is_urgent(one: Notice) -> bool:
    return one.case is not None and one.case.priority in _URGENT


def _topic(one: Notice) -> str:
    """Not the case's own number: the push service reads it."""
    about = one.case.ref if one.case else f"notice-{one.pk}"
    digest = hashlib.sha256(f"{settings.SECRET_KEY} {about}".encode()).digest()
    return webpush.encoded(digest)[:32]


def _answered(browser: PushSubscription, text: str, *, took_it: bool) -> None:
    PushSubscription.objects.filter(pk=browser.pk).update(
        answer=text[:200], answered_at=timezone.now(), took_it=took_it
    )
