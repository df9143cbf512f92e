"""Mail that arrives: acted on once, answered once, held when it may be somebody else's, and silent to strangers."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from matcher import exchange
from matcher.exchange import receiving
from matcher.exchange.receiving import MAX_BYTES
from matcher.models import Contact, Introduction, Letter, Opportunity
from matcher.terms import Refused
from matcher.tokens import seal
from tests import factories as make
from tests.exchange.conftest import Desk, Market
from tests.factories import DOMAIN, NOW, SECRET

TEXT = "We need somebody who moves 380 mailboxes to Exchange Online by 31 January 2027 in Leeds. The customer pays us."


def desk_of(name: str) -> str:
    return f"{name}@{DOMAIN}"


def digest_of_five(market: Market) -> Letter:
    """Write a digest of five offers to the first partner."""
    rows = [market.asked[0]]
    for number in range(4):
        poster = make.firm(market.session, f"poster{number}")
        row = make.opportunity(market.session, poster, title=f"Project {number}")
        rows.append(make.asked(market.session, row, market.asked[0].contact))
    return make.digest(market.session, market.asked[0].contact, *rows)


def states(market: Market, letter: Letter) -> list[str]:
    rows = (market.session.get_one(Introduction, each[1]) for each in letter.refs)
    return [each.state for each in rows]


def test_a_yes_is_done_and_answered_once(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    assert "is with the poster" in market.desk.reply(letter, "1 yes")
    assert market.asked[0].state == "accepted"
    assert "Your yes to “Move 380 mailboxes” is with the poster." in market.desk.answer("anna@quay.example")
    assert len(market.desk.letters("answer")) == 1


def test_the_same_message_twice_acts_once(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    to = make.reply_address(letter)
    first, second = (
        make.mail("anna@quay.example", to, text, message_id="<same@quay.example>") for text in ("1 yes", "1 no")
    )
    market.desk.arrives(first, to)
    assert market.desk.arrives(second, to) == "received before"
    assert (market.asked[0].state, len(market.desk.letters("answer"))) == ("accepted", 1)


def test_a_message_that_was_read_is_not_read_again(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    market.desk.reply(letter, "1 yes")
    (message,) = market.desk.messages()
    assert exchange.receive(market.session, message.id, post=market.desk.post, now=NOW) == "dealt with already"


def test_two_messages_without_an_id_of_their_own_are_both_answered(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    to = make.reply_address(letter)
    for text in ("1 perhaps", "1 yes"):
        raw = b"\n".join(
            each for each in make.mail("anna@quay.example", to, text).splitlines() if not each.startswith(b"Message-ID")
        )
        market.desk.arrives(raw, to)
    assert market.asked[0].state == "accepted"
    assert len(market.desk.letters("answer", to="anna@quay.example")) == 2


def test_yes_to_a_digest_of_five_is_asked_which_one(market: Market) -> None:
    letter = digest_of_five(market)
    market.desk.reply(letter, "yes")
    assert states(market, letter) == ["asked"] * 5
    said = market.desk.answer("anna@quay.example")
    assert "the letter has 5 offers" in said
    assert "For example: 2 yes" in said


def test_the_answer_that_asks_back_can_be_answered_itself(market: Market) -> None:
    letter = digest_of_five(market)
    market.desk.reply(letter, "yes")
    market.desk.reply(market.desk.letters("answer")[-1], "2 yes and 4 no")
    assert states(market, letter) == ["asked", "accepted", "asked", "declined", "asked"]


def test_a_number_that_the_digest_does_not_have_moves_nothing(market: Market) -> None:
    letter = digest_of_five(market)
    market.desk.reply(letter, "1 yes, 7 yes")
    assert states(market, letter) == ["asked"] * 5
    assert "number 7" in market.desk.answer("anna@quay.example")


def test_a_reply_to_a_closed_opportunity_says_so(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    market.row.state = "closed"
    market.desk.reply(letter, "1 yes")
    assert "“Move 380 mailboxes” is closed." in market.desk.answer("anna@quay.example")
    assert market.asked[0].state == "asked"


def test_a_token_used_by_another_address_is_held_and_its_owner_asked(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    market.desk.reply(letter, "1 yes", sender="eve@home.example")
    (message,) = market.desk.messages()
    assert (message.state, market.asked[0].state) == ("held", "asked")
    assert message.verdict == "from eve@home.example, but the letter went to anna@quay.example"
    (held,) = market.desk.letters("held")
    assert held.to_address == "anna@quay.example"
    assert held.values == {"sender": "eve@home.example", "what": "1 yes", "message_id": message.id}


def test_a_held_message_acts_once_when_its_owner_releases_it(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    market.desk.reply(letter, "1 yes", sender="eve@home.example")
    (message,) = market.desk.messages()
    said = [exchange.release(market.session, message.id, post=market.desk.post, now=NOW) for _ in range(2)]
    assert [each.tone for each in said] == ["done", "closed"]
    assert (market.asked[0].state, message.state) == ("accepted", "done")
    assert len(market.desk.letters("interested")) == 1


def test_a_message_that_is_not_held_cannot_be_released(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    market.desk.reply(letter, "1 yes")
    (message,) = market.desk.messages()
    assert exchange.release(market.session, message.id, post=market.desk.post, now=NOW).tone == "closed"


def test_the_owner_whose_mail_server_did_not_vouch_for_it_is_asked_too(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    market.desk.post = exchange.receiving.Post(SECRET, DOMAIN, authserv_id="mx.counterpart.example")
    market.desk.reply(letter, "1 yes")
    assert (market.asked[0].state, market.desk.messages()[0].state) == ("asked", "held")
    to = make.reply_address(letter)
    vouched = b"Authentication-Results: mx.counterpart.example; dmarc=pass header.from=quay.example\n"
    market.desk.arrives(vouched + make.mail("anna@quay.example", to, "1 yes"), to)
    assert market.asked[0].state == "accepted"


def test_a_stale_token_is_answered_with_a_sentence(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    to = make.reply_address(letter, expires_on=date(2026, 11, 22))
    verdict = market.desk.arrives(make.mail("anna@quay.example", to, "1 yes"), to)
    assert verdict == "This address or link has expired."
    assert verdict in market.desk.answer("anna@quay.example")
    assert market.asked[0].state == "asked"


def test_a_token_of_another_purpose_opens_no_letter(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    to = f"reply+{seal(SECRET, 'bounce', letter.id, expires_on=date(2027, 1, 1))}@{DOMAIN}"
    assert "made for something else" in market.desk.arrives(make.mail("anna@quay.example", to, "1 yes"), to)
    assert market.asked[0].state == "asked"


def test_an_unknown_sender_with_a_made_up_token_learns_nothing(market: Market) -> None:
    to = f"reply+{'a' * 29}@{DOMAIN}"
    market.desk.arrives(make.mail("eve@home.example", to, "who is behind this?"), to)
    (answer,) = market.desk.letters("answer")
    assert answer.values["lines"] == ["This address or link is not one of ours, or it was cut short on the way."]
    assert (answer.contact_id, answer.refs) == (None, [])
    assert "Alder" not in str(answer.values)


def test_a_refusal_is_sent_once_per_sender_kind_and_day(desk: Desk) -> None:
    for _ in range(3):
        desk.arrives(make.mail("ann@firm.example", desk_of("post"), " "), desk_of("post"))
    assert len(desk.letters("answer", to="ann@firm.example")) == 1
    desk.arrives(make.mail("ann@firm.example", desk_of("join"), " "), desk_of("join"))
    desk.arrives(make.mail("bob@firm.example", desk_of("post"), " "), desk_of("post"))
    desk.arrives(make.mail("ann@firm.example", desk_of("post"), " "), desk_of("post"), at=NOW + timedelta(days=1))
    assert [each.to_address.partition("@")[0] for each in desk.letters("answer")] == ["ann", "ann", "bob", "ann"]
    assert {each.state for each in desk.messages()} == {"refused"}


@pytest.mark.parametrize(("text", "said"), [(" ", "empty"), ("word " * 40_000, "at most 20,000")])
def test_an_empty_or_endless_posting_by_mail_is_answered_with_a_sentence(desk: Desk, text: str, said: str) -> None:
    desk.arrives(make.mail("ann@firm.example", desk_of("post"), text), desk_of("post"))
    assert said in desk.answer("ann@firm.example")
    assert desk.session.scalar(select(func.count(Opportunity.id))) == 0


def test_a_message_of_ten_megabytes_is_refused_in_a_sentence(desk: Desk) -> None:
    raw = make.mail("ann@firm.example", desk_of("post"), TEXT) + b"x" * MAX_BYTES
    assert desk.arrives(raw, desk_of("post")).startswith("Your message is larger than 10 MB.")


def test_a_posting_by_mail_is_kept_and_read_back(desk: Desk) -> None:
    raw = make.mail("Ann Firm <ann@firm.example>", desk_of("post"), TEXT, subject="Mail move")
    assert desk.arrives(raw, desk_of("post")).startswith("posting: ")
    (letter,) = desk.letters()
    assert (letter.kind, letter.to_address) == ("confirm", "ann@firm.example")
    desk.reply(letter, "ok")
    assert desk.session.scalars(select(Opportunity.state)).all() == ["open"]


def test_the_files_of_a_posting_are_named_as_not_read(desk: Desk) -> None:
    desk.arrives(make.with_file(make.mail("ann@firm.example", desk_of("post"), TEXT), "Mailboxes.pdf"), desk_of("post"))
    (letter,) = desk.letters("confirm")
    assert letter.values["files"] == ["Mailboxes.pdf"]


def test_the_same_posting_to_two_of_our_addresses_is_read_at_each_once(desk: Desk) -> None:
    raw = make.mail("ann@firm.example", desk_of("post"), TEXT)
    desk.arrives(raw, desk_of("post"))
    assert desk.arrives(raw, desk_of("POST")) == "received before"
    assert desk.session.scalar(select(func.count(Opportunity.id))) == 1


@pytest.mark.parametrize("mailbox", ["postmaster", "abuse"])
def test_mail_to_the_steward_is_kept_and_its_sender_told_so_once_a_day(desk: Desk, mailbox: str) -> None:
    for _ in range(2):
        verdict = desk.arrives(make.mail("ann@firm.example", desk_of(mailbox), "Your server"), desk_of(mailbox))
    assert verdict == f"kept for the steward: it came to {mailbox}@"
    (letter,) = desk.letters()
    assert "kept for the people who run this service" in letter.values["heading"]


def test_a_refusal_half_way_leaves_nothing_behind(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    publish = receiving.publish

    def refuses(*given: Any, **more: Any) -> None:
        publish(*given, **more)
        raise Refused("No.")

    monkeypatch.setattr(receiving, "publish", refuses)
    assert desk.arrives(make.mail("ann@firm.example", desk_of("post"), TEXT), desk_of("post")) == "No."
    assert desk.session.scalar(select(func.count(Opportunity.id))) == 0
    assert [each.kind for each in desk.letters()] == ["answer"]


def test_help_is_explained_once_a_day(desk: Desk) -> None:
    for _ in range(2):
        desk.arrives(make.mail("ann@firm.example", desk_of("help"), "what is this?"), desk_of("help"))
    assert len(desk.letters("answer")) == 1
    assert "write to join@" in desk.answer("ann@firm.example")


def test_an_automatic_reply_is_kept_and_not_answered(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    to = make.reply_address(letter)
    raw = b"Auto-Submitted: auto-replied\n" + make.mail("anna@quay.example", to, "1 yes. I am away until Monday.")
    assert market.desk.arrives(raw, to) == "an automatic reply"
    assert (market.asked[0].state, market.desk.letters("answer")) == ("asked", [])


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00\x00", b"no header at all", b"From: @\n\n", b"\n\n\n"])
def test_bytes_that_are_no_mail_are_kept_and_nobody_is_written_to(desk: Desk, raw: bytes) -> None:
    desk.arrives(raw, desk_of("post"))
    (message,) = desk.messages()
    assert (message.raw, message.state != "new", desk.letters()) == (raw, True, [])
    assert desk.session.scalar(select(func.count(Contact.id))) == 0


def test_a_partner_that_joins_again_by_mail_is_told_where_its_profile_is_changed(desk: Desk) -> None:
    """A letter names no page but that at its end."""
    make.firm(desk.session, "quay")
    desk.arrives(make.mail("anna@quay.example", desk_of("join"), "We do networks."), desk_of("join"))
    said = desk.answer("anna@quay.example")
    assert "Reply to this letter with what is new or different, and your profile is changed by it." in said
