"""What a dead worker left behind is done by a living one; what ends every worker is set aside and shown."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from matcher.models import JobFault
from matcher.store import stalled, watching
from tests.factories import NOW

JOB = text("""
    INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, lock, queueing_lock, worker_id)
    VALUES ('now', :task, '{"request": "5f0cafe0c0de"}', CAST(:status AS procrastinate_job_status), :attempts, :lock,
        :twin, :worker) RETURNING id
""")
WORKER = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => :s)) RETURNING id"
SEEN = "SELECT status::text, attempts, lock, scheduled_at <= now() FROM procrastinate_jobs WHERE id = :id"


def worker(session: Session, *, silent_s: float) -> int:
    return int(session.scalar(text(WORKER), {"s": silent_s}) or 0)


def job(session: Session, worker_id: int | None, *, attempts: int = 0, **more: str | None) -> int:
    chosen = {"task": "match", "status": "doing", "lock": None, "twin": None} | more
    return int(session.scalar(JOB, {**chosen, "attempts": attempts, "worker": worker_id}) or 0)


def look(session: Session) -> dict[int, str]:
    return {each.job_id: each.fate for each in stalled.take_over(session, now=NOW)}


def seen(session: Session, job_id: int) -> tuple[object, ...]:
    return tuple(session.execute(text(SEEN), {"id": job_id}).one())


def test_the_job_of_a_dead_worker_waits_again_and_its_row_goes(session: Session) -> None:
    dead, alive = worker(session, silent_s=stalled.SILENT_S + 1), worker(session, silent_s=stalled.SILENT_S - 5)
    left, running = job(session, dead), job(session, alive)
    assert look(session) == {left: "again"}
    assert seen(session, left) == ("todo", 1, None, True)
    assert seen(session, running)[0] == "doing"
    assert session.scalars(text("SELECT id FROM procrastinate_workers")).all() == [alive]
    assert look(session) == {}


def test_a_job_whose_worker_was_forgotten_already_is_taken_over_too(session: Session) -> None:
    left = job(session, None)
    assert look(session) == {left: "again"}


def test_a_job_that_ends_its_worker_again_and_again_is_set_aside_and_shown(session: Session) -> None:
    dead = worker(session, silent_s=60)
    poison = job(session, dead, attempts=stalled.MAX_TRIES - 1)
    assert look(session) == {poison: "aside"}
    (shown,) = watching.failed_jobs(session)
    assert (shown.job_id, shown.task, shown.n_tries, shown.request) == (poison, "match", 4, "5f0cafe0c0de")
    assert shown.error == "Its worker ended in the middle of it, 4 times."
    assert session.query(JobFault).count() == 1


def test_jobs_that_stalled_twice_run_one_at_a_time_so_that_the_innocent_is_not_set_aside(session: Session) -> None:
    dead = worker(session, silent_s=60)
    poison, innocent = job(session, dead, attempts=1), job(session, dead, attempts=1)
    first_time, polled = job(session, dead), job(session, dead, attempts=1, lock="imap")
    assert set(look(session).values()) == {"again"}
    locks = [seen(session, each)[2] for each in (poison, innocent, first_time, polled)]
    assert locks == [stalled.SUSPECT, stalled.SUSPECT, None, "imap"]
    alive = worker(session, silent_s=0)
    fetch = text("SELECT id FROM procrastinate_fetch_job_v2(NULL, :worker)")
    assert [session.scalar(fetch, {"worker": alive}) for _ in range(4)] == [poison, first_time, polled, None]


def test_what_repeats_is_given_up_when_its_next_round_waits_already(session: Session) -> None:
    dead = worker(session, silent_s=60)
    left = job(session, dead, task="sweep", twin="sweep")
    waiting = job(session, None, task="sweep", twin="sweep", status="todo")
    assert look(session) == {left: "waits already"}
    assert session.scalars(text("SELECT id FROM procrastinate_jobs")).all() == [waiting]


def test_of_two_rounds_of_what_repeats_one_is_done(session: Session) -> None:
    dead = worker(session, silent_s=60)
    rounds = [job(session, dead, task="sweep", twin="sweep") for _ in range(2)]
    assert list(look(session).items()) == [(rounds[0], "again"), (rounds[1], "waits already")]


@pytest.mark.parametrize("status", ["todo", "failed", "cancelled"])
def test_a_job_that_nobody_does_is_left_alone(session: Session, status: str) -> None:
    waiting = job(session, None, status=status)
    assert look(session) == {}
    assert seen(session, waiting)[0] == status
