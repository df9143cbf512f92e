"""The local mailbox: anybody's letters on this machine, shown without running them, answered by SMTP."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine

from tests.web.visiting import Visitor, firm
from web import create_app, maildir
from web.settings import Settings

HTML = (
    '<html><body><script>alert(1)</script><a href="http://127.0.0.1:8000/offer/x/2">Yes</a>'
    '<a href="mailto:reply+abc@in.counterpart.example?subject=Re%3A%20Two&amp;body=2%20yes">2 yes</a></body></html>'
)


class Kept:
    """An SMTP server that remembers what it was given."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], EmailMessage]] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[attr-defined]
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, message))  # type: ignore[attr-defined]
        return "250 OK"


class Full(Kept):
    """An SMTP server that takes nothing."""

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802
        return "452 4.3.1 The disk is full"


@pytest.fixture
def desk(settings: Settings) -> Iterator[Kept]:
    yield from serve(Kept(), settings.inbound_host, settings.inbound_port)


@pytest.fixture
def people(settings: Settings) -> Iterator[Kept]:
    yield from serve(Kept(), settings.mail_server, settings.mail_port)


def serve(kept: Kept, host: str, port: int) -> Iterator[Kept]:
    server = Controller(kept, hostname=host, port=port)
    server.start()
    yield kept
    server.stop()


def put(settings: Settings, address: str, subject: str = "Two projects", **headers: str) -> str:
    """Put a letter into an inbox; return the path of its page."""
    message = EmailMessage()
    given = {"From": "Counterpart <hello@counterpart.example>", "To": address, "Message-ID": "<7@counterpart.example>"}
    for name, value in {**given, "Subject": subject, "Reply-To": "reply+abc@in.counterpart.example", **headers}.items():
        message[name] = value
    message.set_content("-- write above this line --\n\nReply “2 yes”.\n" + "A further line of an offer.\n" * 80)
    message.add_alternative(HTML, subtype="html")
    maildir.store(settings.folder / "mailbox", address, message.as_bytes())
    return f"/mailbox/{address}/{maildir.letters(settings.folder / 'mailbox', address)[0].key}"


def test_there_is_no_mailbox_when_it_is_off(settings: Settings) -> None:
    path = put(settings, "ana@quay.example")
    off = create_app(replace(settings, mailbox=False)).test_client()
    for each in ("/mailbox", "/mailbox/write", "/mailbox/ana@quay.example", path, f"{path}/html"):
        assert off.get(each).status_code == 404
    assert "/mailbox" not in off.get("/").text


def test_inboxes_are_listed_with_the_firm_and_found_by_its_name(
    visitor: Visitor, engine: Engine, settings: Settings
) -> None:
    firm(engine, "Quay Nets", "ana@quay.example")
    put(settings, "ana@quay.example")
    put(settings, "bo@harbour.example")
    shown = visitor.read("/mailbox")
    assert "Quay Nets" in shown
    assert "bo@harbour.example" in shown
    found = visitor.read("/mailbox?find=quay+ANA")
    assert "Quay Nets" in found
    assert "bo@harbour.example" not in found


def test_an_inbox_shows_its_letters_and_an_empty_one_says_so(visitor: Visitor, settings: Settings) -> None:
    put(settings, "ana@quay.example", "Three projects")
    assert "Three projects" in visitor.read("/mailbox/Ana@quay.example")
    assert "Nothing here yet" in visitor.read("/mailbox/nobody@quay.example")


def test_a_letter_is_shown_as_text_and_as_headers(visitor: Visitor, settings: Settings) -> None:
    path = put(settings, "ana@quay.example")
    assert "Reply “2 yes”." in visitor.read(f"{path}?view=text")
    assert "&lt;7@counterpart.example&gt;" in visitor.read(f"{path}?view=headers")


def test_the_html_of_a_letter_cannot_run_script(visitor: Visitor, settings: Settings) -> None:
    path = put(settings, "ana@quay.example")
    shown = visitor.read(path)
    sandbox = shown.split('sandbox="')[1].split('"')[0]
    assert "<script>alert" not in shown
    assert "allow-scripts" not in sandbox
    frame = visitor.client.get(f"{path}/html")
    rules = frame.headers["Content-Security-Policy"]
    assert "default-src 'none'" in rules
    assert "script-src" not in rules
    assert "sandbox" in rules
    assert "allow-scripts" not in rules
    assert "frame-ancestors 'self'" in rules
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_only_the_frame_of_a_letter_may_be_framed_and_styled(visitor: Visitor, settings: Settings) -> None:
    page = visitor.client.get(put(settings, "ana@quay.example"))
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"


