"""The sharded night: the same letters as by hand, by one worker or two, resumed where it stopped."""

import gc
import signal
from collections.abc import MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs
from threadpoolctl import threadpool_info, threadpool_limits

from jobs import night as job
from jobs import saying
from jobs.beside import beside
from jobs.ground import Ground
from jobs.tasks import PATIENT, night_task
from matcher import matching, night
from matcher.models import (
    Allotment,
    Contact,
    Digest,
    Exposure,
    Introduction,
    Letter,
    Night,
    NightShard,
    Opportunity,
)  # fmt: skip
from matcher.store import nights
from matcher.terms.zones import zone
from tests import factories as make
from tests.factories import DAY, NOW
from tests.fakes import HashEmbedder
from tests.jobs.environment import environment_of
from tests.night.filled import allotted, begin, count, fill, write_one_by_one, written
from web.db import transaction


def test_a_night_writes_every_letter_once_and_leaves_nothing_behind(g: Ground) -> None:
    fill(g, 10, n_open=3)
    assert begin(g) is not None
    assert job.work(g) == 4
    assert (count(g, Letter), count(g, Introduction), count(g, Allotment)) == (10, 30, 0)
    assert job.newest_line(g) == (f"Night of {DAY}, done: 10 readers looked at, 10 letters written, 4 of 4 shards")
    begin(g)
    assert (job.work(g), count(g, Letter), count(g, Night)) == (0, 10, 1)


def test_a_day_has_one_night_at_a_time(g: Ground) -> None:
    fill(g, 2)
    assert begin(g) is not None
    assert begin(g) is None
    assert count(g, Night) == 1


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


def claimed(g: Ground) -> nights.Shard:
    with transaction(g.engine) as session:
        (row,) = nights.still_open(session)
        shard = nights.claim(session, row.id, "write", worker="dead", now=NOW)
    assert shard
    return shard


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
    assert aside(said) == [(night_id, "write", 2, "ValueError: the ink is out")]
    assert (count(g, Letter), count(g, Exposure), count(g, Introduction)) == (6, 6, 6)
    with transaction(g.engine) as session:
        (failed,) = session.scalars(select(NightShard).where(NightShard.state == "failed"))
        assert (failed.error, failed.n_tries) == ("ValueError: the ink is out", nights.MAX_TRIES)
        assert session.get_one(Night, night_id).stage == "done"
    assert "1 set aside" in job.newest_line(g)
    assert all(each["exc_info"] for each in said if each["event"] == "shard failed")


def ends_its_worker(g: Ground, monkeypatch: pytest.MonkeyPatch, *, times: int) -> int:
    """Claim the first shard again and again, each time without coming back."""
    for n in range(times):
        at = NOW + n * 2 * nights.STALE_CLAIM
        with transaction(g.engine) as session:
            (row,) = nights.still_open(session)
            shard = nights.claim(session, row.id, "write", worker=f"worker{n}", now=at)
        assert shard
        assert shard.number == 1
    later = NOW + times * 2 * nights.STALE_CLAIM
    monkeypatch.setattr(job, "now", lambda: later)
    return shard.id


