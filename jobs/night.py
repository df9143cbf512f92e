"""A day's digests as a night in shards: begun once, worked on by as many as there are, resumed where it stopped."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import partial
from time import monotonic, sleep

import click
from sqlalchemy.orm import Session
from threadpoolctl import threadpool_limits

from jobs import days, saying
from jobs.beside import beside
from jobs.collecting import uncollected
from jobs.ground import Ground, ground, log, now
from jobs.sparing import NOT_THE_ROW, Aside, Numbers, Sparing, Work
from matcher import matching, night
from matcher.models import Night
from matcher.night import allotting, ended
from matcher.night.ranking import to_rank
from matcher.store import matched, nights
from matcher.store.matched import Found
from matcher.store.nights import Progress, Shard
from matcher.store.wake import wake
from matcher.terms import Digest
from web.db import transaction

POLL_S = 0.05
HELD_S, YIELD_S = 0.05, 0.0005  # a person who waits for the ranker gets it after so long, between two of ours
SAYS = {
    "match": ("opportunities ranked", "matches found"),
    "explain": ("opportunities gone back to", "matches explained"),
    "write": ("readers looked at", "letters written"),
}


def night_due(g: Ground, *, at: datetime) -> int:
    """Begin the nights of everybody whose hour has come and work on all that are open; return the shards done."""
    with transaction(g.engine) as session:
        begun = night.begin(session, now=at)
    n_done = work(g)
    log.info("night", begun=len(begun), shards=n_done)
    return n_done


def work(g: Ground, *, stay: Callable[[], bool] = lambda: False) -> int:
    """Do shards of open nights until there is none to take or this process is asked to end; return how many.

    While `stay` says so, wait for more.
    """
    worker, n_done = f"{socket.gethostname()}:{os.getpid()}", 0
    while True:
        with transaction(g.engine) as session:
            there = [(row.id, row.stage) for row in nights.still_open(session)]
        steps = [step(g, night_id, stage, worker) for night_id, stage in there]
        n_done += steps.count("shard")
        if g.stopping.is_set():
            return n_done
        if any(steps):
            continue
        if not there or not stay():
            return n_done
        sleep(POLL_S)


def call_again(g: Ground) -> None:
    """Let a helper come to a night that is open, when a worker begins: whoever had it may have been stopped."""
    with transaction(g.engine) as session:
        if nights.still_open(session):
            wake(session, "night", helper=0)


def preview(g: Ground, *, at: datetime, day: date | None) -> list[str]:
    """Say who would be told how much, by the rankings that there are; nothing is written."""
    with transaction(g.engine) as session:
        days = [day] if day else allotting.due_days(session, now=at)
        rows = [Night(day=each, readers_at=None if day else at) for each in days]
        return [_preview(each.day, night.allot(session, each)[0]) for each in rows] or ["Nobody's hour has come."]


def _preview(day: date, told: tuple[Digest, ...]) -> str:
    n_offers = sum(len(each.offers) for each in told)
    n_opportunities = len({one.opportunity_id for each in told for one in each.offers})
    return f"{day}: {len(told):,} letters with {n_offers:,} offers of {n_opportunities:,} opportunities"


def step(g: Ground, night_id: int, stage: str, worker: str) -> str:
    """Do one shard, else begin the next stage; return which of both, or nothing where neither was to be had."""
    with transaction(g.engine) as session:
        at = now()
        left = ended.settle(session, night_id, stage, now=at)
        shard = nights.claim(session, night_id, stage, worker=worker, now=at)
    for number, why in left:
        _say_aside(night_id, stage, number, why)
    if shard:
        _do(g, shard)
        return "shard"
    with transaction(g.engine) as session:
        return night.advance(session, night_id, now=now()) or ""


def _do(g: Ground, shard: Shard) -> None:
    began = monotonic()
    try:
        numbers = _tried(g, shard)
    except Exception as error:  # noqa: BLE001 - one shard that cannot be done must not hold up the night
        why = f"{type(error).__name__}: {error}"
        log.exception("shard failed", night=shard.night_id, stage=shard.stage, shard=shard.number, error=why)
        with transaction(g.engine) as session:
            is_aside = nights.stumble(session, shard, error=why, at=now())
        if is_aside:
            _say_aside(shard.night_id, shard.stage, shard.number, why)
        return
    except BaseException:  # asked to end, by Ctrl-C or SIGTERM
        with transaction(g.engine) as session:
            nights.give_back(session, shard)
        raise
    if numbers:
        named = dict(zip(("taken", "made", "late"), numbers, strict=True), ms=round((monotonic() - began) * 1000))
        log.info("shard done", night=shard.night_id, stage=shard.stage, shard=shard.number, **named)


def _tried(g: Ground, shard: Shard) -> Numbers | None:
    """Do a shard, if need be without what spoils it; return its numbers, None where somebody thought us dead and has
    done it."""
    try:
        return _held(g, shard, partial(_done, g))
    except NOT_THE_ROW:
        raise
    except Exception as error:  # noqa: BLE001 - of one row perhaps, for which the others must not go without
        failed, aside = error, list[Aside]()

    def without(session: Session, shard: Shard) -> Numbers:
        spared = Sparing(session, shard, partial(_done, g), now()).done(failed)
        aside.extend(spared.aside)
        return spared.numbers

    numbers = _held(g, shard, without)
    for each in aside:
        _say_aside(shard.night_id, shard.stage, each.number, each.why, each.error)
    return numbers


def _held(g: Ground, shard: Shard, work: Work) -> Numbers | None:
    with transaction(g.engine) as session:
        if not nights.hold(session, shard):
            return None
        n_taken, n_made, n_late = work(session, shard)
        nights.finish(session, shard, n_taken=n_taken, n_made=n_made, n_late=n_late, at=now())
    return n_taken, n_made, n_late


def _say_aside(night_id: int, stage: str, number: int, why: str, error: Exception | None = None) -> None:
    named = {"night": night_id, "stage": stage, "shard": number, "error": why}
    log.error("shard set aside", **named, do="See the steward's page.", exc_info=error)


def _done(g: Ground, session: Session, shard: Shard) -> Numbers:
    with uncollected():
        if shard.stage == "write":
            return night.write_shard(session, shard, now=now())
        if shard.stage == "explain":
            return _explained(g, session, nights.to_explain(session, shard))
        return _ranked(g, session, shard)


def _ranked(g: Ground, session: Session, shard: Shard) -> Numbers:
    with one_thread():
        rows = to_rank(session, shard)
        found = list(one_by_one(g, matching.ranked_many(session, g.shelf, g.embedder, rows, now=now())))
    return len(found), matched.replace_many(session, found, version=g.shelf.model.version, at=now()), 0


def _explained(g: Ground, session: Session, wanted: dict[int, list[int]]) -> Numbers:
    with one_thread():
        n = matched.add(
            session,
            list(one_by_one(g, matching.explain(session, g.shelf, g.embedder, wanted, now=now()))),
            version=g.shelf.model.version,
            at=now(),
        )
    return len(wanted), n, 0


def one_thread() -> AbstractContextManager[object]:
    """Let products of arrays keep to the thread that asks for them.

    A second one makes a ranking no quicker, and those of two workers on two processors take each other's time: 55 ms
    of a processor for each opportunity among 430,000 partners in place of 20.
    """
    return threadpool_limits(1, user_api="blas")


def one_by_one(g: Ground, ranked: Iterator[Found]) -> Iterator[Found]:
    """Rank with the lock held for one opportunity at a time: a person may wait for the ranker meanwhile."""
    since = monotonic()
    while True:
        if monotonic() - since > HELD_S:
            sleep(YIELD_S)
            since = monotonic()
        with g.lock:
            found = next(ranked, None)
        if found is None:
            return
        yield found


def said(row: Night, stages: list[Progress]) -> str:
    """Say in a line how far a night is."""
    parts = [
        f"{each.n_taken:,} {taken}, {each.n_made:,} {made}, {_shards(each)}"
        for each in stages
        for taken, made in (SAYS[each.stage],)
    ]
    return f"Night of {row.day}, {row.stage}: " + ("; ".join(parts) or "no work")


def _shards(each: Progress) -> str:
    failed = f", {each.n_failed} set aside" if each.n_failed else ""
    late = f", {each.n_late} too late" if each.n_late else ""
    return f"{each.n_done} of {each.n_shards} shards{failed}{late}"


def newest_line(g: Ground) -> str:
    """Say how far the newest night is."""
    with transaction(g.engine) as session:
        row = nights.newest(session)
        return said(row, nights.progress(session, row.id)) if row else "There has been no night yet."


@click.command()
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), help="Write to everybody of this day (default: whose hour has come)."
)
@days.ahead_option
@click.option("--dry-run", is_flag=True, help="Only say how much would be written, by the rankings that there are.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes on this machine.")
@click.option("--join", is_flag=True, help="Help with the nights that are open until they end, as on another machine.")
@click.option("--progress", is_flag=True, help="Only say how far the newest night is.")
def main(day: datetime | None, ahead: bool, dry_run: bool, workers: int, join: bool, progress: bool) -> None:
    """Rank, allot and write the digests that are due, in shards; started again, it goes on where it stopped."""
    g, on = ground(), day.date() if day else None
    if progress or dry_run:
        for line in [newest_line(g)] if progress else preview(g, at=now(), day=on):
            click.echo(line)
        return
    if on:
        days.check(on, today=now().date(), ahead=ahead)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # asked to end, it gives its shard back
    if not join:
        _begin(g, on)
    with saying.every_now_and_then(lambda: newest_line(g)), beside(workers - 1, "jobs.night", "--join"):
        work(g, stay=lambda: True)
    click.echo(newest_line(g))


def _begin(g: Ground, day: date | None) -> None:
    with transaction(g.engine) as session:
        begun = [night.begin_day(session, day, now=now())] if day else night.begin(session, now=now())
    click.echo(f"Nights begun: {sum(each is not None for each in begun)}")


if __name__ == "__main__":
    main()
