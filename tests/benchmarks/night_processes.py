"""The same work in several processes at once, here or on machines of their own, and a line now and then on how far."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from queue import Empty
from time import perf_counter, time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from rich.console import Console

from tests.benchmarks.mail_sinks import SPAWN
from tests.benchmarks.night_machines import Machine, door_to, machines
from web.settings import Settings

SAY_EVERY_S = 10

console = Console(highlight=False, soft_wrap=True, width=132)
Work = Callable[[Settings, Any, Any], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process works: with which settings, and on which machine if not on this one."""

    settings: Settings
    machine: Machine | None = None


def in_processes(work: Work, places: Sequence[Place], name: str, progress: Callable[[], str]) -> tuple[float, float]:
    """Run the same work at all places; return when all were ready and when all had ended."""
    with said(name):
        ready, go = SPAWN.Queue(), SPAWN.Event()
        processes = [SPAWN.Process(target=_begin, args=(work, each, ready, go), daemon=True) for each in places]
        for each in processes:
            each.start()
        for _ in processes:
            _wait(ready, processes)
        began = time()
        say("ready")
        go.set()
        see_to_their_end(processes, progress)
        return began, time()


def _begin(work: Work, place: Place, ready: Any, go: Any) -> None:
    if place.machine:
        place.machine.enter()
    work(place.settings, ready, go)


def see_to_their_end(processes: Sequence[Any], progress: Callable[[], str]) -> None:
    """Wait for processes, say now and then how far they are, and end when one of them failed."""
    told = time()
    while alive := [each for each in processes if each.is_alive()]:
        stop_if_broken(processes)
        alive[0].join(0.2)
        if time() - told > SAY_EVERY_S:
            told = time()
            say(progress())
    stop_if_broken(processes)


def _wait(ready: Any, processes: Sequence[Any]) -> Any:
    while True:
        try:
            return ready.get(timeout=1)
        except Empty:
            stop_if_broken(processes)


def stop_if_broken(processes: Sequence[Any]) -> None:
    if any(each.exitcode for each in processes):
        raise SystemExit(f"A process ended with {[each.exitcode for each in processes]}; see night.log.")


@contextmanager
def on_machines(n: int, settings: Settings) -> Iterator[list[Place]]:
    """Make so many machines, each with settings of its own and a way to this one's database and mail sink."""
    parts = urlsplit(settings.database_url)
    socket_file = Path(parse_qs(parts.query)["host"][0]) / ".s.PGSQL.5432"
    with ExitStack() as stack:
        places = []
        for each in stack.enter_context(machines(n)):
            port = stack.enter_context(door_to(socket_file, each.ours))
            url = f"postgresql://postgres@{each.ours}:{port}{parts.path}"
            folder = settings.folder / each.name
            folder.mkdir(exist_ok=True)
            own = replace(settings, database_url=url, mail_server=each.ours, folder=folder)
            places.append(Place(replace(own, ranker_folder=str(folder / "ranker")), each))
        try:
            yield places
        finally:
            for each in places:
                shutil.rmtree(each.settings.folder, ignore_errors=True)


@contextmanager
def said(name: str) -> Iterator[None]:
    """Say that something begins, and how long it took."""
    began = perf_counter()
    say(f"{name} …")
    yield
    say(f"{name}: {perf_counter() - began:.1f} s")


def say(line: str) -> None:
    console.print(f"{datetime.now():%H:%M:%S} {line}")  # noqa: DTZ005 - for the person who waits
