"""The Procfile's line for the pages → a running gunicorn, how long its start took and what it holds."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter, sleep

from tests.places import free_port

PROCFILE = Path(__file__).resolve().parents[2] / "Procfile"
PATIENCE_S = 30
MODEL = ("torch", "faiss", "sentence_transformers", "networkx")  # libraries of the worker


@dataclass(slots=True)
class Running:
    """A server of pages: where it is, after how many seconds each of its processes could answer, and who they are."""

    host: str
    start_s: float
    process: subprocess.Popen[bytes]

    def processes(self) -> list[int]:
        """List the process that watches and those that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def rss_mb(self) -> list[int]:
        """Say how much memory each process holds."""
        return [_rss_kb(each) // 1024 for each in self.processes()]

    def cpu_s(self) -> float:
        """Say how many seconds of a processor its processes have used so far."""
        return sum(_cpu_s(each) for each in self.processes())

    def heavy(self) -> list[str]:
        """Name the worker's libraries that a process has loaded."""
        maps = [Path(f"/proc/{each}/maps").read_text() for each in self.processes()]
        return [name for name in MODEL if any(f"/{name}" in each for each in maps)]


@contextmanager
def served(application: str, environment: dict[str, str], *, first: str, log: Path) -> Iterator[Running]:
    """Serve an application as the Procfile says for the length of a block."""
    host = f"127.0.0.1:{free_port()}"
    began = perf_counter()
    with log.open("wb") as file:
        process = subprocess.Popen(
            _command(application, host), env=os.environ | environment, stdout=file, stderr=subprocess.STDOUT
        )
    try:
        _wait(host, first, process)
        yield Running(host, perf_counter() - began, process)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _command(application: str, host: str) -> list[str]:
    line = next(each for each in PROCFILE.read_text().splitlines() if each.startswith("web:"))
    words = shlex.split(line.removeprefix("web:"))
    assert words[0] == "gunicorn", line
    return [sys.executable, "-m", *words[:-1], "--bind", host, application]


def _wait(host: str, path: str, process: subprocess.Popen[bytes]) -> None:
    until = perf_counter() + PATIENCE_S
    while perf_counter() < until and process.poll() is None:
        if _answers(host, path):
            return
        sleep(0.01)
    raise SystemExit(f"gunicorn did not answer at {host}{path}; its last words are in the log beside the database.")


def _answers(host: str, path: str) -> bool:
    connection = HTTPConnection(host, timeout=PATIENCE_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rss_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
