"""A message of any size is read in about the time that one of ordinary size takes."""

import base64
from time import process_time

import pytest

from matcher.inbound import message_key, read
from matcher.inbound.message import body_text, decode_bytes, parse

HEAD = b"From: ana@firm.example\nTo: reply+abc234@in.example\nSubject: Re: Two projects\n"
BOUNCE = b"From: MAILER-DAEMON@mx.example\nTo: b+abc234@in.example\nReturn-Path: <>\nSubject: Undelivered\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=cut\n\n--cut\nContent-Type: text/plain\n\n2 yes\n"
ATTACHED = b"--cut\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
LINES = base64.encodebytes(bytes(range(256)) * 400)
BOMBS = {
    "an attachment of 20 MB": MIXED + ATTACHED + LINES * 144 + b"--cut--\n",
    "a text of 10 MB in base64": HEAD + b"Content-Transfer-Encoding: base64\n\n" + LINES * 72,
    "headers of 50 MB": HEAD + b"X-Filler: b\n" * 4_200_000,
    "one header of 10 MB": HEAD + b"X-Filler: " + b"b" * 10_000_000 + b"\n\n2 yes",
    "10,000 recipients": HEAD + b"Cc: " + b",\n ".join(b"p%d@x.example" % n for n in range(10_000)) + b"\n\n2 yes",
    "10,000 parts in each other": HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(10_000)),
    "10,000 messages in each other": HEAD + b"Content-Type: message/rfc822\n\n" * 10_000,
    "100,000 parts": HEAD + b"Content-Type: multipart/mixed; boundary=cut\n\n" + b"--cut\n\na\n" * 100_000,
    "300 parts in each other and 10 MB of lines": HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(300))
    + b"\nab\n" * 2_500_000,
    "3 million lines that may open a part": HEAD
    + b"Content-Type: multipart/mixed; boundary=cut\n"
    + b"\n--" * 3_000_000,
    "empty lines in 30 parts": MIXED + (b"--cut\n\n" + b"\n" * 300_000) * 30,
    "10 MB of empty lines": HEAD + b"\n" * 10_000_000,
    "a bounce of 10 MB of empty lines": BOUNCE + b"\n" * 10_000_000,
    "a bounce that names 700,000": BOUNCE + b"\n" + b"<a@b.example>:\n" * 700_000,
    "a bounce of at signs": BOUNCE + b"\n" + b"a@" * 5_000_000,
    "a report on 200,000": BOUNCE
    + b"Content-Type: message/delivery-status\n\n"
    + b"Final-Recipient: rfc822; a@b.example\nAction: failed\n\n" * 200_000,
    "parameters without end": HEAD + b"Content-Type: multipart/mixed; " + b"a=b; " * 2_000_000 + b"\n\n2 yes",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_takes_no_long_time(bomb: bytes) -> None:
    started = process_time()
    found = read(bomb)
    assert message_key(bomb)
    assert process_time() - started < 2  # a fifth of a second on an idle machine; without the limits, up to minutes
    assert not found.reason.startswith("unreadable")


def test_the_text_beside_a_large_attachment_is_read() -> None:
    assert read(BOMBS["an attachment of 20 MB"]).text == "2 yes"


def test_a_text_after_large_pictures_is_read() -> None:
    picture = b"--cut\nContent-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n" + LINES * 20
    mail = HEAD + b"Content-Type: multipart/mixed; boundary=cut\n\n" + picture * 5
    assert read(mail + b"--cut\nContent-Type: text/plain\n\n2 yes\n--cut--\n").text == "2 yes"


def test_the_headers_after_ten_thousand_recipients_are_read() -> None:
    many = b"Cc: " + b",\n ".join(b"p%d@x.example" % n for n in range(10_000))
    found = read(b"From: ana@firm.example\n" + many + b"\nTo: reply+abc234@in.example\nMessage-ID: <1@x>\n\n2 yes")
    assert (found.token, found.message_id, found.text) == ("abc234", "1@x", "2 yes")


def test_a_message_of_ordinary_size_is_parsed_as_it_is() -> None:
    text = "".join(f"line {n} of a long mail\n" for n in range(3_000))
    assert body_text(parse(HEAD + b"\n" + text.encode())) == text.rstrip("\n")


@pytest.mark.parametrize("charset", ["zlib", "bz2", "base64", "rot13", "punycode", "unicode_escape", "idna"])
def test_a_charset_that_unpacks_is_no_charset(charset: str) -> None:
    assert decode_bytes(b"\xff2 yes", charset) == "ÿ2 yes"
