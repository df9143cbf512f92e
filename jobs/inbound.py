"""Mail that arrives, by SMTP, LMTP or on standard input → kept first, then read and acted on."""

import os
import signal
import sys
from threading import Event
from typing import Any

import click

from jobs.door import NO_SENDER, is_for_us, open_door, refuse
from jobs.ground import Ground, ground, log, now
from matcher.exchange import apologise, keep, receive
from matcher.exchange.keeping import MAX_BYTES, storable
from matcher.store import messages
from web import metrics
from web.db import AWAY, act_as, transaction
from web.log import wordless
from web.settings import BadSetting

EX_USAGE, EX_DATAERR, EX_NOUSER, EX_TEMPFAIL = 64, 65, 67, 75  # of sysexits.h, which every MTA understands
NULL_SENDERS = ("", NO_SENDER, "MAILER-DAEMON")  # the last is how Postfix tells a pipe of a bounce
PIECE = 65_536


class Undelivered(click.ClickException):
    """What an MTA that pipes a message into us is told: a sentence and an exit code."""

    def __init__(self, exit_code: int, sentence: str):
        super().__init__(sentence)
        self.exit_code = exit_code


class PipeCommand(click.Command):
    """A command whose bad options end in the exit code that an MTA takes for a mistake in its configuration."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        try:
            return super().make_context(*args, **more)
        except click.UsageError as error:
            error.exit_code = EX_USAGE
            raise


def receive_one(g: Ground, message_id: int) -> str:
    """Act on one kept message; return the verdict."""
    try:
        with transaction(g.engine) as session:
            verdict = receive(session, message_id, post=g.post, now=now())
            if row := messages.message(session, message_id):
                metrics.MESSAGES.labels(row.kind or "unknown", row.state).inc()
    except AWAY:
        raise  # the database, not the message: it stays new and is read again
    except Exception as error:  # noqa: BLE001 - one message that makes us stumble must not hold up the others
        log.exception("message not dealt with", message=message_id, error=f"{type(error).__name__}: {error}")
        verdict = put_aside(g, message_id, cause=f"{type(error).__name__}: {error}")
    log.info("received", message=message_id, verdict=wordless(verdict))
    return verdict


def put_aside(g: Ground, message_id: int, *, cause: str) -> str:
    """Leave a message that makes us stumble to `jobs.replay`, and tell its sender; return the verdict."""
    with transaction(g.engine) as session:
        return apologise(session, message_id, cause=storable(cause), post=g.post, now=now())


def receive_waiting(g: Ground) -> int:
    """Act on messages that a lost job left behind; return how many could be dealt with."""
    with transaction(g.engine) as session:
        waiting = messages.waiting(session, limit=100)
    return sum(could_receive(g, each) for each in waiting)


def could_receive(g: Ground, message_id: int) -> bool:
    """Act on one message; one that the database cannot take just now waits, and holds up no other."""
    try:
        receive_one(g, message_id)
    except Exception as error:  # noqa: BLE001 - the database is away, or not even an apology can be written
        log.error("message waits", message=message_id, error=f"{type(error).__name__}: {error}")
        return False
    return True


def take_from_stdin(g: Ground, *, to: tuple[str, ...], sender: str | None) -> str:
    """Keep the message on standard input for each recipient and act on it at once; return the verdicts."""
    raw = read_message()
    try:
        added = keep_each(g, raw, to=to or recipients_of_mta(g.settings.inbound_domain), sender=sender)
    except Exception as error:  # noqa: BLE001 - whatever failed, the MTA must keep the message and try again
        raise Undelivered(EX_TEMPFAIL, f"The message was not kept: {type(error).__name__}: {error}") from error
    return "\n".join(wordless(act_on(g, each)) for each in added) or "received before: nothing was done twice"


def read_message() -> bytes:
    """Read one message from standard input; of one that is too large, only so much that it is seen to be."""
    raw = sys.stdin.buffer.read(MAX_BYTES + 1)
    while len(raw) > MAX_BYTES and sys.stdin.buffer.read(PIECE):
        pass  # to the end, or the MTA would find its pipe broken
    if not raw.strip():
        raise Undelivered(
            EX_DATAERR, "Standard input is empty. Give one raw message: python -m jobs.inbound < message.eml"
        )
    return raw


def recipients_of_mta(domain: str) -> tuple[str, ...]:
    """Find the recipient where an MTA leaves it for a pipe; what is not ours says nothing (the headers may)."""
    named = [os.environ.get(each, "") for each in ("ORIGINAL_RECIPIENT", "RECIPIENT")]
    return tuple(each for each in named if is_for_us(each, domain=domain))[:1]


def keep_each(g: Ground, raw: bytes, *, to: tuple[str, ...], sender: str | None) -> list[int]:
    """Store a message for each recipient; return the ids of those that are new."""
    told = os.environ.get("SENDER") if sender is None else sender
    envelope_from = "" if told is None else NO_SENDER if told in NULL_SENDERS else storable(told)
    with transaction(g.engine) as session:
        kept = [
            keep(session, raw, envelope_from=envelope_from, envelope_to=each.lower(), now=now())
            for each in dict.fromkeys(to or ("",))
        ]
    return [each for each in kept if each is not None]


def act_on(g: Ground, message_id: int) -> str:
    """Act on a message that is kept: from here on, no failure sends it back to its MTA."""
    try:
        return receive_one(g, message_id)
    except Exception as error:  # noqa: BLE001 - it is kept, and its mail server would bounce it
        log.error("message waits", message=message_id, error=f"{type(error).__name__}: {error}")
        return "kept; a worker tries again to act on it"


def ground_of_pipe(to: tuple[str, ...]) -> Ground:
    """Stand on the settings; while they cannot work, the MTA keeps its mail."""
    try:
        g = ground()
    except SystemExit as stopped:
        raise Undelivered(EX_TEMPFAIL, str(stopped)) from stopped
    except Exception as error:  # noqa: BLE001 - any other exit code makes the MTA return the message to its sender
        raise Undelivered(EX_TEMPFAIL, f"The message was not kept: {type(error).__name__}: {error}") from error
    for each in to:
        refusal = refuse(each, domain=g.settings.inbound_domain, secret=g.settings.secret_key)
        if refusal:
            raise Undelivered(EX_NOUSER, refusal.partition(" ")[2])
    return g


def listen_until_stopped(g: Ground) -> None:
    s = g.settings
    try:
        door = open_door(g)
    except OSError as error:
        raise BadSetting(
            "INBOUND_PORT", str(s.inbound_port), f"nobody can listen at {s.inbound_host} ({error})."
        ) from None
    metrics.serve(s.metrics_host, s.inbound_metrics_port)
    log.info("listening for mail", host=s.inbound_host, port=s.inbound_port, protocol=s.inbound_protocol)
    wait_for_stop()
    door.stop()


@click.command(cls=PipeCommand)
@click.option("--listen", is_flag=True, help="Run the server of INBOUND_HOST:INBOUND_PORT until stopped.")
@click.option("--to", multiple=True, help="Envelope recipient of the message on standard input (repeat it for more).")
@click.option("--sender", default=None, help="Envelope sender of the message on standard input; empty for a bounce.")
def main(listen: bool, to: tuple[str, ...], sender: str | None) -> None:
    """Read one raw message from standard input, or listen for mail with --listen.

    Without --to, the recipient is what the MTA left in ORIGINAL_RECIPIENT or RECIPIENT, else in the headers.
    The exit code tells an MTA what to do: 0 kept, 64 bad option, 65 no message, 67 no such address, 75 try again.
    """
    if listen:
        act_as("inbound")
        listen_until_stopped(ground())
        return
    click.echo(take_from_stdin(ground_of_pipe(to), to=to, sender=sender))


def wait_for_stop() -> None:
    """Block until SIGINT or SIGTERM."""
    stop = Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    stop.wait()


if __name__ == "__main__":
    main()
