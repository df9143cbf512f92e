"""The day's digests: who gets one, when, and the same whatever the batches and however often it runs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from jobs import digest, night
from jobs.digest import digest_day, preview
from jobs.ground import Ground
from matcher import exchange
from matcher.digest import MAX_PARTNERS
from matcher.models import Contact, Digest, Exposure, Introduction, Letter, Opportunity, Partner
from matcher.night import allotting
from matcher.night.allotting import FLOOR
from tests import factories as make
from tests.factories import DAY, NOW
from web.db import transaction

SATURDAY = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


def fill(g: Ground, n_readers: int, *, n_open: int = 1, **facts: object) -> None:
    """Write open opportunities that fit every reader, the later the reader the better."""
    with transaction(g.engine) as session:
        rows = [make.opportunity(session, make.firm(session, f"poster{n}", digest="paused")) for n in range(n_open)]
        for n in range(n_readers):
            to = make.firm(session, f"reader{n:02}", **facts)
            for row in rows:
                make.match(session, row, to.partner_id, score=0.4 + n / 1000, place=n_readers - n)


def receivers(g: Ground) -> list[str]:
    with transaction(g.engine) as session:
        return sorted(session.scalars(select(Letter.to_address).where(Letter.kind == "digest")))


def n_rows(g: Ground, table: type) -> int:
    with transaction(g.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def n_told(g: Ground, monkeypatch: pytest.MonkeyPatch, at: datetime) -> int:
    """Let the worker look whose hour has come; return how many it wrote to."""
    monkeypatch.setattr(night, "now", lambda: at)
    before = n_rows(g, Letter)
    night.night_due(g, at=at)
    return n_rows(g, Letter) - before


def test_a_day_run_twice_writes_to_nobody_twice(g: Ground) -> None:
    fill(g, 3, n_open=2)
    assert [digest_day(g, DAY, at=NOW) for _ in range(2)] == [3, 0]
    assert receivers(g) == [f"anna@reader0{n}.example" for n in range(3)]
    assert (n_rows(g, Digest), n_rows(g, Introduction), n_rows(g, Exposure)) == (3, 6, 6)


def test_what_was_offered_one_day_is_not_offered_the_next(g: Ground) -> None:
    fill(g, 3)
    assert [digest_day(g, DAY + timedelta(days=n), at=NOW + timedelta(days=n)) for n in range(2)] == [3, 0]


def test_the_best_are_asked_and_not_those_of_the_first_batch(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "READERS_AT_ONCE", 10)
    fill(g, 40)
    with transaction(g.engine) as session:  # neither new nor small: nobody is owed an offer
        session.execute(update(Partner).values(created_at=NOW - timedelta(days=400), n_people=50))
    assert digest_day(g, DAY, at=NOW) == MAX_PARTNERS
    assert receivers(g) == [f"anna@reader{n:02}.example" for n in range(15, 40)]


def test_an_opportunity_that_closes_during_the_run_is_offered_to_nobody_else(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "READERS_AT_ONCE", 1)
    fill(g, 3)
    with transaction(g.engine) as session:
        told = allotting.allot(session, allotting.readers_of(session, DAY), day=DAY)
    assert digest._write_some(g, told[:1], day=DAY, at=NOW) == 1
    with transaction(g.engine) as session:
        session.scalars(select(Opportunity)).one().state = "withdrawn"
    assert digest._write_some(g, told[1:], day=DAY, at=NOW) == 0
    assert (n_rows(g, Introduction), len(receivers(g))) == (1, 1)


def test_two_runs_at_once_write_each_digest_once_and_ask_nobody_in_silence(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "READERS_AT_ONCE", 2)
    fill(g, 12, n_open=6)
    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(lambda _: digest_day(g, DAY, at=NOW), range(2)))
    assert sum(counts) == 12
    assert len(set(receivers(g))) == len(receivers(g)) == n_rows(g, Digest) == 12
    with transaction(g.engine) as session:
        told = {ref[1] for refs in session.scalars(select(Letter.refs)) for ref in refs}
        assert told == set(session.scalars(select(Introduction.id)))


def test_a_preview_says_who_would_be_told_how_much_and_writes_nothing(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "ground", lambda: g)
    fill(g, 2, n_open=2)
    assert preview(g, DAY) == [("anna@reader00.example", 2), ("anna@reader01.example", 2)]
    shown = CliRunner().invoke(digest.main, ["--day", "2026-11-23", "--dry-run"])
    assert shown.output == "2  anna@reader00.example\n2  anna@reader01.example\n"
    assert n_rows(g, Letter) == 0


def test_a_day_that_is_none_is_named(g: Ground) -> None:
    refused = CliRunner().invoke(digest.main, ["--day", "tomorrow"])
    assert refused.exit_code == 2
    assert "'tomorrow' does not match the format '%Y-%m-%d'" in refused.stderr


@pytest.mark.parametrize(
    ("facts", "at", "comes"),
    [
        ({}, NOW, True),
        ({"digest_hour": 10}, NOW, False),
        ({"digest_hour": 10}, NOW + timedelta(hours=1), True),
        ({"digest_hour": 10, "timezone": "Asia/Tokyo"}, NOW, True),
        ({"digest_hour": 7, "timezone": "America/New_York"}, NOW, False),
        ({"digest_hour": 7}, NOW.replace(hour=21), False),
        ({"digest_hour": 21}, NOW.replace(hour=21), True),
        ({"digest_hour": 23}, NOW.replace(hour=23), True),
        ({}, SATURDAY, False),
        ({"digest": "weekly"}, NOW, True),
        ({"digest": "weekly"}, NOW + timedelta(days=1), False),
        ({"digest": "paused"}, NOW, False),
        ({"paused_until": DAY}, NOW, False),
        ({"paused_until": DAY - timedelta(days=1)}, NOW, True),
        ({"verified_at": None}, NOW, False),
        ({"state": "paused"}, NOW, False),
        ({"state": "draft"}, NOW, False),
    ],
)
def test_a_digest_comes_at_its_readers_hour_on_working_days(
    g: Ground, monkeypatch: pytest.MonkeyPatch, facts: dict[str, object], at: datetime, comes: bool
) -> None:
    fill(g, 1, **facts)
    assert [n_told(g, monkeypatch, at) for _ in range(2)] == [int(comes), 0]


def test_the_day_of_a_digest_is_the_readers_own(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(g, 1, timezone="Asia/Tokyo")
    assert n_told(g, monkeypatch, datetime(2026, 11, 23, 23, 30, tzinfo=UTC)) == 1
    with transaction(g.engine) as session:
        assert session.scalars(select(Digest.day)).all() == [date(2026, 11, 24)]


def test_nobody_is_asked_about_what_is_closed_weak_or_its_own(g: Ground) -> None:
    with transaction(g.engine) as session:
        poster, to = make.firm(session, "alder"), make.firm(session, "quay")
        closed = make.opportunity(session, poster, state="closed")
        over = make.opportunity(session, poster, closes_on=DAY - timedelta(days=1))
        own = make.opportunity(session, to)
        weak = make.opportunity(session, poster)
        for row, score in ((closed, 0.9), (over, 0.9), (own, 0.9), (weak, FLOOR.score_of_few - 0.01)):
            make.match(session, row, to.partner_id, score=score)
    assert digest_day(g, DAY, at=NOW) == 0


@pytest.mark.parametrize(("zone", "n_written"), [("America/Los_Angeles", 1), ("Asia/Tokyo", 0)])
def test_what_closes_today_is_put_before_those_whose_day_it_still_is(
    g: Ground, monkeypatch: pytest.MonkeyPatch, zone: str, n_written: int
) -> None:
    fill(g, 1, timezone=zone)
    at = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # half past three there, or half past eight of the next day
    with transaction(g.engine) as session:
        session.scalars(select(Opportunity)).one().closes_on = DAY
        assert exchange.lapse(session, now=at + timedelta(hours=12)) == 0
    assert n_told(g, monkeypatch, at) == n_written


def test_the_best_few_are_asked_even_when_nobody_fits_well(g: Ground) -> None:
    with transaction(g.engine) as session:
        row = make.opportunity(session, make.firm(session, "alder"))
        for place in range(1, FLOOR.best_few + 3):
            to = make.firm(session, f"quay{place}")
            make.match(session, row, to.partner_id, score=FLOOR.score - place * 0.01, place=place)
    assert digest_day(g, DAY, at=NOW) == FLOOR.best_few


def test_only_one_person_of_a_firm_is_told(g: Ground) -> None:
    fill(g, 1)
    with transaction(g.engine) as session:
        first = session.scalars(select(Contact).where(Contact.email == "anna@reader00.example")).one()
        session.add(Contact(partner_id=first.partner_id, email="bo@reader00.example", verified_at=NOW))
    assert digest_day(g, DAY, at=NOW) == 1
    assert receivers(g) == ["anna@reader00.example"]
