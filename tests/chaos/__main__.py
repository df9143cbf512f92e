"""`make chaos`: a night at small scale with the real processes, while a killer goes round; exit 1 when a law broke."""

import json
import signal
import sys
import time
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import quantiles

import click
import psycopg
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import select

from matcher.models import Contact
from tests.chaos.afterwards import Afterwards, look_again, wrong
from tests.chaos.due import Event
from tests.chaos.evidence import gather
from tests.chaos.judge import Found, broken, repeats
from tests.chaos.killer import Killer
from tests.chaos.nights import Nights, working_days
from tests.chaos.people import People
from tests.chaos.programs import ROOT, wait_until
from tests.chaos.stage import Stage, describe, ground_of, set_up, start_all
from web.db import transaction
from web.links import Links

N_LEAVING = 8
CALM_S = 300  # at most, after the last kill
OPEN = (
    "SELECT (SELECT count(*) FROM letter WHERE state IN ('waiting', 'claimed')),"
    " (SELECT count(*) FROM inbound_message WHERE state = 'new'),"
    " (SELECT count(*) FROM night WHERE ended_at IS NULL)"
)


def night(
    stage: Stage, people: People, killer: Killer, nights: Nights, *, n_kills: int, at_most_s: float, seen: Progress
) -> None:
    """Run one night after the other until so many were killed, or the time is over."""
    describe(stage)
    start_all(stage)
    stage.add("deliver", stage.job("jobs.deliver"), rest_s=0.5).start()
    people.start()
    task, until, said_at = seen.add_task("kills", total=n_kills), time.monotonic() + at_most_s, 0
    while killer.missed(n_kills) and time.monotonic() < until:
        stage.care()
        nights.care()
        killer.step()
        seen.update(task, completed=killer.n_kills)
        if killer.n_kills >= said_at and not seen.console.is_terminal:
            said_at = killer.n_kills + 20
            click.echo(f"{dict(killer.killed)}, {_open(stage)[0]} letters wait, night of {nights.day}", err=True)


def calm(stage: Stage, people: People, killer: Killer, nights: Nights, *, seen: Progress) -> float:
    """Kill nobody any more and let time pass until nothing is left to do; return how long that took."""
    began, task = time.monotonic(), seen.add_task("calm: letters and messages left", total=None)
    killer.make_peace()
    killer.make_room()
    jumped_at = time.monotonic()
    while time.monotonic() < began + CALM_S:
        stage.care()
        nights.care(go_on=False)
        n_letters, n_messages, n_nights = _open(stage)
        if n_nights and nights.is_over and not nights.program.is_running:
            nights.join()
        n_left = n_letters + n_messages + people.n_untaken
        seen.update(task, description=f"calm: {n_letters} letters, {n_messages} messages, {people.n_untaken} to bring")
        if not n_left and not n_nights and nights.is_over and people.has_finished:
            break
        if n_letters and nights.is_over and not n_nights and time.monotonic() > jumped_at + 5:
            killer.jump(4 * 3600 + 60)
            jumped_at = time.monotonic()
        time.sleep(0.5)
    people.stopped.set()
    return time.monotonic() - began


def _open(stage: Stage) -> tuple[int, int, int]:
    try:
        with psycopg.connect(stage.url, connect_timeout=2) as connection:
            row = connection.execute(OPEN).fetchone()
        return (row[0], row[1], row[2]) if row else (1, 1, 1)
    except psycopg.Error:
        return 1, 1, 1


def leavers(stage: Stage, n: int) -> dict[str, str]:
    """Choose readers who will unsubscribe by one click, with their links."""
    g = ground_of(stage)
    links = Links(stage.settings, datetime.now(UTC).date())
    with transaction(g.engine) as session:
        chosen = session.scalars(
            select(Contact).where(Contact.email.like("%@firm%")).order_by(Contact.id.desc()).limit(n)
        )
        found = {each.email: links.one_click_unsubscribe(each.id) for each in chosen}
    g.engine.dispose()
    return found


