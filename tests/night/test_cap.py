"""One opportunity, two days or two runs at once: no more partners are asked than may be."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from time import monotonic, sleep

import pytest
from sqlalchemy import select, text

from jobs import digest as by_hand
from jobs import night as job
from jobs.ground import Ground
from matcher import night
from matcher.digest import MAX_PARTNERS
from matcher.models import Allotment, Introduction, Letter, Night, Opportunity
from matcher.night import allotting
from matcher.store import nights
from tests import factories as make
from tests.factories import DAY, NOW
from tests.night.filled import allotted, count, fill
from web.db import transaction

TWO_DAYS = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # Monday afternoon in Los Angeles, Tuesday morning in Tokyo
WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


@pytest.fixture
def _two_days(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let 30 read on one day and 30 on the next, at one moment, with one opportunity for all."""
    monkeypatch.setattr(job, "now", lambda: TWO_DAYS)
    with transaction(g.engine) as session:
        row = make.opportunity(session, make.firm(session, "poster", digest="paused"), matched_at=TWO_DAYS)
        for n in range(60):
            to = make.firm(session, f"reader{n:02}", timezone="America/Los_Angeles" if n % 2 else "Asia/Tokyo")
            make.match(session, row, to.partner_id, score=0.5 + n / 1000, place=n + 1)


@pytest.mark.usefixtures("_two_days")
def test_two_days_at_once_ask_no_more_than_one(g: Ground) -> None:
    job.night_due(g, at=TWO_DAYS)
    with transaction(g.engine) as session:
        assert session.scalars(select(Night.day).order_by(Night.day)).all() == [DAY]  # one without work is forgotten
    assert (count(g, Introduction), count(g, Letter)) == (MAX_PARTNERS, MAX_PARTNERS)


@pytest.mark.usefixtures("_two_days")
def test_two_workers_who_allot_two_days_at_once_do_so_one_after_the_other(g: Ground) -> None:
    with transaction(g.engine) as session:
        first, second = night.begin(session, now=TWO_DAYS)

    def allot_second() -> str | None:
        with transaction(g.engine) as session:
            return night.advance(session, second, now=TWO_DAYS)

    with ThreadPoolExecutor(1) as pool:
        with transaction(g.engine) as session:
            night.advance(session, first, now=TWO_DAYS)
            session.flush()
            meanwhile = pool.submit(allot_second)
            until(lambda: waits(g, meanwhile))
        assert meanwhile.result(30) == "write"
    assert count(g, Allotment) == MAX_PARTNERS


def until(is_so: Callable[[], bool]) -> None:
    patience = monotonic() + 30
    while not is_so():
        assert monotonic() < patience
        sleep(0.02)


def waits(g: Ground, other: Future[str | None]) -> bool:
    with transaction(g.engine) as session:
        return other.done() or bool(session.scalar(WAITING))


def test_a_run_by_hand_beside_a_night_asks_whom_the_night_will_not(g: Ground) -> None:
    fill(g, 40)
    allotted(g)
    assert by_hand.digest_day(g, DAY, at=NOW) == 0
    assert by_hand.preview(g, DAY) == []
    job.work(g)
    assert (count(g, Introduction), count(g, Letter)) == (MAX_PARTNERS, MAX_PARTNERS)


def test_a_run_by_hand_that_a_night_overtakes_leaves_what_the_night_has_taken(g: Ground) -> None:
    fill(g, 20, n_open=2)
    with transaction(g.engine) as session:
        told = allotting.allot(session, allotting.readers_of(session, DAY), day=DAY)
    allotted(g)
    assert by_hand._write_some(g, told, day=DAY, at=NOW) == 0
    job.work(g)
    assert (count(g, Introduction), count(g, Letter)) == (40, 20)


def test_a_run_by_hand_that_another_overtakes_asks_the_best_for_whom_there_is_room(g: Ground) -> None:
    fill(g, 40)
    with transaction(g.engine) as session:
        readers = allotting.readers_of(session, DAY)
        told = allotting.allot(session, readers[:5], day=DAY)
        later = allotting.allot(session, readers[5:], day=DAY)
    assert (len(told), len(later)) == (5, MAX_PARTNERS)
    assert by_hand._write_some(g, told, day=DAY, at=NOW) == 5
    assert by_hand._write_some(g, later, day=DAY, at=NOW) == MAX_PARTNERS - 5
    best = sorted(later, key=lambda each: each.offers[0].score)[5:]
    with transaction(g.engine) as session:
        asked = set(session.scalars(select(Introduction.contact_id)))
    assert asked == {each.contact_id for each in (*told, *best)}


def test_whoever_is_told_already_and_still_allotted_is_counted_once(g: Ground) -> None:
    fill(g, 6)
    night_id = allotted(g)
    with transaction(g.engine) as session:
        (row,) = session.scalars(select(Opportunity.id))
        shard = nights.claim(session, night_id, "write", worker="me", now=NOW)
        assert shard
        assert night.write_shard(session, shard, now=NOW)[1] == 3
        assert nights.n_places_taken(session, [row]) == {row: 6}
        assert len(nights.allotted(session, [row])) == 6
