"""No bytes and no text may stop the mailbox."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.inbound import message_key, read, reply_text, understand

REPEATED = settings(max_examples=300, deadline=None, derandomize=True, database=None)
KINDS = {"reply", "posting", "join", "unsubscribe", "bounce", "complaint", "auto", "loop", "unknown"}
LETTERS = ("digest", "confirm", "interested", "question", "outcome", "confirm_outcome", "introduction", "link", "?")
HEADER = st.sampled_from(
    [
        b"From",
        b"To",
        b"Subject",
        b"Content-Type",
        b"Content-Transfer-Encoding",
        b"Message-ID",
        b"Return-Path",
        b"Received",
        b"References",
        b"Precedence",
    ]
)
VALUE = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"multipart/report; boundary=x",
            b"text/html; charset=utf-7",
            b"message/rfc822",
            b"base64",
            b"b+a2@x",
            b"reply+a@x",
            b"<>",
            b"=?u?q?=?=",
        ]
    ),
)
BODY = st.one_of(
    st.binary(max_size=400),
    st.lists(st.sampled_from([b"--x", b"", b"> a", b"On 1/1/2026 a@b wrote:", b"<div>", b"Status: 5.1.1"])).map(
        b"\n".join
    ),
)
WORDS = st.sampled_from(
    [
        "yes",
        "no",
        "2",
        "7",
        "later",
        ",",
        ".",
        ":",
        "?",
        "but",
        "all",
        "none",
        "both",
        "rest",
        "ask",
        "refer",
        "a@b.example",
        "\n",
        "won",
        "12k",
        "ok",
    ]
)


def message(headers: list[tuple[bytes, bytes]], body: bytes) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, value in headers) + b"\r\n" + body


@REPEATED
@given(st.one_of(st.binary(max_size=500), st.builds(message, st.lists(st.tuples(HEADER, VALUE), max_size=8), BODY)))
def test_any_bytes_are_read(content: bytes) -> None:
    found = read(content)
    assert found.kind in KINDS
    assert not found.reason.startswith("unreadable")
    assert isinstance(reply_text(content), str)
    assert message_key(content)


@REPEATED
@given(
    st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=12).map(" ".join)),
    st.sampled_from(LETTERS),
    st.integers(0, 6),
)
def test_any_text_becomes_safe_acts_or_one_sentence(text: str, kind: str, n_choices: int) -> None:
    found = understand(text, letter_kind=kind, n_choices=n_choices)
    assert bool(found.acts) != bool(found.unclear)
    assert all(act.number is None or 1 <= act.number <= n_choices for act in found.acts)
    verdicts = [act.number for act in found.acts if act.verb in ("yes", "no", "later", "choose")]
    assert len(verdicts) == len(set(verdicts))


@pytest.mark.parametrize(
    "body",
    [
        b"a" * 300_000,
        b"> \n" * 90_000,
        b"From: a@b\n" * 30_000,
        b"1, " * 90_000,
        b"<div>" * 50_000,
        b"a@" * 90_000,
        b" " * 300_000,
    ],
)
def test_hostile_bodies_take_no_long_time(body: bytes) -> None:
    started = perf_counter()
    for kind in (b"plain", b"html"):
        found = read(b"To: reply+a@x.example\nContent-Type: text/" + kind + b"\n\n" + body)
        understand(found.text, letter_kind="digest", n_choices=5)
    assert perf_counter() - started < 10


@pytest.mark.parametrize("charset", [b"a\0b", b"\xff\xfe", b"zlib", b"x" * 500])
def test_a_charset_that_is_none_stops_nothing(charset: bytes) -> None:
    head = b"From: ana@firm.example\nTo: reply+a@x.example\nContent-Type: "
    kinds = (b"text/plain", b"message/delivery-status", b"multipart/report; boundary=x", b"application/pdf")
    found = [read(head + kind + b"; charset=" + charset + b"\n\n\xe9 2 yes\n").reason for kind in kinds]
    assert not any("unreadable" in one for one in found)


def test_parts_nested_a_thousand_deep_are_read() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1500))
    assert read(b"From: ana@firm.example\nTo: reply+a@x.example\n" + nested).sender == "ana@firm.example"
