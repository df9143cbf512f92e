"""One whole night at any size: ranked, allotted, written and delivered, each stage beside its limit in the same run."""

import argparse
import json
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import time
from typing import Any

from rich.table import Table
from sqlalchemy import Engine, func, select

from jobs import night as job
from jobs.deliver import deliver_all
from jobs.ground import Ground, ground_on, log_to
from jobs.seed import SEEDS
from matcher import matching, night
from matcher.models import Introduction, Letter, NightShard
from matcher.ranking.embed import SentenceEmbedder
from matcher.store.habits import next_working_day
from tests.benchmarks import night_database as databases
from tests.benchmarks import night_limits as limits
from tests.benchmarks.mail_sinks import SPAWN
from tests.benchmarks.night_beside import while_night
from tests.benchmarks.night_compared import Compared, show
from tests.benchmarks.night_machines import possible
from tests.benchmarks.night_memory import Watch
from tests.benchmarks.night_network import COUNTED, MODEL, fill
from tests.benchmarks.night_processes import Place, console, in_processes, on_machines, said, say, stop_if_broken
from tests.benchmarks.night_sink import ALL_CARDS, LOOPBACK, Sink, open_counting_sink
from tests.benchmarks.seeds_folder import load
from tests.fakes import HashEmbedder
from web import create_app
from web.db import transaction
from web.local import start_private
from web.settings import Settings, load_settings

