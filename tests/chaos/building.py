"""The builder of the ranker's file, as it is in the chaos: it writes slowly, and says when; its room may be short."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, BinaryIO

from matcher import shelving
from matcher.ranking import snapshot
from tests.chaos.disk import SHORT_AT, Disk
from tests.chaos.places import Places

BUILD = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from tests.chaos.building import build; build({folder!r}, sys.stdin.read())"
)
REST_S = (0.3, 1.5)  # so that it can be killed in the middle of the file
N_ARRAYS = 20  # there are more, also for a small network


class Slow:
    """A file whose writer rests once, in the middle of one of its first arrays."""

    def __init__(self, file: BinaryIO, chance: Random):
        self.file, self.rest_s, self.rests_at = file, chance.uniform(*REST_S), chance.randrange(N_ARRAYS)
        self.n_written = 0

    def write(self, data: Any) -> int:
        told = memoryview(data).cast("B")
        half = len(told) // 2
        self.file.write(told[:half])
        if self.n_written == self.rests_at:
            self.file.flush()
            time.sleep(self.rest_s)
        self.file.write(told[half:])
        self.n_written += 1
        return len(told)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def share_early(folder: Path) -> None:
    """Let a network as small as that of the chaos have a file that its workers share."""
    shelving.KEPT_FROM = 1
    shelving.BUILD = BUILD.format(folder=str(folder))


def build(folder: str, asked: str) -> None:
    """Build the ranker that a worker asks for."""
    there, disk, real = Places(Path(folder)), Disk(Path(folder)), snapshot._write

    def write(file: BinaryIO, value: object, signed: Any) -> None:
        there.say("file", "writing")
        try:
            with _short(disk.is_short):
                real(Slow(file, Random()), value, signed)  # type: ignore[arg-type]
        except OSError as error:
            disk.note(error.strerror or "")
            raise
        finally:
            there.say("file", "")
        disk.note("written")

    snapshot._write = write
    shelving.build_apart(asked)


@contextmanager
def _short(is_short: bool) -> Iterator[None]:
    """Let no file grow beyond so much within a block, where the disk itself cannot be filled."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if is_short:
        resource.setrlimit(resource.RLIMIT_FSIZE, (SHORT_AT, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
