"""Names, subjects and texts that try to become headers, HTML or templates of the letters we write."""

import base64

import pytest

from matcher.exchange.receiving import Post
from matcher.models import Letter
from tests import factories as make
from tests.exchange.conftest import Desk, Market
from tests.factories import DOMAIN, SECRET
from tests.security.outgoing import SETTINGS, all_sent, header_names, read, sent

ANNA = "anna@quay.example"
OURS = {
    "subject", "from", "to", "date", "message-id", "reply-to", "x-counterpart-letter", "in-reply-to", "references",
    "auto-submitted", "x-auto-response-suppress", "list-id", "list-unsubscribe", "list-unsubscribe-post",
    "feedback-id", "mime-version", "content-type", "content-transfer-encoding",
}  # fmt: skip
EVIL = "Bcc: evil@evil.example"
BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\0", "\r\n\r\n"]
TEXT = "We need somebody who moves 380 mailboxes to Exchange Online by 31 January 2027 in Leeds. The customer pays us."
PROFILE = "We are a firm of 12 people in Leeds and move mailboxes to Exchange Online."


def word(text: str) -> bytes:
    """Hide a text in an encoded word, as every mail program decodes it. Source: RFC 2047."""
    return b"=?utf-8?b?" + base64.b64encode(text.encode()) + b"?="


def written(name: str, subject: str, to: str, text: str, *, sender: str = "ann@firm.example") -> bytes:
    head = b'From: %s <%s>\nTo: %s\nSubject: %s\nMessage-ID: <%d@firm.example>\n' % (
        word(name), sender.encode(), to.encode(), word(subject), hash((name, subject, to, text)) & 0xFFFFFFFF,
    )  # fmt: skip
    return head + b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode()


def assert_ours(desk: Desk) -> list[bytes]:
    """Look at the head of every letter that would leave: no header but ours, nobody but its reader."""
    found = all_sent(desk)
    assert found
    for raw, letter in zip(found, desk.letters(), strict=True):
        assert header_names(raw) <= OURS
        message = read(raw)
        assert [each.addr_spec for each in message["To"].addresses] == [letter.to_address]
        assert [each.addr_spec for each in message["From"].addresses] == ["hello@counterpart.example"]
        assert not [value for value in message.values() if set("\r\n\0") & set(str(value))]
    return found


@pytest.mark.parametrize(("mailbox", "text"), [("post", TEXT), ("join", PROFILE), ("help", "How?")])
def test_no_name_and_no_subject_becomes_a_header(desk: Desk, mailbox: str, text: str) -> None:
    to = f"{mailbox}@{DOMAIN}"
    for number, gap in enumerate(BREAKS):
        injected = f"Ann{gap}{EVIL}"
        text += f"\n\nRegards,\n{injected}"
        desk.arrives(written(injected, injected, to, text, sender=f"ann@firm{number}.example"), to)
        assert desk.letters(to=f"ann@firm{number}.example")
    assert_ours(desk)


def test_no_word_of_a_reply_becomes_a_header_of_what_the_other_side_gets(market: Market) -> None:
    for number, gap in enumerate(BREAKS, start=1):
        stored = gap.replace("\0", "")  # no database keeps that one
        market.asked[0].contact.name = f"Anna{stored}{EVIL}"
        market.row.title = f"Move{stored}{EVIL}"
        letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
        to = make.reply_address(letter)
        raw = written(f"x{gap}{EVIL}", f"y{gap}{EVIL}", to, f"ask 1: wh{'i' * number}ch{gap}{EVIL}?", sender=ANNA)
        n_before = len(market.desk.letters())
        market.desk.arrives(raw, to)
        assert len(market.desk.letters()) > n_before
    assert_ours(market.desk)


@pytest.mark.parametrize(
    "message_id",
    [
        f"<a@firm.example>\n {EVIL}",
        "<a\x0bBcc:evil@evil.example>",
        f"<{'a' * 5_000}@firm.example>",
        "<a@b> <c@d>",
        "<>",
    ],
)
def test_no_message_id_becomes_more_than_one_line(desk: Desk, message_id: str) -> None:
    to = f"help@{DOMAIN}"
    desk.arrives(f"From: ann@firm.example\nTo: {to}\nMessage-ID: {message_id}\n\nHow?\n".encode(), to)
    (raw,) = assert_ours(desk)
    assert max(map(len, raw.splitlines())) <= 998


