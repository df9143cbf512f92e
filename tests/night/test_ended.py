"""A row that ends every worker that comes to it is lost alone, after five of them; the others are served that night."""

import signal
import subprocess
import sys
from time import sleep, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from jobs import night as job
from jobs.ground import Ground
from matcher import night
from matcher.models import Allotment, Letter, Night, NightShard, Opportunity
from matcher.night import ended
from matcher.store import ended as marks
from matcher.store import nights
from tests import factories as make
from tests.factories import NOW
from tests.jobs.environment import environment_of
from tests.jobs.test_kill import PATIENCE_S, ROOT
from tests.night.dying import STALE_S
from tests.night.filled import allotted, begin, count, fill
from tests.night.test_lone import nights_after
from tests.night.test_shards import aside
from tests.night.test_sparing import contact_of, failed
from web import steward_page
from web.db import transaction

LOST = "it was tried 3 times, and at the last its worker ended in the middle of it."


def n_dead(g: Ground, stage: str, id_: int) -> int:
    """Start a worker as often as one dies; return how many did."""
    since = time()
    for n in range(20):
        command = [sys.executable, "-m", "tests.night.dying", stage, str(id_), str(since)]
        ran = subprocess.run(command, cwd=ROOT, env=environment_of(g.settings), timeout=PATIENCE_S, check=False)
        if ran.returncode != -signal.SIGKILL:
            assert ran.returncode == 0
            return n
        sleep(STALE_S)
    raise AssertionError("they die without end")


