"""A command and a number → so many further processes of it beside this one, which end with it at the latest."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def beside(n: int, *command: str) -> Iterator[None]:
    """Run `python -m command` so many times beside a block; wait for them at its end, stop them when it fails."""
    started = [subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.DEVNULL) for _ in range(n)]
    try:
        yield
        for each in started:
            each.wait()
    finally:
        for each in started:
            _end(each)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        process.wait()
