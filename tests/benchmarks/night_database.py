"""Sizes of a market → its database, made once, and a copy of it for each run."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psycopg
from alembic.script import ScriptDirectory
from psycopg import sql

from matcher.ranking.hashing import text_hash
from tests import benchmarks
from tests.benchmarks.synthetic import Encode, Floats
from tests.places import database_url
from web.db import engine_of
from web.local import MIGRATIONS, migrate

PREFIX = "counterpart_night"
MADE_BY = ("synthetic.py", "night_network.py", "night_asked.py", "seeds_folder.py")


def name_of(n_partners: int, n_opportunities: int) -> str:
    """Name the database of a network by its sizes and by all that its making depends on."""
    return named(PREFIX, (n_partners, n_opportunities), made_by=MADE_BY)


def named(prefix: str, sizes: Sequence[int], *, made_by: Sequence[str]) -> str:
    """Name a database by its sizes, the schema and the files of this folder that make its rows."""
    folder = Path(next(iter(benchmarks.__path__)))
    marks = [
        str(ScriptDirectory(str(MIGRATIONS)).get_current_head()),
        *((folder / each).read_text() for each in made_by),
    ]
    return f"{prefix}_{'_'.join(map(str, sizes))}_{hashlib.sha256(''.join(marks).encode()).hexdigest()[:8]}"


def exists(server: str, name: str) -> bool:
    with psycopg.connect(server) as connection:
        return connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def make(server: str, name: str, fill: Callable[[str], None]) -> None:
    """Make a migrated database and fill it; it gets its name when it is whole."""
    half = f"{name}_half"
    for older in (half, *_of_the_same_size(server, name)):
        drop(server, older)
    _run(server, "CREATE DATABASE {}", half)
    url = database_url(server, half)
    migrate(url)
    engine_of(url).dispose()
    fill(url)
    _run(server, "ALTER DATABASE {} RENAME TO {}", half, name)


def _of_the_same_size(server: str, name: str) -> list[str]:
    with psycopg.connect(server) as connection:
        named = name.rpartition("_")[0].replace("_", r"\_") + r"\_%"
        found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [named])
        return [row[0] for row in found]


@contextmanager
def copy_of(server: str, name: str) -> Iterator[str]:
    """Copy a database file by file for the length of a block; return the URL of the copy."""
    copied = f"{name}_run"
    drop(server, copied)
    _run(server, "CREATE DATABASE {} TEMPLATE {} STRATEGY = FILE_COPY", copied, name)
    url = database_url(server, copied)
    try:
        yield url
    finally:
        engine_of(url).dispose()
        drop(server, copied)


def drop(server: str, name: str) -> None:
    _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _run(server: str, statement: str, *names: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]


def kept(encode: Encode, file: Path) -> Encode:
    """Let texts that were encoded in an earlier run be read from a file instead."""

    def read(texts: Sequence[str]) -> Floats:
        with np.load(file) if file.exists() else _nothing() as before:
            known = {key: before[key] for key in before}
        missing = [text for text in dict.fromkeys(texts) if text_hash(text) not in known]
        if missing:
            known |= dict(zip(map(text_hash, missing), encode(missing), strict=True))
            np.savez(file, **known)
        return np.stack([known[text_hash(text)] for text in texts])

    return read


@contextmanager
def _nothing() -> Iterator[dict[str, Floats]]:
    yield {}