@pytest.mark.slow
def test_a_reader_whose_letter_kills_every_worker_costs_nobody_else_a_letter(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(night, "CONTACTS_AT_ONCE", 8)
    fill(g, 16, n_open=2)
    bad = contact_of(g, 3)
    night_id = allotted(g)
    assert n_dead(g, "write", bad) == 5
    assert (count(g, Letter), count(g, Allotment)) == (15, 0)
    assert failed(g) == [("write", bad, 1, f"contact {bad}: {LOST}")]
    with Session(g.engine) as session:
        assert session.get_one(Night, night_id).stage == "done"
        (shown,) = steward_page.steward_page(session, address="", now=NOW).nights
    assert shown.set_aside == (f"1 reader got no digest: contact {bad}: {LOST}",)
    assert nights_after(g, monkeypatch, hours=1) == 0


@pytest.mark.slow
def test_an_opportunity_whose_ranking_kills_every_worker_costs_no_other_its_ranking(g: Ground) -> None:
    with transaction(g.engine) as session:
        make.competencies(session)
        make.firm(session, "reader00")
        ids = [make.opportunity(session, make.firm(session, f"poster{n}", digest="paused")).id for n in range(6)]
    begin(g)
    assert n_dead(g, "match", ids[2]) == 5
    assert failed(g) == [("match", ids[2], 1, f"opportunity {ids[2]}: {LOST}")]
    with Session(g.engine) as session:
        ranked = select(Opportunity.id).where(Opportunity.matched_at.is_not(None)).order_by(Opportunity.id)
        assert session.scalars(ranked).all() == [each for each in ids if each != ids[2]]


class Dying:
    """Workers that claim a part and never come back, by a clock that goes on meanwhile."""

    def __init__(self, g: Ground, monkeypatch: pytest.MonkeyPatch):
        self.g, self.at, self.n_dead = g, NOW, 0
        monkeypatch.setattr(job, "now", lambda: self.at)

    def die(self) -> nights.Shard | None:
        """Claim the next part as a worker does; return it, None where there is none."""
        self.at += 2 * nights.STALE_CLAIM
        with transaction(self.g.engine) as session:
            (row,) = nights.still_open(session)
            ended.settle(session, row.id, row.stage, now=self.at)
            shard = nights.claim(session, row.id, row.stage, worker="dying", now=self.at)
        self.n_dead += shard is not None
        return shard

    def work(self) -> int:
        """Let a worker that lives come by."""
        self.at += 2 * nights.STALE_CLAIM
        return job.work(self.g)


def test_the_part_of_two_dead_workers_is_taken_row_by_row(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(g, 6)
    allotted(g)
    workers = Dying(g, monkeypatch)
    first, again = workers.die(), workers.die()
    assert first
    assert again
    assert (first.id, again.n_tries) == (again.id, 2)
    assert workers.work() == 1 + 3
    assert (count(g, Letter), failed(g)) == (6, [])
    with transaction(g.engine) as session:
        assert not nights.hold(session, again)  # whoever was only thought dead writes nothing more
        numbers = session.scalars(select(NightShard.number).order_by(NightShard.id)).all()
    assert numbers == [1, 2, 3, 4, 5]
    assert "6 readers looked at, 6 letters written, 5 of 5 shards" in job.newest_line(g)


def test_a_part_of_one_row_that_ends_its_worker_each_time_is_set_aside_as_that_row(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(g, 1)
    night_id = allotted(g)
    workers = Dying(g, monkeypatch)
    assert [workers.die() is not None for _ in range(nights.MAX_TRIES)] == [True] * nights.MAX_TRIES
    with capture_logs() as said:
        assert workers.work() == 0
    bad = contact_of(g, 0)
    assert aside(said) == [(night_id, "write", 1, f"contact {bad}: {LOST}")]
    assert failed(g) == [("write", bad, 1, f"contact {bad}: {LOST}")]
    assert "1 set aside" in job.newest_line(g)


def test_the_last_try_of_a_worker_that_lives_and_is_slow_is_not_taken_for_a_death(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(g, 3)
    allotted(g)
    workers = Dying(g, monkeypatch)
    workers.die()
    shard = workers.die()
    assert shard
    with Session(g.engine) as slow:
        slow.scalar(select(NightShard).where(NightShard.id == shard.id).with_for_update())
        assert workers.work() == 0
        assert slow.scalar(select(NightShard.state)) == "claimed"


def test_where_everything_ends_its_worker_the_stage_ends_after_so_many_deaths(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ended, "MOST", 2)
    fill(g, 12)
    night_id = allotted(g)  # four parts of three
    workers = Dying(g, monkeypatch)
    while workers.die():
        pass
    assert workers.n_dead <= 2 * (ended.MOST + 1) + nights.MAX_TRIES * (ended.MOST + 1)
    assert workers.work() == 0
    with Session(g.engine) as session:
        assert session.get_one(Night, night_id).stage == "done"
        assert marks.STOPPED in set(session.scalars(select(NightShard.error)))
    assert count(g, Letter) == 0


def test_machines_that_die_for_reasons_of_their_own_cost_nobody_a_letter(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ended, "MOST", 2)
    fill(g, 24)
    night_id = allotted(g)  # eight parts of three
    workers = Dying(g, monkeypatch)
    assert job.step(g, night_id, "write", "lives") == "shard"
    for _ in range(2 * (ended.MOST + 1)):
        assert workers.die()
    assert workers.work() == 4 + 3 * (ended.MOST + 1)
    assert (count(g, Letter), failed(g)) == (24, [])


def test_a_part_that_is_cut_while_another_notes_a_row_gives_each_a_number_of_its_own(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(g, 6)
    allotted(g)
    workers = Dying(g, monkeypatch)
    shard = workers.die()
    assert shard
    with transaction(g.engine) as session:
        ids = [contact_of(g, n) for n in range(3)]
        real, said = session.scalar, []

        def stale_at_first(*given: object, **named: object) -> object:
            found = real(*given, **named)  # type: ignore[call-overload]
            said.append(found)
            return 1 if len(said) == 1 else found

        monkeypatch.setattr(session, "scalar", stale_at_first)
        marks.cut(session, shard, ids, at=NOW)
        monkeypatch.undo()
        found = session.execute(select(NightShard.number, NightShard.first_id).order_by(NightShard.number)).all()
    assert [row[0] for row in found] == [1, 2, 3, 4, 5]
    assert sorted(row[1] for row in found[2:]) == ids
