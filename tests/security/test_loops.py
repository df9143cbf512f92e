"""Letters of ours that come back, and programs that answer whatever they get: nobody talks to a machine for long."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest

from matcher.exchange.receiving import Post
from matcher.models import Letter
from tests import factories as make
from tests.exchange.conftest import Desk, Market
from tests.factories import DOMAIN, NOW, SECRET
from tests.security.outgoing import SETTINGS, read, sent

ANNA = "anna@quay.example"
N_ROUNDS = 50
FEW = 23  # letters to one address within 50 rounds; to most, five
TEXT = "We need somebody who moves 380 mailboxes to Exchange Online by 31 January 2027 in Leeds. The customer pays us."


@pytest.fixture
def letter(market: Market) -> Letter:
    market.desk.post = Post(SECRET, DOMAIN, mail_from=SETTINGS.mail_from)
    return make.digest(market.session, market.asked[0].contact, market.asked[0])


def returned(letter: Letter, *without: str) -> bytes:
    """Give a letter as it was sent, as a forwarder hands it on that strips some headers."""
    message = read(sent(letter))
    for name in without:
        del message[name]
    return message.as_bytes()


STRIPPED = ("X-Counterpart-Letter", "Auto-Submitted", "X-Auto-Response-Suppress", "List-Id", "Feedback-ID")


@pytest.mark.parametrize("without", [(), STRIPPED, (*STRIPPED, "Message-ID"), (*STRIPPED, "Message-ID", "Date")])
def test_our_own_letter_that_comes_back_to_its_reply_address_does_nothing(
    market: Market, letter: Letter, without: tuple[str, ...]
) -> None:
    to = make.reply_address(letter)
    verdict = market.desk.arrives(returned(letter, *without), to)
    assert verdict in ("our own letter coming back", "an automatic reply")
    assert (market.asked[0].state, market.desk.letters()) == ("asked", [letter])


def test_words_of_ours_that_come_back_with_nothing_but_our_name_do_nothing(market: Market, letter: Letter) -> None:
    assert market.desk.reply(letter, "1 yes", sender="hello@counterpart.example") == "our own letter coming back"
    assert (market.asked[0].state, market.desk.letters()) == ("asked", [letter])


@pytest.mark.parametrize("mailbox", ["help", "post", "join", "abuse"])
def test_our_own_letter_that_comes_back_to_a_desk_does_nothing(market: Market, letter: Letter, mailbox: str) -> None:
    to = f"{mailbox}@{DOMAIN}"
    assert market.desk.arrives(returned(letter, *STRIPPED), to) == "our own letter coming back"
    assert market.desk.letters() == [letter]


def test_a_mailbox_that_forwards_all_to_us_ends_after_few_letters(market: Market, letter: Letter) -> None:
    """The forwarder even writes new ids and in its own name."""
    for number in range(N_ROUNDS):
        newest = market.desk.letters(to=ANNA)[-1]
        message = read(returned(newest, *STRIPPED, "Message-ID"))
        to = str(message["Reply-To"])
        message.replace_header("From", ANNA)
        message["Message-ID"] = f"<{number}@quay.example>"
        market.desk.arrives(message.as_bytes(), to, at=NOW + timedelta(minutes=number))
    assert len(market.desk.letters(to=ANNA)) <= FEW


def constant(number: int, heard: str) -> str:
    return "Thank you for your message. We will be in touch as soon as we can."


def ticket(number: int, heard: str) -> str:
    return f"Your request was received at 10:{number:02d} and has number #{8000 + 7 * number}. Please keep it."


def brief(number: int, heard: str) -> str:
    return "Received."


def changing(number: int, heard: str) -> str:
    words = list(
        itertools.islice(itertools.permutations(["lorem", "ipsum", "dolor", "sit", "amet"]), number, number + 1)
    )
    return " ".join(words[0])


def quoting(number: int, heard: str) -> str:
    return f"We got this from you and read it soon ({number}):\n\n{heard}"


@pytest.mark.parametrize("says", [constant, ticket, brief, changing, quoting], ids=lambda each: each.__name__)
@pytest.mark.parametrize("start", ["digest", "posting", "profile", "help"])
def test_an_autoresponder_that_does_not_say_so_gets_few_letters(
    market: Market, letter: Letter, start: str, says: Callable[[int, str], str]
) -> None:
    begin(market.desk, start)
    n_before = len(market.desk.letters(to=ANNA))
    for number in range(N_ROUNDS):
        newest = market.desk.letters(to=ANNA)[-1]
        message = read(sent(newest))
        to, heard = str(message["Reply-To"]), message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        said = make.mail(ANNA, to, says(number, heard))
        market.desk.arrives(said, to, at=NOW + timedelta(minutes=number))
    assert len(market.desk.letters(to=ANNA)) - n_before <= FEW


def begin(desk: Desk, start: str) -> None:
    """Let a mail of Anna's begin the conversation; the digest has begun one already."""
    if start == "posting":
        desk.arrives(make.mail(ANNA, f"post@{DOMAIN}", TEXT), f"post@{DOMAIN}")
    if start == "help":
        desk.arrives(make.mail(ANNA, f"help@{DOMAIN}", "How?"), f"help@{DOMAIN}")
    if start == "profile":
        contact = desk.letters(to=ANNA)[0].contact
        assert contact
        contact.partner.state = "draft"
        desk.session.flush()
        text = "We are a firm of 12 people in Leeds and move mailboxes to Exchange Online."
        desk.arrives(make.mail(ANNA, f"join@{DOMAIN}", text), f"join@{DOMAIN}")


@pytest.mark.parametrize(
    "sign",
    ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: auto_reply", "Subject: Automatic reply: x"],
)
def test_an_autoresponder_that_says_so_gets_nothing(market: Market, letter: Letter, sign: str) -> None:
    to = make.reply_address(letter)
    raw = make.mail(ANNA, to, "1 yes")
    if sign.startswith("Subject"):
        raw = raw.replace(b"Subject: Re: your letter\n", b"")
    market.desk.arrives(sign.encode() + b"\n" + raw, to)
    assert (market.desk.letters(), market.asked[0].state) == ([letter], "asked")


def test_what_we_write_in_answer_says_that_a_machine_wrote_it(market: Market, letter: Letter) -> None:
    market.desk.reply(letter, "perhaps")
    message = read(sent(market.desk.letters("answer")[-1]))
    assert message["Auto-Submitted"] == "auto-replied"
    assert "OOF" in message["X-Auto-Response-Suppress"]