@pytest.mark.parametrize("sender", ["ann@firm.example\r\nBcc: x@evil.example", "a@b.example>\nRCPT TO:<x@evil.example"])
def test_no_sender_becomes_a_command(desk: Desk, sender: str) -> None:
    to = f"help@{DOMAIN}"
    desk.arrives(f"From: {sender}\nTo: {to}\nMessage-ID: <1@x>\n\nHow?\n".encode(), to)
    assert [each for each in desk.letters() if "evil" in each.to_address or "\n" in each.to_address] == []
    for raw in all_sent(desk):
        assert header_names(raw) <= OURS


CODE = "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} {% raw %} {{ config }} </td></table> &lt;b&gt;"


def shown(market: Market, kind: str) -> tuple[str, str]:
    """Return the text and the HTML of the newest letter of a kind."""
    message = read(sent(market.desk.letters(kind)[-1]))
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain
    assert html
    return plain.get_content(), html.get_content()


def assert_harmless(market: Market, kind: str) -> None:
    plain, html = shown(market, kind)
    assert "<script" not in html.lower()
    assert "<img" not in html.lower()
    assert "&lt;script&gt;" in html
    assert ("49" in html, "{{ 7*7 }}" in html, "{{ 7*7 }}" in plain) == (False, True, True)
    assert SETTINGS.secret_key not in html + plain


def test_a_question_with_html_and_template_code_arrives_as_words(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    market.desk.reply(letter, f"ask 1: {CODE}")
    assert_harmless(market, "question")


def test_an_answer_with_html_and_template_code_arrives_as_words(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    market.desk.reply(letter, "ask 1: which region?")
    market.desk.reply(market.desk.letters("question")[-1], f"Leeds, and {CODE}")
    assert_harmless(market, "answered")


def test_a_held_message_with_html_and_template_code_is_shown_as_words(market: Market) -> None:
    letter = make.digest(market.session, market.asked[0].contact, market.asked[0])
    market.desk.reply(letter, f"1 yes {CODE}", sender="eve@home.example")
    assert_harmless(market, "held")


def test_what_a_known_sender_wrote_is_quoted_as_words(market: Market) -> None:
    to = f"help@{DOMAIN}"
    market.desk.arrives(make.mail(ANNA, to, f"How? {CODE}"), to)
    assert_harmless(market, "answer")


def test_a_stranger_cannot_have_us_mail_its_words_to_somebody_else(desk: Desk) -> None:
    to = f"help@{DOMAIN}"
    desk.arrives(make.mail("victim@firm.example", to, "Cheap pills at http://evil.example", subject="Cheap pills"), to)
    (letter,) = desk.letters()
    assert (letter.to_address, isinstance(letter, Letter)) == ("victim@firm.example", True)
    assert b"pills" not in sent(letter)
    assert b"evil" not in sent(letter)


PILLS = "Cheap pills at evil dot example"
SERVER = "mx.counterpart.example"


@pytest.mark.parametrize("mailbox", ["help", "abuse", "join"])
def test_a_forger_cannot_have_us_mail_its_words_to_somebody_we_know(market: Market, mailbox: str) -> None:
    market.desk.post = Post(SECRET, DOMAIN, authserv_id=SERVER)
    to = f"{mailbox}@{DOMAIN}"
    market.desk.arrives(make.mail(ANNA, to, PILLS), to)
    (letter,) = market.desk.letters(to=ANNA)
    assert b"pills" not in sent(letter)
    vouched = f"Authentication-Results: {SERVER}; dmarc=pass header.from=fjord.example\n".encode()
    market.desk.arrives(vouched + make.mail("anna@fjord.example", to, "Who are you?"), to)
    (letter,) = market.desk.letters(to="anna@fjord.example")
    assert b"Who are you?" in sent(letter)


def test_whoever_stops_somebody_elses_digest_has_nothing_passed_on(market: Market) -> None:
    digest = make.digest(market.session, market.asked[0].contact, market.asked[0])
    to = make.reply_address(digest)
    market.desk.arrives(make.mail("eve@home.example", to, PILLS, subject="unsubscribe"), to)
    (letter,) = market.desk.letters("answer", to=ANNA)
    assert "You get no more digests" in letter.values["heading"]
    assert b"pills" not in sent(letter)
