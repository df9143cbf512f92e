"""A database with a time zone and a way of writing days of its own gives the same times and days as any other."""

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from procrastinate import App
from procrastinate.jobs import Job
from sqlalchemy import NullPool, text
from sqlalchemy.orm import Session

from jobs.connections import connector_of
from jobs.tasks import machine
from matcher.models import Contact
from matcher.store.opening import open_engine
from tests import factories as make
from tests.conftest import fresh_database
from web.db import engine_of, transaction
from web.settings import Settings

EVENING = datetime(2026, 12, 3, 22, 30, tzinfo=UTC)  # the fourth in India
ITS_OWN = ("timezone TO 'Asia/Kolkata'", "datestyle TO 'SQL, DMY'")


@pytest.fixture
def url(server: str, template: str) -> Iterator[str]:
    name = f"own_zone_{os.getpid()}"
    with fresh_database(server, name, template=template) as made:
        with psycopg.connect(server, autocommit=True) as connection:
            for each in ITS_OWN:
                connection.execute(f'ALTER DATABASE "{name}" SET {each}')
        yield made
        engine_of(made).dispose()


def test_the_database_of_this_test_has_a_zone_of_its_own(url: str) -> None:
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW timezone").fetchone() == ("Asia/Kolkata",)
        assert connection.execute("SHOW datestyle").fetchone() == ("SQL, DMY",)


def test_a_stored_moment_is_read_back_in_utc_and_on_its_day(url: str) -> None:
    with transaction(engine_of(url)) as session:
        make.firm(session, "alder", verified_at=EVENING)
    with Session(engine_of(url)) as session:
        read = session.query(Contact).one().verified_at
        assert read
        assert (read.utcoffset(), read.date()) == (timedelta(0), EVENING.date())
        assert session.scalar(text("SELECT verified_at::date FROM contact")) == EVENING.date()


@pytest.mark.parametrize("isolation", [None, "AUTOCOMMIT"])
def test_a_connection_begins_outside_of_any_transaction_and_keeps_utc_after_one_that_was_undone(
    url: str, isolation: str | None
) -> None:
    engine = open_engine(url, poolclass=NullPool, **({"isolation_level": isolation} if isolation else {}))
    with engine.connect() as connection:
        theirs = connection.connection.driver_connection
        assert isinstance(theirs, psycopg.Connection)
        assert theirs.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        assert theirs.autocommit is (isolation == "AUTOCOMMIT")
        connection.execute(text("SELECT 1"))
        connection.rollback()
        assert connection.scalar(text("SHOW timezone")) == "UTC"
        assert str(connection.scalar(text("SHOW datestyle"))).startswith("ISO")


def test_the_worker_reads_the_times_of_its_jobs(url: str) -> None:
    with machine.replace_connector(connector_of(Settings(database_url=url), wait_s=10)) as app:
        job = asyncio.run(_defer_and_find(app))
    assert job.scheduled_at
    assert (job.scheduled_at, job.scheduled_at.utcoffset()) == (EVENING, timedelta(0))


async def _defer_and_find(app: App) -> Job:
    async with app.open_async():
        await app.configure_task("match", schedule_at=EVENING).defer_async(opportunity_id=1)
        (job,) = await app.job_manager.list_jobs_async()
        return job
