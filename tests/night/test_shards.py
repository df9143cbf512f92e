"""The sharded night: the same letters as by hand, by one worker or two, resumed where it stopped."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs import night as job
from jobs.ground import Ground, ground_on
from matcher import night, wording
from matcher.models import Allotment, Contact, Digest, Exposure, Introduction, Letter, Night, NightShard, Opportunity
from matcher.night import allotting
from matcher.night.writing import write_digests
from matcher.store import nights
from tests import factories as make
from tests.factories import DAY, NOW
from web import create_app
from web.db import transaction
from web.settings import Settings

TEXT = "We move mailboxes every week of the year. " * 20


@pytest.fixture
def g(settings: Settings) -> Ground:
    return ground_on(create_app(settings))


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(night, "CONTACTS_AT_ONCE", 3)
    monkeypatch.setattr(job, "now", lambda: NOW)


def fill(g: Ground, n_readers: int, *, n_open: int = 1, **facts: object) -> None:
    """Write open opportunities that were ranked today and fit every reader, the later the reader the better."""
    with transaction(g.engine) as session:
        posters = [make.firm(session, f"poster{n}", digest="paused") for n in range(n_open)]
        rows = [make.opportunity(session, each, matched_at=NOW, blind_text=TEXT) for each in posters]
        for n in range(n_readers):
            to = make.firm(session, f"reader{n:02}", **facts)
            for row in rows:
                make.match(session, row, to.partner_id, score=0.4 + n / 1000 + row.id / 1e6, place=n_readers - n)


def begin(g: Ground, day: date = DAY) -> int | None:
    with transaction(g.engine) as session:
        return night.begin_day(session, day, now=NOW)


def count(g: Ground, table: type) -> int:
    with transaction(g.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def written(session: Session) -> list[tuple[object, ...]]:
    """List what a day wrote, with its rows named by what they are about and not by their ids."""
    firm = {row.id: (row.opportunity_id, row.partner_id) for row in session.scalars(select(Introduction))}
    contact = {row.id: row.email for row in session.scalars(select(Contact))}
    found: list[tuple[object, ...]] = []
    for row in session.scalars(select(Letter).execution_options(populate_existing=True)):
        offers = [{**each, "introduction_id": firm[each["introduction_id"]]} for each in row.values["offers"]]
        refs = [(number, firm[introduction]) for number, introduction in row.refs]
        found.append((row.key, row.kind, row.to_address, row.state, row.next_try_at, row.created_at, row.in_reply_to))
        found.append((row.key, contact[row.contact_id or 0], row.values["day"], offers, refs))
    key = {row.id: row.key for row in session.scalars(select(Letter))}
    for each in session.scalars(select(Introduction)):
        found.append(("introduction", each.opportunity_id, each.partner_id, each.contact_id, each.match_id, each.state,
                      each.created_at, each.number, each.remind_on))  # fmt: skip
    for one in session.scalars(select(Exposure)):
        found.append(("exposure", one.opportunity_id, one.partner_id, one.contact_id, key[one.letter_id], one.place,
                      one.shown_on))  # fmt: skip
    found += [("digest", one.contact_id, one.day, key[one.letter_id]) for one in session.scalars(select(Digest))]
    return sorted(found, key=repr)


def write_one_by_one(session: Session) -> None:
    """Write the digests of a day row by row, as plainly as can be."""
    for told in allotting.allot(session, allotting.readers_of(session, DAY), day=DAY):
        contact = session.get_one(Contact, told.contact_id)
        rows = []
        for one in told.offers:
            row = Introduction(
                opportunity_id=one.opportunity_id, partner_id=one.partner_id, contact_id=one.contact_id,
                match_id=one.match_id, state="asked", created_at=NOW,
            )  # fmt: skip
            session.add(row)
            session.flush()
            rows.append(row)
        letter = Letter(
            key=f"digest:{DAY}:{contact.id}", kind="digest", contact_id=contact.id, to_address=contact.email,
            values={"day": DAY.isoformat(), "offers": wording.offers(rows)},
            refs=[(number, row.id) for number, row in enumerate(rows, start=1)], next_try_at=NOW, created_at=NOW,
        )  # fmt: skip
        session.add(letter)
        session.flush()
        session.add(Digest(contact_id=contact.id, day=DAY, letter_id=letter.id))
        for place, one in enumerate(told.offers, start=1):
            session.add(
                Exposure(
                    opportunity_id=one.opportunity_id,
                    partner_id=one.partner_id,
                    contact_id=one.contact_id,
                    letter_id=letter.id,
                    place=place,
                    shown_on=DAY,
                )  # fmt: skip
            )
    session.flush()


def test_letters_written_together_say_what_letters_written_one_by_one_say(g: Ground) -> None:
    fill(g, 8, n_open=7)
    with Session(g.engine) as session:
        write_one_by_one(session)
        plainly = written(session)
        session.rollback()
    with transaction(g.engine) as session:
        told = allotting.allot(session, allotting.readers_of(session, DAY), day=DAY)
        assert write_digests(session, told, day=DAY, now=NOW) == 8
    with Session(g.engine) as session:
        assert written(session) == plainly
    assert len(plainly) > 8 * 12


def test_words_that_were_changed_are_told_as_they_are_now(g: Ground) -> None:
    fill(g, 3)
    with Session(g.engine) as session:  # one transaction: only where the row stands tells its versions apart
        told = allotting.allot(session, allotting.readers_of(session, DAY), day=DAY)
        row = session.scalars(select(Opportunity)).one()
        for title, one in zip(("First", "Second", "Third"), told, strict=True):
            row.title, row.partner.n_people = title, {"First": 4, "Second": 5, "Third": 6}[title]
            session.flush()
            assert write_digests(session, [one], day=DAY, now=NOW) == 1
        said = [each.values["offers"][0] for each in session.scalars(select(Letter).order_by(Letter.id))]
        session.rollback()
    assert [each["title"] for each in said] == ["First", "Second", "Third"]
    assert [each["poster"][:10] for each in said] == ["A 4-person", "A 5-person", "A 6-person"]


def test_whoever_was_asked_by_another_run_meanwhile_is_taken_out_of_the_letter(g: Ground) -> None:
    fill(g, 3, n_open=2)
    with transaction(g.engine) as session:
        told = allotting.allot(session, allotting.readers_of(session, DAY), day=DAY)
    with transaction(g.engine) as session:
        first, second = (session.get_one(Contact, each.contact_id) for each in told[:2])
        for contact, offers in ((first, told[0].offers[:1]), (second, told[1].offers)):
            for one in offers:
                make.asked(session, session.get_one(Opportunity, one.opportunity_id), contact)
    with transaction(g.engine) as session:
        assert write_digests(session, told, day=DAY, now=NOW) == 2
    with transaction(g.engine) as session:
        letters = {row.contact_id: row for row in session.scalars(select(Letter))}
        assert letters.keys() == {told[0].contact_id, told[2].contact_id}
        (left,) = letters[told[0].contact_id].values["offers"]
        assert (left["number"], letters[told[0].contact_id].refs) == (1, [[1, left["introduction_id"]]])
        assert session.get_one(Introduction, left["introduction_id"]).opportunity_id == told[0].offers[1].opportunity_id


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


def allotted(g: Ground) -> int:
    night_id = begin(g)
    assert night_id
    with transaction(g.engine) as session:
        assert night.advance(session, night_id, now=NOW) == "write"
    return night_id


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
    assert job.work(g) == 2 + nights.MAX_TRIES
    assert (count(g, Letter), count(g, Exposure), count(g, Introduction)) == (6, 6, 6)
    with transaction(g.engine) as session:
        (failed,) = session.scalars(select(NightShard).where(NightShard.state == "failed"))
        assert (failed.error, failed.n_tries) == ("the ink is out", nights.MAX_TRIES)
        assert session.get_one(Night, night_id).stage == "done"
    assert "1 set aside" in job.newest_line(g)


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
