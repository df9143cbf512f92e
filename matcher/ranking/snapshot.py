"""A built ranker becomes one file that workers map into memory and share; a file that is not whole or not ours is told.

The file: eight letters, the length of a header in JSON, the header, a pickle, and its arrays, each from a multiple of
64 bytes on. A pickle can run any code, so the header carries a keyed sum of it, and only a file that is ours
and that nobody else can write is looked into.
"""

import hmac
import json
import mmap
import os
import pickle
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from functools import cache
from hashlib import sha256
from pathlib import Path
from stat import S_IWGRP, S_IWOTH
from typing import Any, BinaryIO
from zlib import crc32

import numpy as np

from matcher.ranking.graph import NETWORKX
from matcher.ranking.index import FAISS

LETTERS = b"RANKER02"
ALIGNED = 64
# All files whose classes a built ranker holds, and those that say what is read into them.
PROGRAM = (
    "ranking/**/*.py", "terms/*.py", "shelving.py", "store/watermark.py", "store/reading.py", "store/embeddings.py",
    "store/bulk.py", "store/network.py",
)  # fmt: skip
UNREADABLE = (
    ValueError, KeyError, TypeError, IndexError, EOFError, AttributeError, ImportError, pickle.UnpicklingError,
)  # fmt: skip


class Unusable(Exception):
    """The file cannot be used; the text says why."""


class Missing(Unusable):
    """There is no file."""


class Damaged(Unusable):
    """The file was ours, for this network, model and program, and is not whole."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Where in the file an array lies, and the sum of its bytes."""

    begin: int
    length: int
    checksum: int


@dataclass(frozen=True, slots=True)
class Snapshots:
    """A folder of our own for the snapshot, and the secret that its sums are made with."""

    folder: Path
    secret: str

    @property
    def path(self) -> Path:
        """Give the file."""
        return self.folder / "ranker.snapshot"

    def stamp(self) -> tuple[int, int] | None:
        """Return what tells one file from the next; None without one."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until no other process builds a ranker: one is enough, the others share it."""
        with ExitStack() as held:
            with suppress(OSError):  # where nothing can be written, each builds its own
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                lock = held.enter_context((self.folder / "ranker.lock").open("w"))
                flock(lock, LOCK_EX)
                for left in self.folder.glob("ranker.*.new"):  # by a builder that was killed
                    left.unlink()
            yield

    def write(self, value: object, name: Sequence[str]) -> None:
        """Write a value under a name (model, mark and the like); the file is there whole or not at all."""
        new = self.folder / f"ranker.{os.getpid()}.new"
        try:
            with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                _write(file, value, _signed(self.secret, name))
            new.replace(self.path)
        finally:
            with suppress(FileNotFoundError):
                new.unlink()
        _keep(self.folder)

    def read(self, name: Sequence[str]) -> Any:
        """Return the value of this name, its arrays mapped read-only. Raises `Unusable`."""
        try:
            with self.path.open("rb") as file:
                _be_ours(file)
                return _read(file, _signed(self.secret, name))
        except FileNotFoundError:
            raise Missing("there is none yet") from None
        except OSError as error:
            raise Unusable(f"it cannot be read: {error}") from error
        except UNREADABLE as error:
            raise Damaged(f"it cannot be read: {error}") from error


def _signed(secret: str, name: Sequence[str]) -> "hmac.HMAC":
    return hmac.new(secret.encode(), "\0".join((_program(), *name)).encode(), sha256)


@cache
def _program() -> str:
    """Name this very program: what another version wrote may lack what this one looks for."""
    found = sha256(f"{sys.version} {np.__version__} {FAISS} {NETWORKX}".encode())
    for path in files_of_program():
        found.update(path.read_bytes())
    return found.hexdigest()


def files_of_program() -> list[Path]:
    """List the files that a built ranker depends on, in order."""
    matcher = Path(__file__).parent.parent
    return sorted({path for each in PROGRAM for path in matcher.glob(each)})


