"""What is known now → a line every ten seconds for a person at the terminal, while it says something new."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import click

from jobs.ground import log

EVERY_S = 10.0


@contextmanager
def every_now_and_then(line: Callable[[], str], *, every_s: float | None = None) -> Iterator[None]:
    """Print what `line` says each ten seconds of a block, from a thread of its own; what was printed last, only once.

    A line that could not be asked for, as while the database is away, is left out: the work itself will say why.
    """
    ended = Event()
    thread = Thread(target=_say, args=(line, every_s or EVERY_S, ended), name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _say(line: Callable[[], str], every_s: float, ended: Event) -> None:
    said = ""
    while not ended.wait(every_s):
        try:
            now = line()
        except Exception as error:  # noqa: BLE001 - a line that cannot be had must not end what it speaks of
            log.debug("no progress line", error=str(error))
            continue
        if now != said:
            click.echo(now)
        said = now
