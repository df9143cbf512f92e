"""A proof that mail arrives, or its owner's word, takes a pause back."""

import pytest
from sqlalchemy import select

from matcher import exchange
from matcher.exchange.bouncing import arrived, mail_again, probe, returned
from matcher.models import Consent, Contact, Suppression
from matcher.store import letters
from tests import factories as make
from tests.exchange.conftest import Desk, Market
from tests.exchange.returning import A_DAY, GONE, comes_back, cut, reads, sent, stands
from tests.factories import NOW


def test_an_answer_to_a_later_letter_proves_that_mail_arrives_and_one_to_an_earlier_letter_does_not(
    market: Market,
) -> None:
    desk, anna = market.desk, market.asked[0].contact
    before = make.digest(desk.session, anna, market.asked[0])
    before.state, before.sent_at = "sent", NOW - A_DAY
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    desk.reply(before, "1 later", at=NOW + A_DAY)
    assert stands(desk, at=NOW + A_DAY) == "paused"
    after = desk.letters("answer")[-1]
    after.state, after.sent_at = "sent", NOW + A_DAY
    desk.session.flush()
    desk.reply(after, "1 yes", at=NOW + 2 * A_DAY)
    assert stands(desk, at=NOW + 2 * A_DAY) == "well"


def test_an_answer_from_somebody_else_proves_nothing(market: Market) -> None:
    desk, anna = market.desk, market.asked[0].contact
    returned(desk.session, sent(desk, anna, at=NOW - A_DAY).id, hard=True, reason=GONE, now=NOW - A_DAY)
    later = make.digest(desk.session, anna, market.asked[0])
    later.state, later.sent_at = "sent", NOW
    desk.reply(later, "1 yes", sender="eve@home.example")
    assert stands(desk) == "paused"


def test_a_letter_that_was_not_sent_proves_nothing_when_it_is_answered(desk: Desk, anna: Contact) -> None:
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    letter = sent(desk, anna)
    letter.sent_at = None
    arrived(desk.session, letter, now=NOW)
    assert stands(desk) == "paused"


@pytest.mark.parametrize("how_bad", ["paused", "cut"])
def test_its_owner_says_that_an_address_works_and_digests_go_on(desk: Desk, anna: Contact, how_bad: str) -> None:
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    if how_bad == "cut":
        cut(desk, anna)
    at = NOW + 2 * A_DAY
    said = mail_again(desk.session, anna, how="your own page", by=anna, now=at)
    assert said.heading == "We write to anna@quay.example again."
    assert (stands(desk, at=at), reads(desk, anna, on=at.date())) == ("well", True)
    assert mail_again(desk.session, anna, how="your own page", by=anna, now=at).tone == "closed"


def test_an_address_that_was_cleared_and_comes_back_again_is_paused_and_probed_again(desk: Desk, anna: Contact) -> None:
    cut(desk, anna)
    mail_again(desk.session, anna, how="your own page", by=anna, now=NOW + 2 * A_DAY)
    at = NOW + 3 * A_DAY
    returned(desk.session, sent(desk, anna, at=at).id, hard=True, reason=GONE, now=at)
    assert stands(desk, at=at) == "paused"
    assert probe(desk.session, now=at + A_DAY) == 1


def test_a_report_of_a_letter_from_before_the_owners_word_does_not_undo_it(desk: Desk, anna: Contact) -> None:
    letter = sent(desk, anna)
    comes_back(desk, letter, said="451 4.4.1 no answer", action="delayed")
    mail_again(desk.session, anna, how="your own page", by=anna, now=NOW)
    comes_back(desk, letter)
    assert stands(desk) == "well"


def test_only_its_owner_takes_a_complaint_back(desk: Desk, anna: Contact) -> None:
    ben = Contact(partner_id=anna.partner_id, email="ben@quay.example", verified_at=NOW)
    desk.session.add(ben)
    exchange.unsubscribe(desk.session, anna, how="complaint by mail", cause="complaint", now=NOW)
    assert mail_again(desk.session, anna, how="your own page", by=ben, now=NOW).tone == "closed"
    assert letters.why_no_digest(desk.session, anna.email) == "complaint"
    assert mail_again(desk.session, anna, how="your own page", by=anna, now=NOW).tone == "done"
    assert letters.why_no_digest(desk.session, anna.email) == ""
    last = desk.session.scalars(select(Consent).order_by(Consent.id.desc())).first()
    assert last is not None
    assert (last.subject, last.given, last.how) == ("digest", True, "your own page")


def test_a_wish_for_no_digests_outlives_the_word_that_an_address_works(desk: Desk, anna: Contact) -> None:
    exchange.unsubscribe(desk.session, anna, how="one click", now=NOW)
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    said = mail_again(desk.session, anna, how="your own page", by=anna, now=NOW)
    assert said.lines == ("Digests stay off, as chosen.",)
    assert desk.session.scalars(select(Suppression.cause)).all() == ["unsubscribed"]
