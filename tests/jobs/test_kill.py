"""A worker killed in the middle of its run and started again: every digest arrives, and none arrives twice."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import psycopg
import pytest
from sqlalchemy import func, select, text, update

from jobs.digest import READERS_AT_ONCE
from jobs.ground import Ground, ground_on, now
from jobs.marking import MOST_UNMARKED
from matcher.models import Contact, Digest, Introduction, Letter, Opportunity
from matcher.night import allotting
from matcher.store import letters
from matcher.store.habits import next_working_day
from matcher.store.letters import Draft
from tests import factories as make
from tests.jobs.environment import environment_of
from tests.jobs.postoffice import PostOffice, open_post_office
from web import create_app
from web.db import transaction
from web.mail import message_id
from web.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
DAY = next_working_day(now().date())
PATIENCE_S = 180  # on a machine that is busy with other tests; none of this takes so long on an idle one


class Stop:
    """Makes a mail server wait at one letter until the test lets it go on."""

    def __init__(self, n_before: int):
        self.left, self.reached, self.go = n_before, Event(), Event()

    def __call__(self, _address: str) -> str:
        self.left -= 1
        if self.left < 0 and not self.go.is_set():
            self.reached.set()
            self.go.wait(PATIENCE_S)
        return "250 2.0.0 taken"


def start(g: Ground, *command: str) -> subprocess.Popen[str]:
    """Run a job in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, env=environment_of(g.settings), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def finish(job: subprocess.Popen[str]) -> str:
    out, errors = job.communicate(timeout=PATIENCE_S)
    assert job.returncode == 0, errors
    return out


def kill(job: subprocess.Popen[str]) -> None:
    """Kill a running job as a power cut would."""
    assert job.poll() is None, job.communicate()
    os.kill(job.pid, signal.SIGKILL)
    job.communicate(timeout=PATIENCE_S)
    assert job.returncode == -signal.SIGKILL


def wait_until(reached: Callable[[], object]) -> None:
    until = monotonic() + PATIENCE_S
    while not reached():
        assert monotonic() < until, "it never came to that point"
        sleep(0.02)


