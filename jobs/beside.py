"""A command and a number → so many further processes of it beside this one, which end with it at the latest."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from time import sleep

LOOK_S = 0.1


@contextmanager
def beside(n: int, *command: str, ended: Event | None = None) -> Iterator[None]:
    """Run `python -m command` so many times beside a block; wait for them at its end, stop them when it fails.

    Once `ended` is set they are asked to end.
    """
    started = [subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.DEVNULL) for _ in range(n)]
    try:
        yield
        while any(each.poll() is None for each in started) and not (ended and ended.is_set()):
            sleep(LOOK_S)
    finally:
        for each in started:
            _end(each)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        process.wait()
