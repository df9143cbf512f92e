"""Processes of a run → the most memory that all of them together held, stage by stage."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from time import time

EVERY_S = 0.5
PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


class Watch:
    """Adds up, twice a second, what our processes and those of one PostgreSQL hold; shared pages count once (PSS)."""

    def __init__(self, postgresql: Path) -> None:
        self.samples: list[tuple[float, int]] = []
        self._pid_file = postgresql / "postmaster.pid"
        self._ended = Event()
        self._thread = Thread(target=self._run, name="memory", daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def peak_mb(self, since: float = 0, until: float = float("inf")) -> int:
        """Return the largest sum between two moments, in MB; the nearest one where none fell between."""
        within = [held for at, held in self.samples if since <= at <= until]
        return round(max(within or [held for _, held in self.samples[-1:]] or [0]) / 1e6)

    def _run(self) -> None:
        while not self._ended.wait(EVERY_S):
            self.samples.append((time(), sum(map(_held, self._processes()))))

    def _processes(self) -> list[int]:
        roots = {os.getpid()}
        if self._pid_file.exists():
            roots.add(int(self._pid_file.read_text().split()[0]))
        parents = dict(_parents())
        return [pid for pid in parents if roots & {pid, *_line_of(pid, parents)}]


def _parents() -> Iterator[tuple[int, int]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                yield int(folder.name), int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it ended meanwhile


def _line_of(pid: int, parents: dict[int, int]) -> Iterator[int]:
    while pid := parents.get(pid, 0):
        yield pid


def _held(pid: int) -> int:
    try:
        found = PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0
