"""Letters per second out of the database to a mail server, beside a bare smtplib loop that has the same bytes ready."""

import csv
import smtplib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from time import perf_counter
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import selectinload

from jobs.deliver import deliver_all
from jobs.ground import Ground, ground_on
from jobs.seed import SEEDS
from jobs.sending import parcel_of
from matcher.models import Contact, Letter, Partner
from tests.benchmarks.mail_sinks import SPAWN
from web import create_app
from web.db import transaction
from web.dkim import signer_of
from web.settings import Settings
from web.smtp import Parcel

N_OFFERS, N_DOMAINS = 3, 997
OFFER = {
    "why": "You moved 410 mailboxes for a tugboat company in 2025.", "place": "Leeds", "due": "31 January 2027",
    "pays": "The customer pays us, we pay you", "value": "about €9,000", "languages": "English",
    "poster": "A firm of about 30 people in the UK", "closes": "6 January 2027",
}  # fmt: skip
WARM = 50  # letters before the clock starts: templates are compiled and statements prepared once per process
Work = Callable[[Settings, int, int], Callable[[], int]]


def write_letters(g: Ground, n_letters: int) -> None:
    """Write a digest of three offers for each of so many contacts."""
    with (SEEDS / "postings.csv").open(encoding="utf-8", newline="") as file:
        texts = [" ".join(row["text"].split())[:400] for row in csv.DictReader(file)]
    at = datetime.now(UTC)
    with transaction(g.engine) as session:
        partner = Partner(key="bench", name="Bench Systems", created_at=at, changed_at=at)
        session.add(partner)
        session.flush()
        people = [
            {"partner_id": partner.id, "email": f"p{n}@firm{n % N_DOMAINS}.example", "name": f"Pat {n}"}
            for n in range(n_letters)
        ]
        ids = session.scalars(insert(Contact).returning(Contact.id, sort_by_parameter_order=True), people).all()
        rows = [
            {
                "key": f"bench:{n}", "kind": "digest", "contact_id": contact_id, "to_address": people[n]["email"],
                "values": {"day": "2026-11-23", "offers": _offers(texts, n)}, "next_try_at": at,
            }
            for n, contact_id in enumerate(ids)
        ]  # fmt: skip
        session.execute(insert(Letter), rows)


def _offers(texts: Sequence[str], n: int) -> list[dict[str, object]]:
    chosen = [texts[(n + each) % len(texts)] for each in range(N_OFFERS)]
    return [
        {**OFFER, "number": number, "title": text[:40], "text": text} for number, text in enumerate(chosen, start=1)
    ]


def make_due_again(g: Ground) -> None:
    """Let every letter wait as on the first day."""
    with transaction(g.engine) as session:
        session.execute(update(Letter).values(state="waiting", sent_at=None, claimed_at=None, n_tries=0))
    with g.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE letter")


def check(g: Ground) -> None:
    """Stop when a letter was left behind."""
    with transaction(g.engine) as session:
        n_left = session.scalar(select(func.count()).select_from(Letter).where(Letter.state != "sent"))
    if n_left:
        raise SystemExit(f"{n_left} letters were not sent; the rates would be of something else")


def ours(settings: Settings, _share: int, _n_shares: int) -> Callable[[], int]:
    """Prepare to deliver as the worker does: claim, write, sign where a key is set, send, mark."""
    g = ground_on(create_app(settings))
    _parcels(g, 0, 1, limit=WARM)
    return lambda: deliver_all(g)


def bare(settings: Settings, share: int, n_shares: int) -> Callable[[], int]:
    """Prepare to send the same bytes with smtplib, which waits for each step."""
    g = ground_on(create_app(settings))
    parcels = _parcels(g, share, n_shares)
    host = smtplib.SMTP(settings.mail_server, settings.mail_port)

    def send() -> int:
        for each in parcels:
            host.sendmail(each.sender, [each.to], each.message)
        host.quit()
        return len(parcels)

    return send


def _parcels(g: Ground, share: int, n_shares: int, *, limit: int | None = None) -> list[Parcel]:
    with transaction(g.engine) as session:
        chosen = select(Letter).where(Letter.id % n_shares == share).order_by(Letter.id).limit(limit)
        rows = list(session.scalars(chosen.options(selectinload(Letter.contact))))
        session.expunge_all()
    signer = signer_of(g.settings)
    return [parcel_of(each, g.settings, signer) for each in rows]


def rate(work: Work, settings: Settings, *, n_lines: int, port: int) -> float:
    """Run a way of sending on so many connections, a process each, and return letters per second."""
    chosen = replace(settings, mail_port=port)
    start, ends = SPAWN.Barrier(n_lines + 1), SPAWN.Queue()
    processes = [
        SPAWN.Process(target=_run, args=(work, chosen, share, n_lines, start, ends)) for share in range(n_lines)
    ]
    for each in processes:
        each.start()
    start.wait()
    began = perf_counter()
    done = [ends.get() for _ in processes]
    for each in processes:
        each.join()
    return sum(n for n, _ in done) / (max(end for _, end in done) - began)


def _run(work: Work, settings: Settings, share: int, n_shares: int, start: Barrier, ends: Any) -> None:
    send = work(settings, share, n_shares)
    start.wait()
    n = send()
    ends.put((n, perf_counter()))
