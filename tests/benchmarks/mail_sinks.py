"""Mail servers that take everything and keep nothing, each a process of its own: what a sender is measured against."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SMTPSession

from tests.places import free_port

SPAWN = get_context("spawn")
PATIENCE_S = 120  # a machine that does much else starts processes slowly


class Taker:
    """Says yes to every letter, for aiosmtpd."""

    async def handle_EHLO(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: SMTPSession, envelope: Envelope, hostname: str, offers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*offers[:-1], "250-PIPELINING", offers[-1]]

    async def handle_DATA(self, server: SMTP, session: SMTPSession, envelope: Envelope) -> str:  # noqa: N802
        return "250 2.0.0 taken"


class Quick(asyncio.Protocol):
    """Speaks no more SMTP than a sender needs to hear: a server that costs next to nothing."""

    def __init__(self) -> None:
        self.heard = b""
        self.in_letter = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 quick\r\n")

    def data_received(self, more: bytes) -> None:
        self.heard += more
        said: list[bytes] = []
        while (answer := self._answer()) is not None:
            said.append(answer)
        if said:
            self.transport.write(b"".join(said))

    def _answer(self) -> bytes | None:
        end = b"\r\n.\r\n" if self.in_letter else b"\r\n"
        head, found, rest = self.heard.partition(end)
        if not found:
            return None
        self.heard = rest
        if self.in_letter:
            self.in_letter = False
            return b"250 taken\r\n"
        return self._to_command(head[:4].upper())

    def _to_command(self, command: bytes) -> bytes:
        if command == b"EHLO":
            return b"250-quick\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
        if command == b"DATA":
            self.in_letter = True
            return b"354 go\r\n"
        if command == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        return b"250 ok\r\n"


MAKERS = {"aiosmtpd": lambda: SMTP(Taker(), decode_data=False, data_size_limit=None), "quick": Quick}


def serve(name: str, port: int) -> None:
    """Run a sink until killed."""

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(MAKERS[name], "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def open_sink(name: str) -> Iterator[int]:
    """Run a sink for the length of a block; give its port."""
    port = free_port()
    process = SPAWN.Process(target=serve, args=(name, port), daemon=True)
    process.start()
    try:
        wait_for(port)
        yield port
    finally:
        process.kill()
        process.join()


def wait_for(port: int, host: str = "127.0.0.1") -> None:
    """Wait until something listens."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            socket.create_connection((host, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port} of this machine")
