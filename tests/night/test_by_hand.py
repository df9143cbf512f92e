"""A night by hand: counted only, said how far it is, shared with a second process, ended in the middle."""

import signal
from contextlib import AbstractContextManager
from datetime import datetime
from time import monotonic, sleep

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs import night as job
from jobs import saying
from jobs.beside import beside
from jobs.ground import Ground
from matcher import night
from matcher.models import (
    Letter,
    Night,
    NightShard,
)  # fmt: skip
from matcher.store import nights
from tests.factories import DAY
from tests.jobs.environment import environment_of
from tests.night.filled import allotted, count, fill, untouched
from web.db import transaction


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
