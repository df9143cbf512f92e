"""A look at the queue every few seconds → jobs of workers that died are done by this one or another that lives."""

from threading import Event, Thread
from time import time

from sqlalchemy.exc import SQLAlchemyError

from jobs.ground import Ground, log, now
from matcher.store import stalled
from web import metrics
from web.db import transaction

EVERY_S = 5.0


def take_over(g: Ground) -> list[stalled.Stalled]:
    """Free what dead workers left behind; return those jobs."""
    with transaction(g.engine) as session:
        taken = stalled.take_over(session, now=now())
    for each in taken:
        log.warning("job of a dead worker", job=each.job_id, task=each.task, tries=each.n_tries, fate=each.fate)
        metrics.JOBS.labels(each.queue, each.task, "stalled").inc()
    return taken


def look_out(g: Ground, ended: Event) -> Thread:
    """Take over in a thread of its own, which no long job can hold up, until the event is set."""
    thread = Thread(target=_look_out, args=(g, ended), name="stalled", daemon=True)
    thread.start()
    return thread


def _look_out(g: Ground, ended: Event) -> None:
    looked_at = time()
    while not ended.wait(EVERY_S):
        # After the machine has slept, all workers on it look dead, we ourselves too; they beat again in a moment.
        slept, looked_at = time() - looked_at > stalled.SILENT_S, time()
        if slept:
            ended.wait(stalled.SILENT_S / 2)
            continue
        try:
            take_over(g)
        except SQLAlchemyError as error:  # the database is away, or another worker was quicker
            log.warning("could not look for jobs of dead workers", error=type(error).__name__)