def test_a_shard_that_ends_its_worker_each_time_is_set_aside_and_the_night_goes_on(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(g, 9)
    night_id = allotted(g)
    shard_id = ends_its_worker(g, monkeypatch, times=nights.MAX_TRIES)
    with capture_logs() as said:
        assert job.work(g) == 2
    assert aside(said) == [(night_id, "write", 1, nights.WORKER_ENDED)]
    with transaction(g.engine) as session:
        failed = session.get_one(NightShard, shard_id)
        assert (failed.state, failed.error, failed.n_taken) == ("failed", nights.WORKER_ENDED, 3)
        assert session.get_one(Night, night_id).stage == "done"
    assert count(g, Letter) == 6
    assert "6 readers looked at, 6 letters written, 2 of 3 shards, 1 set aside" in job.newest_line(g)


def test_the_last_try_of_a_worker_that_lives_and_is_slow_is_not_taken_for_a_death(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(g, 3)
    allotted(g)
    shard_id = ends_its_worker(g, monkeypatch, times=nights.MAX_TRIES)
    with Session(g.engine) as slow:
        slow.scalar(select(NightShard).where(NightShard.id == shard_id).with_for_update())
        assert job.work(g) == 0
        assert slow.scalar(select(NightShard.state)) == "claimed"


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


def untouched(g: Ground) -> bool:
    with transaction(g.engine) as session:
        row = session.scalars(select(NightShard)).one()
        return (row.state, row.n_tries) == ("waiting", 0)


def test_a_night_by_hand_that_is_asked_to_end_gives_its_shard_back(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(g, 3)
    allotted(g)
    monkeypatch.setattr(job, "ground", lambda: g)
    monkeypatch.setattr(night, "write_shard", lambda *_, **__: signal.raise_signal(signal.SIGTERM))
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        assert CliRunner().invoke(job.main, ["--day", str(DAY)]).exit_code == 1
    finally:
        signal.signal(signal.SIGTERM, before)
    assert untouched(g)


def test_whoever_is_too_late_for_the_day_is_skipped_and_counted(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(g, 2, timezone="Europe/Berlin")
    with transaction(g.engine) as session:
        make.firm(session, "west", timezone="America/New_York", digest_hour=3)
        west = session.scalars(select(Contact).where(Contact.email == "anna@west.example")).one()
        make.match(session, session.scalars(select(Opportunity)).one(), west.partner_id, score=0.9)
    with transaction(g.engine) as session:
        (night_id,) = night.begin(session, now=NOW)
    with transaction(g.engine) as session:
        assert night.advance(session, night_id, now=NOW) == "write"
    monkeypatch.setattr(job, "now", lambda: NOW.replace(hour=19))  # 20:00 in Berlin, 14:00 in New York
    assert job.work(g) == 1
    with transaction(g.engine) as session:
        assert session.scalars(select(Letter.to_address)).all() == ["anna@west.example"]
    assert "2 too late" in job.newest_line(g)


def test_a_reader_whose_time_zone_this_machine_does_not_know_reads_by_utc_and_keeps_nobody_from_reading(
    g: Ground, caplog: pytest.LogCaptureFixture
) -> None:
    fill(g, 3, timezone="Europe/Berlin")
    with transaction(g.engine) as session:
        for n, name in enumerate(("Mars/Olympus", "Europe", "../etc")):
            contact = session.scalars(select(Contact).where(Contact.email == f"anna@reader{n:02}.example")).one()
            contact.timezone = name
    zone.cache_clear()
    assert job.night_due(g, at=NOW) == 1
    assert count(g, Letter) == 3
    assert "no time zone 'Mars/Olympus' is known here: its readers read by UTC; renew tzdata" in caplog.messages


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


def test_a_day_that_is_long_over_is_skipped_with_a_sentence(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "ground", lambda: g)
    refused = CliRunner().invoke(job.main, ["--day", "2026-11-20"])
    assert refused.exit_code == 2
    assert "2026-11-20 is more than 1 day ago (today is 2026-11-23): its digests are skipped." in refused.stderr


def test_a_dry_run_says_how_much_and_writes_nothing(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "ground", lambda: g)
    fill(g, 4, n_open=2)
    shown = CliRunner().invoke(job.main, ["--day", "2026-11-23", "--dry-run"])
    assert shown.output == "2026-11-23: 4 letters with 8 offers of 2 opportunities\n"
    assert (count(g, Letter), count(g, Night)) == (0, 0)
    ran = CliRunner().invoke(job.main, ["--day", "2026-11-23"])
    assert ran.output.splitlines()[0] == "Nights begun: 1"
    assert count(g, Letter) == 4


def test_whoever_waits_for_a_night_reads_how_far_it_is_and_nothing_twice(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "ground", lambda: g)
    monkeypatch.setattr(saying, "EVERY_S", 0.01)
    fill(g, 6)
    real = night.write_shard

    def slow(session: Session, shard: nights.Shard, *, now: datetime) -> tuple[int, int, int]:
        sleep(0.3)
        return real(session, shard, now=now)

    monkeypatch.setattr(night, "write_shard", slow)
    said = CliRunner().invoke(job.main, ["--day", "2026-11-23"]).output.splitlines()
    head = f"Night of {DAY}, write: "
    working = [each.removeprefix(head) for each in said if each.startswith(head)]
    assert "0 readers looked at, 0 letters written, 0 of 2 shards" in working
    assert "3 readers looked at, 3 letters written, 1 of 2 shards" in working
    assert len(working) == len(set(working))
    assert said[-1] == f"Night of {DAY}, done: 6 readers looked at, 6 letters written, 2 of 2 shards"


def test_two_processes_by_hand_share_a_night(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "ground", lambda: g)
    for name, value in environment_of(g.settings).items():
        monkeypatch.setenv(name, value)
    fill(g, 9)
    real = night.write_shard

    def after_the_helper(session: Session, shard: nights.Shard, *, now: datetime) -> tuple[int, int, int]:
        until = monotonic() + 60
        while not count(g, Letter) and monotonic() < until:
            sleep(0.05)
        return real(session, shard, now=now)

    def helped(n: int, *command: str) -> AbstractContextManager[None]:
        assert (n, command) == (1, ("jobs.night", "--join"))
        return beside(1, "tests.night.helper", "--join")

    monkeypatch.setattr(night, "write_shard", after_the_helper)
    monkeypatch.setattr(job, "beside", helped)
    ran = CliRunner().invoke(job.main, ["--day", "2026-11-23", "--workers", "2"])
    assert ran.output.splitlines()[-1] == f"Night of {DAY}, done: 9 readers looked at, 9 letters written, 3 of 3 shards"
    with transaction(g.engine) as session:
        assert len(set(session.scalars(select(NightShard.claimed_by)))) == 2


def begun(g: Ground, *, now: datetime = NOW) -> int:
    with transaction(g.engine) as session:
        return len(night.begin(session, now=now))


def test_a_moment_at_which_nothing_is_to_be_ranked_or_told_begins_no_night(g: Ground) -> None:
    fill(g, 2)
    assert begun(g, now=NOW.replace(hour=3)) == 0
    assert begun(g) == 1
    job.work(g)
    assert count(g, Letter) == 2
    with transaction(g.engine) as session:
        session.execute(delete(Digest))
    assert begun(g) == 0  # both may be told again, and there is nothing that they were not told
    with transaction(g.engine) as session:
        row = make.opportunity(session, make.firm(session, "poster9", digest="paused"), matched_at=NOW)
        reader = session.scalars(select(Contact).where(Contact.email == "anna@reader00.example")).one()
        make.match(session, row, reader.partner_id, score=0.9)
    assert begun(g) == 1


def test_what_was_not_ranked_lately_begins_a_night_though_nobody_fits_it_yet(g: Ground) -> None:
    fill(g, 1, n_open=0)
    assert begun(g) == 0
    with transaction(g.engine) as session:
        make.opportunity(session, make.firm(session, "poster", digest="paused"))
    assert begun(g) == 1


def test_who_reads_for_its_firm_is_settled_before_whose_hour_it_is(g: Ground) -> None:
    fill(g, 1, digest_hour=11)
    with transaction(g.engine) as session:
        first = session.scalars(select(Contact).where(Contact.email == "anna@reader00.example")).one()
        session.add(Contact(partner_id=first.partner_id, email="bo@reader00.example", verified_at=NOW, digest_hour=7))
    assert begun(g) == 0
    assert begun(g, now=NOW.replace(hour=11)) == 1


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
    shard = nights.Shard(1, 1, "match", 1, 1, 1, NOW)
    with threadpool_limits(2, user_api="blas"), transaction(g.engine) as session:
        job._done(g, session, shard)
        assert n_threads() == {2}
    assert meanwhile == [{1}]


def test_a_helper_that_stumbles_comes_again() -> None:
    assert night_task.retry_strategy == PATIENT
