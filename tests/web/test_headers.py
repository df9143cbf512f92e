"""Which headers each kind of letter carries on the wire, and which it must not."""

import base64
import email
import email.policy
import re
from email.message import EmailMessage

import flask_mail
import pytest

from matcher.tokens import unseal
from tests.web import sample_letters as samples
from tests.web.sample_letters import NOW, SETTINGS, TODAY, VALUES
from web.mail import KINDS, compose
from web.message import BadAddress, Mail, address, on_the_wire

ALWAYS = {
    "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type", "X-Counterpart-Letter",
}  # fmt: skip
BY_MACHINE = {"Auto-Submitted", "X-Auto-Response-Suppress"}
OF_LISTS = {"List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID"}
IN_THREAD = {"In-Reply-To", "References"}
UNASKED = {"digest", "reminder"}  # come day after day: carry list headers
PERSONAL = {"introduction"}  # one person to another: nothing says that a machine wrote


def wire(name: str) -> bytes:
    return compose(samples.letter(name), settings=SETTINGS, now=NOW).as_bytes()


def sent(name: str) -> EmailMessage:
    return email.message_from_bytes(wire(name), policy=email.policy.default)


def expected(name: str) -> set[str]:
    kind = name.split(".")[0]
    headers = ALWAYS | (set() if kind in PERSONAL else BY_MACHINE) | (OF_LISTS if kind in UNASKED else set())
    letter = samples.letter(name)
    return headers | (IN_THREAD if letter.in_reply_to or letter.values.get("follows") else set())


@pytest.mark.parametrize("name", VALUES)
def test_a_letter_carries_the_headers_of_its_kind_and_no_other(name: str) -> None:
    message = sent(name)
    assert sorted(message.keys()) == sorted(expected(name))


@pytest.mark.parametrize("name", VALUES)
def test_every_letter_is_from_us_whoever_caused_it(name: str) -> None:
    message = sent(name)
    assert message["From"] == SETTINGS.mail_from
    assert str(message["To"].addresses[0].addr_spec) == samples.letter(name).to_address
    assert message["X-Counterpart-Letter"] == name.split(".")[0]
    assert message["Date"].datetime == NOW


@pytest.mark.parametrize("name", [name for name in VALUES if name.split(".")[0] not in PERSONAL])
def test_a_machine_says_so_and_asks_for_no_automatic_reply(name: str) -> None:
    message = sent(name)
    answers = samples.letter(name).in_reply_to != ""
    assert message["Auto-Submitted"] == ("auto-replied" if answers else "auto-generated")
    assert message["X-Auto-Response-Suppress"] == "DR, RN, NRN, OOF, AutoReply"


@pytest.mark.parametrize("name", [name for name in VALUES if name.split(".")[0] in UNASKED])
def test_what_comes_unasked_is_left_by_one_click_and_by_mail(name: str) -> None:
    message = sent(name)
    found = re.fullmatch(r"<https://counterpart\.example/u/(\w+)>, <mailto:u\+(\w+)@.*>", message["List-Unsubscribe"])
    assert found
    assert {unseal(SETTINGS.secret_key, "unsubscribe", token, today=TODAY) for token in found.groups()} == {77}
    assert re.fullmatch(r"[a-z]+:202611:counterpart", message["Feedback-ID"])


@pytest.mark.parametrize(
    "name", [name for name in VALUES if KINDS[name.split(".")[0]].replies and "stranger" not in name]
)
def test_a_reply_comes_back_to_the_letter_that_it_answers(name: str) -> None:
    token = re.fullmatch(r"reply\+(\w+)@in\.counterpart\.example", sent(name)["Reply-To"])
    assert token
    assert unseal(SETTINGS.secret_key, "reply", token[1], today=TODAY) == 7001


@pytest.mark.parametrize("name", VALUES)
def test_the_same_letter_is_the_same_bytes_in_lines_that_every_server_takes(name: str) -> None:
    raw = wire(name)
    assert raw == wire(name)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()
    assert raw.endswith(b"\r\n")


@pytest.mark.parametrize("name", VALUES)
def test_both_texts_come_out_as_they_were_written(name: str) -> None:
    letter = compose(samples.letter(name), settings=SETTINGS, now=NOW)
    message = sent(name)
    for kind, text in (("plain", letter.body), ("html", letter.html)):
        part = message.get_body((kind,))
        assert part["Content-Transfer-Encoding"] == "quoted-printable"
        assert part.get_content().rstrip().splitlines() == text.rstrip().splitlines()
    assert not message.defects


def mail(**changes: object) -> Mail:
    told = {"subject": "s", "sender": "Us <us@we.example>", "to": ("A", "a@b.example"), "body": "b", "html": "<p>h</p>"}
    return Mail("<1@we.example>", **{**told, "date": NOW.timestamp(), **changes})


@pytest.mark.parametrize("text", ["all\r\nBcc: x@y.example", "a\nb", "a\rb"])
def test_a_line_break_never_becomes_a_header(text: str) -> None:
    written = mail()
    written.extra_headers = {"X-Counterpart-Letter": text}
    with pytest.raises(flask_mail.BadHeaderError):
        written.as_bytes()
    with pytest.raises(flask_mail.BadHeaderError):
        mail(subject=text).as_bytes()


def test_subjects_and_names_of_any_length_and_script_survive() -> None:
    for subject in ("Grüße aus Köln " * 20, "x" * 2000, "=?utf-8?q?not_encoded?=", "日本語の件名"):
        read = email.message_from_bytes(mail(subject=subject).as_bytes(), policy=email.policy.default)
        assert "".join(read["Subject"].split()) == "".join(subject.split())
    for name in ('Anna "the" O\'Neil, Ltd.', "Jürgen Müller", "x" * 500, "a; b: c@d"):
        read = email.message_from_bytes(mail(to=(name, "a@b.example")).as_bytes(), policy=email.policy.default)
        assert read["To"].addresses[0].display_name == name[:150]
        assert read["To"].addresses[0].addr_spec == "a@b.example"


@pytest.mark.parametrize("text", ["ü" * 90, "a" + "ü" * 90, "日本語の件名" * 9, "😀" * 30, "x" * 41 + "😀", "…"])
def test_no_character_of_a_subject_is_cut_in_two(text: str) -> None:
    line = mail(subject=text).as_bytes().split(b"\r\nFrom:")[0].removeprefix(b"Subject: ")
    pieces = [base64.b64decode(each[10:-2]).decode() for each in line.split(b"\r\n ")]
    assert "".join(pieces) == text
    assert all(36 <= len(each.encode()) <= 42 for each in pieces[:-1])


def test_a_domain_is_written_in_ascii_and_what_is_no_address_is_refused() -> None:
    assert on_the_wire("anna@müller.example") == "anna@xn--mller-kva.example"
    assert address(("Jürgen", "jürgen@müller.example")).endswith(" <jürgen@xn--mller-kva.example>")
    for wrong in ("anna", "@b.example", "anna@", "a b@c.example", "a@b.example>\r\nDATA", f"a@{'ü' * 80}.example"):
        with pytest.raises(BadAddress):
            on_the_wire(wrong)
