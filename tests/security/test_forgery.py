"""Mail in somebody else's name, with somebody else's letter, or with a letter's address used for something else."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matcher import exchange
from matcher.exchange.receiving import Post
from matcher.models import InboundMessage, Introduction, Letter
from matcher.store import letters
from matcher.tokens import PURPOSES, seal
from tests import factories as make
from tests.exchange.conftest import Market
from tests.factories import DOMAIN, NOW, SECRET
from tests.security.outgoing import read, sent
from web.inbound_post import post_of
from web.links import Links
from web.mail import compose
from web.settings import Settings

ANNA, EVE, FJORD = "anna@quay.example", "eve@home.example", "anna@fjord.example"
SERVER = "mx.counterpart.example"
PASSES = f"Authentication-Results: {SERVER}; dmarc=pass header.from="
FAILS = f"Authentication-Results: {SERVER}; dmarc=fail header.from=quay.example; spf=none; dkim=none\n"


@pytest.fixture
def letter(market: Market) -> Letter:
    """Write a digest of one offer to Anna, on a desk whose mail server judges senders."""
    market.desk.post = Post(SECRET, DOMAIN, authserv_id=SERVER)
    return make.digest(market.session, market.asked[0].contact, market.asked[0])


def write(market: Market, letter: Letter, sender: str, text: str = "1 yes", *, above: str = "") -> str:
    """Answer a letter with header lines above the message, as servers and forgers add them."""
    to = make.reply_address(letter)
    market.desk.arrives(above.encode() + make.mail(sender, to, text), to)
    return market.desk.messages()[-1].state


def test_the_owner_whom_our_server_vouched_for_acts(market: Market, letter: Letter) -> None:
    assert write(market, letter, ANNA, above=f"{PASSES}quay.example\n") == "done"
    assert market.asked[0].state == "accepted"


@pytest.mark.parametrize(
    "above",
    [
        "",
        FAILS,
        "Authentication-Results: mx.evil.example; dmarc=pass header.from=quay.example\n",
        f"{FAILS}{PASSES}quay.example\n",
        f"{PASSES}evil.example\n",
        f"{PASSES}quay.example.evil.example\n",
        f"Authentication-Results: {SERVER}; spf=pass smtp.mailfrom=eve@evil.example\n",
        f"Authentication-Results: {SERVER}; dkim=pass header.d=evil.example\n",
        f'Authentication-Results: {SERVER}; dkim=pass (quay.example) header.d=evil.example reason="d=quay.example"'
        "\n",
        f"X-Authentication-Results: {SERVER}; dmarc=pass header.from=quay.example\n",
        f"ARC-Authentication-Results: i=1; {SERVER}; dmarc=pass header.from=quay.example\n",
    ],
    ids=["no word", "fails", "foreign server", "forged below ours", "other domain", "longer domain", "spf of another",
         "dkim of another", "hidden in a comment", "another header", "arc"],
)  # fmt: skip
def test_a_forged_from_is_held_and_only_its_owner_asked(market: Market, letter: Letter, above: str) -> None:
    assert write(market, letter, ANNA, above=above) == "held"
    assert market.asked[0].state == "asked"
    assert [(each.kind, each.to_address) for each in market.desk.letters() if each.kind != "digest"] == [("held", ANNA)]


def test_the_letter_of_another_partner_acts_for_nobody(market: Market, letter: Letter) -> None:
    assert write(market, letter, FJORD, above=f"{PASSES}fjord.example\n") == "held"
    assert [each.state for each in market.asked] == ["asked", "asked", "asked"]


def test_a_number_beyond_ones_own_digest_reaches_nobody_elses_offer(market: Market, letter: Letter) -> None:
    for number in range(2, 9):
        write(market, letter, ANNA, f"{number} yes", above=f"{PASSES}quay.example\n")
    assert [each.state for each in market.asked] == ["asked", "asked", "asked"]


def test_whoever_was_forwarded_a_digest_cannot_answer_it(market: Market, letter: Letter) -> None:
    """The whole letter is in the hands of a third person, with every address and link of it."""
    to = str(read(sent(letter))["Reply-To"])
    forwarded = make.mail(EVE, to, f"1 yes\n\n> {letter.values['offers'][0]['title']}", subject="Fwd: your letter")
    market.desk.arrives(f"{PASSES}home.example\n".encode() + forwarded, to)
    assert (market.desk.messages()[-1].state, market.asked[0].state) == ("held", "asked")
    said = " ".join(str(each.values) for each in market.desk.letters(to=EVE))
    assert "Anna" not in said
    assert ANNA not in said


def test_whoever_was_forwarded_a_digest_and_writes_as_its_owner_is_held(market: Market, letter: Letter) -> None:
    assert write(market, letter, ANNA, above=FAILS) == "held"
    assert (market.asked[0].state, market.desk.letters(to=EVE)) == ("asked", [])


def test_the_same_bytes_again_do_nothing(market: Market, letter: Letter) -> None:
    to = make.reply_address(letter)
    raw = f"{PASSES}quay.example\n".encode() + make.mail(ANNA, to, "1 yes")
    market.desk.arrives(raw, to)
    n_letters = len(market.desk.letters())
    for again in (raw, b"Received: from x by y\n" + raw, raw.replace(b"\n", b"\r\n"), raw + b"\n-- \nfooter\n"):
        assert market.desk.arrives(again, to) == "received before"
    assert market.desk.arrives(raw, to.upper()) == "received before"
    assert len(market.desk.letters()) == n_letters


def test_the_same_words_under_a_new_id_change_nothing_more(market: Market, letter: Letter) -> None:
    for _ in range(3):
        write(market, letter, ANNA, above=f"{PASSES}quay.example\n")
    assert market.asked[0].state == "accepted"
    assert len(market.asked[0].steps) == 1
    assert len(market.desk.letters("interested")) == 1


def test_an_expired_address_acts_for_nobody(market: Market, letter: Letter) -> None:
    to = make.reply_address(letter, expires_on=date(2026, 11, 22))
    market.desk.arrives(f"{PASSES}quay.example\n".encode() + make.mail(ANNA, to, "1 yes"), to)
    assert (market.desk.messages()[-1].state, market.asked[0].state) == ("refused", "asked")


@pytest.mark.parametrize("mailbox", ["reply", "b", "u"])
def test_a_token_made_for_something_else_acts_for_nobody(market: Market, letter: Letter, mailbox: str) -> None:
    right = {"reply": "reply", "b": "bounce", "u": "unsubscribe"}[mailbox]
    for purpose in (each for each in PURPOSES if each != right):
        to = f"{mailbox}+{seal(SECRET, purpose, letter.id, expires_on=date(2027, 1, 1))}@{DOMAIN}"
        market.desk.arrives(make.mail(EVE, to, "1 yes"), to)
    assert (market.asked[0].state, letters.why_no_digest(market.session, ANNA)) == ("asked", "")
    assert {each.state for each in market.desk.messages()} <= {"refused", "ignored", "done"}
    assert [each.kind for each in market.desk.letters(to=ANNA)] == ["digest"]


def test_a_token_with_one_letter_changed_is_not_one_of_ours(market: Market, letter: Letter) -> None:
    token = make.reply_address(letter).partition("@")[0].removeprefix("reply+")
    for n in range(28):
        to = f"reply+{token[:n]}{'b' if token[n] == 'a' else 'a'}{token[n + 1 :]}@{DOMAIN}"
        assert "is not one of ours" in market.desk.arrives(make.mail(ANNA, to, "1 yes"), to)


def test_no_link_of_the_letter_about_a_held_message_does_anything_by_being_opened(
    engine: Engine, settings: Settings, client: FlaskClient
) -> None:
    """Mail scanners open every link; only the button counts."""
    with Session(engine) as session, session.begin():
        message_id, held = _held(session, settings)
    with Session(engine) as session:
        message = compose(session.get_one(Letter, held), settings=settings, now=NOW)
    found = set(re.findall(rf"{re.escape(settings.base_url)}(/[^\s\"'<>]*)", f"{message.body} {message.html}"))
    assert [each for each in found if each.startswith("/held/")]
    for path in sorted(found):
        for method in (client.get, client.head, client.options):
            method(path)
    with Session(engine) as session:
        assert session.get_one(InboundMessage, message_id).state == "held"
        assert [each.state for each in session.query(Introduction)] == ["asked"]


def _held(session: Session, settings: Settings) -> tuple[int, int]:
    make.competencies(session)
    row = make.opportunity(session, make.firm(session, "alder"))
    asked = make.asked(session, row, make.firm(session, "quay"))
    letter = make.digest(session, asked.contact, asked)
    to = Links(settings, NOW.date()).reply_address(letter.id)
    message_id = exchange.keep(session, make.mail(EVE, to, "1 yes"), envelope_from=EVE, envelope_to=to, now=NOW)
    assert message_id
    exchange.receive(session, message_id, post=post_of(settings), now=NOW)
    return message_id, session.query(Letter.id).filter(Letter.kind == "held").one()[0]