def figures(stage: Stage, people: People, killer: Killer, nights: Nights, found: Found) -> dict[str, object]:
    """Say in numbers what happened."""
    again = repeats(found)
    taken = {line.message_id for line in found.journal if line.what == "taken"}
    pages = sorted(people.page_times_s)
    fateful = [line for line in found.journal if line.step == "DATA"]
    return {
        "kills": killer.n_kills,
        "killed": dict(Counter(each.name for each in killer.events if each.what == "kill")),
        "killed in the night at": dict(
            Counter(place for each in killer.events if each.what == "kill" for place in _places(each))
        ),
        "nights": len(nights.done),
        "shards set aside": len(found.due.set_aside),
        "offers allotted": len(found.due.offered),
        "offers told": len(found.due.told),
        "ended by themselves": {name: len(each.exits) for name, each in stage.programs.items() if each.exits},
        "trouble": dict(
            Counter(
                each.what if each.what == "jump" else f"{each.what} {each.name}"
                for each in killer.events
                if each.what != "kill"
            )
        ),
        "letters": len(found.letters),
        "letters by state": dict(Counter(each.state for each in found.letters)),
        "not taken after the bytes": dict(Counter(" ".join((each.what, *each.said.split()[:2])) for each in fateful)),
        "of those put off or cut off, taken later": len(
            {each.message_id for each in fateful if each.what in ("put off", "cut off")} & taken
        ),
        "letters held against their address": dict(Counter("hard" if each.hard else "soft" for each in found.held)),
        "digests": found.n_digests,
        "distinct letters at the sink": len(taken),
        "came again, 250 heard or on its way and mark lost": again.unmarked,
        "came again, taken but never answered": again.unanswered,
        "came again because of": dict(again.why),
        "messages with a 250": sum(bool(each.taken_at) for each in people.outbox),
        "messages brought more than once": sum(each.n_brought > 1 for each in people.outbox),
        "messages by wish": dict(Counter(each.wants for each in people.outbox)),
        "unsubscribed by one click": len(people.left_at),
        "pages": {"n": len(pages), "p95_ms": round(quantiles(pages, n=20)[-1] * 1000) if len(pages) > 1 else None},
    }


def of_the_file(after: Afterwards) -> dict[str, object]:
    """Say in numbers how the file of the ranker fared."""
    return {
        "what came of builders": dict(after.builders),
        "a full disk said": after.n_said_full,
        "a torn file said": after.n_said_torn,
        "postings of the end looked at": len(after.ranked),
        "rounds of postings until they were ranked rightly": after.n_rounds,
    }


def _places(each: Event) -> set[str]:
    """Name stage and step of each shard that an event ended."""
    return {" ".join(where.split()[1::2]) for where in each.where if len(where.split()) == 4}


@click.command()
@click.option("--kills", default=300, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--partners", default=300, show_default=True, type=click.IntRange(60, 5000))
@click.option("--opportunities", default=60, show_default=True, type=click.IntRange(10, 1000), help="A night.")
@click.option("--messages", default=75, show_default=True, type=click.IntRange(3, 1000))
@click.option("--minutes", default=25.0, show_default=True, help="At most, then it calms down and fails.")
@click.option("--seed", default=1, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), default=ROOT / ".data" / "chaos", show_default=False)
@click.option("--json", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures here too.")
def main(
    kills: int,
    partners: int,
    opportunities: int,
    messages: int,
    minutes: float,
    seed: int,
    folder: Path,
    file: Path | None,
) -> None:
    """Run one night of chaos."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # or what was started would stay behind
    began = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}"), TimeElapsedColumn())
    with (
        set_up(folder, n_partners=partners, n_opportunities=0, seed=seed, to_rank=True) as stage,
        Progress(*columns) as seen,
    ):
        every_s = max(0.2, kills * 0.6 / messages)
        people = People(
            stage.settings, stage.folder, Random(seed + 1), messages, every_s, leaving=leavers(stage, N_LEAVING)
        )
        killer = Killer(stage, Random(seed), stage.cost_of_a_job_s())
        nights = Nights(stage, Random(seed + 2), opportunities, working_days(datetime.now(UTC).date()))
        night(stage, people, killer, nights, n_kills=kills, at_most_s=minutes * 60, seen=seen)
        calm_s = calm(stage, people, killer, nights, seen=seen)
        wait_until(stage.answers, "the database to answer")
        found = gather(stage, people, killer.events, day=nights.done[-1])
        after = look_again(stage, Random(seed + 3))
        after.builders["killed"] = killer.killed["builder"]
    faults = broken(found) + wrong(after) + killer.missed(kills)
    said = figures(stage, people, killer, nights, found) | of_the_file(after)
    said |= {
        "calm_s": round(calm_s),
        "a job costs s": round(killer.job_s, 1),
        "seconds": round(time.monotonic() - began),
        "seed": seed,
        "broken": faults,
    }
    (folder / "events.json").write_text(json.dumps([asdict(each) for each in killer.events]))
    click.echo(json.dumps(said, indent=1))
    if file:
        file.write_text(json.dumps(said, indent=1))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
