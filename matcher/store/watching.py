"""What the steward and the monitors look at: jobs, letters, held mail and bounces, in few and cheap queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, defer

from matcher.models import Bounce, Contact, InboundMessage, JobFault, Letter, Night, NightShard
from matcher.store import letters
from matcher.store.messages import EXPLAINED, KEPT
from matcher.store.nights import Progress

N_LISTED = 25
N_LOOKED_THROUGH = 20_000  # newest messages among which those for the steward are looked for
WITHOUT_BYTES = defer(InboundMessage.raw)  # of which each message may have ten million
LOOKED_AT = 200_000  # newest letters that a count over a day reads: it has no index of its own

QUEUES = text("""
    SELECT queue_name, count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'),
        count(*) FILTER (WHERE status = 'failed'), min(id) FILTER (WHERE status = 'todo')
    FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed')
        AND (scheduled_at IS NULL OR scheduled_at <= :now)
    GROUP BY queue_name ORDER BY queue_name
""")
SINCE = text("SELECT min(at) FROM procrastinate_events WHERE job_id = :id")
FAILED = text("""
    SELECT j.id, j.task_name, j.args, j.attempts, coalesce(f.error, ''), coalesce(f.request, ''),
        coalesce(f.at, (SELECT max(at) FROM procrastinate_events WHERE job_id = j.id))
    FROM procrastinate_jobs j LEFT JOIN job_fault f ON f.job_id = j.id
    WHERE j.status = 'failed' ORDER BY j.id DESC LIMIT :limit
""")
# A job that repeats may wait again already; two that wait with one lock are refused by the queue.
AGAIN = text("""
    UPDATE procrastinate_jobs j SET status = 'todo', scheduled_at = NULL, worker_id = NULL
    WHERE id = :id AND status = 'failed' AND NOT EXISTS (
        SELECT FROM procrastinate_jobs o WHERE o.status = 'todo' AND o.queueing_lock = j.queueing_lock)
    RETURNING id
""")
FORGET = text("UPDATE procrastinate_periodic_defers SET job_id = NULL WHERE job_id = :id")
DROP = text("DELETE FROM procrastinate_jobs WHERE id = :id AND status = 'failed' RETURNING id")
# One row for each stage of the newest night, or one without a stage: a night that hangs is seen before it has any work.
NIGHT = text("""
    SELECT (SELECT min(begun_at) FROM night WHERE ended_at IS NULL), s.stage, count(s.id),
        count(*) FILTER (WHERE s.state = 'done'), count(*) FILTER (WHERE s.state = 'failed'),
        count(*) FILTER (WHERE s.state = 'claimed'),
        coalesce(sum(s.n_taken), 0), coalesce(sum(s.n_made), 0), coalesce(sum(s.n_late), 0),
        (SELECT count(*) FROM night n JOIN night_shard f ON f.night_id = n.id
            WHERE n.begun_at >= :since AND f.state = 'failed')
    FROM (SELECT max(id) AS id FROM night) newest LEFT JOIN night_shard s ON s.night_id = newest.id
    GROUP BY s.stage ORDER BY min(s.id)
