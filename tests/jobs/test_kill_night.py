"""A night killed in the middle of each of its stages, and gone on with each time: the letters of one nobody touched."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import psycopg
import pytest
from sqlalchemy import select, text

from jobs.ground import Ground, ground_on, now
from matcher import matching
from matcher.models import Allotment, Digest, Letter, NightShard
from matcher.ranking.embed import SentenceEmbedder
from matcher.store import nights
from tests import factories as make
from tests.benchmarks.night_limits import told
from tests.chaos import market
from tests.chaos.nights import working_days
from tests.conftest import fresh_database, settings_at
from tests.fakes import HashEmbedder
from tests.jobs.test_kill import finish, in_the_way, is_waiting, kill, nobody_works, start, wait_until
from web import create_app
from web.db import engine_of, transaction

N_FIRMS, N_OPEN = 60, 120  # two shards to rank
DAY = next(working_days(now().date()))
NIGHT = ("jobs.night", "--day", str(DAY), "--ahead")


@pytest.fixture(scope="module")
def filled(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make a network that was read, whose opportunities a night has to rank; no process needs the model."""
    name = f"{template}_killed"
    with fresh_database(server, name, template=template) as url:
        g = ground_on(create_app(settings_at(url, tmp_path_factory.mktemp("filled"))))
        chance, embedder = Random(1), HashEmbedder(384, model=SentenceEmbedder().model)
        with transaction(g.engine) as session:
            contacts = market.join(session, N_FIRMS, chance, now(), read_at=None)
            market.post(session, contacts, N_OPEN, chance, now())
        with transaction(g.engine) as session:
            matching.read_partners(session, now=now())
            while make.embed(session, embedder):
                pass
        engine_of(url).dispose()
        yield name


@contextmanager
def copied(server: str, filled: str, folder: Path) -> Iterator[Ground]:
    with fresh_database(server, f"{filled}_copy", template=filled) as url:
        g = ground_on(create_app(settings_at(url, folder)))
        try:
            yield g
        finally:
            g.engine.dispose()


@contextmanager
def held(g: Ground, statement: str, *values: object) -> Iterator[None]:
    """Keep what a statement locks for the length of a block."""
    with psycopg.connect(g.settings.database_url) as connection:
        connection.execute(statement, values)  # type: ignore[arg-type]
        yield
        connection.rollback()


def killed_where_it_waits(g: Ground, job: "subprocess.Popen[str]") -> tuple[str, int, int]:
    """Kill a night that waits for a lock; return its stage then, the shards of that stage, and how many were done."""
    wait_until(lambda: is_waiting(g) or job.poll() is not None)
    kill(job)
    with transaction(g.engine) as session:
        (row,) = nights.still_open(session)
        shards = session.execute(
            select(NightShard.id, NightShard.state).where(NightShard.night_id == row.id, NightShard.stage == row.stage)
        ).all()
        return row.stage, len(shards), sum(each.state == "done" for each in shards)


def let_go_of_shards(g: Ground) -> None:
    """Let the time pass after which the claim of a dead worker comes back."""
    wait_until(lambda: nobody_works(g))
    with transaction(g.engine) as session:
        session.execute(text("UPDATE night_shard SET claimed_at = claimed_at - interval '1 minute'"))


def last_opportunity(g: Ground) -> int:
    with transaction(g.engine) as session:
        return session.scalar(text("SELECT max(id) FROM opportunity")) or 0


def last_told(g: Ground) -> int:
    with transaction(g.engine) as session:
        return session.scalar(select(Allotment.contact_id).order_by(Allotment.contact_id.desc()).limit(1)) or 0


@pytest.mark.slow
def test_a_night_killed_in_each_stage_tells_what_an_untouched_one_tells(
    server: str, filled: str, tmp_path: Path
) -> None:
    with copied(server, filled, tmp_path) as g:
        finish(start(g, *NIGHT))
        untouched = told(g.settings.database_url)
    assert len(untouched) == N_FIRMS
    with copied(server, filled, tmp_path) as g:
        with held(g, "SELECT FROM opportunity WHERE id = %s FOR UPDATE", last_opportunity(g)):
            assert killed_where_it_waits(g, start(g, *NIGHT)) == ("match", 2, 1)
        let_go_of_shards(g)
        with held(g, "LOCK TABLE allotment IN SHARE MODE"):
            assert killed_where_it_waits(g, start(g, *NIGHT)) == ("match", 2, 2)
        let_go_of_shards(g)
        with held(g, "LOCK TABLE match IN SHARE MODE"):
            assert killed_where_it_waits(g, start(g, *NIGHT)) == ("explain", 1, 0)
        let_go_of_shards(g)
        with in_the_way(g, last_told(g), DAY) as holder:
            assert killed_where_it_waits(g, start(g, *NIGHT)) == ("write", 1, 0)
            holder.rollback()
        let_go_of_shards(g)
        with transaction(g.engine) as session:
            assert not session.scalars(select(Digest.id)).all()
        assert finish(start(g, *NIGHT)).splitlines()[0] == "Nights begun: 0"
        assert told(g.settings.database_url) == untouched
        with transaction(g.engine) as session:
            assert len(session.scalars(select(Letter.id)).all()) == N_FIRMS
            assert {row.n_tries for row in session.scalars(select(NightShard))} == {1, 2}
