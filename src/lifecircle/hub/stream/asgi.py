"""Server-sent events: `GET /stream`, resumed from `Last-Event-ID`; and one port for stream and web together.

One task follows the outbox and wakes everybody who listens; each then reads what is new and theirs. A
listener is asked again who they are every few seconds, so a role that ends or a session that runs out ends
the stream.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lifecircle.hub.settings")

from django.core.wsgi import get_wsgi_application

_web = get_wsgi_application()  # sets Django up; what follows needs it

from a2wsgi import WSGIMiddleware
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections, connection
from django.http import HttpRequest
from django.utils import timezone
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from lifecircle.hub.actor import Actor
from lifecircle.hub.errors import HubError, TooMuchError, UnknownCallerError
from lifecircle.hub.people import queries as people
from lifecircle.hub.stream import actions, ears, queries

POLL_S, BEAT_S, CHECK_S = 0.25, 10.0, 5.0
_BATCH = 200
_UPLOADS, _MOST_BODY, _BODY_S = "/api/v1/imports", 2 * 2**20, 60.0
_news = asyncio.Condition()


class _Numbered:
    """The last position that this process has heard of."""

    last = 0


_numbered = _Numbered()


async def stream(request: Request) -> Response:
    """Everything after a position, then everything as it happens, until the session ends."""
    key = request.cookies.get(settings.SESSION_COOKIE_NAME, "")
    actor = await _who(key)
    if actor is None:
        return _refusal(UnknownCallerError())
    asked = request.headers.get("last-event-id") or request.query_params.get("after", "")
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    told = _told(key, asked)
    return StreamingResponse(told, media_type="text/event-stream", headers=headers)


def _refusal(error: HubError) -> Response:
    return JSONResponse(error.to_json(), status_code=error.status)


async def _told(key: str, asked: str) -> AsyncIterator[str]:
    position = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else -1
    if position < 0:
        position = await _run(queries.newest)
    elif await _run(queries.is_too_old, position) or position > await _run(queries.newest):
        position = await _run(queries.newest)
        yield f"id: {position}\nevent: reset\ndata: {{}}\n\n"
    yield f"id: {position}\n{_beat('hello')}"  # whoever loses the line before anything happened comes back to here
    loop = asyncio.get_running_loop()
    beat, check, actor = loop.time() + BEAT_S, 0.0, None
    while True:
        known = _numbered.last
        if loop.time() >= check:
            actor, check = await _who(key), loop.time() + CHECK_S
            if actor is None:
                yield "event: bye\ndata: {}\n\n"
                return
        found = await _run(queries.after, actor, position, most=_BATCH)
        for event in found:
            position = event.position
            data = json.dumps(queries.plain(event), ensure_ascii=False)
            yield f"id: {position}\nevent: {event.kind}\ndata: {data}\n\n"
        if len(found) == _BATCH:
            continue
        if loop.time() >= beat:
            beat = loop.time() + BEAT_S
            yield _beat("beat")
        with contextlib.suppress(TimeoutError):
            async with (
                asyncio.timeout(CHECK_S),
                _news,
            ):  # what was numbered meanwhile is news already
                await _news.wait_for(lambda: _numbered.last != known)  # noqa: B023


def _beat(kind: str) -> str:
    """A sign of life that a page can hear (it hears no comments), and the time here: its own clock may be off."""
    return f'event: {kind}\ndata: {{"now": "{timezone.now().isoformat()}"}}\n\n'


async def _follow() -> None:
    """Number what is committed and wake the listeners: when the database says so, and every now and then all the same."""
    _numbered.last = await _run(queries.newest)
    committed = asyncio.Event()
    ears.listen(committed.set)
    while True:
        with contextlib.suppress(Exception):  # a database that is away comes back
            await _run(actions.number)
            newest = await _run(queries.newest)
            if newest != _numbered.last:
                async with _news:
                    _numbered.last = newest
                    _news.notify_all()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(committed.wait(), POLL_S)
        committed.clear()


@contextlib.asynccontextmanager
async def _living(_: Starlette) -> AsyncIterator[None]:
    task = asyncio.create_task(_follow())
    yield
    task.cancel()


async def _who(key: str) -> Actor | None:
    actor: Actor | None = await _run(_actor_of, key)
    return actor


def _actor_of(key: str) -> Actor | None:
    """Who a session belongs to, without prolonging it."""
    request = HttpRequest()
    request.session = SessionStore(key)
    user: Any = get_user(request)
    if not key or not user.is_authenticated or not user.is_usable:
        return None
    return people.actor_of(user, "")


async def _run(act: Any, *values: Any, **named: Any) -> Any:
    """Ask the database on a thread."""

    def done() -> Any:
        close_old_connections()
        try:
            return act(*values, **named)
        finally:
            if connection.vendor == "sqlite":
                connection.close()

    return await sync_to_async(done, thread_sensitive=False)()


stream_only = Starlette(routes=[Route("/stream", stream)], lifespan=_living)
"""The stream beside a web of many processes."""

_wsgi: Any = WSGIMiddleware(_web, workers=settings.THREADS)  # type: ignore[arg-type]


async def _mounted(scope: Any, receive: Any, send: Any) -> None:
    """The web, asked with coroutines: a2wsgi takes no other awaitables, which is what granian gives."""
    body = await _body(scope, receive)
    if body is None:
        await _refusal(TooMuchError())(scope, receive, send)
        return

    async def received() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def sent(message: Any) -> None:
        await send(message)

    await _wsgi(scope, received, sent)


async def _body(scope: Any, receive: Any) -> bytes | None:
    """The whole body before a thread is given to it; None if it is too long, or too slow to come."""
    most = settings.MOST_UPLOAD_BYTES + 2**20 if scope["path"] == _UPLOADS else _MOST_BODY
    parts, size = [], 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_BODY_S):
            while True:
                message = await receive()
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > most or message["type"] != "http.request":
                    return None
                if not message.get("more_body"):
                    return b"".join(parts)
    return None


application = Starlette(routes=[Route("/stream", stream), Mount("/", _mounted)], lifespan=_living)
"""Stream and web on one port."""