""")


@dataclass(frozen=True, slots=True)
class Queue:
    """How much waits in one queue, and since when the oldest of it."""

    name: str
    n_waiting: int
    n_running: int
    n_failed: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Failed:
    """A job that was set aside: what it was to do, how often it was tried, and what went wrong."""

    job_id: int
    task: str
    arguments: Mapping[str, Any]
    n_tries: int
    error: str
    request: str
    at: datetime


def queues(session: Session, *, now: datetime) -> list[Queue]:
    """List the queues that hold anything, by name."""
    found = session.execute(QUEUES, {"now": now}).all()
    return [
        Queue(name, n_todo, n_doing, n_failed, session.scalar(SINCE, {"id": first}) if first else None)
        for name, n_todo, n_doing, n_failed, first in found
    ]


def failed_jobs(session: Session, *, limit: int = N_LISTED) -> list[Failed]:
    """List the jobs that were set aside, newest first."""
    return [Failed(*row) for row in session.execute(FAILED, {"limit": limit})]


def try_again(session: Session, job_id: int) -> bool:
    """Put a job that was set aside back into its queue; False when it is not there or waits already."""
    return _done(session, AGAIN, job_id)


def drop(session: Session, job_id: int) -> bool:
    """Forget a job that was set aside; False when it is not there any more."""
    session.execute(FORGET, {"id": job_id})
    return _done(session, DROP, job_id)


def _done(session: Session, statement: Any, job_id: int) -> bool:
    done = session.scalar(statement, {"id": job_id}) is not None
    if done:
        session.execute(delete(JobFault).where(JobFault.job_id == job_id))
    return done


def note_fault(session: Session, job_id: int, error: str, *, request: str, at: datetime) -> None:
    """Write down why a job failed, in place of why it failed before."""
    told = {"error": error, "request": request, "at": at}
    added = insert(JobFault).values(job_id=job_id, **told)
    session.execute(added.on_conflict_do_update(index_elements=["job_id"], set_=told))


def oldest_letter_at(session: Session, *, now: datetime) -> datetime | None:
    """Say since when the oldest letter waits that may be sent now."""
    chosen = select(func.min(Letter.next_try_at)).where(letters.IS_OPEN, Letter.next_try_at <= now)
    return session.scalar(chosen)


def put_off(session: Session, *, n_tries: int) -> tuple[int, str]:
    """Count the letters that wait after so many tries or more, and give the reason of the one tried most often."""
    waiting = letters.IS_OPEN, Letter.n_tries >= n_tries
    n = session.scalar(select(func.count()).select_from(Letter).where(*waiting)) or 0
    chosen = select(_reason()).where(*waiting).order_by(Letter.n_tries.desc(), Letter.id).limit(1)
    return n, session.scalar(chosen) or ""


def _reason() -> ColumnElement[str]:
    """Give the first line of what went wrong with a letter, without addresses."""
    nameless = func.regexp_replace(func.split_part(Letter.error, "\n", 1), "<?[^ <>]+@[^ <>]+>?", "<…>", "g")
    return func.left(nameless, 100)


def letters_by_state(session: Session, *, since: datetime) -> list[tuple[str, str, str, int]]:
    """Count the letters that were written since a moment by kind, state and, where dropped or failed, the reason."""
    newest = select(func.max(Letter.id)).scalar_subquery()
    why = case((Letter.error == "", ""), else_=_reason()).label("why")
    chosen = (
        select(Letter.kind, Letter.state, why, func.count())
        .where(Letter.id > newest - LOOKED_AT, Letter.created_at >= since)
        .group_by(Letter.kind, Letter.state, "why")
        .order_by(Letter.kind, Letter.state, func.count().desc())
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(chosen)]


def letters_to(session: Session, email: str, *, limit: int = N_LISTED) -> list[Letter]:
    """List the newest letters to the contact with an address, newest first."""
    chosen = select(Letter).join(Contact).where(Contact.email == email.lower()).order_by(Letter.id.desc())
    return list(session.scalars(chosen.limit(limit)))


def held(session: Session, *, limit: int = N_LISTED) -> tuple[int, list[InboundMessage]]:
    """Count the messages that wait for their owner's word, and list the newest."""
    return _in_state(session, "held", limit)


def refused(session: Session, *, limit: int = N_LISTED) -> tuple[int, list[InboundMessage]]:
    """Count the messages that we refused or stumbled over, and list the newest."""
    return _in_state(session, "refused", limit)


def for_steward(session: Session, *, limit: int = N_LISTED) -> list[InboundMessage]:
    """List the newest messages that a person has to read, newest first."""
    newest = select(func.max(InboundMessage.id)).scalar_subquery()
    is_theirs = (InboundMessage.verdict == EXPLAINED) | InboundMessage.verdict.startswith(KEPT, autoescape=True)
    chosen = select(InboundMessage).where(InboundMessage.id > newest - N_LOOKED_THROUGH, is_theirs)
    return list(session.scalars(chosen.options(WITHOUT_BYTES).order_by(InboundMessage.id.desc()).limit(limit)))


def _in_state(session: Session, state: str, limit: int) -> tuple[int, list[InboundMessage]]:
    here = InboundMessage.state == state
    n = session.scalar(select(func.count()).select_from(InboundMessage).where(here)) or 0
    newest = select(InboundMessage).options(WITHOUT_BYTES).where(here).order_by(InboundMessage.id.desc())
    return n, list(session.scalars(newest.limit(limit)))


def n_new_messages(session: Session) -> int:
    """Count the messages that nobody has read yet."""
    return session.scalar(select(func.count()).select_from(InboundMessage).where(InboundMessage.state == "new")) or 0


def bounced(session: Session, *, limit: int = N_LISTED) -> list[Bounce]:
    """List the newest letters that came back."""
    return list(session.scalars(select(Bounce).order_by(Bounce.id.desc()).limit(limit)))


def nights_since(session: Session, *, since: datetime, limit: int = N_LISTED) -> list[Night]:
    """List the nights that were begun since a moment, newest first; the very last one however old it is."""
    newest = select(Night).order_by(Night.id.desc())
    found = list(session.scalars(newest.where(Night.begun_at >= since).limit(limit)))
    return found or list(session.scalars(newest.limit(1)))


def night_now(session: Session, *, since: datetime) -> tuple[datetime | None, list[Progress], int]:
    """Say since when the oldest night that has not ended is open, how far each stage of the newest night is, and how
    many parts of all nights begun since a moment were set aside: a day has several."""
    found = session.execute(NIGHT, {"since": since}).all()
    return found[0][0], [Progress(*row[1:-1]) for row in found if row[1]], found[0][-1]


def shards_set_aside(session: Session, night_id: int) -> list[NightShard]:
    """List the parts of a night that were set aside, in their order."""
    failed = (NightShard.night_id == night_id) & (NightShard.state == "failed")
    return list(session.scalars(select(NightShard).where(failed).order_by(NightShard.stage, NightShard.number)))
