"""The local mailbox: a real SMTP server on loopback that keeps every letter in its receiver's folder."""

import asyncio

import click
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SMTPSession

from jobs.ground import Ground, ground, log
from jobs.inbound import wait_for_stop
from web import maildir
from web.settings import BadSetting

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Keeper:
    """Stores each letter once per receiver before it says 250."""

    def __init__(self, g: Ground):
        self.folder = g.settings.folder / "mailbox"

    async def handle_DATA(self, server: SMTP, session: SMTPSession, envelope: Envelope) -> str:  # noqa: N802
        raw = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        for address in envelope.rcpt_tos:
            await asyncio.to_thread(maildir.store, self.folder, address, raw)
        return "250 2.0.0 Kept in the local mailbox"


def open_mailbox(g: Ground) -> Controller:
    """Start the mailbox's SMTP server in a thread of its own. Raises `click.UsageError` off loopback, `BadSetting`."""
    host = g.settings.mail_server
    if host not in LOOPBACK:
        raise click.UsageError(f"MAIL_SERVER={host!r}: the local mailbox listens on this machine only; use 127.0.0.1.")
    box = Controller(Keeper(g), hostname=host, port=g.settings.mail_port, ident="Local mailbox", decode_data=False)
    try:
        box.start()
    except OSError as error:
        raise BadSetting("MAIL_PORT", str(g.settings.mail_port), f"nobody can listen at {host} ({error}).") from None
    return box


@click.command()
def main() -> None:
    """Keep every letter that is sent to MAIL_SERVER:MAIL_PORT, for reading at /mailbox (needs MAILBOX=1)."""
    g = ground()
    if not g.settings.mailbox:
        log.info("the local mailbox is off; set MAILBOX=1 to switch it on")
        wait_for_stop()
        return
    box = open_mailbox(g)
    log.info("keeping letters", host=g.settings.mail_server, port=g.settings.mail_port)
    wait_for_stop()
    box.stop()


if __name__ == "__main__":
    main()
