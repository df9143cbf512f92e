"""Jobs whose worker gives no sign of life → waiting for a living one, or set aside when they end every worker."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from matcher.store import watching

SILENT_S = 30  # workers beat every ten seconds
MAX_TRIES = 4
# What runs beside a job that ends its worker stalls with it. From their second time on such jobs run one at a time, in
# the whole service, so that only the guilty one comes to its last try.
SUSPECT = "suspect"

# Workers beat by the clock of the database, so that they are judged by it too.
STALLED = text("""
    SELECT j.id, j.task_name, j.queue_name, j.attempts + 1, j.queueing_lock, coalesce(j.args ->> 'request', '')
    FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
    WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => :silent))
    ORDER BY j.id FOR UPDATE OF j SKIP LOCKED
""")
# The next round of what repeats may wait already, or just have been freed; two with one lock are refused by the queue.
WAITS = text("SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = :lock)")
AGAIN = text("""
    SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, CASE WHEN attempts > 0 AND lock IS NULL THEN :lock END)
    FROM procrastinate_jobs WHERE id = :id
""")
END = text("SELECT procrastinate_finish_job_v1(:id, CAST(:status AS procrastinate_job_status), :forget)")
PRUNE = text("SELECT procrastinate_prune_stalled_workers_v1(:silent)")


@dataclass(frozen=True, slots=True)
class Stalled:
    """A job that a dead worker left behind, and what becomes of it: 'again', 'aside' or 'waits already'."""

    job_id: int
    task: str
    queue: str
    n_tries: int
    fate: str


def take_over(session: Session, *, now: datetime) -> list[Stalled]:
    """Free the jobs of workers that gave no sign of life lately, and forget those workers; return the jobs."""
    found = session.execute(STALLED, {"silent": SILENT_S}).all()
    taken = [
        _decide(session, Stalled(job_id, task, queue, n_tries, _fate(session, n_tries, lock)), request=request, now=now)
        for job_id, task, queue, n_tries, lock, request in found
    ]
    session.execute(PRUNE, {"silent": SILENT_S})
    return taken


def _fate(session: Session, n_tries: int, lock: str | None) -> str:
    if lock and session.scalar(WAITS, {"lock": lock}):
        return "waits already"
    return "aside" if n_tries >= MAX_TRIES else "again"


def _decide(session: Session, job: Stalled, *, request: str, now: datetime) -> Stalled:
    if job.fate == "again":
        session.execute(AGAIN, {"id": job.job_id, "lock": SUSPECT})
        return job
    aside = job.fate == "aside"
    session.execute(END, {"id": job.job_id, "status": "failed" if aside else "aborted", "forget": not aside})
    if aside:
        said = f"Its worker ended in the middle of it, {job.n_tries} times."
        watching.note_fault(session, job.job_id, said, request=request, at=now)
    return job