def test_a_mail_button_of_a_letter_fills_the_reply(visitor: Visitor, settings: Settings) -> None:
    path = put(settings, "ana@quay.example")
    frame = visitor.client.get(f"{path}/html").text
    asked = frame.split('target="_top"')[0].rpartition('href="')[2].rstrip('" ').replace("&amp;", "&")
    assert asked.startswith(f"{path}?to=reply%2Babc%40in.counterpart.example")
    assert ">2 yes</textarea>" in visitor.read(asked).replace("\r\n", "").replace("\n", "")


def test_a_reply_goes_out_by_smtp_with_the_letter_quoted_below(
    visitor: Visitor, engine: Engine, settings: Settings, desk: Kept
) -> None:
    firm(engine, "Quay Nets", "ana@quay.example")
    path = put(settings, "ana@quay.example")
    answer = visitor.press(path, to="reply+abc@in.counterpart.example", subject="Re: Two projects", text="2 yes")
    assert answer.location == "/mailbox/ana@quay.example"
    sender, receivers, message = desk.taken[0]
    assert (sender, receivers) == ("ana@quay.example", ["reply+abc@in.counterpart.example"])
    assert message["From"] == "Ana of Quay Nets <ana@quay.example>"
    assert message["In-Reply-To"] == "<7@counterpart.example>"
    words = message.get_content().replace("\r\n", "\n")
    assert words.startswith("2 yes\n")
    assert "> -- write above this line --\n>\n> Reply “2 yes”." in words


def test_a_reply_to_a_person_arrives_in_that_persons_inbox(visitor: Visitor, settings: Settings, people: Kept) -> None:
    path = put(settings, "ana@quay.example", **{"Reply-To": "Bo <bo@harbour.example>"})
    visitor.press(path, to="bo@harbour.example", subject="Re: Two projects", text="Thursday?")
    assert people.taken[0][1] == ["bo@harbour.example"]


def test_a_mail_of_ones_own_goes_to_the_desk(visitor: Visitor, desk: Kept) -> None:
    mail = {"sender": "New@firm.example", "name": "Nia", "to": "join@in.counterpart.example", "text": "We lay cables."}
    assert visitor.press("/mailbox/write", subject="Hello", **mail).location == "/mailbox/new@firm.example"
    assert desk.taken[0][0] == "new@firm.example"
    assert desk.taken[0][2].get_content().strip() == "We lay cables."


def test_a_server_that_is_away_is_named_and_the_words_are_kept(visitor: Visitor, settings: Settings) -> None:
    path = put(settings, "ana@quay.example")
    answer = visitor.press(path, to="reply+abc@in.counterpart.example", subject="Re", text="2 yes, gladly")
    assert answer.status_code == 422
    assert f"No mail server answered at 127.0.0.1:{settings.inbound_port}" in answer.text
    assert "2 yes, gladly" in answer.text


def test_what_the_server_says_no_to_is_told_in_its_words(visitor: Visitor, settings: Settings) -> None:
    path = put(settings, "ana@quay.example")
    for _ in serve(Full(), settings.inbound_host, settings.inbound_port):
        answer = visitor.press(path, to="reply+abc@in.counterpart.example", subject="Re", text="2 yes")
    assert answer.status_code == 422
    assert "The disk is full" in answer.text


def test_no_mail_leaves_this_machine(settings: Settings) -> None:
    visitor = Visitor(create_app(replace(settings, mail_server="smtp.elsewhere.example")).test_client())
    mail = {"sender": "new@firm.example", "to": "bo@harbour.example", "subject": "Hello", "text": "Hello"}
    answer = visitor.press("/mailbox/write", **mail)
    assert answer.status_code == 422
    assert "MAIL_SERVER leads to real people" in answer.text


@pytest.mark.parametrize("wrong", ["", "nobody", "a b@c.example", "x@y.example\nBcc: z@z.example"])
def test_an_address_that_is_none_is_refused(visitor: Visitor, wrong: str) -> None:
    mail = {"sender": "new@firm.example", "to": wrong, "subject": "Hello", "text": "Hello"}
    assert visitor.press("/mailbox/write", **mail).status_code == 422


def test_a_letter_that_is_not_there_is_not_found(visitor: Visitor, settings: Settings) -> None:
    put(settings, "ana@quay.example")
    for path in ("/mailbox/ana@quay.example/1.2.3", "/mailbox/..%2f..%2fetc/passwd", "/mailbox/no@no.example/1/html"):
        assert visitor.client.get(path).status_code == 404


def test_letters_of_one_second_stand_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    maildir.store(tmp_path, "anna@alder.example", b"Subject: none\n\n")
    new = tmp_path / "anna@alder.example" / "new"
    (only,) = new.iterdir()
    for n, name in enumerate(("1764000000.M99999P7Q1.here", "1764000000.M100000P7Q2.here")):
        (new / name).write_bytes(f"Subject: {n}\n\n".encode())
    only.unlink()
    kept = maildir.letters(tmp_path, "anna@alder.example")
    assert [each.message["Subject"] for each in kept] == ["1", "0"]
