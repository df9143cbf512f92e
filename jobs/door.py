"""A message brought by SMTP or LMTP → in the database before we say 250, or refused while its sender still listens."""

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from aiosmtpd.smtp import Session as SMTPSession

from jobs.ground import Ground, log, now
from jobs.protocol import BoundedLMTP, BoundedSMTP, Traffic
from matcher.exchange import keep
from matcher.exchange.keeping import MAX_BYTES, storable
from matcher.tokens import is_ours
from web import metrics
from web.db import AT_MOST, transaction

DESKS = ("join", "post", "help", "postmaster", "abuse")
TOKENED = re.compile(r"(?:reply|u|b)\+([a-z2-7]{16,64})", re.IGNORECASE)
NO_SENDER = "<>"  # what a bounce has for an envelope sender; an empty text means that nobody told us
MAX_RECIPIENTS = 100  # of one message; RFC 5321 asks for no less
N_KEEPERS = AT_MOST["inbound"]  # threads that store messages, each with a connection to the database
GRACE = timedelta(seconds=20)
TROUBLE = "451 4.3.0 We could not store your message just now. Please try again in a few minutes."


class Door:
    """Lets in what is for us and keeps it; the names of its methods are those that aiosmtpd calls."""

    def __init__(self, g: Ground):
        self.g = g
        self.keepers = ThreadPoolExecutor(N_KEEPERS, thread_name_prefix="keeper")

    async def handle_EHLO(  # noqa: N802
        self, server: BoundedSMTP, session: SMTPSession, envelope: Envelope, hostname: str, offers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*offers[:-1], "250-PIPELINING", offers[-1]]

    async def handle_RCPT(  # noqa: N802
        self, server: BoundedSMTP, session: SMTPSession, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        s = self.g.settings
        refusal = refuse(address, domain=s.inbound_domain, secret=s.secret_key)
        if refusal:
            server.n_refused += 1
            metrics.DOOR.labels("no such address").inc()
            return refusal
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return f"452 4.5.3 Too many recipients: at most {MAX_RECIPIENTS} for one message."
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: BoundedSMTP, session: SMTPSession, envelope: Envelope) -> str:  # noqa: N802
        try:
            await asyncio.get_running_loop().run_in_executor(self.keepers, keep_for_all, self.g, envelope)
        except Exception as error:  # noqa: BLE001 - whatever failed, the sender must keep the message and try again
            log.error("not kept", error=f"{type(error).__name__}: {error}")
            metrics.DOOR.labels("not kept").inc()
            return TROUBLE
        server.n_refused = 0
        metrics.DOOR.labels("kept").inc()
        return "250 2.0.0 Kept; the answer comes by mail"

    async def handle_exception(self, error: Exception) -> str:
        """Answer a mistake of ours so that the sender tries again."""
        log.error("connection stumbled", error=f"{type(error).__name__}: {error}")
        return "451 4.3.0 Something went wrong on our side. Please try again in a few minutes."


class DoorKeeper(Controller):
    """Runs the server in a thread of its own and, when stopped, waits for the messages that are half in."""

    def __init__(self, g: Ground):
        s = g.settings
        self.traffic = Traffic()
        self.speaks = BoundedLMTP if s.inbound_protocol == "lmtp" else BoundedSMTP
        super().__init__(
            Door(g), hostname=s.inbound_host, port=s.inbound_port,
            # An MTA that is greeted with its own name thinks that the mail goes round in circles.
            server_hostname=f"desk.{s.inbound_domain}",
            ident="Counterpart", data_size_limit=MAX_BYTES + 1_000_000, decode_data=False,
        )  # fmt: skip

    def factory(self) -> BoundedSMTP:
        return self.speaks(self.handler, traffic=self.traffic, **self.SMTP_kwargs)

    def stop(self, no_assert: bool = False) -> None:
        self.traffic.closing = True
        if self.server is not None:
            self.loop.call_soon_threadsafe(self.server.close)
        until = time.monotonic() + GRACE.total_seconds()
        while self.traffic.n_reading and time.monotonic() < until:
            time.sleep(0.02)
        super().stop(no_assert)
        self.handler.keepers.shutdown()


def open_door(g: Ground) -> DoorKeeper:
    """Start listening at INBOUND_HOST:INBOUND_PORT in a thread of its own; the caller stops it."""
    door = DoorKeeper(g)
    door.start()
    return door


def refuse(address: str, *, domain: str, secret: str) -> str:
    """Return the SMTP refusal of an address that is not ours, or an empty text."""
    shown = storable(address.lower())
    local, _, host = shown.rpartition("@")
    if shown == "postmaster":
        return ""
    if host != domain.lower():
        return f"550 5.7.1 We take mail for {domain} only, not for {host or 'an address without a domain'}."
    if is_for_us(shown, domain=domain) and is_signed(local, secret):
        return ""
    return f"550 5.1.1 There is no {local}@{domain}. Write to help@{domain}, or reply to one of our letters."


def is_for_us(address: str, *, domain: str) -> bool:
    """Tell an address that looks like one of ours; whether we signed it is another question."""
    local, _, host = address.lower().rpartition("@")
    return host == domain.lower() and (local in DESKS or TOKENED.fullmatch(local) is not None)


def is_signed(local: str, secret: str) -> bool:
    """Tell whether a local part holds a token of ours, expired or not, or none at all."""
    tokened = TOKENED.fullmatch(local)
    return tokened is None or is_ours(secret, tokened[1])


def keep_for_all(g: Ground, envelope: Envelope) -> None:
    """Store a message once for each of its recipients, in one transaction."""
    raw = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
    sender = storable(envelope.mail_from or NO_SENDER)
    with transaction(g.engine) as session:
        for address in dict.fromkeys(each.lower() for each in envelope.rcpt_tos):
            keep(session, raw, envelope_from=sender, envelope_to=address, now=now())
