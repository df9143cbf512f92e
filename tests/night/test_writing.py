"""What the contacts of a shard are told, written together: the same as one by one, and only what still holds."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from jobs import night as job
from jobs.ground import Ground
from matcher import exchange
from matcher.models import (
    Contact,
    Digest,
    Exposure,
    Introduction,
    Letter,
    Match,
    NightShard,
    Opportunity,
    Partner,
)  # fmt: skip
from matcher.night import allotting
from matcher.night.writing import write_digests
from matcher.store import matched
from tests import factories as make
from tests.factories import DAY, NOW
from tests.night.filled import allotted, begin, count, fill, write_one_by_one, written
from web.db import transaction


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


def test_whoever_stopped_after_it_was_allotted_something_is_not_asked(g: Ground) -> None:
    fill(g, 5)
    with transaction(g.engine) as session:
        told = allotting.allot(session, allotting.readers_of(session, DAY), day=DAY)
    with transaction(g.engine) as session:
        firms, mail, digests, away, reads = (session.get_one(Contact, each.contact_id) for each in told)
        exchange.pause(session, firms.partner, now=NOW)
        exchange.unsubscribe(session, mail, how="one click", now=NOW)
        exchange.set_digest(session, digests, digest="paused", hour=7, how="the page", now=NOW)
        away.paused_until = DAY
        left = reads.id
    with transaction(g.engine) as session:
        assert write_digests(session, told, day=DAY, now=NOW) == 1
        assert session.scalars(select(Introduction.contact_id)).all() == [left]


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


def test_an_opportunity_that_was_ranked_anew_since_waits_and_all_else_is_told(g: Ground) -> None:
    fill(g, 3, n_open=2)
    allotted(g)
    with transaction(g.engine) as session:
        row = session.scalars(select(Opportunity).order_by(Opportunity.id)).first()
        assert row
        matched.replace(session, row.id, (), version="newer", at=NOW)
        anew = row.id
    assert job.work(g) == 1
    with transaction(g.engine) as session:
        assert session.scalars(select(NightShard.state)).all() == ["done"]
        assert session.scalars(select(Introduction.opportunity_id)).all() == [anew + 1] * 3
        assert all(letter.values["offers"][0]["why"] for letter in session.scalars(select(Letter)))


def test_a_firm_that_is_deleted_takes_with_it_all_that_it_was_told(g: Ground) -> None:
    fill(g, 3, n_open=2)
    begin(g)
    job.work(g)
    with transaction(g.engine) as session:
        gone = session.scalars(select(Contact.partner_id).where(Contact.email == "anna@reader01.example")).one()
        session.execute(delete(Partner).where(Partner.id == gone))
    assert [count(g, each) for each in (Letter, Digest, Exposure, Introduction)] == [2, 2, 4, 4]
    with transaction(g.engine) as session:
        assert gone not in set(session.scalars(select(Exposure.partner_id)))


def test_a_match_that_is_gone_is_no_match_of_its_introduction(g: Ground) -> None:
    fill(g, 1)
    begin(g)
    job.work(g)
    with transaction(g.engine) as session:
        session.execute(delete(Match))
    with transaction(g.engine) as session:
        row = session.scalars(select(Introduction)).one()
        assert row.match_id
        assert row.match is None


def test_an_opportunity_that_is_deleted_takes_with_it_what_was_shown_of_it(g: Ground) -> None:
    fill(g, 3, n_open=2)
    begin(g)
    job.work(g)
    with transaction(g.engine) as session:
        gone = session.scalars(select(Opportunity.id).order_by(Opportunity.id)).first()
        session.execute(delete(Opportunity).where(Opportunity.id == gone))
    assert [count(g, each) for each in (Letter, Digest, Exposure, Introduction)] == [3, 3, 3, 3]
    with transaction(g.engine) as session:
        assert gone not in set(session.scalars(select(Exposure.opportunity_id)))


def test_letters_that_are_deleted_take_with_them_that_they_were_told(g: Ground) -> None:
    fill(g, 3, n_open=2)
    begin(g)
    job.work(g)
    with transaction(g.engine) as session:
        kept = session.scalars(select(Letter.id).order_by(Letter.id)).first()
        session.execute(delete(Letter).where(Letter.id != kept))
    assert [count(g, each) for each in (Digest, Exposure, Introduction)] == [1, 2, 6]
    with transaction(g.engine) as session:
        assert set(session.scalars(select(Exposure.letter_id))) == {kept}


def test_what_was_shown_before_is_told_and_not_counted_twice(g: Ground) -> None:
    fill(g, 2, n_open=2)
    with transaction(g.engine) as session:
        told = allotting.allot(session, allotting.readers_of(session, DAY), day=DAY)
        before = make.letter(session, "digest", session.get_one(Contact, told[0].contact_id), [])
        one = told[0].offers[0]
        ids = {"opportunity_id": one.opportunity_id, "partner_id": one.partner_id, "contact_id": one.contact_id}
        session.add(Exposure(**ids, letter_id=before.id, place=1, shown_on=DAY))
    with transaction(g.engine) as session:
        assert write_digests(session, told, day=DAY, now=NOW) == 2
    assert [count(g, each) for each in (Letter, Introduction, Exposure)] == [3, 4, 4]