def _be_ours(file: BinaryIO) -> None:
    told = os.fstat(file.fileno())
    if told.st_uid != os.getuid() or told.st_mode & (S_IWGRP | S_IWOTH):
        raise Unusable("it belongs to somebody else, or others may write it")


def _write(file: BinaryIO, value: object, signed: "hmac.HMAC") -> None:
    buffers: list[memoryview] = []
    pickled = pickle.dumps(value, protocol=5, buffer_callback=lambda one: buffers.append(one.raw()))
    parts = _laid_out(buffers)
    told = {"pickle": len(pickled), "arrays": [(one.begin, one.length, one.checksum) for one in parts]}
    name = signed.hexdigest()
    signed.update(json.dumps(told).encode() + pickled)
    header = json.dumps(told | {"name": name, "sum": signed.hexdigest()}).encode()
    file.write(LETTERS + len(header).to_bytes(8, "little") + header + pickled)
    start = _aligned(file.tell())
    for buffer, part in zip(buffers, parts, strict=True):
        file.seek(start + part.begin)
        file.write(buffer)
    file.truncate(start + max((one.begin + one.length for one in parts), default=0))
    file.flush()
    os.fsync(file.fileno())


def _laid_out(buffers: Sequence[memoryview]) -> list[Whole]:
    """Say where each array comes to lie; one that is a part of another in memory is a part of it in the file."""
    spans = [(np.frombuffer(one, np.uint8).__array_interface__["data"][0], one.nbytes) for one in buffers]
    found: dict[int, Whole] = {}
    end, outer_at, outer_end, outer_begin = 0, 0, -1, 0
    for at in sorted(range(len(spans)), key=lambda at: (spans[at][0], -spans[at][1])):
        address, length = spans[at]
        if address + length > outer_end or not length:
            outer_at, outer_end, outer_begin = address, address + length, end
            end = _aligned(end + length)
        found[at] = Whole(outer_begin + address - outer_at, length, crc32(buffers[at]))
    return [found[at] for at in range(len(spans))]


def _read(file: BinaryIO, signed: "hmac.HMAC") -> Any:
    if file.read(len(LETTERS)) != LETTERS:
        raise Unusable("it is no snapshot of this form")
    told = json.loads(_some(file, int.from_bytes(file.read(8), "little")))
    if not hmac.compare_digest(signed.hexdigest(), told["name"]):
        raise Unusable("it is of another network, model or program")
    pickled = _some(file, told["pickle"])
    parts = [Whole(*one) for one in told["arrays"]]
    signed.update(json.dumps({"pickle": told["pickle"], "arrays": told["arrays"]}).encode() + pickled)
    if not hmac.compare_digest(signed.hexdigest(), told["sum"]):
        raise Damaged("it is torn: what it holds does not have its sum")
    start = _aligned(file.tell())
    if os.fstat(file.fileno()).st_size != start + max((one.begin + one.length for one in parts), default=0):
        raise Damaged("it is torn: its end is missing")
    return pickle.loads(pickled, buffers=list(_mapped(file, start, parts)))  # the sum above was made by us


def _some(file: BinaryIO, length: int) -> bytes:
    if not 0 <= length <= os.fstat(file.fileno()).st_size:
        raise Damaged("it is torn: it is shorter than it says")
    return file.read(length)


def _mapped(file: BinaryIO, start: int, parts: Sequence[Whole]) -> Iterator[memoryview]:
    memory = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    for one in parts:
        mine = memory[start + one.begin : start + one.begin + one.length]
        if crc32(mine) != one.checksum:
            raise Damaged("it is torn: an array does not have its sum")
        yield mine


def _aligned(place: int) -> int:
    return -(-place // ALIGNED) * ALIGNED


def _keep(folder: Path) -> None:
    """Let a new name in a folder outlive a power cut."""
    there = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(there)
    finally:
        os.close(there)
