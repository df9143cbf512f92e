"""The sharded night: the same letters as by hand, by one worker or two, resumed where it stopped."""

import gc
from collections.abc import MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs
from threadpoolctl import threadpool_info, threadpool_limits

from jobs import night as job
from jobs.ground import Ground
from jobs.tasks import PATIENT, night_task
from matcher import matching, night
from matcher.models import (
    Allotment,
    Exposure,
    Introduction,
    Letter,
    Night,
    NightShard,
)  # fmt: skip
from matcher.store import nights
from tests.factories import DAY, NOW
from tests.fakes import HashEmbedder
from tests.night.filled import allotted, begin, claimed, count, fill, untouched, write_one_by_one, written
from web.db import transaction


def test_a_night_writes_every_letter_once_and_leaves_nothing_behind(g: Ground) -> None:
    fill(g, 10, n_open=3)
    assert begin(g) is not None
    assert job.work(g) == 4
    assert (count(g, Letter), count(g, Introduction), count(g, Allotment)) == (10, 30, 0)
    assert job.newest_line(g) == (f"Night of {DAY}, done: 10 readers looked at, 10 letters written, 4 of 4 shards")
    begin(g)
    assert (job.work(g), count(g, Letter), count(g, Night)) == (0, 10, 1)


def test_two_workers_write_what_one_writes(g: Ground) -> None:
    fill(g, 20, n_open=6)
    with Session(g.engine) as session:
        write_one_by_one(session)
        plainly = written(session)
        session.rollback()
    begin(g)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: job.work(g, stay=lambda: True), range(2)))
    assert sum(done) == 7
    with Session(g.engine) as session:
        assert written(session) == plainly


def test_the_shard_of_a_dead_worker_is_taken_over_and_that_of_a_slow_one_is_not(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(g, 6)
    allotted(g)
    dead, slow = claimed(g), claimed(g)
    later = NOW + nights.STALE_CLAIM * 2
    monkeypatch.setattr(job, "now", lambda: later)
    with Session(g.engine) as session:
        assert nights.hold(session, slow)
        assert job.work(g) == 1
        assert count(g, Letter) == 3
    with transaction(g.engine) as session:
        assert not nights.hold(session, dead)
    assert job.work(g) == 1
    assert (count(g, Letter), count(g, NightShard)) == (6, 2)


def test_a_worker_that_was_thought_dead_writes_nothing_more(g: Ground) -> None:
    fill(g, 3)
    allotted(g)
    shard = claimed(g)
    with transaction(g.engine) as session:
        other = nights.claim(session, shard.night_id, "write", worker="other", now=NOW + nights.STALE_CLAIM * 2)
    assert other
    job._do(g, shard)
    assert count(g, Letter) == 0
    job._do(g, other)
    assert count(g, Letter) == 3


def aside(said: Sequence[MutableMapping[str, Any]]) -> list[tuple[object, ...]]:
    """List what the log says of shards that were set aside."""
    lines = [each for each in said if each["event"] == "shard set aside" and each["log_level"] == "error"]
    return [tuple(each[name] for name in ("night", "stage", "shard", "error")) for each in lines]


def test_a_shard_that_cannot_be_done_is_set_aside_and_the_night_goes_on(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(g, 9)
    night_id = allotted(g)
    real = night.write_shard

    def write_or_break(session: Session, shard: nights.Shard, *, now: datetime) -> tuple[int, int, int]:
        made = real(session, shard, now=now)
        if shard.number == 2:
            raise ValueError("the ink is out")
        return made

    monkeypatch.setattr(night, "write_shard", write_or_break)
    with capture_logs() as said:
        assert job.work(g) == 2 + nights.MAX_TRIES
    assert {each[:2] for each in aside(said)} == {(night_id, "write")}
    assert [each[3].split(": ", 1)[1] for each in aside(said)] == ["ValueError: the ink is out"] * 3
    assert (count(g, Letter), count(g, Exposure), count(g, Introduction)) == (6, 6, 6)
    with transaction(g.engine) as session:
        assert session.scalars(select(NightShard.n_tries).where(NightShard.number == 2)).one() == nights.MAX_TRIES
        assert session.get_one(Night, night_id).stage == "done"
    assert "3 set aside" in job.newest_line(g)
    assert all(each["exc_info"] for each in said if each["event"] == "shard failed")


def test_a_worker_that_is_asked_to_end_in_the_middle_of_a_shard_gives_it_back(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(g, 3)
    allotted(g)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(night, "write_shard", interrupted)
        for _ in range(nights.MAX_TRIES + 1):
            with pytest.raises(KeyboardInterrupt):
                job.work(g)
    assert untouched(g)
    assert (job.work(g), count(g, Letter)) == (1, 3)


def test_few_readers_are_cut_so_that_every_worker_has_some(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("CONTACTS_AT_ONCE", 1000), ("FEWEST_AT_ONCE", 2), ("SHARES", 3)):
        monkeypatch.setattr(night, name, value)
    fill(g, 7)
    allotted(g)
    with transaction(g.engine) as session:
        shards = session.execute(select(NightShard.first_id, NightShard.last_id).order_by(NightShard.number)).all()
        readers = session.scalars(select(Allotment.contact_id).order_by(Allotment.contact_id)).all()
    assert [readers.index(last) - readers.index(first) + 1 for first, last in shards] == [3, 3, 1]


def test_only_a_shard_may_commit_before_the_disk_has_it(g: Ground) -> None:
    fill(g, 1)
    allotted(g)
    shard, shown = claimed(g), text("SHOW synchronous_commit")
    with g.engine.connect() as connection:
        connection.execute(text("SET synchronous_commit = on"))  # the server of the tests is in a hurry
        connection.commit()
        with Session(connection) as session:
            assert nights.hold(session, shard)
            assert session.scalar(shown) == "off"
        connection.rollback()
        assert connection.scalar(shown) == "on"
        connection.invalidate()


def test_rows_end_without_the_collector_which_is_back_even_after_a_failure() -> None:
    with job.uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    with pytest.raises(ZeroDivisionError):
        _fail_uncollected()
    assert gc.isenabled()


def _fail_uncollected() -> None:
    with job.uncollected():
        raise ZeroDivisionError


def n_threads() -> set[int]:
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


def test_the_products_of_a_night_keep_to_one_thread_and_those_of_others_do_not(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile: list[set[int]] = []
    monkeypatch.setattr(job, "to_rank", lambda *_: meanwhile.append(n_threads()))
    monkeypatch.setattr(matching, "ranked_many", lambda *_, **__: iter(()))
    monkeypatch.setattr(g, "_embedder", HashEmbedder(8))
    shard = nights.Shard(1, 1, "match", 1, 1, 1, NOW, 1)
    with threadpool_limits(2, user_api="blas"), transaction(g.engine) as session:
        job._done(g, session, shard)
        assert n_threads() == {2}
    assert meanwhile == [{1}]


def test_a_helper_that_stumbles_comes_again() -> None:
    assert night_task.retry_strategy == PATIENT
