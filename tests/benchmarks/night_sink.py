"""A mail server in a process of its own that takes everything and counts letters and their Message-IDs."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SMTPSession

from tests.benchmarks.mail_sinks import SPAWN, Taker, wait_for
from tests.places import free_port

LOOPBACK, ALL_CARDS = "127.0.0.1", "0.0.0.0"
MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)


class Counter(Taker):
    """Says yes to every letter and counts them; one that comes twice counts once among the different ones."""

    def __init__(self, n_taken: Any, n_different: Any) -> None:
        self.n_taken, self.n_different, self.seen = n_taken, n_different, set[bytes]()

    async def handle_DATA(self, server: SMTP, session: SMTPSession, envelope: Envelope) -> str:  # noqa: N802
        content = bytes(envelope.content or b"")
        found = MESSAGE_ID.search(content, 0, 4096)
        self.seen.add(found[1] if found else content)
        self.n_taken.value, self.n_different.value = self.n_taken.value + 1, len(self.seen)
        return "250 2.0.0 taken"


@dataclass(frozen=True, slots=True)
class Sink:
    """Where it listens, and what it has counted so far."""

    port: int
    taken: Any
    different: Any


@contextmanager
def open_counting_sink(host: str = LOOPBACK) -> Iterator[Sink]:
    """Run the server for the length of a block."""
    sink = Sink(free_port(), SPAWN.Value("q", 0), SPAWN.Value("q", 0))
    process = SPAWN.Process(target=_serve, args=(host, sink.port, sink.taken, sink.different), daemon=True)
    process.start()
    try:
        wait_for(sink.port)
        yield sink
    finally:
        process.kill()
        process.join()


def _serve(host: str, port: int, n_taken: Any, n_different: Any) -> None:
    counter = Counter(n_taken, n_different)

    async def run() -> None:
        make = lambda: SMTP(counter, decode_data=False, data_size_limit=None)  # noqa: E731
        server = await asyncio.get_running_loop().create_server(make, host, port)
        await server.serve_forever()

    asyncio.run(run())
