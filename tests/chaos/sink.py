"""A mail server as a process of its own: writes down each letter it takes, and answers as badly as it is told to."""

import asyncio
import json
import os
import time
from collections import Counter
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from pathlib import Path

import click
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SMTPSession

from tests.chaos.fates import comes_now, fate_of

GONE, BUSY = "gone.example", "busy.example"  # domains of addresses that are refused for good, and put off at first
MODES = ("polite", "slow", "half-open", "closing")
POLITE_S, SLOW_S = 0.1, 0.5  # for each letter, so that a delivery lasts and can be killed in its middle
HALF_OPEN_S = 3600.0
N_PUT_OFF = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sink's journal."""

    at: float
    what: str  # taken, answered, refused, put off, cut off
    message_id: str
    to: str
    kind: str = ""
    in_reply_to: str = ""
    reply_to: str = ""
    sender: str = ""  # by what name the one who brings it greets
    step: str = ""  # what was refused or put off: RCPT, or DATA with its bytes
    said: str = ""


def journal(file: Path) -> list[Line]:
    """Read the journal; the last line may be half a one, when the sink was killed while it wrote."""
    lines = file.read_text().split("\n")[:-1] if file.exists() else []
    return [Line(**json.loads(each)) for each in lines if each.endswith("}")]


class Sink:
    """Takes letters; what is on the line when it is killed is taken and never answered, or neither."""

    def __init__(self, folder: Path):
        self.out = os.open(folder / "journal", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        self.mode_file = folder / "mode"
        # How often an address or a letter met its fate, also before this sink was killed and begun again.
        fateful = [each for each in journal(folder / "journal") if each.what in ("put off", "cut off")]
        self.n_met = Counter(each.message_id or each.to for each in fateful)

    @property
    def mode(self) -> str:
        return self.mode_file.read_text() if self.mode_file.exists() else MODES[0]

    def note(self, what: str, message_id: str, to: str, **more: str) -> None:
        line = {"at": time.time(), "what": what, "message_id": message_id, "to": to, **more}
        os.write(self.out, json.dumps(line).encode() + b"\n")

    async def handle_EHLO(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: SMTPSession, envelope: Envelope, hostname: str, offers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*offers[:-1], "250-PIPELINING", offers[-1]]

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: SMTPSession, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mode == "closing":
            return "421 4.3.2 closing down"
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: SMTPSession, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        domain = address.rpartition("@")[2]
        if domain == GONE:
            return self._not_taken("refused", "550 5.1.1 no such user", address)
        if domain == BUSY and self.n_met[address] < N_PUT_OFF:
            return self._not_taken("put off", "451 4.7.1 come back later", address)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    def _not_taken(self, what: str, said: str, to: str, message_id: str = "", step: str = "RCPT", **more: str) -> str:
        self.n_met[message_id or to] += 1
        self.note(what, message_id, to, step=step, said=said, **more)
        return said

    def cuts_off(self, head: Message, envelope: Envelope) -> bool:
        """Tell, when only the head of a letter has come, whether the line breaks here."""
        message_id = str(head["Message-ID"])
        if comes_now(fate_of(message_id), self.n_met[message_id]).what != "cut off":
            return False
        self._not_taken("cut off", "", envelope.rcpt_tos[0], message_id, "DATA")
        return True

    async def take(self, server: SMTP, session: SMTPSession, envelope: Envelope, head: Message) -> None:
        """Answer a letter that is there with all its bytes."""
        mode, to, message_id = self.mode, envelope.rcpt_tos[0], str(head["Message-ID"])
        if mode == "half-open":
            await asyncio.sleep(HALF_OPEN_S)
        sender = str(session.host_name or "")
        fate = comes_now(fate_of(message_id), self.n_met[message_id])
        if fate.what != "taken":
            self._not_taken(fate.what, fate.said, to, message_id, "DATA", sender=sender)
        else:
            names = {"kind": "X-Counterpart-Letter", "in_reply_to": "In-Reply-To", "reply_to": "Reply-To"}
            told = {each: str(head[name] or "") for each, name in names.items()}
            self.note("taken", message_id, to, sender=sender, **told)
        await asyncio.sleep(SLOW_S if mode == "slow" else POLITE_S)
        await server.push(fate.said or "250 2.0.0 taken")
        if fate.what == "taken":
            self.note("answered", message_id, to)


class Door(SMTP):
    """Hands a letter over as soon as its head is there, so that the line can break in the middle of its body."""

    event_handler: Sink

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        assert self.envelope is not None
        assert self.session is not None
        assert self.transport is not None
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 to whom?")
            return
        await self.push("354 go ahead")
        head = await self._lines_up_to(b"\r\n")
        told = BytesHeaderParser().parsebytes(b"".join(head))
        if self.event_handler.cuts_off(told, self.envelope):
            self.transport.abort()
            return
        await self._lines_up_to(b".\r\n")
        await self.event_handler.take(self, self.session, self.envelope, told)
        self._set_post_data_state()

    async def _lines_up_to(self, last: bytes) -> list[bytes]:
        lines: list[bytes] = []
        while not lines or lines[-1] != last:
            lines.append(await self._reader.readuntil(b"\r\n"))
        return lines


@click.command()
@click.option("--port", type=int, required=True)
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), required=True)
def main(port: int, folder: Path) -> None:
    """Listen until killed."""

    async def run() -> None:
        sink = Sink(folder)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Door(sink, decode_data=False), "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(run())


if __name__ == "__main__":
    main()
