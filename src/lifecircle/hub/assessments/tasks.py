"""The worker's share: the next run in the queue, one at a time."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lifecircle.hub.assessments.models import Run
from lifecircle.hub.assessments.working import work

SILENT = dt.timedelta(seconds=60)
"""A worker that says nothing for longer is taken for dead."""


def run_next() -> bool:
    """Take the oldest run that waits, or whose worker fell silent, and do it; False if there is none."""
    run = _taken()
    if run is None:
        return False
    work(run)
    return True


@transaction.atomic
def _taken() -> Run | None:
    now = timezone.now()
    waits = Q(state="queued") | Q(state="running", heard_at__lt=now - SILENT)
    rows = Run.objects.select_for_update(skip_locked=True).filter(waits)
    run = rows.order_by("requested_at").first()
    if run is not None:
        run.state, run.started_at, run.heard_at = "running", now, now
        run.save(update_fields=["state", "started_at", "heard_at"])
    return run
