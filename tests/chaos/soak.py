"""`python -m tests.chaos.soak`: everything runs under a small load; memory, files, connections must not grow."""

import csv
import json
import signal
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import click
import numpy as np
import psutil
import psycopg
from rich.progress import Progress

from tests.chaos.nights import working_days
from tests.chaos.people import People
from tests.chaos.programs import ROOT
from tests.chaos.stage import Stage, describe, set_up, start_all

EVERY_S = 10
WARM_S = 600  # caches, pools, threads and the plans of a hundred statements a connection fill up; a third at most
# Of memory only what a process made itself. Pages of files come and go as the kernel likes, and of the buffers that
# PostgreSQL's processes share, of a fixed size, most are touched by one of them alone at first, its checkpointer.
WHATS = ("own_mb", "n_files", "n_connections")
# What a process may grow by in an hour, and how much is only noise however short the run: more is a leak.
LIMITS = {"own_mb": (30.0, 12.0), "n_files": (6.0, 4.0), "n_connections": (3.0, 3.0)}


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at one process, so many seconds after the start."""

    at_s: float
    name: str
    pid: int
    rss_mb: float
    own_mb: float
    n_files: int
    n_connections: int


@dataclass(frozen=True, slots=True)
class Slope:
    """How one number of one process went, after warm-up."""

    name: str
    what: str
    first: float
    last: float
    per_hour: float
    grew: float  # over the time looked at, by the fitted line
    wavers: float = 0.0  # standard deviation around that line

    @property
    def leaks(self) -> bool:
        """Tell whether it grows by more than it may, and by more than it goes up and down anyway.

        The files of PostgreSQL are those of some forty backends, each of which opens a table's when it first needs it.
        """
        per_hour, noise = LIMITS[self.what]
        return self.per_hour > per_hour and self.grew > max(noise, 2 * self.wavers)


def look(stage: Stage, at_s: float) -> list[Sample]:
    """Look at each process of the stage and at the web's workers; PostgreSQL counts as one, with all its backends."""
    found = []
    for name, program in stage.programs.items():
        if not program.is_running or program.process is None or name == "deliver":
            continue
        own = psutil.Process(program.process.pid)
        if name == "postgres":
            found.append(_sum_of(at_s, name, [own, *own.children()]))
            continue
        found.append(_sum_of(at_s, name, [own]))
        found += [_sum_of(at_s, f"{name} {n}", [each]) for n, each in enumerate(own.children(), start=1)]
    return found


def _sum_of(at_s: float, name: str, processes: list[psutil.Process]) -> Sample:
    rss, own, n_files, n_connections = 0.0, 0.0, 0, 0
    for each in processes:
        try:
            with each.oneshot():
                memory = each.memory_info()
                rss += memory.rss / 1e6
                own += (memory.rss - memory.shared) / 1e6
                n_files += each.num_fds()
                n_connections += len(each.net_connections("tcp"))
        except psutil.Error:
            continue  # it ended while we looked
    return Sample(round(at_s, 1), name, processes[0].pid, round(rss, 2), round(own, 2), n_files, n_connections)


def slopes(samples: Iterable[Sample], *, warm_s: float) -> list[Slope]:
    """Fit a line through each number of each process after warm-up; nothing where there are fewer than three looks."""
    by_name: dict[tuple[str, int], list[Sample]] = {}
    for each in samples:
        if each.at_s >= warm_s:
            by_name.setdefault((each.name, each.pid), []).append(each)
    return [_slope(name, what, seen) for (name, _), seen in sorted(by_name.items()) if len(seen) > 2 for what in WHATS]


def _slope(name: str, what: str, seen: list[Sample]) -> Slope:
    times = np.array([each.at_s for each in seen])
    values = np.array([getattr(each, what) for each in seen], dtype=float)
    per_s, start = np.polyfit(times, values, 1)
    grew, wavers = per_s * (times[-1] - times[0]), np.std(values - (start + per_s * times))
    return Slope(name, what, values[0], values[-1], round(float(per_s) * 3600, 2), round(float(grew), 2), float(wavers))


