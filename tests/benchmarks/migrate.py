"""Migrations of a database of full size while letters are written and pages are read: how long each keeps them waiting.

The market of `web` is taken back to an old revision, as far as the migrations know the way, and then migrated again.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from jobs.demo import settings_apart
from tests.benchmarks.web import market
from web.local import MIGRATIONS, migrate
from web.settings import load_settings

AIM_S = 5.0
A_DAY_S = 24 * 3600.0
N_ROWS = 1_000  # that changes and pages are about
OLDEST = "0002"  # before it there is no queue, without which nobody writes a letter
# What a worker and a page ask, in words that every revision understands; {n} counts up.
WRITES = (
    "INSERT INTO letter (key, kind, contact_id, to_address) "
    "VALUES ('bench:{n}', 'answer', 1 + {n} % 1000, 'ann@firm.example')",
    "UPDATE letter SET state = 'claimed', claimed_at = now() WHERE key = 'bench:{n}'",
    "UPDATE letter SET state = 'sent', sent_at = now() WHERE key = 'bench:{n}'",
)
CHANGES = (
    "UPDATE partner SET changed_at = now() WHERE id = 1 + {n}",
    "UPDATE capability SET text = text || '.' WHERE id = 1 + {n}",
    "UPDATE introduction SET state = 'declined' WHERE id = 1 + {n}",
    "UPDATE opportunity SET n_asked = n_asked + 1 WHERE id = 1 + {n}",
    "INSERT INTO inbound_message (key, raw, received_at) VALUES ('bench:{n}', 'x', now())",
)
READS = (
    "SELECT o.title, p.name, c.email FROM opportunity o JOIN partner p ON p.id = o.partner_id "
    "JOIN contact c ON c.id = o.contact_id WHERE o.id = 1 + {n}",
    "SELECT m.place, m.why_them, p.name FROM match m JOIN partner p ON p.id = m.partner_id "
    "WHERE m.opportunity_id = 1 + {n} ORDER BY m.place",
    "SELECT i.state, i.number FROM introduction i WHERE i.opportunity_id = 1 + {n}",
    "SELECT l.state, l.values FROM letter l WHERE l.id = 1 + {n}",
)


@dataclass(slots=True)
class Busy:
    """Somebody at work beside the migration: the longest that one of its statements took, since it was last asked."""

    url: str
    statements: Sequence[str]
    ended: Event
    longest_s: float = 0.0
    n_done: int = 0
    failed: list[str] = field(default_factory=list)

    def work(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            while not self.ended.wait(0.002):
                for each in self.statements:
                    self._do(connection, each.format(n=self.n_done if "key" in each else self.n_done % N_ROWS))
                self.n_done += 1

    def _do(self, connection: psycopg.Connection, statement: str) -> None:
        began = perf_counter()
        try:
            connection.execute(statement.encode())
        except psycopg.errors.DeadlockDetected as error:  # as a worker's transaction is, it would be tried again
            self.failed.append(str(error).splitlines()[0])
        self.longest_s = max(self.longest_s, perf_counter() - began)

    def asked(self) -> float:
        longest, self.longest_s = self.longest_s, 0.0
        return round(longest, 3)


def main(argv: Sequence[str] | None = None) -> int:
    """Print for each migration how long it took and the longest that a letter, a change and a page waited meanwhile."""
    arguments = _parser().parse_args(argv)
    settings = settings_apart(load_settings(), "bench_web")
    with market(settings.database_url, arguments) as url:
        began = perf_counter()
        _back(url, arguments.back_to)
        print(f"taken back to {arguments.back_to} in {perf_counter() - began:.0f} s", flush=True)
        with _busy(url) as beside:
            rows = [_migrated(url, revision, beside) for revision in _revisions(arguments.back_to)]
            result = {
                "partners": arguments.partners,
                "revisions": rows,
                "failed": [x for b in beside.values() for x in b.failed],
            }
    print(table(rows))
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1))
    return int(_longest(rows) > AIM_S)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partners", type=int, default=100_000, help="how many partners (default 100,000)")
    parser.add_argument("--back-to", default=OLDEST, metavar="REVISION", help=f"where to begin (default {OLDEST})")
    parser.add_argument("--keep", action="store_true", help="keep the database; a later run of that size will find it")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser


def _config(url: str) -> Config:
    config = Config(attributes={"url": url, "lock_s": 0, "work_s": A_DAY_S})
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _back(url: str, revision: str) -> None:
    """Undo migrations with nobody there, for as long as it takes."""
    command.downgrade(_config(url), revision)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _revisions(after: str) -> list[str]:
    """List the revisions behind one, the oldest first."""
    script = ScriptDirectory(str(MIGRATIONS))
    return [each.revision for each in reversed(list(script.iterate_revisions("head", after)))]


@contextmanager
def _busy(url: str) -> Iterator[dict[str, Busy]]:
    ended = Event()
    beside = {name: Busy(url, each, ended) for name, each in (("letter", WRITES), ("change", CHANGES), ("page", READS))}
    threads = [Thread(target=each.work, name=name) for name, each in beside.items()]
    for one in threads:
        one.start()
    try:
        yield beside
    finally:
        ended.set()
        for one in threads:
            one.join()


def _migrated(url: str, revision: str, beside: dict[str, Busy]) -> dict[str, object]:
    for each in beside.values():
        each.asked()
    began = perf_counter()
    migrate(url, to=revision)
    took_s = round(perf_counter() - began, 1)
    waits = {name: each.asked() for name, each in beside.items()}
    print(f"{revision}: {took_s} s, {waits}", flush=True)
    return {"revision": revision, "took_s": took_s, **waits}


def _longest(rows: Sequence[dict[str, object]]) -> float:
    return max(float(str(row[name])) for row in rows for name in ("letter", "change", "page"))


def table(rows: Sequence[dict[str, object]]) -> str:
    """Write the figures as the page of this benchmark keeps them."""
    lines = [
        "| migration | took s | longest wait of a letter s | of a change s | of a page s |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            " | ".join(("| " + str(row["revision"]), *(str(row[x]) for x in ("took_s", "letter", "change", "page"))))
            + " |"
        )
    late = [str(row["revision"]) for row in rows if _longest([row]) > AIM_S]
    lines.append(f"longest wait {_longest(rows):.2f} s; over {AIM_S:.0f} s: {', '.join(late) or 'none'}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
