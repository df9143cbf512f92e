"""What a night did → how fast the bare machine does the same: the product, the rows, the bytes."""

import io
import smtplib
from collections.abc import Sequence
from contextlib import closing
from time import perf_counter

import numpy as np
import psycopg
from psycopg import sql
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from jobs.ground import ground_on
from jobs.sending import parcel_of
from matcher.models import Letter
from tests.benchmarks.mail_sinks import SPAWN
from web import create_app
from web.db import transaction
from web.dkim import signer_of
from web.settings import Settings

NEEDS_AT_ONCE = 256
WRITTEN = ("letter", "introduction", "digest", "exposure")
SAMPLE = 10_000  # letters whose bytes are kept ready for the bare loop; 2,000 took two seconds, give or take a fifth


def product_s(n_needs: int, n_texts: int, n_dimensions: int) -> float:
    """Return the seconds that BLAS takes for all cosines of needs and texts, in float32."""
    random = np.random.default_rng(0)
    needs = random.standard_normal((NEEDS_AT_ONCE, n_dimensions), dtype=np.float32)
    texts = random.standard_normal((n_texts, n_dimensions), dtype=np.float32)
    out = np.empty((NEEDS_AT_ONCE, n_texts), np.float32)
    np.matmul(needs, texts.T, out=out)
    began = perf_counter()
    for begin in range(0, n_needs, NEEDS_AT_ONCE):
        n = min(NEEDS_AT_ONCE, n_needs - begin)
        np.matmul(needs[:n], texts.T, out=out[:n])
    return perf_counter() - began


def counted(url: str, tables: Sequence[str]) -> dict[str, int]:
    """Count the rows of some tables."""
    with psycopg.connect(url) as connection:
        chosen = {each: sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(each)) for each in tables}
        return {each: (connection.execute(count).fetchone() or (0,))[0] for each, count in chosen.items()}


def told(url: str) -> dict[int, list[int]]:
    """List what each contact was told, place by place."""
    chosen = (
        "SELECT contact_id, array_agg(opportunity_id ORDER BY place, id) FROM exposure GROUP BY letter_id, contact_id"
    )
    with psycopg.connect(url) as connection:
        rows = connection.execute(chosen).fetchall()
    if len(rows) != len(dict(rows)):
        raise SystemExit("Somebody was written to twice.")
    return dict(rows)


def workers(url: str) -> list[int]:
    """Count the shards that each worker did."""
    with psycopg.connect(url) as connection:
        chosen = "SELECT count(*) FROM night_shard GROUP BY claimed_by ORDER BY claimed_by"
        return [row[0] for row in connection.execute(chosen)]


def copied_s(url: str, tables: Sequence[str]) -> float:
    """Return the seconds that COPY takes for the rows of some tables, into empty ones with the same indexes."""
    return sum(_copied_s(url, table) for table in tables)


def _copied_s(url: str, table: str) -> float:
    named, copied = sql.Identifier(table), sql.Identifier(f"limit_{table}")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(copied, named))
        try:
            with closing(io.BytesIO()) as kept:
                with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(named)) as rows:
                    for part in rows:
                        kept.write(part)
                view = kept.getbuffer()
                began = perf_counter()
                into = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(copied)
                with connection.cursor().copy(into) as copy:
                    for begin in range(0, len(view), 1 << 20):
                        copy.write(view[begin : begin + (1 << 20)])
                took = perf_counter() - began
                view.release()
                return took
        finally:
            connection.execute(sql.SQL("DROP TABLE {}").format(copied))


def read_s(url: str, model: str) -> float:
    """Return the seconds that COPY takes to read all vectors of a model."""
    with psycopg.connect(url) as connection:
        began = perf_counter()
        chosen = sql.SQL("COPY (SELECT text_hash, vector FROM embedding WHERE model = {}) TO STDOUT (FORMAT binary)")
        with connection.cursor().copy(chosen.format(sql.Literal(model))) as rows:
            for _ in rows:
                pass
        return perf_counter() - began


def bare_rate(settings: Settings, *, n_lines: int, n_letters: int) -> float:
    """Return how many letters a second bare smtplib loops send, with their bytes ready, over so many connections."""
    start, ends = SPAWN.Barrier(n_lines + 1), SPAWN.Queue()
    each = min(SAMPLE, n_letters) // n_lines
    senders = [SPAWN.Process(target=_send, args=(settings, each, share, start, ends)) for share in range(n_lines)]
    for one in senders:
        one.start()
    start.wait()
    began = perf_counter()
    done = [ends.get() for _ in senders]
    for one in senders:
        one.join()
    return sum(n for n, _ in done) / (max(end for _, end in done) - began)


def _send(settings: Settings, n_letters: int, share: int, start, ends) -> None:  # type: ignore[no-untyped-def]
    g = ground_on(create_app(settings))
    with transaction(g.engine) as session:
        chosen = select(Letter).order_by(Letter.id).offset(share * n_letters).limit(n_letters)
        rows = list(session.scalars(chosen.options(selectinload(Letter.contact))))
        session.expunge_all()
    signer = signer_of(settings)
    parcels = [parcel_of(each, settings, signer) for each in rows]
    with smtplib.SMTP(settings.mail_server, settings.mail_port) as host:
        start.wait()
        for each in parcels:
            host.sendmail(each.sender, [each.to], each.message)
        ends.put((len(parcels), perf_counter()))