def soak(stage: Stage, people: People, *, minutes: float, seen: Progress) -> list[Sample]:
    """Let everything run and look every ten seconds."""
    describe(stage)
    start_all(stage)
    stage.add("deliver", stage.job("jobs.deliver"), rest_s=20.0).start()
    stage.run("jobs.digest", "--day", str(next(working_days(datetime.now(UTC).date()))), "--ahead")
    people.start()
    began, samples = time.monotonic(), []
    task = seen.add_task("soaking", total=minutes * 60)
    while (at_s := time.monotonic() - began) < minutes * 60:
        samples += look(stage, at_s)
        stage.care()
        seen.update(task, completed=at_s)
        time.sleep(max(0.0, EVERY_S - (time.monotonic() - began - at_s)))
    people.stopped.set()
    return samples


def n_acted_on(stage: Stage) -> tuple[int, int]:
    """Count letters sent and messages dealt with, to show that there was something to do."""
    with psycopg.connect(stage.url) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM letter WHERE state = 'sent'),"
            " (SELECT count(*) FROM inbound_message WHERE state <> 'new')"
        ).fetchone()
    return (row[0], row[1]) if row else (0, 0)


def write_csv(samples: Iterable[Sample], file: Path) -> None:
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(Sample.__slots__)
        rows.writerows([getattr(each, name) for name in Sample.__slots__] for each in samples)


def plot(samples: list[Sample], file: Path) -> None:
    """Draw each number of each process over time."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(len(WHATS), 1, figsize=(9, 9), sharex=True)
    for axis, what in zip(axes, WHATS, strict=True):
        for name in sorted({each.name for each in samples}):
            seen = [each for each in samples if each.name == name]
            axis.plot([each.at_s / 60 for each in seen], [getattr(each, what) for each in seen], label=name)
        axis.set_ylabel(what)
        axis.set_ylim(bottom=0)
    axes[-1].set_xlabel("minutes")
    axes[0].legend(fontsize="small", ncols=3)
    figure.tight_layout()
    figure.savefig(file)
    pyplot.close(figure)


@click.command()
@click.option("--minutes", default=30.0, show_default=True, type=click.FloatRange(1, 24 * 60))
@click.option("--folder", type=click.Path(path_type=Path), default=ROOT / ".data" / "soak", show_default=False)
@click.option("--seed", default=1, show_default=True)
def main(minutes: float, folder: Path, seed: int) -> None:
    """Soak; soak.csv, soak.svg and soak.json are left in the folder; exit 1 when something grows."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # or what was started would stay behind
    with set_up(folder, n_partners=300, n_opportunities=60, seed=seed) as stage, Progress() as seen:
        people = People(stage.settings, stage.folder, Random(seed), n_messages=10_000, every_s=3.0)
        samples = soak(stage, people, minutes=minutes, seen=seen)
        n_letters, n_messages = n_acted_on(stage)
    warm_s = min(WARM_S, minutes * 60 / 3)
    found = slopes(samples, warm_s=warm_s)
    write_csv(samples, folder / "soak.csv")
    plot(samples, folder / "soak.svg")
    for each in found:
        mark = "LEAKS" if each.leaks else ""
        click.echo(
            f"{each.name:12} {each.what:14} {each.first:8.1f} → {each.last:8.1f}  {each.per_hour:+9.1f}/h  {mark}"
        )
    leaks = [f"{each.name}: {each.what}" for each in found if each.leaks]
    said = {
        "minutes": minutes,
        "letters": n_letters,
        "messages": n_messages,
        "pages": len(people.page_times_s),
        "leaks": leaks,
    }
    (folder / "soak.json").write_text(json.dumps(said, indent=1))
    click.echo(json.dumps(said))
    sys.exit(bool(leaks))


if __name__ == "__main__":
    main()
