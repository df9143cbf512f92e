"""A part of the night in which nobody is left who could be served is given up once, and begins no further night."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from jobs import night as job
from jobs.ground import Ground
from matcher import digest, matching, night
from matcher.models import Letter, Night, NightShard, Opportunity
from matcher.night import allotting
from matcher.store import left_out, nights
from matcher.terms import ScoreFloor
from tests import factories as make
from tests.factories import DAY, NOW
from tests.fakes import HashEmbedder
from tests.night.filled import begin, count, fill
from tests.night.test_reserve import explaining
from tests.night.test_reserve import fill as fill_reserve
from tests.night.test_shards import aside
from tests.night.test_sparing import contact_of, failed, poison
from web import steward_page
from web.db import transaction

TEN_MINUTES = timedelta(minutes=10)


def nights_after(g: Ground, monkeypatch: pytest.MonkeyPatch, *, hours: float) -> int:
    """Let a night begin every ten minutes for some hours; return how many parts were taken."""
    n_taken, at = 0, NOW
    for _ in range(round(hours * 6)):
        at += TEN_MINUTES
        monkeypatch.setattr(job, "now", lambda at=at: at)
        n_taken += job.night_due(g, at=at)
    return n_taken


def unrankable(g: Ground, monkeypatch: pytest.MonkeyPatch, *, n: int) -> list[int]:
    """Write opportunities that cannot be ranked; return their ids."""
    g._embedder = HashEmbedder()
    with transaction(g.engine) as session:
        make.competencies(session)
        make.firm(session, "reader00")
        bad = [make.opportunity(session, make.firm(session, f"poster{n}", digest="paused")).id for n in range(n)]

    def found(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("nothing to divide by")

    monkeypatch.setattr(matching, "_found", found)
    return bad


def stages(g: Ground) -> set[str]:
    with Session(g.engine) as session:
        return set(session.scalars(select(Night.stage)))


def test_the_only_reader_of_a_part_who_cannot_be_written_to_is_set_aside_until_the_next_day(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(g, 4, n_open=2)  # parts of three and of one
    bad = contact_of(g, 3)
    poison(monkeypatch, bad)
    with capture_logs() as said:
        assert job.night_due(g, at=NOW) == 1 + nights.MAX_TRIES
    assert (count(g, Letter), stages(g)) == (3, {"done"})
    assert failed(g) == [("write", bad, 1, f"contact {bad}: ValueError: no pen for {bad}")]
    assert [each[3] for each in aside(said)] == [f"contact {bad}: ValueError: no pen for {bad}"]
    with Session(g.engine) as session:
        (shown,) = steward_page.steward_page(session, address="", now=NOW).nights
    assert shown.set_aside == (f"1 reader got no digest: contact {bad}: ValueError: no pen for {bad}",)
    assert nights_after(g, monkeypatch, hours=2) == 0
    monkeypatch.undo()
    tomorrow = NOW + timedelta(days=1)
    monkeypatch.setattr(job, "now", lambda: tomorrow)
    with transaction(g.engine) as session:
        for each in session.scalars(select(Opportunity)):
            each.matched_at = tomorrow
    job.night_due(g, at=tomorrow)
    with Session(g.engine) as session:
        assert f"digest:{DAY + timedelta(days=1)}:{bad}" in set(session.scalars(select(Letter.key)))


def test_a_part_of_which_each_row_fails_by_itself_is_set_aside_row_by_row_at_its_last_try(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = unrankable(g, monkeypatch, n=3)
    assert job.night_due(g, at=NOW) == nights.MAX_TRIES
    assert [(stage, id_, n) for stage, id_, n, _ in failed(g)] == [("match", each, 1) for each in bad]
    assert nights_after(g, monkeypatch, hours=2) == 0


def test_the_readers_of_a_small_part_who_all_fail_are_set_aside_and_not_what_they_share(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(g, 6, n_open=2)
    bad = [contact_of(g, n) for n in (3, 4, 5)]
    poison(monkeypatch, *bad)
    job.night_due(g, at=NOW)
    assert [(stage, who, n) for stage, who, n, _ in failed(g)] == [("write", each, 1) for each in bad]
    assert count(g, Letter) == 3
    assert nights_after(g, monkeypatch, hours=1) == 0


def test_a_fault_that_has_passed_by_the_last_try_sets_nobody_aside(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(g, 1)
    begin(g)
    real, tries = night.write_shard, []

    def broken_at_first(session: Session, shard: nights.Shard, **named: Any) -> tuple[int, int, int]:
        tries.append(shard.n_tries)
        if shard.n_tries < nights.MAX_TRIES:
            raise ValueError("not yet")
        return real(session, shard, **named)

    monkeypatch.setattr(night, "write_shard", broken_at_first)
    job.work(g)
    assert (failed(g), count(g, Letter), max(tries)) == ([], 1, nights.MAX_TRIES)


def test_the_only_opportunity_that_cannot_be_ranked_begins_no_night_every_ten_minutes(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bad,) = unrankable(g, monkeypatch, n=1)
    assert job.night_due(g, at=NOW) == nights.MAX_TRIES
    assert failed(g) == [("match", bad, 1, f"opportunity {bad}: ZeroDivisionError: nothing to divide by")]
    assert nights_after(g, monkeypatch, hours=2) == 0


def test_a_reserve_that_cannot_be_explained_begins_no_night_every_ten_minutes(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "N_LISTED", 1)
    monkeypatch.setattr(digest, "MAX_OFFERS", 1)
    monkeypatch.setattr(digest, "MAX_PARTNERS", 2)
    monkeypatch.setattr(allotting, "FLOOR", ScoreFloor(score=0.0, best_few=3, score_of_few=0.0))
    fill_reserve(g)
    explaining(g)

    def explain(*_: Any, **__: Any) -> Any:
        raise ValueError("inexplicable")

    monkeypatch.setattr(matching, "explain", explain)
    job.work(g)
    assert {stage for stage, *_ in failed(g)} == {"explain"}
    with transaction(g.engine) as session:
        for row in session.scalars(select(Opportunity)):
            row.matched_at = NOW + TEN_MINUTES
    nights_after(g, monkeypatch, hours=1)
    assert len({id_ for _, id_, *_ in failed(g)}) == len(failed(g))


def test_a_part_that_fails_as_a_whole_rests_for_an_hour(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(g, 3)
    real = night.write_shard

    def not_together(session: Session, shard: nights.Shard, **named: Any) -> tuple[int, int, int]:
        if shard.first_id != shard.last_id:
            raise ValueError("not these three")
        return real(session, shard, **named)

    monkeypatch.setattr(night, "write_shard", not_together)
    assert job.night_due(g, at=NOW) == nights.MAX_TRIES
    assert nights_after(g, monkeypatch, hours=0.9) == 0
    assert nights_after(g, monkeypatch, hours=2) == 2 * nights.MAX_TRIES
    assert {(row.first_id == row.last_id, row.n_tries) for row in rows_failed(g)} == {(False, nights.MAX_TRIES)}
    monkeypatch.undo()
    at = NOW + 4 * left_out.REST
    monkeypatch.setattr(job, "now", lambda: at)
    job.night_due(g, at=at)
    assert count(g, Letter) == 3


def rows_failed(g: Ground) -> list[NightShard]:
    with Session(g.engine) as session:
        return list(session.scalars(select(NightShard).where(NightShard.state == "failed")))
