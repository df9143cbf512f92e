"""Two network namespaces with a host name and addresses of their own → processes as on two machines beside this one."""

import asyncio
import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.mail_sinks import SPAWN, wait_for
from tests.places import free_port

CLONE_NEWNET, CLONE_NEWUTS = 0x40000000, 0x04000000


@dataclass(frozen=True, slots=True)
class Machine:
    """A namespace, joined to this machine by two virtual cards and a wire; `ours` is our end of it."""

    name: str
    ours: str
    theirs: str

    def enter(self) -> None:
        """Move the process there; it sees no other network from then on, and bears the machine's name."""
        libc = ctypes.CDLL(None, use_errno=True)
        with Path("/var/run/netns", self.name).open() as there:
            for failed in (libc.setns(there.fileno(), CLONE_NEWNET), libc.unshare(CLONE_NEWUTS)):
                if failed:
                    raise OSError(ctypes.get_errno(), f"this process cannot move into {self.name}")
        libc.sethostname(self.name.encode(), len(self.name))


def possible() -> bool:
    """Tell whether this user may make namespaces here."""
    if os.geteuid() or not shutil.which("ip"):
        return False
    try:
        with machines(1):
            return True
    except subprocess.CalledProcessError:
        return False


@contextmanager
def machines(n: int) -> Iterator[list[Machine]]:
    """Make so many machines for the length of a block."""
    made: list[Machine] = []
    try:
        for number in range(n):
            mark = f"cp{os.getpid() % 100_000}{'abcd'[number]}"
            made.append(Machine(mark, f"10.231.{number}.1", f"10.231.{number}.2"))
            _wire(made[-1])
        yield made
    finally:
        for each in made:
            subprocess.run(["ip", "netns", "del", each.name], check=False, capture_output=True)


def _wire(machine: Machine) -> None:
    name, far = machine.name, f"{machine.name}-f"
    for line in (
        f"netns add {name}", f"link add {name} type veth peer name {far}", f"link set {far} netns {name}",
        f"addr add {machine.ours}/24 dev {name}", f"link set {name} up",
        f"-n {name} addr add {machine.theirs}/24 dev {far}", f"-n {name} link set {far} up",
        f"-n {name} link set lo up",
    ):  # fmt: skip
        subprocess.run(["ip", *line.split()], check=True, capture_output=True)


@contextmanager
def door_to(socket_file: Path, host: str) -> Iterator[int]:
    """Let TCP connections to an address of ours reach a server that listens on a file; return the port."""
    port = free_port()
    process = SPAWN.Process(target=_relay, args=(str(socket_file), host, port), daemon=True)
    process.start()
    try:
        wait_for(port, host)
        yield port
    finally:
        process.kill()
        process.join()


def _relay(socket_file: str, host: str, port: int) -> None:
    async def pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while part := await source.read(1 << 18):
            target.write(part)
            await target.drain()
        target.close()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_unix_connection(socket_file)
        await asyncio.gather(pour(reader, server_writer), pour(server_reader, writer), return_exceptions=True)

    async def run() -> None:
        server: Any = await asyncio.start_server(meet, host, port)
        await server.serve_forever()

    asyncio.run(run())
