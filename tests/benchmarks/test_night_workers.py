"""A night by one worker, by two, by two on machines of their own: the same offers to the same people, nobody twice."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from jobs.ground import ground_on
from matcher import matching
from matcher.models import BenchPerson, Collaboration, Letter, Need, NightShard, Opportunity, Partner
from matcher.store import nights
from tests import factories as make
from tests.benchmarks import night as bench
from tests.benchmarks import night_limits as limits
from tests.benchmarks.night_machines import possible
from tests.benchmarks.night_network import MODEL
from tests.benchmarks.night_processes import Place, in_processes, on_machines
from tests.chaos import market
from tests.conftest import fresh_database, settings_at
from tests.factories import NOW
from tests.fakes import HashEmbedder
from web import create_app
from web.db import engine_of, transaction

N_FIRMS, N_OPEN = 120, 250  # three shards to rank
Told = tuple[dict[int, list[int]], set[str]]


@pytest.fixture(scope="module")
def filled(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make a network whose opportunities nobody has ranked yet."""
    name = f"{template}_workers"
    with fresh_database(server, name, template=template) as url:
        g = ground_on(create_app(settings_at(url, tmp_path_factory.mktemp("filled"))))
        embedder = HashEmbedder(bench.N_DIMENSIONS, model=MODEL)
        with transaction(g.engine) as session:
            market.fill(session, n_partners=N_FIRMS, n_opportunities=N_OPEN, seed=1)
            session.execute(update(Partner).values(read_at=None))
            session.execute(update(Opportunity).values(matched_at=None))
            session.execute(update(Need).values(text=market.TRADES[0][3]))
            session.add_all(_shown(session.scalars(select(Partner.id).order_by(Partner.id)).all()))
        with transaction(g.engine) as session:
            matching.read_partners(session, now=NOW)
        with transaction(g.engine) as session:
            while make.embed(session, embedder):
                pass
        engine_of(url).dispose()
        yield name


def _shown(partners: Sequence[int]) -> Iterator[BenchPerson | Collaboration]:
    """Give firms people and past work, the more the later they came."""
    for n, each in enumerate(partners):
        yield BenchPerson(partner_id=each, name=f"Kim {n}", competency_keys=["mail"], level="senior", languages=["en"],
                          free_from=NOW.date(), free_days=60, on_site=True)  # fmt: skip
        for m in range(n % 7):
            yield Collaboration(lead_id=partners[n - 1 - m], partner_id=each, competency_key="mail", outcome="won",
                                started_on=NOW.date() - timedelta(days=90 + m), ended_on=NOW.date(),
                                summary=f"Moved {n + m} mailboxes to Exchange Online")  # fmt: skip


def night_of(server: str, filled: str, folder: Path, *, n: int, apart: bool) -> Told:
    """Run the night on a copy; return what each contact was told, and which machines had a part in it."""
    with fresh_database(server, f"{filled}_copy", template=filled) as url:
        settings = settings_at(url, folder)
        bench.begin(engine_of(url))
        with on_machines(n, settings) if apart else nullcontext([Place(settings)] * n) as places:
            in_processes(bench.work, places, "ranked and written", lambda: "")
            names = {each.machine.name for each in places if each.machine}
        g = ground_on(create_app(settings))
        with transaction(g.engine) as session:
            row = nights.newest(session)
            assert row is not None
            assert row.stage == "done"
            by = {each.partition(":")[0] for each in session.scalars(select(NightShard.claimed_by))}
            n_letters = len(session.scalars(select(Letter.id)).all())
        told = limits.told(url)
        g.engine.dispose()
    assert len(told) == n_letters
    assert not apart or by <= names
    return told, by


def test_the_night_of_the_benchmark_can_be_had_on_any_day(engine: Engine) -> None:
    for days in range(8):  # from a Wednesday on
        bench.begin(engine, now=datetime(2027, 12, 29, 23, 59, tzinfo=UTC) + timedelta(days=days))
    with transaction(engine) as session:
        assert len(nights.still_open(session)) == 6  # weekends have none


@pytest.mark.slow
def test_two_workers_tell_what_one_tells(server: str, filled: str, tmp_path: Path) -> None:
    alone, _ = night_of(server, filled, tmp_path, n=1, apart=False)
    assert len(alone) > N_FIRMS / 6
    assert max(map(len, alone.values())) <= 5
    together, _ = night_of(server, filled, tmp_path, n=2, apart=False)
    assert together == alone


@pytest.mark.slow
@pytest.mark.skipif(not possible(), reason="this user may not make network namespaces here")
def test_two_machines_tell_what_one_tells(server: str, filled: str, tmp_path: Path) -> None:
    alone, _ = night_of(server, filled, tmp_path, n=1, apart=False)
    assert alone
    together, machines = night_of(server, filled, tmp_path, n=2, apart=True)
    assert together == alone
    assert machines
