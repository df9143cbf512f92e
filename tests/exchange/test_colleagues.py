"""Somebody at the mail domain of a firm that is here: its owner is asked, and decides; nothing is given away before."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from matcher import exchange
from matcher.exchange import Submission
from matcher.models import Contact, Letter, Partner
from tests import factories as make
from tests.exchange.conftest import Desk
from tests.factories import DOMAIN, FACTS, NOW

BOB = "bob@quay.example"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def letter(desk: Desk, anna: Contact) -> Letter:
    """Let Bob join beside Anna, who owns the firm, and return the letter that asks her."""
    joins(desk)
    says_ok(desk)
    (asked,) = desk.letters("colleague")
    assert asked.to_address == anna.email
    return asked


def joins(desk: Desk, sender: str = f"Bob Moe <{BOB}>") -> None:
    words = "We are Quay Cloud in Leeds, 4 people. We move mailboxes for hospitals."
    desk.arrives(make.mail(sender, f"join@{DOMAIN}", words, subject="Joining"), f"join@{DOMAIN}")


def says_ok(desk: Desk, *, hours: int = 0) -> None:
    desk.reply(desk.letters("welcome")[-1], "ok", at=NOW + timedelta(hours=hours))


def bob(desk: Desk) -> Contact:
    return desk.session.scalars(select(Contact).where(Contact.email == BOB)).one()


def test_nothing_is_asked_before_the_address_is_proven(desk: Desk, anna: Contact) -> None:
    joins(desk)
    assert desk.letters("colleague") == []


def test_the_newcomer_is_told_that_the_owner_was_asked_and_not_which_firm_it_is(desk: Desk, letter: Letter) -> None:
    said = desk.answer(BOB)
    assert said.startswith("A firm at your mail domain is here already, so we asked its owner.")
    assert letter.values == {"who": f"Bob Moe ({BOB})", "firm": bob_s_firm_to_be(desk).name}
    assert letter.values["firm"] not in said
    assert bob(desk).partner.state == "draft"


def bob_s_firm_to_be(desk: Desk) -> Partner:
    return desk.session.scalars(select(Partner).where(Partner.key == "quay")).one()


def test_a_yes_makes_the_newcomer_a_contact_that_posts_and_reads_in_turn(
    desk: Desk, letter: Letter, anna: Contact
) -> None:
    before = bob(desk).partner
    desk.reply(letter, "yes")
    assert (bob(desk).partner_id, bob(desk).level, bob(desk).digest) == (anna.partner_id, "sales", "daily")
    assert (before.state, before.profile, before.contacts) == ("left", "", [])
    assert desk.answer(BOB).startswith(f"You post and read for {anna.partner.name} now.")
    sent = Submission("nonce-1", "web", BOB, "We need 380 mailboxes moved to Exchange Online.", facts=FACTS)
    assert exchange.publish(desk.session, sent, now=NOW).partner_id == anna.partner_id
    assert (make.reads(desk.session, anna, on=NOW.date()), make.reads(desk.session, bob(desk), on=NOW.date())) == (
        True,
        False,
    )
    anna.digest = "paused"
    desk.session.flush()
    assert make.reads(desk.session, bob(desk), on=NOW.date())


def test_a_yes_twice_is_as_good_as_once(desk: Desk, letter: Letter) -> None:
    for _ in range(2):
        desk.reply(letter, "yes")
    assert "That is settled already" in desk.answer(letter.to_address)
    assert len(desk.letters("answer", to=BOB)) == 2  # that the owner was asked, and the yes


def test_a_no_is_told_and_the_newcomer_may_join_on_its_own(desk: Desk, letter: Letter, anna: Contact) -> None:
    desk.reply(letter, "no")
    told = desk.letters("answer", to=BOB)[-1]
    assert told.values["heading"] == "The owner of the firm at your mail domain said no."
    assert anna.partner.name not in str(told.values)
    desk.reply(told, "ok", at=LATER)
    own = bob(desk).partner
    assert (own.state, own.id != anna.partner_id, own.conflict_keys) == ("live", True, ["quay"])


def test_a_second_ok_means_a_firm_of_its_own_and_leaves_nothing_to_decide(
    desk: Desk, letter: Letter, anna: Contact
) -> None:
    says_ok(desk)  # within the minute: pressed twice
    assert bob(desk).partner.state == "draft"
    says_ok(desk, hours=1)
    assert bob(desk).partner.state == "live"
    desk.reply(letter, "yes", at=LATER)
    assert "That is settled already" in desk.answer(letter.to_address)
    assert bob(desk).partner_id != anna.partner_id


def test_only_a_plain_answer_decides(desk: Desk, letter: Letter) -> None:
    read = {"I am on holiday until Monday": "as an automatic reply", "who is that?": "We did not want to guess"}
    for said, told in read.items():
        desk.reply(letter, said)
        assert bob(desk).partner.state == "draft"
        assert told in desk.answer(letter.to_address)


def test_thanks_for_what_was_noted_lets_nobody_in(desk: Desk, letter: Letter) -> None:
    desk.reply(letter, "no")
    desk.reply(desk.letters("answer", to=letter.to_address)[-1], "ok, thanks")
    assert bob(desk).partner.state == "draft"
    desk.reply(letter, "yes")
    assert bob(desk).partner.state == "live"


def test_somebody_else_decides_nothing(desk: Desk, letter: Letter) -> None:
    desk.reply(letter, "yes", sender=BOB)
    assert bob(desk).partner.state == "draft"


def test_where_two_firms_share_the_domain_nobody_is_asked(desk: Desk, anna: Contact) -> None:
    other = make.firm(desk.session, "dock")
    other.email = "anna.dock@quay.example"
    desk.session.flush()
    joins(desk)
    says_ok(desk)
    assert desk.letters("colleague") == []
    assert bob(desk).partner.state == "live"


def test_a_newcomer_who_has_posted_already_joins_on_its_own(desk: Desk, anna: Contact) -> None:
    sent = Submission("nonce-1", "web", BOB, "We need 380 mailboxes moved to Exchange Online.", facts=FACTS)
    exchange.publish(desk.session, sent, now=NOW)
    joins(desk)
    says_ok(desk)
    assert (desk.letters("colleague"), bob(desk).partner.state) == ([], "live")


@pytest.mark.parametrize("name", ["Your account ends: http://evil.example/now", "x" * 80, "Call +44 113 / 4960"])
def test_what_is_no_name_is_not_put_before_the_owner(desk: Desk, anna: Contact, name: str) -> None:
    joins(desk, sender=f'"{name}" <{BOB}>')
    says_ok(desk)
    assert desk.letters("colleague")[0].values["who"] == BOB
