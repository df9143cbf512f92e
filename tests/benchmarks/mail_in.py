"""Messages per second through the door into the database and acted on, beside a bare sink that takes the same."""

import os
import smtplib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from multiprocessing.synchronize import Barrier
from time import perf_counter, sleep
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from jobs.ground import Ground, ground, log_to
from matcher import wording
from matcher.models import InboundMessage, Letter
from matcher.store import letters
from matcher.store.letters import Draft
from tests import factories as make
from tests import places
from tests.benchmarks.mail_sinks import SPAWN, wait_for
from tests.jobs.environment import environment_of
from web.db import act_as, transaction
from web.links import Links
from web.mail import compose
from web.settings import Settings

FIRMS_PER_OPPORTUNITY = 5
PATIENCE_S = 300


@dataclass(frozen=True, slots=True)
class Written:
    """One reply as it comes over SMTP."""

    sender: str
    to: str
    message: bytes


def start_anew(g: Ground) -> None:
    """Take every row out of the database."""
    places.empty(g.settings.database_url)
    g.engine.dispose()


def write_replies(g: Ground, n_replies: int) -> list[Written]:
    """Ask so many firms by a digest each, and let each write "1 yes" above the whole letter."""
    at = datetime.now(UTC)
    with transaction(g.engine) as session:
        return [_reply(g, each, at) for each in _digests(session, n_replies, at)]


def _digests(session: Session, n: int, at: datetime) -> Iterator[Letter]:
    make.competencies(session)
    poster = make.firm(session, "poster")
    for k in range(n):
        if k % FIRMS_PER_OPPORTUNITY == 0:
            row = make.opportunity(session, poster, closes_on=at.date() + timedelta(days=30))
        firm = make.firm(session, f"firm{k}")
        make.match(session, row, firm.partner_id)
        asked = make.asked(session, row, firm)
        values = {"day": at.date().isoformat(), "offers": [wording.offer(asked, 1)]}
        written = letters.write(session, Draft(f"bench:in:{k}", "digest", firm, values, [(1, asked.id)]), at=at)
        letter = session.get_one(Letter, written)
        letter.state, letter.sent_at = "sent", at
        yield letter


def _reply(g: Ground, letter: Letter, at: datetime) -> Written:
    read = compose(letter, settings=g.settings, now=at)
    quoted = "\n".join(f"> {line}".rstrip() for line in read.body.splitlines())
    mail = EmailMessage()
    mail["From"], mail["To"] = letter.to_address, Links(g.settings, at.date()).reply_address(letter.id)
    mail["Subject"], mail["Message-ID"] = (
        f"Re: {read.subject}",
        f"<bench-{letter.id}@{letter.to_address.split('@')[1]}>",
    )
    mail["In-Reply-To"] = read.msgId
    lead = f"On {at:%a, %d %b %Y} at {at:%H:%M}, Counterpart <hello@counterpart.example> wrote:"
    mail.set_content(f"1 yes, we can start in January\n\n{lead}\n{quoted}\n")
    return Written(letter.to_address, str(mail["To"]), mail.as_bytes(policy=SMTP))


@dataclass(frozen=True, slots=True)
class Rates:
    """Messages per second: until the last 250, and until the last one was acted on."""

    taken: float
    acted_on: float


def through_the_door(g: Ground, replies: Sequence[Written], *, n_lines: int) -> Rates:
    """Run the door and a worker, each a process as in the Procfile, and send the replies to them."""
    with running(_door, g.settings), running(_worker, g.settings):
        wait_for(g.settings.inbound_port)
        began, ended = _send(replies, g.settings.inbound_port, n_lines)
        acted_at = _wait_until_acted_on(g.engine, len(replies))
    return Rates(len(replies) / (ended - began), len(replies) / (acted_at - began))


def into_a_sink(replies: Sequence[Written], *, port: int, n_lines: int) -> float:
    """Send the same to a server that keeps nothing; return messages per second."""
    began, ended = _send(replies, port, n_lines)
    return len(replies) / (ended - began)


def _send(replies: Sequence[Written], port: int, n_lines: int) -> tuple[float, float]:
    start, ends = SPAWN.Barrier(n_lines + 1), SPAWN.Queue()
    shares = [replies[n::n_lines] for n in range(n_lines)]
    processes = [SPAWN.Process(target=_send_share, args=(share, port, start, ends)) for share in shares]
    for each in processes:
        each.start()
    start.wait()
    began = perf_counter()
    ended = max(ends.get(timeout=PATIENCE_S) for _ in processes)
    for each in processes:
        each.join()
    return began, ended


def _send_share(share: Sequence[Written], port: int, start: Barrier, ends: Any) -> None:
    with smtplib.SMTP("127.0.0.1", port) as host:
        host.ehlo()
        start.wait()
        for each in share:
            host.sendmail(each.sender, [each.to], each.message)
        ends.put(perf_counter())


def _wait_until_acted_on(engine: Engine, n: int) -> float:
    until = perf_counter() + PATIENCE_S
    done = select(func.count()).select_from(InboundMessage).where(InboundMessage.state != "new")
    while perf_counter() < until:
        with Session(engine) as session:
            if session.scalar(done) == n:
                return perf_counter()
        sleep(0.02)
    raise SystemExit(f"not all of {n} messages were acted on within {PATIENCE_S} s")


@contextmanager
def running(work: Callable[[Settings, Any], None], settings: Settings) -> Iterator[None]:
    """Run a part of the service in a process of its own for the length of a block."""
    ready = SPAWN.Event()
    process = SPAWN.Process(target=work, args=(replace(settings), ready), daemon=True)
    process.start()
    ready.wait(PATIENCE_S)
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _door(settings: Settings, ready: Any) -> None:
    os.environ |= environment_of(settings)
    from jobs.door import open_door
    from jobs.inbound import wait_for_stop

    door = open_door(_ground("inbound"))
    ready.set()
    wait_for_stop()
    door.stop()


def _worker(settings: Settings, ready: Any) -> None:
    """Work on what people wait for, as the worker does; nothing here needs its model."""
    os.environ |= environment_of(settings)
    from procrastinate import PsycopgConnector

    from jobs.tasks import machine

    with machine.replace_connector(PsycopgConnector(conninfo=_ground("worker").settings.database_url)) as app:
        ready.set()
        app.run_worker(queues=["now"], concurrency=4, delete_jobs="successful")


def _ground(name: str) -> Ground:
    """Stand on the environment as every process does, and log to a file as a service's log goes to one."""
    act_as(name)
    g = ground()
    log_to((g.settings.folder / "log" / f"{name}.log").open("w"))
    return g
