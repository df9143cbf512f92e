"""A letter that comes back counts once, against its own address only, and a proof that mail arrives takes it back."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from matcher import exchange
from matcher.exchange.bouncing import arrived, mail_again, probe, returned
from matcher.models import Bounce, Consent, Contact, Letter, Suppression
from matcher.store import bounces, letters
from matcher.tokens import seal
from tests import factories as make
from tests.exchange.conftest import Desk, Market
from tests.factories import DAY, DOMAIN, NOW, SECRET

A_DAY = timedelta(days=1)
GONE = "smtp; 550 5.1.1 no such user"
FULL = "smtp; 552 5.2.2 the mailbox is full"
BOUNCE = """From: MAILER-DAEMON@mx.example
To: {to}
Message-ID: <dsn-{number}@mx.example>
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=part

--part
Content-Type: text/plain

It could not be delivered.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {final}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--part--
"""


def sent(desk: Desk, to: Contact, *, kind: str = "digest", at: datetime = NOW) -> Letter:
    """Write a letter and let a server take it."""
    row = make.letter(desk.session, kind, to, [(1, to.id)], offers=[])
    row.state, row.sent_at, row.created_at = "sent", at, at
    desk.session.flush()
    return row


def comes_back(
    desk: Desk,
    letter: Letter,
    *,
    said: str = "550 5.1.1 no such user",
    action: str = "failed",
    final: str = "anna@quay.example",
    to: str = "",
    at: datetime = NOW,
) -> str:
    to = to or f"b+{seal(SECRET, 'bounce', letter.id, expires_on=date(2027, 1, 1))}@{DOMAIN}"
    number, status = f"{len(desk.messages())}", said.split()[1]
    text = BOUNCE.format(to=to, number=number, final=final, action=action, status=status, said=said)
    return desk.arrives(text.encode(), to, at=at)


def stands(desk: Desk, *, email: str = "anna@quay.example", at: datetime = NOW) -> str:
    return bounces.standings(desk.session, [email], now=at)[email].name


def counted(desk: Desk) -> list[tuple[str, bool]]:
    desk.session.expire_all()
    return [(each.email, each.hard) for each in desk.session.scalars(select(Bounce).order_by(Bounce.id))]


def reads(desk: Desk, contact: Contact, *, on: date = DAY) -> bool:
    return make.reads(desk.session, contact, on=on)


@pytest.fixture
def anna(desk: Desk) -> Contact:
    return make.firm(desk.session, "quay")


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


def probed(desk: Desk, at: datetime) -> Letter:
    """Let the one probe that is due be written and sent."""
    assert probe(desk.session, now=at) == 1
    letter = desk.letters("probe")[-1]
    letter.state, letter.sent_at = "sent", at
    desk.session.flush()
    return letter


def cut(desk: Desk, to: Contact) -> None:
    """Let a digest and the probe after it come back."""
    returned(desk.session, sent(desk, to).id, hard=True, reason=GONE, now=NOW)
    at = NOW + A_DAY
    returned(desk.session, probed(desk, at).id, hard=True, reason=GONE, now=at)
    assert stands(desk, email=to.email, at=at) == "cut"


def test_one_probe_is_sent_a_day_after_the_pause_and_no_second_one(desk: Desk, anna: Contact) -> None:
    returned(desk.session, sent(desk, anna).id, hard=True, reason=FULL.replace("full", "gone"), now=NOW)
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    assert probe(desk.session, now=NOW + timedelta(hours=23)) == 0
    letter = probed(desk, NOW + A_DAY)
    assert (letter.to_address, letter.values["why"]) == (anna.email, "the mail server does not know the address")
    assert [probe(desk.session, now=NOW + days * A_DAY) for days in (1, 2, 8, 9, 400)] == [0] * 5
    assert stands(desk, at=NOW + 2 * A_DAY) == "probing"


def test_digests_go_on_by_themselves_when_the_probe_stays_away_for_a_week(desk: Desk, anna: Contact) -> None:
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    probed(desk, NOW + A_DAY)
    assert [reads(desk, anna, on=DAY + days * A_DAY) for days in (0, 1, 7, 8, 9, 90)] == [False] * 4 + [True] * 2


def test_a_probe_that_comes_back_cuts_the_address_and_nothing_is_tried_any_more(desk: Desk, anna: Contact) -> None:
    cut(desk, anna)
    assert [probe(desk.session, now=NOW + days * A_DAY) for days in (2, 30, 100, 1000)] == [0] * 4
    assert not reads(desk, anna, on=DAY + 1000 * A_DAY)


def test_a_probe_that_meets_a_full_mailbox_is_tried_four_times_in_all(desk: Desk, anna: Contact) -> None:
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    tried = []
    for day in range(200):
        at = NOW + day * A_DAY
        if probe(desk.session, now=at):
            letter = desk.letters("probe")[-1]
            letter.state, letter.sent_at = "sent", at
            desk.session.flush()
            returned(desk.session, letter.id, hard=True, reason=FULL, now=at)
            tried.append(day)
    assert tried == [1, 8, 38, 128]
    assert stands(desk, at=NOW + 200 * A_DAY) == "cut"


def test_a_probe_that_our_own_relay_refused_is_not_taken_for_one_that_arrived(desk: Desk, anna: Contact) -> None:
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    letter = probed(desk, NOW + A_DAY)
    letter.state, letter.sent_at, letter.created_at = "failed", None, NOW + A_DAY
    desk.session.flush()
    assert stands(desk, at=NOW + 5 * A_DAY) == "paused"
    assert probe(desk.session, now=NOW + 8 * A_DAY) == 1


@pytest.mark.parametrize("facts", [{"verified_at": None}, {"digest": "paused"}, {"state": "left"}])
def test_nobody_is_probed_who_waits_for_no_digest(desk: Desk, facts: dict[str, object]) -> None:
    to = make.firm(desk.session, "quay", **facts)
    returned(desk.session, sent(desk, to).id, hard=True, reason=GONE, now=NOW)
    assert probe(desk.session, now=NOW + 9 * A_DAY) == 0


def test_nobody_is_probed_who_unsubscribed(desk: Desk, anna: Contact) -> None:
    exchange.unsubscribe(desk.session, anna, how="one click", now=NOW)
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    assert probe(desk.session, now=NOW + 9 * A_DAY) == 0


def test_a_colleague_gets_the_digests_while_an_address_waits(desk: Desk, anna: Contact) -> None:
    ben = Contact(partner_id=anna.partner_id, email="ben@quay.example", verified_at=NOW)
    desk.session.add(ben)
    desk.session.flush()
    assert (reads(desk, anna), reads(desk, ben)) == (True, False)
    returned(desk.session, sent(desk, anna).id, hard=True, reason=GONE, now=NOW)
    assert (reads(desk, anna), reads(desk, ben)) == (False, True)


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


def test_many_addresses_are_looked_up_at_once_however_they_are_written(desk: Desk) -> None:
    firms = [make.firm(desk.session, f"firm{n}") for n in range(5)]
    returned(desk.session, sent(desk, firms[2]).id, hard=True, reason=GONE, now=NOW)
    asked = [each.email.upper() for each in firms]
    found = bounces.standings(desk.session, asked, now=NOW)
    assert [found[each].name for each in asked] == ["well", "well", "paused", "well", "well"]
    assert bounces.unreachable(desk.session, now=NOW) == ["anna@firm2.example"]
