"""Doing a run: the snapshot, the assessment, the cards into the database."""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

import lifecircle
from lifecircle.errors import InputError
from lifecircle.hub import statistics
from lifecircle.hub.assessments.models import Card, Ground, Run
from lifecircle.hub.assessments.signals import finished
from lifecircle.hub.assessments.snapshot import write_snapshot
from lifecircle.hub.places import queries as places
from lifecircle.hub.stream import actions as stream
from lifecircle.progress import Advance, Progress

_TOLD_S, _BEAT_S = 0.5, 10.0
_assessor = lifecircle.Assessor()
"""What this process walked to last: the next run goes on from it."""


class CancelledError(Exception):
    """Somebody asked for the run to stop."""


class RunProgress(Progress):
    """Writes the stage into the run's row now and then, and stops when the row says so."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run, self._told = run, 0.0

    @contextmanager
    def shown(self, name: str, total: int | None) -> Iterator[Advance]:
        """Write the stage down, and how far it is."""
        steps = 0

        def advance(count: int) -> None:
            nonlocal steps
            steps += count
            self._tell(name, steps / total if total else 0.0)

        self._tell(name, 0.0, now=True)
        yield advance

    def _tell(self, stage: str, done: float, *, now: bool = False) -> None:
        if not now and time.monotonic() - self._told < _TOLD_S:
            return
        self._told = time.monotonic()
        row = Run.objects.filter(pk=self._run.pk)
        row.update(stage=stage[:40], done=min(done, 1.0), heard_at=timezone.now())
        if row.filter(cancel=True).exists():
            raise CancelledError


def work(run: Run) -> None:
    """Do a run that is this worker's; whatever comes of it stands in its row."""
    progress = RunProgress(run)
    bundle, results = run.folder / "bundle", run.folder / "results"
    try:
        with progress.stage("snapshot"):
            # A run that is taken up again goes on with the snapshot that it began with.
            if not (bundle / ".complete").exists():
                write_snapshot(Ground.objects.get(place=run.place), bundle)
                (bundle / ".complete").touch()
        with _heard(run):
            found = _assessor.assess(
                bundle, results, moments=run.moments, draws=run.draws, progress=progress
            )
        with progress.stage("cards"):
            _keep(run, found.cards)
        _end(
            run, "done", inputs=found.district.inputs, seconds=progress.seconds,
            walked=len(_assessor.again),
        )  # fmt: skip
    except CancelledError:
        shutil.rmtree(run.folder, ignore_errors=True)
        _end(run, "cancelled")
    except InputError as error:
        issues = [issue.to_json() for issue in error.issues[:200]]
        _end(run, "failed", error={"message": str(error)[:500], "issues": issues})
    except Exception as error:
        _end(
            run, "failed", error={"message": f"{type(error).__name__}: {error}"[:500], "issues": []}
        )
        raise


@contextmanager
def _heard(run: Run) -> Iterator[None]:
    """Say every few seconds that the worker lives, however long a stage computes."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(_BEAT_S):
            with contextlib.suppress(DatabaseError):  # the next beat may get through
                Run.objects.filter(pk=run.pk).update(heard_at=timezone.now())
        connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _keep(run: Run, cards: pa.Table) -> None:
    rows = cards.to_pylist()
    where = places.by_code({row["area"] for row in rows})
    with transaction.atomic():
        run.cards.all().delete()
        Card.objects.bulk_create(
            (
                Card(
                    run=run, place=where[row["area"]], scope=row["scope"], key=row["key"],
                    colour=row["colour"], score=row["score"], detail=row,
                )
                for row in rows
                if row["area"] in where
            ),
            batch_size=500,
        )  # fmt: skip
        statistics.refresh(Card)


def _end(run: Run, state: str, **values: Any) -> None:
    with transaction.atomic():
        Run.objects.filter(pk=run.pk, state="running").update(
            state=state,
            finished_at=timezone.now(),
            version=lifecircle.__version__,
            done=1.0,
            **values,
        )
        data = {"run": str(run.pk), "number": run.number, "state": state}
        stream.emit("run", run.place.lineage, "card.read", data)
        finished.send(Run, run=Run.objects.select_related("place").get(pk=run.pk))
