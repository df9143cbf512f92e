"""A mail server as a process of its own: writes down each letter it takes, and answers as badly as it is told to."""

import asyncio
import json
import os
import time
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path

import click
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SMTPSession

GONE, BUSY = "gone.example", "busy.example"  # domains of addresses that are refused for good, and put off at first
MODES = ("polite", "slow", "half-open", "closing")
POLITE_S, SLOW_S = 0.1, 0.5  # for each letter, so that a delivery lasts and can be killed in its middle
HALF_OPEN_S = 3600.0
N_PUT_OFF = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sink's journal."""

    at: float
    what: str  # taken, answered, refused, put off
    message_id: str
    to: str
    kind: str = ""
    in_reply_to: str = ""
    reply_to: str = ""
    sender: str = ""  # by what name the one who brings it greets


def journal(file: Path) -> list[Line]:
    """Read the journal; the last line may be half a one, when the sink was killed while it wrote."""
    lines = file.read_text().split("\n")[:-1] if file.exists() else []
    return [Line(**json.loads(each)) for each in lines if each.endswith("}")]


class Sink:
    """Takes letters; what is on the line when it is killed is taken and never answered, or neither."""

    def __init__(self, folder: Path):
        self.out = os.open(folder / "journal", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        self.mode_file = folder / "mode"
        self.n_put_off: dict[str, int] = {}

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
            self.note("refused", "", address)
            return "550 5.1.1 no such user"
        if domain == BUSY and self.n_put_off.get(address, 0) < N_PUT_OFF:
            self.n_put_off[address] = self.n_put_off.get(address, 0) + 1
            self.note("put off", "", address)
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: SMTPSession, envelope: Envelope) -> str:  # noqa: N802
        mode, to = self.mode, envelope.rcpt_tos[0]
        if mode == "half-open":
            await asyncio.sleep(HALF_OPEN_S)
        headers = BytesHeaderParser().parsebytes(bytes(envelope.content or b""))
        message_id = str(headers["Message-ID"])
        names = {"kind": "X-Counterpart-Letter", "in_reply_to": "In-Reply-To", "reply_to": "Reply-To"}
        told = {each: str(headers[name] or "") for each, name in names.items()}
        self.note("taken", message_id, to, sender=str(session.host_name or ""), **told)
        await asyncio.sleep(SLOW_S if mode == "slow" else POLITE_S)
        await server.push("250 2.0.0 taken")
        self.note("answered", message_id, to)
        return ""


class Quiet(SMTP):
    """Says nothing more where the sink has answered already."""

    async def push(self, status: str | bytes) -> None:
        if status:
            await super().push(status)


@click.command()
@click.option("--port", type=int, required=True)
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), required=True)
def main(port: int, folder: Path) -> None:
    """Listen until killed."""

    async def run() -> None:
        sink = Sink(folder)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Quiet(sink, decode_data=False), "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(run())


if __name__ == "__main__":
    main()
