"""A worker of the night that dies when it comes to a certain row: `python -m tests.night.dying STAGE ID SINCE`."""

import os
import signal
import sys
from datetime import timedelta
from time import time
from typing import Any

from jobs import night as job
from jobs.ground import ground
from matcher import matching
from matcher.night import writing
from matcher.store import nights
from tests.factories import NOW
from tests.fakes import HashEmbedder

STALE_S = 0.5


def die_at(module: Any, name: str, is_row: Any) -> None:
    """Let a function of a module end the process, as a fault in a library or the lack of memory does."""
    real = getattr(module, name)

    def deadly(*given: Any, **named: Any) -> Any:
        if is_row(*given):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)

    setattr(module, name, deadly)


def main(stage: str, id_: int, since: float) -> None:
    """Work on the night by a clock that stood at `NOW` at a moment."""
    nights.STALE_CLAIM = timedelta(seconds=STALE_S)
    job.now = lambda: NOW + timedelta(seconds=time() - since)
    if stage == "write":
        die_at(writing, "_refs", lambda told: told.contact_id == id_)
    else:
        die_at(matching, "_found", lambda _, posted, *__: posted.id == id_)
    g = ground()
    g._embedder = HashEmbedder()
    job.work(g, stay=lambda: True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
