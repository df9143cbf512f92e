"""A letter that comes back counts once, and against its own address only."""

from datetime import date, timedelta

import pytest

from matcher.exchange.bouncing import returned
from matcher.models import Contact
from matcher.store import bounces, letters
from matcher.tokens import seal
from tests import factories as make
from tests.exchange.conftest import Desk
from tests.exchange.returning import A_DAY, GONE, comes_back, counted, cut, reads, sent, stands
from tests.factories import DOMAIN, NOW, SECRET


def test_a_letter_that_comes_back_for_good_pauses_digests_and_is_not_answered(desk: Desk, anna: Contact) -> None:
    letter = sent(desk, anna)
    verdict = comes_back(desk, letter)
    assert verdict == (
        "a letter to anna@quay.example came back, the mail server does not know the address: "
        "its digests wait for a probe"
    )
    assert (counted(desk), stands(desk), reads(desk, anna)) == ([("anna@quay.example", True)], "paused", False)
    assert desk.letters() == [letter]
    assert [each.state for each in desk.messages()] == ["done"]


@pytest.mark.parametrize(
    ("said", "action"),
    [
        ("552 5.2.2 the mailbox is full", "failed"),
        ("452 4.2.2 the mailbox is full", "delayed"),
        ("451 4.4.1 no answer", "failed"),
    ],
)
def test_a_full_mailbox_or_a_silent_server_does_not_stop_digests_at_once(
    desk: Desk, anna: Contact, said: str, action: str
) -> None:
    comes_back(desk, sent(desk, anna), said=said, action=action)
    assert (counted(desk), stands(desk), reads(desk, anna)) == ([("anna@quay.example", False)], "shaky", True)


def test_a_mailbox_that_is_full_for_a_week_waits(desk: Desk, anna: Contact) -> None:
    for day in range(5):
        at = NOW + day * A_DAY
        comes_back(desk, sent(desk, anna, at=at), said="552 5.2.2 the mailbox is full", at=at)
    assert stands(desk, at=NOW + 4 * A_DAY) == "paused"


def test_a_letter_refused_as_spam_says_nothing_of_its_address(desk: Desk, anna: Contact) -> None:
    verdict = comes_back(desk, sent(desk, anna), said="554 5.7.1 rejected as spam")
    assert "was refused, not its address" in verdict
    assert (counted(desk), stands(desk)) == ([], "well")


def test_a_letter_given_up_because_our_own_relay_was_away_says_nothing_of_its_address(
    desk: Desk, anna: Contact
) -> None:
    for reason in ("[Errno 111] Connection refused", "timed out", ""):
        returned(desk.session, sent(desk, anna).id, hard=False, reason=reason, now=NOW)
    assert counted(desk) == []


def test_the_same_bounce_reported_twice_counts_once(desk: Desk, anna: Contact) -> None:
    letter = sent(desk, anna)
    verdicts = [comes_back(desk, letter, at=NOW + hours * timedelta(hours=1)) for hours in range(2)]
    assert "reported before" in verdicts[1]
    assert counted(desk) == [("anna@quay.example", True)]


def test_a_letter_that_is_late_and_then_lost_counts_as_lost_and_never_the_other_way(desk: Desk, anna: Contact) -> None:
    letter = sent(desk, anna)
    comes_back(desk, letter, said="451 4.4.1 no answer", action="delayed")
    assert stands(desk) == "shaky"
    comes_back(desk, letter, said="550 5.4.4 unable to route")
    comes_back(desk, letter, said="451 4.4.1 no answer", action="delayed")
    assert (counted(desk), stands(desk)) == ([("anna@quay.example", True)], "paused")


@pytest.mark.parametrize("purpose", ["bounce", "reply", "unsubscribe"])
def test_a_forged_token_or_one_made_for_something_else_changes_nothing(desk: Desk, anna: Contact, purpose: str) -> None:
    secret = "another secret" if purpose == "bounce" else SECRET
    token = seal(secret, purpose, sent(desk, anna).id, expires_on=date(2027, 1, 1))
    assert comes_back(desk, sent(desk, anna), to=f"b+{token}@{DOMAIN}") == "a bounce"
    assert counted(desk) == []


def test_a_bounce_to_the_reply_address_of_a_forwarded_digest_changes_nothing(desk: Desk, anna: Contact) -> None:
    letter = sent(desk, anna)
    comes_back(desk, letter, to=make.reply_address(letter))
    assert counted(desk) == []


def test_whoever_holds_the_token_of_one_letter_hurts_its_own_address_only(desk: Desk, anna: Contact) -> None:
    eve = make.firm(desk.session, "eve")
    comes_back(desk, sent(desk, eve), final=anna.email)
    assert counted(desk) == [("anna@eve.example", True)]


@pytest.mark.parametrize("state", ["waiting", "dropped"])
def test_a_letter_that_was_never_sent_cannot_come_back(desk: Desk, anna: Contact, state: str) -> None:
    letter = sent(desk, anna)
    letter.state, letter.sent_at = state, None
    assert "never sent" in comes_back(desk, letter)
    assert "never sent" in returned(desk.session, letter.id + 1000, hard=True, reason=GONE, now=NOW)
    assert counted(desk) == []


def test_a_letter_that_comes_back_after_a_month_says_nothing_any_more(desk: Desk, anna: Contact) -> None:
    letter = sent(desk, anna)
    assert "older than 30 days" in comes_back(desk, letter, at=NOW + 31 * A_DAY)
    assert counted(desk) == []


@pytest.mark.parametrize("state", ["claimed", "failed"])
def test_a_server_that_refuses_the_address_counts_like_a_letter_that_comes_back(
    desk: Desk, anna: Contact, state: str
) -> None:
    letter = sent(desk, anna)
    letter.state, letter.sent_at = state, None
    returned(desk.session, letter.id, hard=True, reason="550 5.1.1 no such user", now=NOW)
    assert stands(desk) == "paused"


def test_letters_between_people_go_while_digests_wait_and_a_cut_address_gets_only_what_it_asks_for(
    desk: Desk, anna: Contact
) -> None:
    kinds = ("digest", "introduction", "probe", "answer", "sign-in")
    rows = [sent(desk, anna, kind=kind) for kind in kinds]

    def held() -> list[str]:
        found = letters.held_back(desk.session, rows, now=NOW + 3 * A_DAY)
        assert set(found.values()) <= {"bounce"}
        return [each.kind for each in rows if each.id in found]

    assert held() == []
    returned(desk.session, rows[0].id, hard=True, reason=GONE, now=NOW)
    assert held() == ["digest"]
    cut(desk, anna)
    assert held() == ["digest", "introduction", "probe"]


def test_a_colleague_gets_the_digests_while_an_address_waits(desk: Desk, anna: Contact) -> None:
    ben = Contact(partner_id=anna.partner_id, email="ben@quay.example", verified_at=NOW)
    desk.session.add(ben)
    desk.session.flush()
    assert (reads(desk, anna), reads(desk, ben)) == (True, False)
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    assert (reads(desk, anna), reads(desk, ben)) == (False, True)


def test_many_addresses_are_looked_up_at_once_however_they_are_written(desk: Desk) -> None:
    firms = [make.firm(desk.session, f"firm{n}") for n in range(5)]
    returned(desk.session, sent(desk, firms[2]).id, hard=True, reason=GONE, now=NOW)
    asked = [each.email.upper() for each in firms]
    found = bounces.standings(desk.session, asked, now=NOW)
    assert [found[each].name for each in asked] == ["well", "well", "paused", "well", "well"]
    assert bounces.unreachable(desk.session, now=NOW) == ["anna@firm2.example"]