N_DIMENSIONS = 384
COMPARED = (("one worker", 1, False), ("two workers", 2, False), ("two machines", 2, True))


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
    """Make a network, run its night, print every stage beside its limit; the databases are dropped afterwards."""
    asked = _parser().parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the databases are dropped then too
    settings = replace(load_settings(), mailbox=False, mail_server="127.0.0.1", mail_username="", dkim_selector="")
    folder = settings.folder.resolve() / "bench-night"
    folder.mkdir(parents=True, exist_ok=True)
    log_to((folder / "night.log").open("w"))
    server = start_private(folder / "postgresql")
    watched = Watch(folder / "postgresql")
    with network(server, folder, asked) as name, watched as watch:
        if asked.only_network:
            return
        if asked.compare_workers:
            compare(server, name, replace(settings, folder=folder), watch)
            return
        with databases.copy_of(server, name) as url:
            there = _anew(replace(settings, database_url=url, folder=folder))
            if asked.while_night:
                while_night(there)
                return
            stages = run([Place(there)] * asked.workers, there, watch, n_connections=asked.connections)
    _print(asked, stages)
    if asked.json:
        chosen = {name: value for name, value in vars(asked).items() if name != "json"}
        figures = chosen | {"stages": [asdict(one) | {"ratio": one.ratio} for one in stages]}
        asked.json.write_text(json.dumps(figures, indent=1) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partners", type=int, default=1000, help="firms of the network (default 1000)")
    parser.add_argument("--opportunities", type=int, default=50, help="open opportunities (default 50)")
    parser.add_argument("--workers", type=int, default=1, help="processes that rank and write (default 1)")
    parser.add_argument("--connections", type=int, default=1, help="processes that deliver, a line each (default 1)")
    parser.add_argument("--compare-workers", action="store_true", help="one worker, two, and two on machines")
    parser.add_argument("--while-night", action="store_true", help="post and read while the worker has its night")
    parser.add_argument("--keep", action="store_true", help="keep the network's database; a later run will find it")
    parser.add_argument("--only-network", action="store_true", help="make the network and no night (with --keep)")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser


def _anew(settings: Settings) -> Settings:
    """Forget the rankers that were built in another run: networks of one size look alike."""
    shutil.rmtree(settings.folder / "ranker", ignore_errors=True)
    return replace(settings, ranker_folder=str(settings.folder / "ranker"))


def compare(server: str, name: str, settings: Settings, watch: Watch) -> None:
    """Run the same night with one worker, with two, and with two on machines of their own; the letters must agree."""
    nights = []
    for said_as, n, apart in COMPARED:
        if apart and not possible():
            console.print(f"{said_as}: left out, this user may not make network namespaces here")
            continue
        with databases.copy_of(server, name) as url:
            there = _anew(replace(settings, database_url=url))
            with on_machines(n, there) if apart else nullcontext([Place(there)] * n) as places:
                stages = run(places, there, watch, n_connections=n)
            nights.append(Compared(said_as, stages, limits.told(url), limits.workers(url)))
    show(nights)
    if any(each.differs_from(nights[0]) for each in nights):
        raise SystemExit("The letters are not the same.")


@contextmanager
def network(server: str, folder: Path, asked: argparse.Namespace) -> Iterator[str]:
    """Make the database of a network, or find one that was kept; return its name."""
    name = databases.name_of(asked.partners, asked.opportunities)
    if databases.exists(server, name):
        say(f"network: found as {name}")
    else:
        with said("network"):
            databases.make(server, name, partial(_filled, folder, asked))
    try:
        yield name
    finally:
        if not asked.keep:
            databases.drop(server, name)


def _filled(folder: Path, asked: argparse.Namespace, url: str) -> None:
    """Write the network in a process of its own, so that what it held is no memory of the night."""
    wanted = (url, folder / "seeds.npz", asked.partners, asked.opportunities)
    maker = SPAWN.Process(target=make, args=wanted, daemon=True)
    maker.start()
    maker.join()
    stop_if_broken([maker])


def make(url: str, vectors: Path, n_partners: int, n_opportunities: int) -> None:
    """Write the network; the texts of the seeds are embedded by the real model, all others are bent from those."""
    encode = databases.kept(lambda texts: SentenceEmbedder().encode(list(texts)), vectors)
    fill(url, load(SEEDS), n_partners=n_partners, n_opportunities=n_opportunities, encode=encode, say=say)


def run(places: Sequence[Place], settings: Settings, watch: Watch, *, n_connections: int) -> list[Stage]:
    """Run the night of a filled database at some places; return its stages in their order."""
    g = ground_on(create_app(settings))
    rows = limits.counted(settings.database_url, COUNTED)
    console.print("  " + ", ".join(f"{n:,} {table}" for table, n in rows.items()))
    began = time()
    begin(g.engine)
    loaded, _ = in_processes(work, places, "ranked and written", partial(job.newest_line, g))
    stages = [_refreshed(settings, rows, loaded - began, watch, (began, loaded))]
    stages += _of_night(g, rows, watch, loaded)
    _show(stages)
    with open_counting_sink(ALL_CARDS if places[0].machine else LOOPBACK) as sink:
        senders = [replace(each, settings=replace(each.settings, mail_port=sink.port)) for each in places]
        stages.append(_delivered(g, (senders * n_connections)[:n_connections], watch, sink))
    _show(stages[-1:])
    return stages


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
        n_explained = session.scalar(select(func.sum(NightShard.n_made)).where(NightShard.stage == "explain")) or 0
    if failed:
        raise SystemExit(f"{len(failed)} shards were not done: {failed[0]}")
    ends = {stage: max(one.ended_at.timestamp() for one in shards if one.stage == stage and one.ended_at)
            for stage in ("match", "explain", "write") if any(one.stage == stage for one in shards)}  # fmt: skip
    explained = [one.claimed_at.timestamp() for one in shards if one.stage == "explain" and one.claimed_at]
    wrote = min(one.claimed_at.timestamp() for one in shards if one.stage == "write" and one.claimed_at)
    allotted = min(explained, default=wrote)
    url, n_asked = g.settings.database_url, rows["opportunity"]
    product_s = limits.product_s(rows["need"], rows["embedding"] - rows["need"], N_DIMENSIONS)
    match_s, write_s = limits.copied_s(url, ["match"]), limits.copied_s(url, limits.WRITTEN)
    peak = watch.peak_mb
    return [
        Stage("match", n_asked, "opportunities", ends["match"] - began, peak(began, ends["match"]),
              "BLAS product, COPY of the matches", product_s + match_s),
        Stage("allocate", n_offers, "offers", allotted - ends["match"], peak(ends["match"], allotted)),
        Stage("explain", n_explained, "matches in reserve", wrote - allotted, peak(allotted, wrote)),
        Stage("compose", n_letters, "letters", ends["write"] - wrote, peak(wrote, ends["write"]),
              "COPY of the same rows", write_s),
    ]  # fmt: skip


def _delivered(g: Ground, places: Sequence[Place], watch: Watch, sink: Sink) -> Stage:
    with transaction(g.engine) as session:
        n_letters = session.scalar(select(func.count()).select_from(Letter)) or 0
    taken = lambda: f"{sink.taken.value:,} of {n_letters:,} letters taken"  # noqa: E731
    began, ended = in_processes(deliver, places, "delivered", taken)
    _check(g, sink, n_letters)
    with said("bare loop"):
        near = replace(g.settings, mail_port=sink.port)
        rate = limits.bare_rate(near, n_lines=len(places), n_letters=n_letters)
    limit = f"bare smtplib, {len(places)} connection{'s' * (len(places) > 1)}"
    return Stage("deliver", n_letters, "letters", ended - began, watch.peak_mb(began, ended), limit, n_letters / rate)


def _check(g: Ground, sink: Sink, n_letters: int) -> None:
    with transaction(g.engine) as session:
        n_sent = session.scalar(select(func.count()).select_from(Letter).where(Letter.state == "sent"))
    if not n_sent == sink.taken.value == sink.different.value == n_letters:
        raise SystemExit(
            f"{n_letters} letters, {n_sent} marked as sent, {sink.taken.value} taken by the sink, "
            f"{sink.different.value} of them different: the rates would be of something else."
        )


def begin(engine: Engine, *, now: datetime | None = None) -> None:
    """Open the night of the next day on which everybody who reads daily has a letter."""
    at = now or datetime.now(UTC)
    with transaction(engine) as session:
        night.begin_day(session, next_working_day(at.date()), now=at)


def work(settings: Settings, ready: Any, go: Any) -> None:
    """Read the network, then help with the night that is open until it ends."""
    g = _ground(settings)
    with transaction(g.engine) as session:
        matching.shelve(session, g.shelf, model=MODEL)
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


def _show(stages: Sequence[Stage]) -> None:  # at once: whoever stops the run has that
    for one in stages:
        limit = f", {one.ratio:.1f} times its limit" if one.limit else ""
        say(f"{one.name}: {one.n:,} {one.of} in {one.seconds:.1f} s{limit}, {one.peak_mb:,} MB")


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
