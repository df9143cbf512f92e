"""When a night begins, for whom, and who is too late for it."""

from datetime import datetime

import pytest
from sqlalchemy import delete, select

from jobs import night as job
from jobs.ground import Ground
from matcher import night
from matcher.models import (
    Contact,
    Digest,
    Letter,
    Night,
    Opportunity,
)  # fmt: skip
from matcher.terms.zones import zone
from tests import factories as make
from tests.factories import NOW
from tests.night.filled import begin, count, fill
from web.db import transaction


def test_a_day_has_one_night_at_a_time(g: Ground) -> None:
    fill(g, 2)
    assert begin(g) is not None
    assert begin(g) is None
    assert count(g, Night) == 1


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
