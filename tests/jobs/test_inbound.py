"""The door for mail: refuses what is not ours while the sender listens, keeps the rest before it says 250."""

import smtplib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from jobs import inbound
from jobs.ground import Ground, ground_on
from jobs.inbound import open_door, receive_waiting, refuse
from matcher.models import InboundMessage, Letter
from tests import factories as make
from tests.jobs.environment import environment_of
from web import create_app
from web.db import transaction
from web.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
DOMAIN = make.DOMAIN
TOKEN = "abcdefgh234567abcdefgh"


@pytest.fixture
def g(settings: Settings) -> Ground:
    return ground_on(create_app(settings))


@pytest.fixture
def smtp(g: Ground) -> Iterator[smtplib.SMTP]:
    """Open the door and stand before it."""
    door = open_door(g)
    try:
        with smtplib.SMTP(g.settings.inbound_host, g.settings.inbound_port, timeout=20) as opened:
            opened.ehlo("firm.example")
            opened.mail("ann@firm.example")
            yield opened
    finally:
        door.stop()


def kept(g: Ground) -> list[tuple[str, str, bytes, str]]:
    with transaction(g.engine) as session:
        rows = session.scalars(select(InboundMessage).order_by(InboundMessage.id))
        return [(each.envelope_from, each.envelope_to, each.raw, each.state) for each in rows]


@pytest.mark.parametrize(
    "local", ["join", "post", "help", "postmaster", "abuse", f"reply+{TOKEN}", f"u+{TOKEN}", f"b+{TOKEN}"]
)
def test_our_own_addresses_are_let_in_however_they_are_written(local: str) -> None:
    assert refuse(f"{local}@{DOMAIN}", domain=DOMAIN) == ""
    assert refuse(f"{local}@{DOMAIN}".upper(), domain=DOMAIN) == ""


@pytest.mark.parametrize(
    "local", ["jobs", "reply", "reply+", "reply+short", f"x+{TOKEN}", f"reply+{TOKEN}1", "", "root"]
)
def test_an_address_that_there_is_not_is_refused_with_where_to_write(local: str) -> None:
    said = refuse(f"{local}@{DOMAIN}", domain=DOMAIN)
    assert said == f"550 5.1.1 There is no {local}@{DOMAIN}. Write to help@{DOMAIN}, or reply to one of our letters."


@pytest.mark.parametrize(
    "address", ["post@elsewhere.example", f"post@x{DOMAIN}", f"post@{DOMAIN}.evil.example", "post"]
)
def test_mail_for_another_domain_is_not_carried(address: str) -> None:
    assert refuse(address, domain=DOMAIN).startswith(f"550 5.7.1 We take mail for {DOMAIN} only, not for ")


def test_the_door_says_its_refusals_while_the_sender_still_listens(g: Ground, smtp: smtplib.SMTP) -> None:
    code, said = smtp.rcpt("someone@elsewhere.example")
    assert (code, said) == (550, f"5.7.1 We take mail for {DOMAIN} only, not for elsewhere.example.".encode())
    code, said = smtp.rcpt(f"jobs@{DOMAIN}")
    assert (code, said.startswith(b"5.1.1 There is no jobs@")) == (550, True)
    assert smtp.rcpt(f"post@{DOMAIN}")[0] == 250


def test_a_message_is_in_the_database_when_the_door_says_250(g: Ground, smtp: smtplib.SMTP) -> None:
    raw = make.mail("ann@firm.example", f"post@{DOMAIN}", "We need 380 mailboxes moved.").replace(b"\n", b"\r\n")
    smtp.rcpt(f"post@{DOMAIN}")
    code, _ = smtp.data(raw)
    assert code == 250
    assert kept(g) == [("ann@firm.example", f"post@{DOMAIN}", raw, "new")]


def test_a_message_sent_again_after_a_lost_250_is_kept_once(g: Ground, smtp: smtplib.SMTP) -> None:
    raw = make.mail("ann@firm.example", f"post@{DOMAIN}", "We need 380 mailboxes moved.")
    for _ in range(2):
        smtp.mail("ann@firm.example")
        smtp.rcpt(f"post@{DOMAIN}")
        assert smtp.data(raw)[0] == 250
    assert len(kept(g)) == 1


