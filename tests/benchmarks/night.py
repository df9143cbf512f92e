"""One whole night at any size: ranked, allotted, written and delivered, each stage beside its limit in the same run."""

import argparse
import json
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from queue import Empty
from time import perf_counter, time
from typing import Any

import psycopg
from psycopg import sql
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from jobs import night as job
from jobs.deliver import deliver_all
from jobs.ground import Ground, ground_on, log_to
from jobs.seed import SEEDS
from matcher import matching, night
from matcher.models import Introduction, Letter, NightShard
from matcher.ranking.embed import SentenceEmbedder
from tests.benchmarks import night_limits as limits
from tests.benchmarks.mail_sinks import SPAWN
from tests.benchmarks.night_memory import Watch
from tests.benchmarks.night_network import MODEL, fill
from tests.benchmarks.night_sink import Sink, open_counting_sink
from tests.benchmarks.seeds_folder import load
from tests.fakes import HashEmbedder
from tests.places import database_url
from web import create_app
from web.db import engine_of, transaction
from web.local import migrate, start_private
from web.settings import Settings, load_settings

DAY = date(2026, 11, 23)
N_DIMENSIONS = 384
DATABASE = "counterpart_night"

console = Console(highlight=False, soft_wrap=True, width=132)


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage did: how many of what, in how long, with how much memory, and how long the bare machine takes."""

    name: str
    n: int
    of: str
    seconds: float
    peak_mb: int
    limit: str = ""
    limit_s: float = 0.0

    @property
    def ratio(self) -> float:
        return self.seconds / self.limit_s if self.limit_s else 0.0


def main(argv: Sequence[str] | None = None) -> None:
    """Make a network, run its night, print every stage beside its limit; the database is dropped afterwards."""
    asked = _parser().parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the database is dropped then too
    settings = replace(load_settings(), mailbox=False, mail_server="127.0.0.1", mail_username="", dkim_selector="")
    folder = settings.folder.resolve() / "bench-night"
    folder.mkdir(parents=True, exist_ok=True)
    log_to((folder / "night.log").open("w"))
    with database(start_private(folder / "postgresql")) as url, Watch(folder / "postgresql") as watch:
        settings = replace(settings, database_url=url, folder=folder)
        stages = run(settings, asked, watch)
    _print(asked, stages)
    if asked.json:
        chosen = {name: value for name, value in vars(asked).items() if name != "json"}
        said = chosen | {"stages": [asdict(one) | {"ratio": one.ratio} for one in stages]}
        asked.json.write_text(json.dumps(said, indent=1) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partners", type=int, default=1000, help="firms of the network (default 1000)")
    parser.add_argument("--opportunities", type=int, default=50, help="open opportunities (default 50)")
    parser.add_argument("--workers", type=int, default=1, help="processes that rank and write (default 1)")
    parser.add_argument("--connections", type=int, default=1, help="processes that deliver, a line each (default 1)")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser


@contextmanager
def database(server: str) -> Iterator[str]:
    """Make a migrated database for the length of a block."""
    named = sql.Identifier(DATABASE)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(named))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(named))
    url = database_url(server, DATABASE)
    try:
        migrate(url)
        yield url
    finally:
        engine_of(url).dispose()
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(named))


def run(settings: Settings, asked: argparse.Namespace, watch: Watch) -> list[Stage]:
    """Fill the database and run the night; return its stages in their order."""
    with _said("network"):
        rows = _filled(settings, asked)
    console.print("  " + ", ".join(f"{n:,} {table}" for table, n in rows.items()))
    began = time()
    loaded, done = _in_processes(work, settings, asked.workers, "ranked and written")
    g = ground_on(create_app(settings))
    stages = [_refreshed(settings, rows, loaded - began, watch, (began, loaded))]
    stages += _of_night(g, rows, watch, loaded)
    with open_counting_sink() as sink:
        stages.append(_delivered(g, replace(settings, mail_port=sink.port), asked, watch, sink))
    return stages


def _filled(settings: Settings, asked: argparse.Namespace) -> dict[str, int]:
    """Write the network in a process of its own, so that what it held is no memory of the night."""
    counts = SPAWN.Queue()
    wanted = (settings.database_url, asked.partners, asked.opportunities, counts)
    maker = SPAWN.Process(target=make, args=wanted, daemon=True)
    maker.start()
    found: dict[str, int] = _wait(counts, [maker])
    maker.join()
    return found


def make(url: str, n_partners: int, n_opportunities: int, counts: Any) -> None:
    """Write the network; the texts of the seeds are embedded by the real model, all others are bent from those."""
    encode = SentenceEmbedder().encode
    counts.put(fill(url, load(SEEDS), n_partners=n_partners, n_opportunities=n_opportunities, encode=encode))


def _refreshed(
    settings: Settings, rows: dict[str, int], seconds: float, watch: Watch, within: tuple[float, float]
) -> Stage:
    limit_s = limits.read_s(settings.database_url, MODEL)
    n = rows["embedding"]
    return Stage("refresh", n, "vectors read", seconds, watch.peak_mb(*within), "COPY of the vectors", limit_s)


def _of_night(g: Ground, rows: dict[str, int], watch: Watch, began: float) -> list[Stage]:
    """Tell the stages apart by what the shards say of themselves."""
    with transaction(g.engine) as session:
        columns = (NightShard.stage, NightShard.state, NightShard.claimed_at, NightShard.ended_at, NightShard.error)
        shards = session.execute(select(*columns).order_by(NightShard.id)).all()
        failed = [one.error for one in shards if one.state != "done"]
        n_letters = session.scalar(select(func.count()).select_from(Letter)) or 0
        n_offers = session.scalar(select(func.count()).select_from(Introduction)) or 0
    if failed:
        raise SystemExit(f"{len(failed)} shards were not done: {failed[0]}")
    ends = {stage: max(one.ended_at.timestamp() for one in shards if one.stage == stage and one.ended_at)
            for stage in ("match", "write")}  # fmt: skip
    wrote = min(one.claimed_at.timestamp() for one in shards if one.stage == "write" and one.claimed_at)
    url, n_asked = g.settings.database_url, rows["opportunity"]
    product_s = limits.product_s(rows["need"], rows["embedding"] - rows["need"], N_DIMENSIONS)
    match_s, write_s = limits.copied_s(url, ["match"]), limits.copied_s(url, limits.WRITTEN)
    peak = watch.peak_mb
    return [
        Stage("match", n_asked, "opportunities", ends["match"] - began, peak(began, ends["match"]),
              "BLAS product, COPY of the matches", product_s + match_s),
        Stage("allocate", n_offers, "offers", wrote - ends["match"], peak(ends["match"], wrote)),
        Stage("compose", n_letters, "letters", ends["write"] - wrote, peak(wrote, ends["write"]),
              "COPY of the same rows", write_s),
    ]  # fmt: skip


def _delivered(g: Ground, settings: Settings, asked: argparse.Namespace, watch: Watch, sink: Sink) -> Stage:
    with transaction(g.engine) as session:
        n_letters = session.scalar(select(func.count()).select_from(Letter)) or 0
    began, ended = _in_processes(deliver, settings, asked.connections, "delivered")
    _check(g, sink, n_letters)
    with _said("bare loop"):
        rate = limits.bare_rate(settings, n_lines=asked.connections, n_letters=n_letters)
    limit = f"bare smtplib, {asked.connections} connection{'s' * (asked.connections > 1)}"
    return Stage("deliver", n_letters, "letters", ended - began, watch.peak_mb(began, ended), limit, n_letters / rate)


def _check(g: Ground, sink: Sink, n_letters: int) -> None:
    with transaction(g.engine) as session:
        n_sent = session.scalar(select(func.count()).select_from(Letter).where(Letter.state == "sent"))
    if not n_sent == sink.taken.value == sink.different.value == n_letters:
        raise SystemExit(
            f"{n_letters} letters, {n_sent} marked as sent, {sink.taken.value} taken by the sink, "
            f"{sink.different.value} of them different: the rates would be of something else."
        )


Work = Callable[[Settings, Any, Any], None]


def _in_processes(work: Work, settings: Settings, n: int, name: str) -> tuple[float, float]:
    """Run the same work in so many processes; return when all were ready and when all had ended."""
    with _said(name):
        ready, go = SPAWN.Queue(), SPAWN.Event()
        processes = [SPAWN.Process(target=work, args=(settings, ready, go), daemon=True) for _ in range(n)]
        for each in processes:
            each.start()
        for _ in processes:
            _wait(ready, processes)
        began = time()
        go.set()
        for each in processes:
            each.join()
        _stop_if_broken(processes)
        return began, time()


def _wait(said: Any, processes: Sequence[Any]) -> Any:
    while True:
        try:
            return said.get(timeout=1)
        except Empty:
            _stop_if_broken(processes)


def _stop_if_broken(processes: Sequence[Any]) -> None:
    if any(each.exitcode for each in processes):
        raise SystemExit(f"A process ended with {[each.exitcode for each in processes]}; see night.log.")


def work(settings: Settings, ready: Any, go: Any) -> None:
    """Read the network, then help with the night until it ends."""
    g = _ground(settings)
    with transaction(g.engine) as session:
        matching.shelve(session, g.shelf, model=MODEL)
    with transaction(g.engine) as session:
        night.begin_day(session, DAY, now=datetime.now(UTC))
    ready.put("")
    go.wait()
    job.work(g, stay=lambda: True)


def deliver(settings: Settings, ready: Any, go: Any) -> None:
    """Deliver as the worker does until nothing is due."""
    g = _ground(settings)
    ready.put("")
    go.wait()
    deliver_all(g)


def _ground(settings: Settings) -> Ground:
    log_to((settings.folder / "night.log").open("a"))
    g = ground_on(create_app(settings))
    g._embedder = HashEmbedder(N_DIMENSIONS, model=MODEL)
    return g


@contextmanager
def _said(name: str) -> Iterator[None]:
    began = perf_counter()
    console.print(f"{datetime.now():%H:%M:%S} {name} …")  # noqa: DTZ005 - for the person who waits
    yield
    console.print(f"{datetime.now():%H:%M:%S} {name}: {perf_counter() - began:.1f} s")  # noqa: DTZ005


def _print(asked: argparse.Namespace, stages: Sequence[Stage]) -> None:
    title = f"{asked.partners:,} partners, {asked.opportunities:,} opportunities, {asked.workers} workers"
    table = Table("stage", "n", "of", "seconds", "a second", "peak MB", "limit", "limit s", "ratio", title=title)
    for one in stages:
        rate = f"{one.n / one.seconds:,.0f}" if one.seconds else ""
        shown: list[Any] = [one.name, f"{one.n:,}", one.of, f"{one.seconds:.1f}", rate, f"{one.peak_mb:,}", one.limit]
        table.add_row(*shown, f"{one.limit_s:.1f}" if one.limit else "", f"{one.ratio:.2f}" if one.limit else "")
    console.print(table)
    console.print(
        f"Together {sum(one.seconds for one in stages):.0f} s, at most {max(one.peak_mb for one in stages):,} MB"
    )


if __name__ == "__main__":
    main()
