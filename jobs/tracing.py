"""A task → the same task with its id and its request's in every line of the log, counted, and its faults kept."""

from collections.abc import Callable
from functools import wraps
from time import perf_counter
from typing import Any

from procrastinate import JobContext
from procrastinate.jobs import Job
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import bound_contextvars

from jobs.ground import ground, log, now
from matcher.store import watching
from web import metrics
from web.db import transaction

MAX_ERROR = 500  # characters
at_work: dict[int, str] = {}  # the jobs that this process is in the middle of, by id


def traced(task: Callable[..., None]) -> Callable[..., None]:
    """Run a task under the id of the request that wished for it, or under its own job's."""

    @wraps(task)
    def run(context: JobContext, *, request: str = "", **arguments: Any) -> None:
        job = context.job
        with bound_contextvars(request=request or f"job-{job.id}", job=job.id, task=job.task_name):
            began, at_work[job.id or 0] = perf_counter(), job.task_name
            try:
                task(**arguments)
            except Exception as error:
                _failed(job, error, request)
                raise
            finally:
                at_work.pop(job.id or 0, None)
            metrics.JOB_SECONDS.labels(job.queue, job.task_name).observe(perf_counter() - began)
            metrics.JOBS.labels(job.queue, job.task_name, "done").inc()

    return run


def _failed(job: Job, error: Exception, request: str) -> None:
    """Keep why a job failed, for the steward; when even the database is away, the log has it."""
    said = f"{type(error).__name__}: {error}"[:MAX_ERROR]
    metrics.JOBS.labels(job.queue, job.task_name, "failed").inc()
    log.error("job failed", error=said)
    try:
        with transaction(ground().engine) as session:
            watching.note_fault(session, job.id or 0, said.replace("\0", ""), request=request, at=now())
    except SQLAlchemyError as away:
        log.error("fault not kept", error=type(away).__name__)
