"""Run a job with the clock of `CHAOS_CLOCK`: `python -m tests.chaos.shifted jobs.deliver`; the file holds seconds.

Where `CHAOS_SLOWED` is set, those that do a night are slowed down as well (`slowed.py`).
"""

import os
import runpy
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jobs import ground


class Clock:
    """The time of day, moved by as many seconds as a file says; it may jump while processes run."""

    def __init__(self, file: Path):
        self.file = file

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset_s)

    @property
    def offset_s(self) -> float:
        return float(self.file.read_text() or 0) if self.file.exists() else 0.0

    def jump(self, seconds: float) -> None:
        """Move the clock; the file is replaced whole, so that nobody reads half of it."""
        written = self.file.with_suffix(".new")
        written.write_text(str(self.offset_s + seconds))
        written.replace(self.file)


def main() -> None:
    """Put our clock in the place of the jobs' one before any of them is loaded, then run the job that is named."""
    clock = Path(os.environ["CHAOS_CLOCK"])
    ground.now = Clock(clock)
    sys.argv = sys.argv[1:]
    if os.environ.get("CHAOS_SLOWED"):
        from tests.chaos import slowed

        if sys.argv[0] in slowed.JOBS:
            slowed.slow_down(clock.parent)
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