def test_a_message_to_two_desks_is_kept_for_each(g: Ground, smtp: smtplib.SMTP) -> None:
    for desk in ("post", "help"):
        smtp.rcpt(f"{desk}@{DOMAIN}")
    smtp.data(make.mail("ann@firm.example", f"post@{DOMAIN}", "Hello"))
    assert [each[1].partition("@")[0] for each in kept(g)] == ["post", "help"]


def test_a_database_that_is_away_makes_the_sender_keep_its_message(
    g: Ground, smtp: smtplib.SMTP, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the database is away"))

    smtp.rcpt(f"post@{DOMAIN}")
    with monkeypatch.context() as patched:
        patched.setattr(inbound, "keep", away)
        code, said = smtp.data(make.mail("ann@firm.example", f"post@{DOMAIN}", "Hello"))
    assert (code, said) == (
        451, b"4.3.0 We could not store your message just now. Please try again in a few minutes.",
    )  # fmt: skip
    smtp.mail("ann@firm.example")
    smtp.rcpt(f"post@{DOMAIN}")
    assert smtp.data(make.mail("ann@firm.example", f"post@{DOMAIN}", "Hello"))[0] == 250
    assert len(kept(g)) == 1


def test_a_message_that_makes_us_stumble_is_kept_and_holds_up_no_other(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(g.engine) as session:
        ids = [
            inbound.keep(
                session, make.mail("ann@firm.example", f"help@{DOMAIN}", "?"), envelope_from="",
                envelope_to=f"help@{DOMAIN}", now=make.NOW,
            )
            for _ in range(2)
        ]  # fmt: skip
    read = inbound.receive

    def stumbles(session: object, message_id: int, **more: object) -> str:
        if message_id == ids[0]:
            raise KeyError("a mistake of ours")
        return read(session, message_id, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(inbound, "receive", stumbles)
    assert receive_waiting(g) == 2
    assert receive_waiting(g) == 0
    assert [each[3] for each in kept(g)] == ["refused", "done"]
    assert kept(g)[0][2] != b""


def test_a_message_waits_when_the_database_went_away_while_it_was_read(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(g.engine) as session:
        raw = make.mail("ann@firm.example", f"help@{DOMAIN}", "?")
        inbound.keep(session, raw, envelope_from="", envelope_to=f"help@{DOMAIN}", now=make.NOW)

    def away(*_: object, **__: object) -> str:
        raise OperationalError("SELECT", {}, Exception("the database is away"))

    monkeypatch.setattr(inbound, "receive", away)
    with pytest.raises(OperationalError):
        receive_waiting(g)
    assert [each[3] for each in kept(g)] == ["new"]


def run(settings: Settings, raw: bytes, *options: str) -> subprocess.CompletedProcess[str]:
    """Give one message to the job on its standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "jobs.inbound", *options], cwd=ROOT, env=environment_of(settings), input=raw,
        capture_output=True, check=False,
    )  # fmt: skip
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_one_message_on_standard_input_is_kept_and_acted_on(settings: Settings, g: Ground) -> None:
    raw = make.mail("ann@firm.example", f"help@{DOMAIN}", "How does this work?")
    done = run(settings, raw, "--to", f"help@{DOMAIN}", "--sender", "ann@firm.example")
    assert (done.returncode, done.stdout) == (0, "explained how to write to us\n")
    assert [each[3] for each in kept(g)] == ["done"]
    with transaction(g.engine) as session:
        assert session.scalars(select(Letter.to_address)).all() == ["ann@firm.example"]


def test_an_empty_standard_input_is_told_what_to_give(settings: Settings, g: Ground) -> None:
    done = run(settings, b"\n")
    assert done.returncode == 2
    assert "Standard input is empty. Give one raw message: python -m jobs.inbound < message.eml" in done.stderr
    with transaction(g.engine) as session:
        assert session.scalar(select(func.count(InboundMessage.id))) == 0


def test_a_message_given_twice_is_acted_on_once(settings: Settings, g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = make.mail("ann@firm.example", f"help@{DOMAIN}", "How does this work?")

    class Standard:
        buffer = type("Bytes", (), {"read": staticmethod(lambda: raw)})

    monkeypatch.setattr(inbound.sys, "stdin", Standard)
    said = [inbound.take_from_stdin(g, to="", sender="") for _ in range(2)]
    assert said == ["explained how to write to us", "received before: nothing was done twice"]
