"""Letters over one line: several steps at once, odd answers, refusals that are about us."""

import smtplib
from datetime import timedelta
from threading import Semaphore

import pytest

from jobs import marking, sending
from jobs.deliver import deliver_all
from jobs.ground import Ground, now
from matcher.models import Letter
from matcher.store import letters
from matcher.store.letters import Draft
from tests import factories as make
from tests.jobs.outbox import FIRST, bounced, deliver_at, errors, three, tries, write
from tests.jobs.postoffice import PostOffice, open_post_office
from tests.jobs.scripted import open_scripted, polite
from web.db import transaction
from web.smtp import Parcel

A_MINUTE = timedelta(minutes=1, seconds=1)


def bytes_of(said: str | bytes) -> bytes:
    return said.encode() if isinstance(said, str) else said


def test_a_letter_and_the_offer_of_the_next_leave_together(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []
    send = smtplib.SMTP.send
    monkeypatch.setattr(smtplib.SMTP, "send", lambda self, what: (written.append(bytes_of(what)), send(self, what))[1])
    three(g)
    with open_scripted(g.settings.mail_port) as server:
        assert deliver_all(g) == 3
    offers = [each for each in written if b"MAIL FROM" in each]
    assert len(offers) == 3
    assert all(each.count(b"\r\nRCPT TO:") == 1 and each.endswith(b"\r\nDATA\r\n") for each in offers)
    assert [b"\r\n.\r\nMAIL FROM" in each for each in offers] == [False, True, True]
    assert [line.split(" ")[0] for line in server.said[0][1:]] == ["MAIL", "RCPT", "DATA", "."] * 3 + ["QUIT"]


def test_letters_are_written_while_the_server_is_busy_with_one(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    write(g, *(f"anna@firm{n}.example" for n in range(2 * sending.AHEAD)))
    written, were_written = sending.Round.parcel, Semaphore(0)

    def noted(some: sending.Round, each: Letter) -> Parcel:
        were_written.release()
        return written(some, each)

    def busy(line: str) -> str:
        if (
            line == "." and not seen
        ):  # until there are the letter itself, the one that was offered with it, and all ahead
            seen.append(all(were_written.acquire(timeout=30) for _ in range(2 + sending.AHEAD)))
        return polite(line)

    seen: list[bool] = []
    monkeypatch.setattr(sending.Round, "parcel", noted)
    with open_scripted(g.settings.mail_port, busy) as server:
        assert deliver_all(g) == 2 * sending.AHEAD
    assert seen == [True]
    assert len(set(server.letters)) == 2 * sending.AHEAD


def test_a_refused_recipient_gets_no_empty_letter_even_from_a_server_that_asks_for_one(g: Ground) -> None:
    """RFC 2920, 3.1: a server may say 354 though it refused the only recipient."""
    said: list[str] = []

    def script(line: str) -> str:
        said.append(line)
        if line.startswith(f"RCPT TO:<{FIRST}"):
            return "550 5.1.1 no such user"
        return "554 no valid recipients" if line == "." and said.count(".") == 1 else polite(line)

    emails = three(g)
    with open_scripted(g.settings.mail_port, script) as server:
        assert deliver_all(g) == 2
    assert len(server.said) == 1
    assert tries(g) == {emails[0]: ("failed", 0), emails[1]: ("sent", 0), emails[2]: ("sent", 0)}
    assert [b"\r\nTo: " in each for each in server.letters] == [True, True]
    assert bounced(g) == [(emails[0], True)]


@pytest.mark.parametrize("code", ["550", "450"])
def test_an_answer_with_what_the_database_takes_in_no_text_holds_up_no_other_letter(g: Ground, code: str) -> None:
    emails = three(g)

    def script(line: str) -> str:
        return f"{code} 5.7.1 no\0pe" if line.startswith(f"RCPT TO:<{FIRST}") else polite(line)

    with open_scripted(g.settings.mail_port, script):
        assert deliver_all(g) == 2
    assert [tries(g)[each][0] for each in emails] == [{"550": "failed", "450": "waiting"}[code], "sent", "sent"]


@pytest.mark.parametrize("refused_at", ["RCPT", "DATA"])
def test_after_a_refused_offer_the_next_letter_goes_over_the_same_line(g: Ground, refused_at: str) -> None:
    to = ""

    def script(line: str) -> str:
        nonlocal to
        to = line if line.startswith("RCPT") else to
        if FIRST in to and line.startswith((refused_at, "DATA")):
            return "550 5.1.1 no such user"
        return polite(line)

    three(g)
    with open_scripted(g.settings.mail_port, script) as server:
        assert deliver_all(g) == 2
    assert (len(server.said), server.said[0].count("RSET"), len(server.letters)) == (1, 1, 2)


@pytest.mark.parametrize(
    "answer",
    [
        "554 5.7.1 message looks like spam", "550 Message rejected", "552 5.3.4 Message length exceeds our limit",
        "552 Requested mail action aborted",
    ],
)  # fmt: skip
def test_a_refusal_of_the_letter_and_not_of_its_address_is_held_against_nobody(g: Ground, answer: str) -> None:
    three(g)
    with open_scripted(g.settings.mail_port, lambda line: answer if line == "." else polite(line)):
        assert deliver_all(g) == 0
    assert {state for state, _ in tries(g).values()} == {"failed"}
    assert bounced(g) == []


@pytest.mark.parametrize(("answer", "for_good"), [("550 5.1.1 no such user", True), ("552 5.2.2 mailbox full", False)])
def test_a_refusal_after_the_letter_that_names_its_address_counts_against_it(
    g: Ground, answer: str, for_good: bool
) -> None:
    emails = three(g)
    with open_scripted(g.settings.mail_port, lambda line: answer if line == "." else polite(line)):
        assert deliver_all(g) == 0
    assert sorted(bounced(g)) == sorted((each, for_good) for each in emails)


def test_a_letter_given_up_after_its_bytes_were_put_off_each_time_is_held_against_nobody(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matcher.store.letters.MAX_TRIES", 1)
    three(g)
    with open_scripted(g.settings.mail_port, lambda line: "450 not now" if line == "." else polite(line)):
        deliver_all(g)
    assert "failed" in {state for state, _ in tries(g).values()}
    assert bounced(g) == []


@pytest.mark.parametrize("answer", ["451 4.3.2 come back later", "530 5.7.0 Must issue a STARTTLS command first"])
def test_a_server_that_takes_nothing_from_us_is_asked_once_and_then_left_alone(g: Ground, answer: str) -> None:
    three(g)
    with open_scripted(
        g.settings.mail_port, lambda line: answer if line.startswith("MAIL") else polite(line)
    ) as server:
        assert deliver_all(g) == 0
        assert deliver_all(g) == 0
        assert [each[1] for each in server.said] == [server.said[0][1]]
        assert {state for state, _ in tries(g).values()} == {"waiting"}
        assert all(answer in each for each in errors(g))
        server.script = polite
        assert deliver_at(g, now() + A_MINUTE) == 3


@pytest.mark.parametrize(
    "answer", ["421 4.7.0 too many letters on this connection", "503 5.5.1 nested MAIL command", ""]
)
def test_a_server_that_takes_so_many_letters_on_a_line_gets_the_others_on_new_ones(g: Ground, answer: str) -> None:
    write(g, *(f"anna@firm{n}.example" for n in range(7)))
    said: list[str] = []

    def script(line: str) -> str:
        said.append(line)
        if line.startswith("EHLO"):
            said.clear()
        return answer if line.startswith("MAIL") and said.count(".") >= 3 else polite(line)

    with open_scripted(g.settings.mail_port, script) as server:
        assert deliver_all(g) == 7
    assert len(server.said) == 3
    assert len(set(server.letters)) == len(server.letters) == 7
    assert set(tries(g).values()) == {("sent", 0)}


def test_a_domain_that_puts_mail_off_rests_and_the_others_go(g: Ground) -> None:
    emails = ["a@alder.example", "b@Alder.example", "c@birch.example", "d@alder.example", "e@cedar.example"]
    write(g, *emails)
    office = PostOffice(at_recipient=lambda to: "451 4.7.1 too fast" if "lder" in to else "250 OK")
    with open_post_office(g.settings.mail_port, office):
        assert deliver_all(g) == 2
        assert [tries(g)[each] for each in emails] == [
            ("waiting", 1), ("waiting", 0), ("sent", 0), ("waiting", 0), ("sent", 0),
        ]  # fmt: skip
        office.at_recipient = lambda _to: "250 OK"
        assert deliver_all(g) == 0
        assert deliver_at(g, now() + A_MINUTE) == 3


def test_a_full_mailbox_holds_up_nobody_else_of_its_domain(g: Ground) -> None:
    write(g, "a@alder.example", "b@alder.example")
    office = PostOffice(at_recipient=lambda to: "452 4.2.2 mailbox full" if to.startswith("a@") else "250 OK")
    with open_post_office(g.settings.mail_port, office):
        assert deliver_all(g) == 1
    assert tries(g) == {"a@alder.example": ("waiting", 1), "b@alder.example": ("sent", 0)}


@pytest.mark.parametrize(
    "email", ["anna@alder.example>\r\nRCPT TO:<all@firm.example", "anna smith@alder.example", "anna"]
)
def test_an_address_that_would_be_another_command_is_never_spoken(g: Ground, email: str) -> None:
    write(g, email, "anna@birch.example")
    with open_scripted(g.settings.mail_port) as server:
        assert deliver_all(g) == 1
    assert [line for line in server.said[0] if line.startswith("RCPT")] == ["RCPT TO:<anna@birch.example>"]
    assert tries(g)[email] == ("failed", 0)


def test_an_address_beyond_ascii_goes_where_the_server_takes_it(g: Ground) -> None:
    write(g, "jürgen@müller.example", "anna@müller.example")
    offers = "250-x\r\n250-PIPELINING\r\n250 SMTPUTF8"
    with open_scripted(
        g.settings.mail_port, lambda line: offers if line.startswith("EHLO") else polite(line)
    ) as server:
        assert deliver_all(g) == 2
    said = " ".join(server.said[0])
    assert "RCPT TO:<jürgen@xn--mller-kva.example>" in said
    assert "RCPT TO:<anna@xn--mller-kva.example>" in said
    assert said.count(" SMTPUTF8 BODY=8BITMIME") == 1
    assert "<jürgen@xn--mller-kva.example>".encode() in server.letters[0]


def test_a_line_that_opens_with_a_dot_arrives_with_one(g: Ground) -> None:
    with transaction(g.engine) as session:
        to = make.firm(session, "alder")
        values = {"heading": "Done.", "lines": [".", "..two", ".hidden"], "quote": "", "tone": "done", "reply_as": ""}
        letters.write(session, Draft("answer:1", "answer", to, values), at=now())
    with open_post_office(g.settings.mail_port) as office:
        deliver_all(g)
    text = office.taken[0][2].get_body(("plain",)).get_content()
    assert [line for line in text.splitlines() if line.startswith(".")] == [".", "..two", ".hidden"]


def test_what_the_server_took_is_marked_a_few_at_a_time(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    write(g, *(f"anna@firm{n}.example" for n in range(25)))
    marked: list[int] = []
    mark = letters.mark_sent
    monkeypatch.setattr(
        letters,
        "mark_sent",
        lambda session, ids, *, at: (marked.append(len(ids)), mark(session, ids, at=at))[1],
    )
    with open_scripted(g.settings.mail_port):
        assert deliver_all(g) == 25
    assert sum(marked) == 25
    assert max(marked) <= marking.MARK_AT_ONCE
