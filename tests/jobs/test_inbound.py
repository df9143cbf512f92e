"""Mail on standard input: kept, then acted on once, and an exit code that an MTA understands."""

import io
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from jobs import inbound
from jobs.ground import Ground
from jobs.inbound import receive_waiting
from matcher.exchange.keeping import MAX_BYTES
from matcher.models import InboundMessage, Letter
from matcher.store import messages
from tests import factories as make
from tests import places
from tests.jobs.environment import environment_of
from web.db import NoConnection, transaction
from web.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
DOMAIN = make.DOMAIN


def kept(g: Ground) -> list[tuple[str, str, bytes, str]]:
    with transaction(g.engine) as session:
        rows = session.scalars(select(InboundMessage).order_by(InboundMessage.id))
        return [(each.envelope_from, each.envelope_to, each.raw, each.state) for each in rows]


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


@pytest.mark.parametrize(
    "error", [OperationalError("SELECT", {}, Exception("the database is away")), NoConnection("none is free")]
)
def test_a_message_that_the_database_cannot_take_waits_and_holds_up_no_other(
    g: Ground, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    with transaction(g.engine) as session:
        for _ in range(2):
            inbound.keep(session, question(), envelope_from="", envelope_to=f"help@{DOMAIN}", now=make.NOW)
    read = inbound.receive
    first = min(waiting(g))

    def away(session: object, message_id: int, **more: object) -> str:
        if message_id == first:
            raise error
        return read(session, message_id, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(inbound, "receive", away)
        assert (receive_waiting(g), receive_waiting(g)) == (1, 0)
    assert sorted(each[3] for each in kept(g)) == ["done", "new"]
    assert receive_waiting(g) == 1


def test_a_message_that_cannot_even_be_put_aside_waits_is_not_returned_and_holds_up_no_other(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, put_aside = inbound.receive, inbound.put_aside
    first: list[int] = []

    def stumbles(session: object, message_id: int, **more: object) -> str:
        if message_id in first:
            raise KeyError("a mistake of ours")
        return read(session, message_id, **more)  # type: ignore[arg-type]

    def stumbles_again(at: Ground, message_id: int, *, cause: str) -> str:
        raise KeyError("the same mistake")

    monkeypatch.setattr(inbound, "receive", stumbles)
    monkeypatch.setattr(inbound, "put_aside", stumbles_again)
    with transaction(g.engine) as session:
        for _ in range(2):
            inbound.keep(session, question(), envelope_from="", envelope_to=f"help@{DOMAIN}", now=make.NOW)
    first.append(min(waiting(g)))
    assert receive_waiting(g) == 1
    assert sorted(each[3] for each in kept(g)) == ["done", "new"]
    assert inbound.act_on(g, first[0]) == "kept; a worker tries again to act on it"
    monkeypatch.setattr(inbound, "put_aside", put_aside)
    assert receive_waiting(g) == 1
    assert sorted(each[3] for each in kept(g)) == ["done", "refused"]


def test_whatever_keeps_us_from_beginning_the_mta_keeps_its_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exit code that it does not know would make it return the message to whoever sent it."""
    monkeypatch.setattr(inbound, "ground", lambda: (_ for _ in ()).throw(RuntimeError("initdb failed")))
    done = CliRunner().invoke(inbound.main, [], input=question())
    assert (done.exit_code, done.stderr) == (75, "Error: The message was not kept: RuntimeError: initdb failed\n")


def waiting(g: Ground) -> list[int]:
    with transaction(g.engine) as session:
        return messages.waiting(session, limit=10)


def run(settings: Settings, raw: bytes, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Give one message to the job on its standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "jobs.inbound", *options], cwd=ROOT, env=environment_of(settings) | environment,
        input=raw, capture_output=True, check=False,
    )  # fmt: skip
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def question() -> bytes:
    return make.mail("ann@firm.example", f"help@{DOMAIN}", "How does this work?")


def given(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    """Put a message on standard input."""
    monkeypatch.setattr(inbound.sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))


def test_one_message_on_standard_input_is_kept_and_acted_on(settings: Settings, g: Ground) -> None:
    done = run(settings, question(), "--to", f"help@{DOMAIN}", "--sender", "ann@firm.example")
    assert (done.returncode, done.stdout) == (0, "explained how to write to us\n")
    assert [each[3] for each in kept(g)] == ["done"]
    with transaction(g.engine) as session:
        assert session.scalars(select(Letter.to_address)).all() == ["ann@firm.example"]


def test_an_empty_standard_input_is_told_what_to_give(settings: Settings, g: Ground) -> None:
    done = run(settings, b"\n")
    assert done.returncode == 65
    assert "Standard input is empty. Give one raw message: python -m jobs.inbound < message.eml" in done.stderr
    with transaction(g.engine) as session:
        assert session.scalar(select(func.count(InboundMessage.id))) == 0


def test_while_the_database_is_away_the_mta_keeps_its_message(settings: Settings) -> None:
    away = replace(settings, database_url=f"postgresql://ana@127.0.0.1:{places.free_port()}/db")
    done = run(away, question(), "--to", f"help@{DOMAIN}")
    assert (done.returncode, done.stdout) == (75, "")
    assert "no PostgreSQL answered there" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_that_cannot_work_bounces_no_mail(settings: Settings) -> None:
    done = run(settings, question(), INBOUND_PORT="smtp")
    assert (done.returncode, done.stderr) == (
        75, "Error: INBOUND_PORT='smtp' cannot be used: give a whole number.\n",
    )  # fmt: skip


def test_a_database_that_leaves_while_the_message_is_kept_makes_the_mta_keep_it(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the database is away"))

    monkeypatch.setattr(inbound, "keep", away)
    given(monkeypatch, question())
    with pytest.raises(inbound.Undelivered) as stopped:
        inbound.take_from_stdin(g, to=(), sender=None)
    assert stopped.value.exit_code == 75


def test_a_database_that_leaves_after_the_message_is_kept_does_not_send_it_back(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> str:
        raise OperationalError("SELECT", {}, Exception("the database is away"))

    monkeypatch.setattr(inbound, "receive", away)
    given(monkeypatch, question())
    assert inbound.take_from_stdin(g, to=(), sender=None) == "kept; a worker tries again to act on it"
    assert [each[3] for each in kept(g)] == ["new"]


def test_an_address_that_there_is_not_is_told_to_the_mta(g: Ground, settings: Settings) -> None:
    done = run(settings, question(), "--to", f"jobs@{DOMAIN}")
    assert done.returncode == 67
    assert done.stderr.startswith(f"Error: 5.1.1 There is no jobs@{DOMAIN}. Write to help@{DOMAIN}")
    assert kept(g) == []


def test_a_bad_option_is_told_to_the_mta_as_a_mistake_in_its_configuration(settings: Settings) -> None:
    assert run(settings, question(), "--frm", "ann@firm.example").returncode == 64


@pytest.mark.parametrize(
    ("environment", "envelope"),
    [
        ({"ORIGINAL_RECIPIENT": f"Post@{DOMAIN}", "RECIPIENT": "us@host.example", "SENDER": "ann@firm.example"},
         ("ann@firm.example", f"post@{DOMAIN}")),
        ({"RECIPIENT": f"post@{DOMAIN}", "SENDER": ""}, ("<>", f"post@{DOMAIN}")),
        ({"RECIPIENT": "counterpart@host.example", "SENDER": "MAILER-DAEMON"}, ("<>", "")),
        ({}, ("", "")),
    ],
)  # fmt: skip
def test_the_envelope_is_taken_from_where_an_mta_leaves_it(
    g: Ground, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], envelope: tuple[str, str]
) -> None:
    for name in ("ORIGINAL_RECIPIENT", "RECIPIENT", "SENDER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    given(monkeypatch, question())
    inbound.take_from_stdin(g, to=(), sender=None)
    assert [each[:2] for each in kept(g)] == [envelope]


def test_an_envelope_in_the_options_goes_before_that_of_the_environment(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORIGINAL_RECIPIENT", f"join@{DOMAIN}")
    monkeypatch.setenv("SENDER", "bob@firm.example")
    given(monkeypatch, question())
    inbound.take_from_stdin(g, to=(f"help@{DOMAIN}", f"post@{DOMAIN}"), sender="ann@firm.example")
    assert [each[:2] for each in kept(g)] == [
        ("ann@firm.example", f"help@{DOMAIN}"), ("ann@firm.example", f"post@{DOMAIN}"),
    ]  # fmt: skip


def test_of_a_message_that_is_too_large_only_so_much_is_read_that_it_is_seen(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = question() + b"x" * 12_000_000
    given(monkeypatch, raw)
    said = inbound.take_from_stdin(g, to=(f"help@{DOMAIN}",), sender="ann@firm.example")
    assert said == "Your message is larger than 10 MB. Send the text without attachments."
    assert len(kept(g)[0][2]) == MAX_BYTES + 1
    assert inbound.sys.stdin.buffer.read() == b""
    given(monkeypatch, raw)
    assert len(inbound.read_message()) == MAX_BYTES + 1


def test_a_message_given_twice_is_acted_on_once(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, said = question(), []
    for _ in range(2):
        given(monkeypatch, raw)
        said.append(inbound.take_from_stdin(g, to=(), sender=None))
    assert said == ["explained how to write to us", "received before: nothing was done twice"]


def test_a_port_that_is_taken_is_said_in_a_sentence(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", settings.inbound_port)):
        done = run(settings, b"", "--listen")
    assert done.returncode == 1
    assert done.stderr.startswith(
        f"INBOUND_PORT='{settings.inbound_port}' cannot be used: nobody can listen at 127.0.0.1"
    )
