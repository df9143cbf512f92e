"""A night that nobody finished is given up, and what it did not tell is told the next day, once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs import night as job
from jobs.ground import Ground
from matcher import night
from matcher.models import (
    Allotment,
    Digest,
    Exposure,
    Introduction,
    Letter,
    NightShard,
    Opportunity,
)  # fmt: skip
from matcher.store import nights
from tests.factories import DAY, NOW
from tests.night.filled import allotted, claimed, count, fill
from web.db import transaction


def test_a_night_that_nobody_finished_is_given_up_and_its_readers_are_told_the_next_day(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(g, 2)
    allotted(g)
    later = NOW + night.GIVE_UP_AFTER + timedelta(hours=4)
    monkeypatch.setattr(job, "now", lambda: later)
    with transaction(g.engine) as session:
        (row,) = nights.still_open(session)
        assert night.advance(session, row.id, now=later) == "given_up"
        session.scalars(select(Opportunity)).one().matched_at = later
    assert (job.night_due(g, at=later), count(g, Letter)) == (1, 2)
    with transaction(g.engine) as session:
        assert set(session.scalars(select(Digest.day))) == {DAY + timedelta(days=1)}


def test_what_is_being_written_when_its_night_is_given_up_is_not_told_and_another_night_tells_it_once(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever allots from then on does not count these places as taken, and would give them to others."""
    fill(g, 2)
    allotted(g)
    later, real = NOW + night.GIVE_UP_AFTER + timedelta(hours=4), night.write_digests

    def give_up_meanwhile(session: Session, *told: Any, **named: Any) -> int:
        n_written = real(session, *told, **named)
        with transaction(g.engine) as other:
            (row,) = nights.still_open(other)
            assert night.advance(other, row.id, now=later) == "given_up"
        return n_written

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(night, "write_digests", give_up_meanwhile)
        assert job.work(g) == 1
    assert (count(g, Letter), count(g, Introduction), count(g, Exposure), count(g, Allotment)) == (0, 0, 0, 0)
    with transaction(g.engine) as session:
        assert "given up" in session.scalars(select(NightShard.error)).one()
        session.scalars(select(Opportunity)).one().matched_at = later
    monkeypatch.setattr(job, "now", lambda: later)
    assert (job.night_due(g, at=later), count(g, Letter), count(g, Introduction)) == (1, 2, 2)


def test_a_night_is_not_given_up_while_what_was_written_for_it_is_being_committed(g: Ground) -> None:
    fill(g, 2)
    night_id = allotted(g)
    shard = claimed(g)
    later = NOW + night.GIVE_UP_AFTER * 2
    with Session(g.engine) as writing:
        assert nights.hold(writing, shard)
        assert night.write_shard(writing, shard, now=NOW) == (2, 2, 0)
        with transaction(g.engine) as session:
            assert night.advance(session, night_id, now=later) is None
        writing.commit()
    with transaction(g.engine) as session:
        assert night.advance(session, night_id, now=later) == "given_up"
    assert (count(g, Letter), count(g, Introduction)) == (2, 2)
