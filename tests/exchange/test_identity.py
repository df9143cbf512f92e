"""Who may act: the owner of a letter, from an address of its own; everybody else waits for the owner's yes."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update

from matcher import exchange
from matcher.exchange.identity import MAX_ASKED
from matcher.exchange.keeping import MAX_BYTES
from matcher.exchange.receiving import Post
from matcher.inbound.spelt import spellings
from matcher.models import InboundMessage, Letter
from matcher.store import letters, messages, partners
from matcher.store.letters import Draft
from tests import factories as make
from tests.exchange.conftest import Desk, Market
from tests.factories import DOMAIN, NOW, SECRET

ANNA, EVE = "anna@quay.example", "eve@home.example"
SERVER = "mx.counterpart.example"
NOISE = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=9_000))  # no index takes so much
WATCHED = Post(SECRET, DOMAIN, authserv_id=SERVER)


def vouched(domain: str, raw: bytes) -> bytes:
    """Add what our receiving server writes over a message whose sender it believes."""
    return f"Authentication-Results: {SERVER}; dmarc=pass header.from={domain}\n".encode() + raw


def with_header(raw: bytes, name: str, value: str) -> bytes:
    """Replace or remove one header."""
    lines = [each for each in raw.split(b"\n") if not each.lower().startswith(f"{name.lower()}:".encode())]
    return b"\n".join([f"{name}: {value}".encode(), *lines] if value else lines)


@pytest.fixture
def letter(market: Market) -> Letter:
    """Write a digest of one offer to Anna."""
    return make.digest(market.session, market.asked[0].contact, market.asked[0])


def what_became(market: Market) -> tuple[str, str]:
    """Return the state of the newest message and that of the offer."""
    return market.desk.messages()[-1].state, market.asked[0].state


def test_the_address_that_speaks_for_a_contact_is_the_one_it_has_today(market: Market, letter: Letter) -> None:
    market.asked[0].contact.email = "anna@newquay.example"
    market.session.flush()
    market.desk.reply(letter, "1 yes", sender=ANNA)
    assert what_became(market) == ("held", "asked")
    assert market.desk.letters("held")[0].to_address == "anna@newquay.example"
    market.desk.reply(letter, "1 yes", sender="anna@newquay.example")
    assert what_became(market) == ("done", "accepted")


@pytest.mark.parametrize(
    ("kept", "writes"),
    [
        ("anna@müller.example", "anna@xn--mller-kva.example"),
        ("anna@xn--mller-kva.example", "anna@müller.example"),
    ],
)
def test_an_address_is_its_owners_however_its_domain_is_spelt(market: Market, kept: str, writes: str) -> None:
    market.asked[0].contact.email = kept
    market.session.flush()
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    to = make.reply_address(letter)
    market.desk.arrives(make.mail("x@y.example", to, "1 yes").replace(b"x@y.example", writes.encode()), to)
    assert what_became(market) == ("done", "accepted")
    assert partners.contact_by_email(market.session, writes) is market.asked[0].contact


@pytest.mark.parametrize(
    "address", ["", "@", "anna", "anna@", "@xn--", "anna@xn--\u00fc.example", "a@" + "ü" * 90, "a@straße.example"]
)
def test_what_is_no_address_is_spelt_in_one_way_alone(address: str) -> None:
    assert spellings(address) == (address,)


def test_a_colleague_of_the_owner_is_held_too(market: Market, letter: Letter) -> None:
    market.desk.reply(letter, "1 yes", sender="bob@quay.example")
    assert what_became(market) == ("held", "asked")


def test_a_stranger_is_told_the_same_whether_the_letter_is_there_or_not(market: Market, letter: Letter) -> None:
    market.desk.reply(letter, "1 yes", sender=EVE)
    there = market.desk.letters("answer", to=EVE)[-1].values
    to = make.reply_address(letter)
    market.session.execute(delete(Letter))
    market.desk.arrives(make.mail(EVE, to, "1 yes"), to)
    (gone,) = market.desk.letters("answer", to=EVE)
    assert gone.values == there
    assert (gone.contact_id, gone.refs, gone.values["quote"]) == (None, [], "")


def test_nothing_that_a_stranger_is_told_names_the_owner(market: Market, letter: Letter) -> None:
    market.desk.reply(letter, "1 yes", sender=EVE)
    said = str(market.desk.letters("answer", to=EVE)[0].values).lower()
    assert [word for word in ("anna", "quay", "alder", "mailboxes", "held") if word in said] == []


def test_a_stranger_is_told_once_a_day(market: Market, letter: Letter) -> None:
    for _ in range(3):
        market.desk.reply(letter, "1 yes", sender=EVE)
    assert len(market.desk.letters("answer", to=EVE)) == 1
    market.desk.reply(letter, "1 yes", sender=EVE, at=NOW + timedelta(days=1))
    assert len(market.desk.letters("answer", to=EVE)) == 2


def test_a_stranger_whom_our_server_did_not_vouch_for_is_not_written_to(market: Market, letter: Letter) -> None:
    market.desk.post = WATCHED
    to = make.reply_address(letter)
    market.desk.arrives(make.mail(EVE, to, "1 yes"), to)
    assert (what_became(market), market.desk.letters(to=EVE)) == (("held", "asked"), [])
    market.desk.arrives(vouched("home.example", make.mail(EVE, to, "1 yes")), to)
    assert (what_became(market), len(market.desk.letters(to=EVE))) == (("held", "asked"), 1)


def test_the_owner_in_whose_name_somebody_wrote_gets_the_link_and_nothing_else(market: Market, letter: Letter) -> None:
    market.desk.post = WATCHED
    market.desk.reply(letter, "1 yes")
    assert [each.kind for each in market.desk.letters(to=ANNA)] == ["digest", "held"]
    assert market.desk.messages()[0].verdict == f"in the name of {ANNA}, which nobody vouched for"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("From", f"{ANNA}, {EVE}"),
        ("From", f"{EVE}, {ANNA}"),
        ("From", ""),
    ],
)
def test_a_reply_that_names_two_senders_or_none_acts_for_nobody(
    market: Market, letter: Letter, name: str, value: str
) -> None:
    to = make.reply_address(letter)
    raw = with_header(make.mail(ANNA, to, "1 yes"), name, value)
    market.desk.arrives(b"Sender: " + ANNA.encode() + b"\n" + raw, to)
    assert what_became(market) == ("held", "asked")


def test_two_from_headers_act_for_nobody(market: Market, letter: Letter) -> None:
    to = make.reply_address(letter)
    market.desk.arrives(f"From: {EVE}\n".encode() + make.mail(ANNA, to, "1 yes"), to)
    market.desk.arrives(make.mail(ANNA, to, "1 yes").replace(b"\nTo:", f"\nFrom: {EVE}\nTo:".encode()), to)
    assert {each.state for each in market.desk.messages()} == {"held"}
    assert market.asked[0].state == "asked"


def test_a_held_flood_asks_the_owner_three_times_a_day_and_no_more(market: Market, letter: Letter) -> None:
    for number in range(MAX_ASKED + 3):
        market.desk.reply(letter, "1 yes", sender=f"eve{number}@home.example")
    assert len(market.desk.letters("held")) == MAX_ASKED
    assert {each.state for each in market.desk.messages()} == {"held"}
    assert market.desk.messages()[-1].verdict.endswith("; its owner was asked about others today")
    market.desk.reply(letter, "1 yes", sender=EVE, at=NOW + timedelta(hours=25))
    assert len(market.desk.letters("held")) == MAX_ASKED + 1


def test_a_held_flood_does_not_keep_the_owner_from_answering(market: Market, letter: Letter) -> None:
    for number in range(40):
        market.desk.reply(letter, "1 yes", sender=f"eve{number}@home.example")
    market.desk.reply(letter, "1 yes")
    assert what_became(market) == ("done", "accepted")


def test_a_letter_to_somebody_we_do_not_know_is_nobodys_to_answer_for(desk: Desk) -> None:
    written = letters.write(desk.session, Draft("answer:x", "answer", "ann@firm.example", {}), at=NOW)
    row = desk.session.get_one(Letter, written)
    desk.reply(row, "1 yes", sender=EVE)
    assert (desk.messages()[-1].state, desk.letters("held")) == ("refused", [])
    assert "Nothing was done" in desk.answer(EVE)


def test_what_the_owner_confirms_of_somebody_else_is_marked_so(market: Market, letter: Letter) -> None:
    market.desk.reply(letter, "1 yes", sender=EVE)
    message = market.desk.messages()[0]
    exchange.release(market.session, message.id, post=market.desk.post, now=NOW)
    assert message.verdict.startswith("digest: 1 yes → confirmed by its owner: Your yes to")


def test_the_verdict_tells_how_a_reply_was_read(market: Market, letter: Letter) -> None:
    assert market.desk.reply(letter, "perhaps").startswith("digest: unclear → ")
    assert market.desk.reply(letter, "no: capacity").startswith("digest: 1 no “capacity” → Noted")


def test_a_message_id_that_somebody_else_used_before_hides_nothing(market: Market, letter: Letter) -> None:
    to = make.reply_address(letter)
    market.desk.arrives(make.mail(EVE, to, "1 no", message_id="<same@quay.example>"), to)
    market.desk.arrives(make.mail(ANNA, to, "1 yes", message_id="<same@quay.example>"), to)
    assert what_became(market) == ("done", "accepted")


def test_a_message_id_that_somebody_else_used_at_a_desk_hides_nothing(desk: Desk) -> None:
    to = f"help@{DOMAIN}"
    for sender in (EVE, ANNA, ANNA):
        verdict = desk.arrives(make.mail(sender, to, "How?", message_id="<same@quay.example>"), to)
    assert verdict == "received before"
    assert [each.to_address for each in desk.letters()] == [EVE, ANNA]


def test_a_forged_message_that_was_held_does_not_hide_the_true_one(market: Market, letter: Letter) -> None:
    market.desk.post = WATCHED
    to = make.reply_address(letter)
    market.desk.arrives(make.mail(ANNA, to, "1 no", message_id="<same@quay.example>"), to)
    true = vouched("quay.example", make.mail(ANNA, to, "1 yes", message_id="<same@quay.example>"))
    market.desk.arrives(true, to)
    assert what_became(market) == ("done", "accepted")
    assert market.desk.arrives(true, to) == "received before"


def test_a_held_message_that_comes_again_is_not_held_twice(market: Market, letter: Letter) -> None:
    to = make.reply_address(letter)
    raw = make.mail(EVE, to, "1 yes")
    market.desk.arrives(raw, to)
    assert market.desk.arrives(b"Received: from a.example by b.example\n" + raw, to) == "received before"
    assert len(market.desk.letters("held")) == 1


def test_one_message_to_two_of_our_letters_is_two_acts_each_answered(market: Market, letter: Letter) -> None:
    row = make.opportunity(market.session, make.firm(market.session, "birch"), title="Project B")
    asked = make.asked(market.session, row, market.asked[0].contact)
    other = make.digest(market.session, market.asked[0].contact, asked)
    to = [make.reply_address(each) for each in (letter, other)]
    raw = make.mail(ANNA, ", ".join(to), "1 yes")
    for each in to:
        market.desk.arrives(raw, each)
    assert (market.asked[0].state, asked.state) == ("accepted", "accepted")
    assert len(market.desk.letters("answer", to=ANNA)) == 2


def test_of_a_message_that_is_too_large_only_the_beginning_is_kept(desk: Desk) -> None:
    raw = make.mail("ann@firm.example", f"post@{DOMAIN}", "Hello") + b"x" * (2 * MAX_BYTES)
    assert desk.arrives(raw, f"post@{DOMAIN}").startswith("Your message is larger than 10 MB.")
    assert len(desk.messages()[0].raw) == MAX_BYTES + 1


@pytest.mark.parametrize("machine", [b"Auto-Submitted: auto-replied", b"X-Autoreply: yes"])
def test_a_machine_whose_message_is_too_large_is_not_answered(desk: Desk, machine: bytes) -> None:
    raw = machine + b"\n" + make.mail("ann@firm.example", f"help@{DOMAIN}", "Away") + b"x" * MAX_BYTES
    assert desk.arrives(raw, f"help@{DOMAIN}") == "an automatic reply"
    assert desk.letters() == []


@pytest.mark.parametrize(
    "header",
    [
        "From: Ann\0 <a\0nn@firm.example>",
        f"From: {NOISE}@firm.example",
        "From: " + ", ".join(f"{NOISE[n : n + 9]}@firm.example" for n in range(0, 9_000, 9)),
        "From: =?utf-8?q?a=00b?= <ann@firm.example>",
        "Subject: a\0b",
        "Message-ID: <a\0b@firm.example>",
        f"Message-ID: <{NOISE}@firm.example>",
    ],
)
@pytest.mark.parametrize("mailbox", ["post", "join", "help", "abuse"])
def test_headers_that_no_database_takes_stop_nothing(desk: Desk, mailbox: str, header: str) -> None:
    name, _, value = header.partition(": ")
    to = f"{mailbox}@{DOMAIN}"
    words = "We are a small firm and move mailboxes to Exchange Online, in Leeds, by 31 January 2027."
    raw = with_header(make.mail("ann@firm.example", to, words), name, value)
    desk.arrives(raw, to)
    desk.session.flush()
    assert desk.messages()[0].state != "new"


def test_an_expired_letter_can_still_be_stopped_from_the_readers_own_address(market: Market, letter: Letter) -> None:
    to = make.reply_address(letter, expires_on=date(2026, 11, 1))
    assert market.desk.arrives(make.mail(ANNA, to, "stop"), to) == "unsubscribe: You get no more digests."


@pytest.mark.parametrize("state", ["draft", "left"])
def test_a_forged_mail_says_nothing_new_of_a_firm_that_others_know(desk: Desk, state: str) -> None:
    desk.post = WATCHED
    to, poster = f"join@{DOMAIN}", make.firm(desk.session, "quay", state=state)
    words = "We are Evil Data, 900 people in Vilnius, Lithuania. We move mailboxes to Exchange Online."
    desk.arrives(make.mail(ANNA, to, words), to)
    firm = poster.partner
    assert (firm.name, firm.country, firm.profile, firm.n_people) == ("Quay Systems", "IE", "", None)
    assert "we could not tell that the mail came from you" in desk.answer(ANNA)
    desk.arrives(vouched("quay.example", make.mail(ANNA, to, words.replace("Evil Data", "Quay Data"))), to)
    assert (firm.n_people, [each.kind for each in desk.letters()]) == (900, ["answer", "welcome"])


def test_a_held_message_whose_words_are_gone_does_nothing_and_says_so(market: Market, letter: Letter) -> None:
    market.desk.reply(letter, "1 yes", sender=EVE)
    row = market.desk.messages()[-1]
    market.session.execute(update(InboundMessage).values(**messages.FORGOTTEN))
    market.session.expire_all()
    said = exchange.release(market.session, row.id, post=market.desk.post, now=NOW + timedelta(days=2))
    assert said.heading == "Its words are past their keeping time."
    assert what_became(market) == ("refused", "asked")
