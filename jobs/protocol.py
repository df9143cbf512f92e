"""Bytes of a connection → commands and messages within limits: aiosmtpd's SMTP and LMTP, kept from holding too much."""

import asyncio
from asyncio import BaseTransport
from dataclasses import dataclass
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, syntax

END = b"\r\n.\r\n"  # and nothing else: a bare "\n.\n" that ends a message for one server only can smuggle a second one
LONGEST_LINE = 65_536  # of commands; a message may have lines of any length and is read in pieces of this size
MAX_CONNECTIONS = 200
MAX_IN_HAND = 200_000_000  # bytes of messages that all connections together hold
MAX_REFUSED = 10  # recipients on one connection since its last message
COMMAND_S = 120
MESSAGE_S = 600
SMALL_TALK = {"NOOP": 100, "VRFY": 20, "EXPN": 20, "HELP": 20, "*": 1_000_000_000}  # commands on one connection

CROWDED = "421 4.3.2 Too many connections just now. Please try again in a few minutes."
CLOSING = "421 4.3.2 We are closing for a moment. Please try again in a few minutes."
SCANNED = "421 4.7.0 Too many addresses that do not exist. Write to the desks named in our letters."
TOO_LARGE = "552 5.3.4 Your message is larger than 10 MB. Send the text without attachments."
TOO_BUSY = "452 4.3.1 We hold too many large messages just now. Please try again in a few minutes."
NOBODY = "503 5.5.1 Name a recipient first: RCPT TO:<post@…>"


@dataclass(slots=True)
class Traffic:
    """What all connections of a door hold at this moment."""

    n_connections: int = 0
    n_reading: int = 0  # connections between DATA and its answer
    n_bytes: int = 0
    closing: bool = False


class BoundedSMTP(SMTP):
    """SMTP that reads a message in pieces, drops what is too large as it comes and hangs up on those who scan."""

    line_length_limit = LONGEST_LINE

    def __init__(self, door: Any, *, traffic: Traffic, **more: Any):
        super().__init__(door, timeout=COMMAND_S, command_call_limit=SMALL_TALK, **more)
        self.traffic = traffic
        self.n_refused = 0
        self.is_turned_away = False

    def connection_made(self, transport: BaseTransport) -> None:
        self.traffic.n_connections += 1
        self.is_turned_away = self.traffic.n_connections > MAX_CONNECTIONS
        if not self.is_turned_away:
            super().connection_made(transport)
            return
        transport.write(CROWDED.encode() + b"\r\n")  # type: ignore[attr-defined]
        transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.traffic.n_connections -= 1
        if not self.is_turned_away:
            super().connection_lost(error)

    @syntax("MAIL FROM: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802 - the name that aiosmtpd calls
        if self.traffic.closing:
            await self._hang_up(CLOSING)
            return
        await super().smtp_MAIL(arg)

    @syntax("RCPT TO: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        if self.n_refused >= MAX_REFUSED:
            await self._hang_up(SCANNED)
            return
        await super().smtp_RCPT(arg)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        if arg or not self.envelope.rcpt_tos:
            await self.push("501 Syntax: DATA" if arg else NOBODY)
            return
        self.traffic.n_reading += 1
        try:
            self._reset_timeout(MESSAGE_S)
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            await self._read_and_answer()
        finally:
            self.traffic.n_reading -= 1

    def n_answers(self) -> int:
        """Count the answers that are due to one message: in SMTP one, whoever it is for."""
        return 1

    async def _read_and_answer(self) -> None:
        n_answers, body = self.n_answers(), bytearray()
        try:
            status = await self._read(body) or await self._hand_on(body)
        finally:
            self._let_go(body)
        self._set_post_data_state()
        for _ in range(n_answers):
            await self.push(status)

    async def _read(self, body: bytearray) -> str:
        """Read a message to its end, whatever its size; return why it was dropped on the way, if it was."""
        tail, refusal = b"\r\n", ""
        while not tail.endswith(END):
            piece = await self._piece()
            tail = (tail + piece[-len(END) :])[-len(END) :]
            refusal = refusal or self._hold(body, piece)
        return refusal

    async def _piece(self) -> bytes:
        """Read up to the next dot before a line's end, or as much as there is room for."""
        try:
            return await self._reader.readuntil(b".\r\n")
        except asyncio.LimitOverrunError as over:
            return await self._reader.readexactly(over.consumed)

    def _hold(self, body: bytearray, piece: bytes) -> str:
        if len(body) + len(piece) > self.data_size_limit:
            self._let_go(body)
            return TOO_LARGE
        if self.traffic.n_bytes + len(piece) > MAX_IN_HAND:
            self._let_go(body)
            return TOO_BUSY
        body += piece
        self.traffic.n_bytes += len(piece)
        return ""

    def _let_go(self, body: bytearray) -> None:
        self.traffic.n_bytes -= len(body)
        body.clear()

    async def _hand_on(self, body: bytearray) -> str:
        self.envelope.content = without_dots(body)
        return await self._call_handler_hook("DATA")

    async def _hang_up(self, farewell: str) -> None:
        await self.push(farewell)
        self.transport.close()


class BoundedLMTP(BoundedSMTP, LMTP):
    """The same by LMTP: after a message, each of its recipients gets an answer."""

    def n_answers(self) -> int:
        return len(self.envelope.rcpt_tos)

    async def check_helo_needed(self, helo: str = "LHLO") -> bool:
        return await super().check_helo_needed("LHLO")


def without_dots(body: bytes | bytearray) -> bytes:
    """Take off the lone dot that ended a message and the dots doubled for it."""
    return b"\r\n".join([b"", bytes(body[: -len(b".\r\n")])]).replace(b"\r\n.", b"\r\n")[2:]
