"""The worker's share: the next run in the queue, one at a time; runs that follow changes by themselves."""

from __future__ import annotations

import datetime as dt
import shutil

from django.db import transaction
from django.db.models import Q
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


def keep_up() -> int:
    """Ask for an assessment of each district that has changed and been left alone since; how many."""
    count = 0
    for ground in Ground.objects.filter(upkeep_min__isnull=False).select_related("place"):
        last = Run.objects.filter(place=ground.place).first()
        if last is None or last.state in {"queued", "running"}:
            continue
        quiet = timezone.now() - dt.timedelta(minutes=ground.upkeep_min or 0)
        since = last.started_at or last.requested_at
        if queries.changed_since(since) and not queries.changed_since(quiet):
            actions.request(Actor.system("upkeep"), automatic=True)
            count += 1
    return count


def prune() -> int:
    """Remove automatic runs but the latest few, and those whose cards were ever published; how many."""
    count = 0
    for ground in Ground.objects.all():
        over = Run.objects.filter(
            place=ground.place, automatic=True, publication__isnull=True
        ).exclude(state__in=("queued", "running"))  # fmt: skip
        for run in over[KEPT_AUTOMATIC:]:
            folder = run.folder
            run.delete()
            shutil.rmtree(folder, ignore_errors=True)
            count += 1
    return count


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
