"""Messages that are large, deep, many-parted or endless: kept, refused in a sentence or read, within seconds."""

import base64
import gzip
import time
from collections.abc import Callable
from typing import Any

import pytest

from matcher import inbound
from matcher.exchange.receiving import MAX_BYTES
from matcher.models import Letter
from matcher.terms import Inbound
from tests import factories as make
from tests.exchange.conftest import Desk, Market
from tests.factories import DOMAIN

ANNA = "anna@quay.example"
ENOUGH_S = 8.0
LARGE = "Your message is larger than 10 MB. Send the text without attachments."


@pytest.fixture
def letter(market: Market) -> Letter:
    return make.digest(market.session, market.asked[0].contact, market.asked[0])


def head(to: str, content_type: str) -> bytes:
    lines = f"From: {ANNA}", f"To: {to}", "Message-ID: <bomb@quay.example>", "MIME-Version: 1.0"
    return "\n".join([*lines, f"Content-Type: {content_type}\n"]).encode()


def test_a_reply_over_ten_megabytes_is_refused_and_moves_nothing(market: Market, letter: Letter) -> None:
    to = make.reply_address(letter)
    attached = base64.encodebytes(b"\0" * MAX_BYTES)
    raw = make.mail(ANNA, to, "1 yes") + b"\n" + attached
    started = time.monotonic()
    assert market.desk.arrives(raw, to) == LARGE
    assert time.monotonic() - started < ENOUGH_S
    assert (market.asked[0].state, market.desk.messages()[0].state) == ("asked", "refused")
    assert LARGE in market.desk.answer(ANNA)


def test_forty_megabytes_are_refused_once_and_not_kept_whole(desk: Desk) -> None:
    to = f"post@{DOMAIN}"
    raw = make.mail("ann@firm.example", to, "Hello") + b"x" * 40_000_000
    started = time.monotonic()
    assert desk.arrives(raw, to) == LARGE
    assert desk.arrives(raw, to) == "received before"
    assert time.monotonic() - started < ENOUGH_S
    assert (len(desk.letters()), len(desk.messages()[0].raw)) == (1, MAX_BYTES + 1)


def test_of_a_message_that_is_refused_for_its_size_only_the_beginning_is_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths, read = [], inbound.read

    def measured(raw: bytes, **more: Any) -> Inbound:
        lengths.append(len(raw))
        return read(raw, **more)

    monkeypatch.setattr(inbound, "read", measured)
    to = f"post@{DOMAIN}"
    assert desk.arrives(make.mail("ann@firm.example", to, "Hello") + b"x" * MAX_BYTES, to) == LARGE
    assert max(lengths) <= 200_000


def nested(to: str) -> bytes:
    """Put 5,000 multiparts into one another."""
    inner = b"Content-Type: text/plain\n\n1 yes\n"
    parts = [f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n".encode() for n in range(5_000)]
    return head(to, "multipart/mixed; boundary=top") + b"\n--top\n" + b"".join(parts) + inner


def attached_in_attached(to: str) -> bytes:
    """Put 2,000 messages into one another."""
    inner = b"Content-Type: message/rfc822\n\nFrom: a@b.example\n" * 2_000
    return head(to, "message/rfc822") + b"\n" + inner + b"\n\n1 yes\n"


def many(to: str) -> bytes:
    """Put 30,000 parts beside one another."""
    return (
        head(to, "multipart/mixed; boundary=x")
        + b"\n"
        + b"--x\nContent-Type: text/html\n\n<p>maybe\n" * 30_000
        + b"--x--\n"
    )


def packed(to: str) -> bytes:
    """Attach 50 MB that fit into a twentieth of one."""
    bomb = base64.encodebytes(gzip.compress(b"\0" * 50_000_000, 9))
    return (
        head(to, "multipart/mixed; boundary=x")
        + b"\n--x\nContent-Type: text/plain\n\nmaybe\n--x\nContent-Type: application/gzip\n"
        + b"Content-Encoding: gzip\nContent-Transfer-Encoding: base64\n\n" + bomb + b"\n--x--\n"
    )  # fmt: skip


def deep_html(to: str) -> bytes:
    return head(to, "text/html") + b"\n" + b"<div><blockquote><table><tr><td>" * 60_000 + b"maybe"


def entities(to: str) -> bytes:
    declared = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return head(to, "text/html") + f'\n<!DOCTYPE html [<!ENTITY e0 "ha">{declared}]><p>&e11;</p>'.encode()


def many_headers(to: str) -> bytes:
    return b"Received: from a by b\n" * 100_000 + make.mail(ANNA, to, "1 yes")


def endless_subject(to: str) -> bytes:
    return b"Subject: " + b"=?utf-8?q?a?= " * 200_000 + b"\n" + make.mail(ANNA, to, "maybe")


def endless_line(to: str) -> bytes:
    return make.mail(ANNA, to, "maybe") + b"> " * 2_000_000


def broken_boundary(to: str) -> bytes:
    return head(to, 'multipart/mixed; boundary="' + "x" * 100_000 + '"') + b"\n" + b"--x" * 500_000


BOMBS = [
    nested, attached_in_attached, many, packed, deep_html, entities, many_headers, endless_subject, endless_line,
    broken_boundary,
]  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("mailbox", ["reply", "post", "help"])
def test_a_mime_bomb_is_dealt_with_like_any_message(
    market: Market, letter: Letter, bomb: Callable[[str], bytes], mailbox: str
) -> None:
    to = make.reply_address(letter) if mailbox == "reply" else f"{mailbox}@{DOMAIN}"
    raw = bomb(to)
    started = time.monotonic()
    market.desk.arrives(raw, to)
    assert time.monotonic() - started < ENOUGH_S
    (message,) = market.desk.messages()
    assert message.state in ("done", "refused", "ignored")
    assert len(market.desk.letters()) <= 2
