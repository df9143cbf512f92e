"""A synthetic network in a database becomes numbers: how long after its commit a change is in a worker's rankings.

Beside it what one ranking takes with the changes laid over, and without: by turns, in time of the processor.
"""

import argparse
import json
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
import psycopg

from matcher.matching import Shelf, shelve
from matcher.models import Opportunity
from matcher.ranking.hashing import text_hash
from matcher.ranking.rank import Ranker
from matcher.ranking.snapshot import Snapshots
from matcher.store import embeddings
from matcher.store.network import as_opportunity
from tests.benchmarks import night_database as databases
from tests.benchmarks.night import network
from tests.benchmarks.night_network import MODEL
from tests.benchmarks.synthetic import TODAY
from web.db import engine_of, transaction
from web.local import start_private
from web.settings import load_settings

N_RANKED = 40
N_DIMENSIONS = 384
SIZES = (0, 1, 10, 100, 1000, 5000, 10_000)
AT_MOST = 0.04  # of all partners, all sizes together, and a fifth more work with them: 5 % are waited for
EACH_STATEMENT = 1_000  # partners, as many changes by themselves touch: of over 2,000 only that they are many is noted
CHANGED = """
    UPDATE partner SET changed_at = changed_at + interval '1 minute', city = 'Elsewhere' WHERE id = ANY(%(ids)s);
    UPDATE bench_person SET free_days = free_days + 1 WHERE partner_id = ANY(%(ids)s);
    DELETE FROM badge WHERE partner_id = ANY(%(ids)s);
"""


@dataclass(frozen=True, slots=True)
class Laid:
    """Seconds from a commit to a ranker that knows of it, one ranking with and without, the worker's own memory."""

    changed: int
    touched: int
    seconds: float
    cpu_s: float
    rank_ms: float
    built_ms: float
    own_mb: int


def measure(url: str, folder: Path, *, sizes: Sequence[int]) -> list[Laid]:
    """Change ever more partners, and see each time how long it takes until a worker's ranker has the change."""
    engine, random = engine_of(url), np.random.default_rng(0)
    shelf = Shelf(kept=Snapshots(folder / "ranker", "measured"))
    with transaction(engine) as session:
        ranker = shelve(session, shelf, model=MODEL)
    asked = _asked(url)
    found = []
    for n in sizes:
        with psycopg.connect(url) as connection:
            _change(connection, n, random)
        began, cpu = perf_counter(), process_time()
        with transaction(engine) as session:
            ranker = shelve(session, shelf, model=MODEL)
        seconds, cpu = perf_counter() - began, process_time() - cpu
        assert shelf.built
        touched = len(getattr(ranker, "touched", ()))
        rank_ms, built_ms = _rank_ms([ranker, shelf.built.ranker], asked)
        found.append(Laid(n, touched, seconds, cpu, rank_ms, built_ms, _own_mb()))
        print(found[-1], flush=True)
    if shelf.builder:
        shelf.builder.wait()
    return found


def _within(n_partners: int) -> list[int]:
    """List the sizes that stay, all together, below the share that is laid over."""
    return [size for at, size in enumerate(SIZES) if sum(SIZES[: at + 1]) <= AT_MOST * n_partners]


def _change(connection: psycopg.Connection, n: int, random: np.random.Generator) -> None:
    """Let n partners say and lend something else, and one in five work for another of them."""
    (n_partners,) = connection.execute("SELECT max(id) FROM partner").fetchone() or (0,)
    ids = random.choice(np.arange(1, n_partners + 1), n, replace=False).tolist()
    for first in range(0, n, EACH_STATEMENT):
        for statement in CHANGED.split(";")[:-1]:
            connection.execute(statement, {"ids": ids[first : first + EACH_STATEMENT]})
    vectors = random.standard_normal((n, N_DIMENSIONS)).astype("<f4")
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [f"We move mailboxes and ledgers since {random.integers(1 << 40)}" for _ in ids]
    hashes = [text_hash(one) for one in texts]
    with connection.cursor() as cursor:
        said = [(one, text, key) for one, text, key in zip(ids, texts, hashes, strict=True)]
        cursor.executemany(
            "INSERT INTO capability (partner_id, text, text_hash, source) VALUES (%s, %s, %s, 'profile')", said
        )
        rows = [(key, MODEL, row.tobytes()) for key, row in zip(hashes, vectors, strict=True)]
        cursor.executemany("INSERT INTO embedding (text_hash, model, vector) VALUES (%s, %s, %s)", rows)
        pairs = [(one, other) for one, other in zip(ids[::5], ids[1::5], strict=False)]
        cursor.executemany(
            "INSERT INTO collaboration (lead_id, partner_id, competency_key, started_on, ended_on, outcome, summary) "
            "VALUES (%s, %s, 'mail', '2026-01-01', '2026-02-01', 'won', 'measured')",
            pairs,
        )


def _asked(url: str) -> list[tuple[Any, Any]]:
    """Read some opportunities and the vectors of their needs."""
    found = []
    with transaction(engine_of(url)) as session:
        for row in session.query(Opportunity).order_by(Opportunity.id).limit(N_RANKED):
            asked = as_opportunity(row)
            hashes = [text_hash(need.text) for need in asked.needs]
            known = embeddings.load(session, model=MODEL, hashes=hashes)
            found.append((asked, np.stack([known[one] for one in hashes])))
    return found


def _own_mb() -> int:
    """Say what this process holds that it shares with no other."""
    told = Path("/proc/self/smaps_rollup").read_text()
    return sum(int(found) for found in re.findall(r"^Private_Dirty:\s+(\d+) kB", told, re.MULTILINE)) // 1024


def _rank_ms(rankers: Sequence[Ranker], asked: Sequence[tuple[Any, Any]]) -> list[float]:
    """Rank each with each by turns, once to warm up and once more; return the median of each ranker."""
    spent: list[list[float]] = [[] for _ in rankers]
    for _ in range(2):
        spent = [[] for _ in rankers]
        for opportunity, vectors in asked:
            for ranker, of_it in zip(rankers, spent, strict=True):
                began = process_time()
                list(ranker.rank_many([opportunity], [vectors], today=TODAY))  # as a posting is ranked
                of_it.append(process_time() - began)
    return [float(np.median(one)) * 1000 for one in spent]


@contextmanager
def _database(asked: argparse.Namespace, folder: Path) -> Iterator[str]:
    server = start_private(folder / "postgresql")
    with network(server, folder, asked) as name, databases.copy_of(server, name) as url:
        yield url


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partners", type=int, default=20_000, help="size of the network (default %(default)s)")
    parser.add_argument("--opportunities", type=int, default=N_RANKED, help="of which needs are ranked")
    parser.add_argument("--keep", action="store_true", help="keep the network's database; a later run will find it")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    asked = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = load_settings().folder.resolve() / "bench-night"
    folder.mkdir(parents=True, exist_ok=True)
    with _database(asked, folder) as url:
        found = measure(url, folder, sizes=_within(asked.partners))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n")


if __name__ == "__main__":
    main()
