"""Mail that arrives, by SMTP or on standard input → kept first, then read and acted on."""

import asyncio
import re
import signal
import sys
from threading import Event

import click
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SMTPSession
from sqlalchemy.exc import OperationalError

from jobs.ground import Ground, ground, log, now
from matcher.exchange import keep, receive
from matcher.exchange.receiving import MAX_BYTES
from matcher.store import messages
from web.db import transaction

DESKS = ("join", "post", "help", "postmaster", "abuse")
TOKENED = re.compile(r"(reply|u|b)\+[a-z2-7]{16,64}", re.IGNORECASE)


class Door:
    """The SMTP door: refuses what is not ours while the sender still listens, keeps the rest before it says 250."""

    def __init__(self, g: Ground):
        self.g = g

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: SMTPSession, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = refuse(address, domain=self.g.settings.inbound_domain)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: SMTPSession, envelope: Envelope) -> str:  # noqa: N802
        try:
            await asyncio.to_thread(keep_for_all, self.g, envelope)
        except Exception as error:  # noqa: BLE001 - whatever failed, the sender must keep the message and try again
            log.error("not kept", error=str(error))
            return "451 4.3.0 We could not store your message just now. Please try again in a few minutes."
        return "250 2.0.0 Kept; the answer comes by mail"


def refuse(address: str, *, domain: str) -> str:
    """Return the SMTP refusal of an address that is not ours, or an empty text."""
    local, _, host = address.lower().rpartition("@")
    if host != domain.lower():
        return f"550 5.7.1 We take mail for {domain} only, not for {host or 'an address without a domain'}."
    if local in DESKS or TOKENED.fullmatch(local):
        return ""
    return f"550 5.1.1 There is no {local}@{domain}. Write to help@{domain}, or reply to one of our letters."


def keep_for_all(g: Ground, envelope: Envelope) -> None:
    """Store a message once for each of its recipients, in one transaction."""
    raw = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
    with transaction(g.engine) as session:
        for address in envelope.rcpt_tos:
            keep(session, raw, envelope_from=envelope.mail_from or "", envelope_to=address, now=now())


def receive_one(g: Ground, message_id: int) -> str:
    """Act on one kept message; return the verdict."""
    try:
        with transaction(g.engine) as session:
            verdict = receive(session, message_id, post=g.post, now=now())
    except OperationalError:
        raise  # the database, not the message: it stays new and is read again
    except Exception as error:  # noqa: BLE001 - one message that makes us stumble must not hold up the others
        log.error("message not dealt with", message=message_id, error=f"{type(error).__name__}: {error}")
        verdict = f"not dealt with, kept to be read again: {type(error).__name__}: {error}"
        with transaction(g.engine) as session:
            messages.mark(session, message_id, state="refused", verdict=verdict)
    log.info("received", message=message_id, verdict=verdict)
    return verdict


def receive_waiting(g: Ground) -> int:
    """Act on messages that a lost job left behind; return how many."""
    with transaction(g.engine) as session:
        waiting = messages.waiting(session, limit=100)
    for message_id in waiting:
        receive_one(g, message_id)
    return len(waiting)


def open_door(g: Ground) -> Controller:
    """Start the SMTP server in a thread of its own; the caller stops it."""
    door = Controller(
        Door(g),
        hostname=g.settings.inbound_host,
        port=g.settings.inbound_port,
        data_size_limit=MAX_BYTES + 1_000_000,
        ident="Counterpart",
        decode_data=False,
    )
    door.start()
    return door


def take_from_stdin(g: Ground, *, to: str, sender: str) -> str:
    """Keep the message on standard input and act on it at once; return the verdict."""
    raw = sys.stdin.buffer.read()
    if not raw.strip():
        raise click.UsageError("Standard input is empty. Give one raw message: python -m jobs.inbound < message.eml")
    with transaction(g.engine) as session:
        message_id = keep(session, raw, envelope_from=sender, envelope_to=to, now=now())
    return receive_one(g, message_id) if message_id else "received before: nothing was done twice"


@click.command()
@click.option("--listen", is_flag=True, help="Run the SMTP server of INBOUND_HOST:INBOUND_PORT until stopped.")
@click.option("--to", default="", help="Envelope recipient of the message on standard input (else from its headers).")
@click.option("--sender", default="", help="Envelope sender of the message on standard input.")
def main(listen: bool, to: str, sender: str) -> None:
    """Read one raw message from standard input, or listen for mail with --listen."""
    g = ground()
    if not listen:
        click.echo(take_from_stdin(g, to=to, sender=sender))
        return
    door = open_door(g)
    log.info("listening for mail", host=g.settings.inbound_host, port=g.settings.inbound_port)
    wait_for_stop()
    door.stop()


def wait_for_stop() -> None:
    """Block until SIGINT or SIGTERM."""
    stop = Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    stop.wait()


if __name__ == "__main__":
    main()
