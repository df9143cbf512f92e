"""Two at once: a guarded move has one winner, and a lock shows only one of them the row."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from matcher.models import Contact, Introduction, Letter, Partner
from matcher.store import introductions, letters, matched, matches, messages, partners, postings, watermark
from matcher.store.letters import Draft
from matcher.terms import Match
from tests import factories as make
from tests.factories import NOW


@pytest.fixture
def other(engine: Engine) -> Iterator[Session]:
    with Session(engine) as opened:
        opened.execute(text("SET LOCAL lock_timeout = '3s'"))  # who waits for ever fails
        yield opened


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def waits(future: Future[bool]) -> bool:
    sleep(0.1)
    return not future.done()


@pytest.fixture
def asked(session: Session) -> int:
    row = make.asked(session, make.opportunity(session, make.firm(session, "alder")), make.firm(session, "quay"))
    session.commit()
    return row.id


def test_of_two_who_move_an_introduction_exactly_one_wins(
    session: Session, other: Session, asked: int, thread: ThreadPoolExecutor
) -> None:
    here, there = session.get_one(Introduction, asked), other.get_one(Introduction, asked)
    assert introductions.move(session, here, "accept", after="accepted", number=1)
    late = thread.submit(introductions.move, other, there, "accept", after="accepted", number=2)
    assert waits(late)
    session.commit()
    assert late.result(5) is False
    other.rollback()
    other.refresh(there)
    assert (there.state, there.number) == ("accepted", 1)


def test_a_winner_that_rolls_back_leaves_the_move_to_the_next(
    session: Session, other: Session, asked: int, thread: ThreadPoolExecutor
) -> None:
    here, there = session.get_one(Introduction, asked), other.get_one(Introduction, asked)
    assert introductions.move(session, here, "accept", after="accepted")
    late = thread.submit(introductions.move, other, there, "decline", after="declined")
    assert waits(late)
    session.rollback()
    assert late.result(5) is True


def test_two_rankings_at_once_are_not_mixed(session: Session, other: Session, thread: ThreadPoolExecutor) -> None:
    row = make.opportunity(session, make.firm(session, "alder"))
    fjord, isar, quay = (make.firm(session, key).partner_id for key in ("fjord", "isar", "quay"))
    session.commit()
    matched.replace(session, row.id, ranked(row.id, fjord, isar), version="test", at=NOW)
    late = thread.submit(matched.replace, other, row.id, ranked(row.id, isar, quay), version="test", at=NOW)
    sleep(0.1)
    session.commit()
    late.result(5)
    other.commit()
    listed = matches.for_poster(session, row.id, limit=25)
    assert [(each.place, each.partner_id) for each in listed] == [(1, isar), (2, quay)]


def ranked(opportunity_id: int, *partner_ids: int) -> tuple[Match, ...]:
    return tuple(Match(opportunity_id, each, place, 0.5, (), "", "") for place, each in enumerate(partner_ids, start=1))


def test_those_who_lock_several_opportunities_never_interlock(
    session: Session, other: Session, thread: ThreadPoolExecutor
) -> None:
    poster = make.firm(session, "alder")
    one, two = (make.opportunity(session, poster).id for _ in range(2))
    session.commit()
    postings.lock(session, two, one)
    late = thread.submit(lambda: postings.lock(other, one, two) is None)
    assert waits(late)
    postings.lock(session, one)
    session.commit()
    assert late.result(5)


def test_what_was_read_of_an_introduction_before_the_lock_is_read_anew(
    session: Session, other: Session, asked: int
) -> None:
    here = session.get_one(Introduction, asked)
    assert here.state == "asked"
    assert introductions.move(other, other.get_one(Introduction, asked), "decline", after="declined")
    other.commit()
    postings.lock(session, here.opportunity_id)
    assert here.state == "declined"


def test_a_change_that_is_committed_after_a_later_one_is_noticed(session: Session, other: Session) -> None:
    alder, quay = make.firm(session, "alder").partner_id, make.firm(session, "quay").partner_id
    session.commit()
    partners.move_partner(other, quay, before=("live",), after="paused", at=NOW + timedelta(seconds=1))
    session.get_one(Partner, alder).changed_at = NOW + timedelta(seconds=2)
    session.commit()
    mark = watermark.mark(session)
    assert watermark.since(session, mark, model="any") == watermark.NOTHING
    other.commit()
    session.rollback()
    assert watermark.whose(session, mark, model="any", most=5) == {quay}


def test_an_opportunity_is_opened_by_one_of_two(session: Session, other: Session) -> None:
    row = make.opportunity(session, make.firm(session, "alder"), state="draft")
    session.commit()
    assert postings.move(session, row.id, before=("draft",), state="open")
    session.commit()
    assert not postings.move(other, row.id, before=("draft",), state="open")


def test_an_address_is_proven_once_and_a_partner_goes_live_once(session: Session, other: Session) -> None:
    to = make.firm(session, "quay", state="draft", verified_at=None)
    session.commit()
    assert partners.prove(session, to.id, NOW)
    assert partners.move_partner(session, to.partner_id, before=("draft",), after="live", at=NOW)
    session.commit()
    assert not partners.prove(other, to.id, NOW)
    assert not partners.move_partner(other, to.partner_id, before=("draft",), after="live", at=NOW)


def test_a_report_is_settled_by_one_of_two(session: Session, other: Session, asked: int) -> None:
    row = session.get_one(Introduction, asked)
    introductions.report(session, introduction_id=asked, contact_id=row.contact_id, result="won", revenue_eur=1, at=NOW)
    told = introductions.outcomes(session, asked)[0].id
    session.commit()
    assert introductions.settle(session, told, after="confirmed", at=NOW)
    session.commit()
    assert not introductions.settle(other, told, after="disputed", at=NOW)


def test_a_message_in_other_hands_is_not_taken(session: Session, other: Session) -> None:
    kept = messages.keep(session, key="1@firm.example", raw=b"x", envelope_from="", envelope_to="", at=NOW)
    assert kept
    session.commit()
    assert messages.take(session, kept) is not None
    assert messages.take(other, kept) is None
    messages.mark(session, kept, state="done", verdict="read")
    session.commit()
    assert messages.take(other, kept) is None


def test_two_writers_of_one_letter_write_it_once(session: Session, other: Session, thread: ThreadPoolExecutor) -> None:
    to = make.firm(session, "quay")
    session.commit()
    there = other.get_one(Contact, to.id)
    assert letters.write(session, Draft("digest:1", "digest", to), at=NOW)
    late = thread.submit(letters.write, other, Draft("digest:1", "digest", there), at=NOW)
    sleep(0.1)
    session.commit()
    assert late.result(5) is None


def written(session: Session, n: int) -> list[int]:
    """Write letters that are due one minute after the other."""
    to = make.firm(session, "quay")
    ids = [
        letters.write(session, Draft(f"digest:{i}", "digest", to), at=NOW - timedelta(minutes=n - i)) for i in range(n)
    ]
    session.commit()
    return [each for each in ids if each]


def test_two_senders_never_claim_the_same_letter(session: Session, other: Session) -> None:
    ids = written(session, 10)
    first = [each.id for each in letters.claim(session, now=NOW, limit=6)]
    second = [each.id for each in letters.claim(other, now=NOW, limit=6)]
    assert first == ids[:6]
    assert second == ids[6:]
    session.commit()
    other.commit()
    assert letters.claim(session, now=NOW, limit=6) == []


def test_a_claim_that_was_rolled_back_is_free_at_once(session: Session, other: Session) -> None:
    ids = written(session, 1)
    letters.claim(session, now=NOW, limit=6)
    session.rollback()
    assert [each.id for each in letters.claim(other, now=NOW, limit=6)] == ids


def test_the_claim_of_a_sender_that_died_comes_back_after_a_while_and_not_before(session: Session) -> None:
    ids = written(session, 1)
    letters.claim(session, now=NOW, limit=1)
    session.commit()
    assert letters.claim(session, now=NOW + letters.STALE_CLAIM, limit=1) == []
    late = NOW + letters.STALE_CLAIM + timedelta(seconds=1)
    assert [each.id for each in letters.claim(session, now=late, limit=1)] == ids


def test_a_letter_that_was_sent_is_never_claimed_again(session: Session) -> None:
    (letter_id,) = written(session, 1)
    letters.claim(session, now=NOW, limit=1)
    assert letters.mark_sent(session, [letter_id], at=NOW) == {letter_id}
    assert letters.mark_sent(session, [letter_id], at=NOW) == set()
    assert letters.claim(session, now=NOW + timedelta(days=1), limit=1) == []
    assert not letters.mark_failed(session, letter_id, "too late")
    assert session.get_one(Letter, letter_id).state == "sent"


def test_a_letter_put_back_waits_longer_each_time_and_at_most_four_hours(session: Session) -> None:
    (letter_id,) = written(session, 1)
    pauses, at = [], NOW
    for _ in range(letters.MAX_TRIES - 1):
        assert [each.id for each in letters.claim(session, now=at, limit=1)] == [letter_id]
        assert letters.put_back(session, [letter_id], claimed_at=at, error="451 not now", now=at)[letter_id]
        row = session.get_one(Letter, letter_id)
        assert letters.claim(session, now=row.next_try_at - timedelta(seconds=1), limit=1) == []
        pauses.append((row.next_try_at - at).total_seconds() / 60)
        at = row.next_try_at
    assert pauses[:9] == [1, 2, 4, 8, 16, 32, 64, 128, 240]
    assert set(pauses[9:]) == {240}
    letters.claim(session, now=at, limit=1)
    letters.put_back(session, [letter_id], claimed_at=at, error="451 not now", now=at)
    assert (session.get_one(Letter, letter_id).state, session.get_one(Letter, letter_id).error) == (
        "failed", "451 not now",
    )  # fmt: skip
