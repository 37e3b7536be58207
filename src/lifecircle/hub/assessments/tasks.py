"""The worker's share: the next run in the queue, one at a time; runs that follow changes by themselves."""

from __future__ import annotations

import datetime as dt
import shutil

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments import actions, queries
from lifecircle.hub.assessments.models import Ground, Run
from lifecircle.hub.assessments.working import work

MOST_ATTEMPTS = 3
KEPT_AUTOMATIC = 20
SILENT = dt.timedelta(seconds=60)
"""A worker that says nothing for longer is taken for dead."""


def run_next() -> bool:
    """Take the oldest run that waits, or whose worker fell silent, and do it; False if there is none."""
    run = _taken()
    if run is None:
        return False
    work(run)
    return True


def keep_up() -> bool:
    """Ask for an assessment if the district has changed and been left alone since; whether one was asked for."""
    ground = Ground.objects.filter(upkeep_min__isnull=False).first()  # a hub has one
    last = Run.objects.first()
    if ground is None or last is None or last.state in {"queued", "running"}:
        return False
    quiet = timezone.now() - dt.timedelta(minutes=ground.upkeep_min or 0)
    since = last.started_at or last.requested_at
    if not queries.changed_since(since) or queries.changed_since(quiet):
        return False
    actions.request(Actor.system("upkeep"), automatic=True)
    return True


def prune() -> int:
    """Remove automatic runs but the latest few, and those whose cards were ever published; how many."""
    over = Run.objects.filter(automatic=True, publication__isnull=True)
    old = list(over.exclude(state__in=("queued", "running"))[KEPT_AUTOMATIC:])
    gone = 0
    for run in old:
        folder = run.folder
        try:
            run.delete()
        except ProtectedError:  # a project is proved by it
            continue
        shutil.rmtree(folder, ignore_errors=True)
        gone += 1
    return gone


@transaction.atomic
def _taken() -> Run | None:
    now = timezone.now()
    waits = Q(state="queued") | Q(state="running", heard_at__lt=now - SILENT)
    rows = Run.objects.select_for_update(skip_locked=True).filter(waits)
    run = rows.order_by("requested_at").first()
    if run is None:
        return None
    if run.attempts >= MOST_ATTEMPTS:
        # It has taken its worker with it each time; the runs behind it have waited long enough.
        run.state, run.finished_at = "failed", now
        run.error = {"message": "its worker ended each time / 后台进程每次都中断", "issues": []}
        run.save(update_fields=["state", "finished_at", "error"])
        return None
    run.state, run.heard_at, run.attempts = "running", now, run.attempts + 1
    run.started_at = run.started_at or now  # its snapshot is of the first time
    run.save(update_fields=["state", "started_at", "heard_at", "attempts"])
    return run