def count(g: Ground, table: type) -> int:
    with transaction(g.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def states(g: Ground) -> Counter[str]:
    with transaction(g.engine) as session:
        return Counter(session.scalars(select(Letter.state)))


def in_the_way(g: Ground, contact_id: int, day: date = DAY) -> AbstractContextManager[psycopg.Connection]:
    """Hold the place of one digest's letter in a transaction that never commits: who writes it waits here."""
    connection = psycopg.connect(g.settings.database_url)
    connection.execute(
        "INSERT INTO letter (key, kind, to_address) VALUES (%s, 'digest', '')", [f"digest:{day}:{contact_id}"]
    )
    return connection


def is_waiting(g: Ground) -> bool:
    """Tell whether somebody waits for a lock in this database."""
    found = text("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    with g.engine.connect() as connection:
        return connection.scalar(found) is not None


def nobody_works(g: Ground) -> bool:
    """Tell whether the database has noticed that a killed job is gone."""
    found = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND state <> 'idle'"
    )
    with g.engine.connect() as connection:
        return connection.scalar(found) == 0


def forget_claims(g: Ground) -> None:
    """Let the time pass after which the claim of a dead sender comes back."""
    with transaction(g.engine) as session:
        for each in session.scalars(select(Letter).where(Letter.state == "claimed")):
            each.claimed_at = now() - letters.STALE_CLAIM * 1.1


def write_digests_with_a_kill(g: Ground) -> tuple[int, int]:
    """Kill the digest run in its second batch, check that no half batch stands, run it again; return both counts."""
    with transaction(g.engine) as session:  # the seeds were posted on a fixed day, and this one moves on
        session.execute(update(Opportunity).values(closes_on=DAY + timedelta(days=30)))
    with transaction(g.engine) as session:
        told = allotting.allot(session, allotting.readers_of(session, DAY), day=DAY)
    assert len(told) > READERS_AT_ONCE + 2, "the seed network has too few readers for a second batch"
    with in_the_way(g, told[READERS_AT_ONCE + 1].contact_id) as holder:
        job = start(g, "jobs.digest", "--day", str(DAY), "--ahead")
        wait_until(lambda: is_waiting(g) or job.poll() is not None)
        kill(job)
        holder.rollback()
    wait_until(lambda: nobody_works(g))
    n_first = count(g, Digest)
    assert n_first == count(g, Letter) == READERS_AT_ONCE
    said = finish(start(g, "jobs.digest", "--day", str(DAY), "--ahead"))
    n_all = count(g, Digest)
    assert said == f"Digests written for {DAY}: {n_all - n_first}\n"
    return n_first, n_all


def deliver_with_a_kill(g: Ground, office: PostOffice, n_before: int) -> None:
    """Kill the delivery when the server has taken some letters and is about to take another; run it again."""
    office.at_recipient = stop = Stop(n_before)
    job = start(g, "jobs.deliver")
    assert stop.reached.wait(PATIENCE_S)
    wait_until(lambda: states(g)["sent"] == n_before)  # a server that is silent for a moment finds all marked
    kill(job)
    stop.go.set()
    assert len(office.taken) == n_before
    assert states(g)["claimed"] > 0
    assert "Letters sent: " in finish(start(g, "jobs.deliver"))  # what nobody had claimed goes out at once
    assert len(office.taken) == states(g)["sent"] == sum(states(g).values()) - states(g)["claimed"]
    forget_claims(g)
    finish(start(g, "jobs.deliver"))


@pytest.mark.model
@pytest.mark.slow
def test_a_night_killed_twice_sends_every_digest_once(seeded_settings: Settings) -> None:
    g = ground_on(create_app(seeded_settings))
    with open_post_office(g.settings.mail_port) as office:
        n_first, n_all = write_digests_with_a_kill(g)
        assert 0 < n_first < n_all
        deliver_with_a_kill(g, office, n_before=30)
        assert states(g) == {"sent": n_all}
        assert len(office.message_ids) == len(set(office.message_ids)) == n_all
        assert len(set(office.recipients)) == n_all

        assert finish(start(g, "jobs.digest", "--day", str(DAY), "--ahead")) == f"Digests written for {DAY}: 0\n"
        assert finish(start(g, "jobs.deliver")) == "Letters sent: 0\nLetters waiting: 0\n"
        assert len(office.taken) == n_all
    whole(g)


def whole(g: Ground) -> None:
    """Check that everybody who was asked was asked by a letter, and that nobody with an offer was forgotten."""
    with transaction(g.engine) as session:
        told = [ref[1] for refs in session.scalars(select(Letter.refs)) for ref in refs]
        assert sorted(told) == sorted(session.scalars(select(Introduction.id)))
        assert allotting.allot(session, allotting.readers_of(session, DAY), day=DAY) == ()


def write_letters(g: Ground, n: int) -> list[str]:
    keys = [f"sign-in:{each}" for each in range(n)]
    with transaction(g.engine) as session:
        to = make.firm(session, "quay")
        for key in keys:
            letters.write(session, Draft(key, "sign-in", to, {}, [(1, to.id)]), at=now())
    return keys


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)])
def test_a_sender_killed_at_full_speed_loses_nothing_and_repeats_only_what_it_had_not_marked(
    settings: Settings, extensions: tuple[str, ...]
) -> None:
    g = ground_on(create_app(settings))
    n = 3 * MOST_UNMARKED
    keys = write_letters(g, n)
    with open_post_office(g.settings.mail_port, PostOffice(extensions=extensions)) as office:
        job = start(g, "jobs.deliver")
        wait_until(lambda: len(office.taken) >= n / 2)
        os.kill(job.pid, signal.SIGKILL)
        job.communicate(timeout=PATIENCE_S)
        wait_until(lambda: nobody_works(g))
        forget_claims(g)
        finish(start(g, "jobs.deliver"))
        assert states(g) == {"sent": n}
        counted = Counter(office.message_ids)
        assert set(counted) == {message_id(key, g.settings.inbound_domain) for key in keys}
        assert sum(counted.values()) - n <= MOST_UNMARKED + 1  # and the one whose 250 was on its way


def test_a_letter_whose_sender_died_after_the_250_comes_again_under_the_same_id(settings: Settings) -> None:
    g = ground_on(create_app(settings))
    keys = write_letters(g, 3)
    with open_post_office(g.settings.mail_port) as office:
        office.at_letter = stop = Stop(1)  # the second letter is taken, but its sender never hears so
        job = start(g, "jobs.deliver")
        assert stop.reached.wait(PATIENCE_S)
        wait_until(lambda: states(g)["sent"] == 1)
        kill(job)
        stop.go.set()
        wait_until(lambda: len(office.taken) == 2)
        forget_claims(g)
        finish(start(g, "jobs.deliver"))
        domain = g.settings.inbound_domain
        assert Counter(office.message_ids) == {
            message_id(keys[0], domain): 1, message_id(keys[1], domain): 2, message_id(keys[2], domain): 1,
        }  # fmt: skip
    assert states(g) == {"sent": 3}
    assert count(g, Contact) == 1


@pytest.mark.parametrize("asked_by", [signal.SIGINT, signal.SIGTERM])
def test_a_sender_by_hand_that_is_asked_to_end_ends_its_letter_and_holds_on_to_none(
    settings: Settings, asked_by: signal.Signals
) -> None:
    g = ground_on(create_app(settings))
    write_letters(g, 12)
    with open_post_office(g.settings.mail_port) as office:
        office.at_letter = stop = Stop(2)
        job = start(g, "jobs.deliver")
        assert stop.reached.wait(PATIENCE_S)
        job.send_signal(asked_by)
        sleep(0.5)  # until it has heard it; the server is silent all the while
        stop.go.set()
        said, errors = job.communicate(timeout=PATIENCE_S)
        n = len(office.taken)
        assert (job.returncode, said) == (1, f"Letters sent: {n}\nLetters waiting: {12 - n}\n"), errors
        assert states(g) == {"sent": n, "waiting": 12 - n}
        finish(start(g, "jobs.deliver"))
        assert len(set(office.message_ids)) == len(office.message_ids) == 12
