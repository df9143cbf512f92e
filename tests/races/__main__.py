"""`python -m tests.races`: run each race many times and print who won; exit 1 when what must hold did not."""

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.progress import Progress

from jobs.ground import Ground, ground_on, log_to
from tests import factories as make
from tests import places
from tests.conftest import ROOT, fresh_database, settings_at
from tests.races import answers, messages, nights
from tests.races.race import Tally, rounds
from web import create_app
from web.db import transaction
from web.local import migrate, start_private

RACES = (*answers.RACES, *nights.RACES, *messages.RACES)
BROKEN_AT_MOST = 20  # of one race; more of them would say nothing new


def run(g: Ground, race_of: type, *, times: int, seed: int, bar: Progress) -> Tally:
    """Run one race with a progress bar; it stops early when it breaks again and again."""
    race, tally = race_of(g), Tally()
    task = bar.add_task(race.name, total=times)
    try:
        for tally in rounds(race, g.engine, times=times, seed=seed):
            bar.update(task, advance=1)
            if len(tally.broken) >= BROKEN_AT_MOST:
                break
    finally:
        race.close()
    return tally


@click.command()
@click.option("--times", type=click.IntRange(1, 100_000), default=1000, show_default=True, help="Rounds of each race.")
@click.option("--seed", default=1, show_default=True, help="Of the head starts.")
@click.option("--only", default="", help="Only races whose name contains this.")
@click.option("--json", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures here too.")
def main(times: int, seed: int, only: str, file: Path | None) -> None:
    """Run the races on a database of their own."""
    chosen = [each for each in RACES if only in each.name]
    if not chosen:
        raise click.UsageError(f"--only {only!r}: there is no such race; they are {', '.join(r.name for r in RACES)}.")
    server = os.environ.get("TEST_DATABASE_URL") or places.hurry(start_private(ROOT / ".data" / "tests" / "postgresql"))
    with TemporaryDirectory() as folder, fresh_database(server, f"races_{os.getpid()}") as url, Progress() as bar:
        migrate(url)
        log_to((Path(folder) / "races.log").open("w"))
        g = ground_on(create_app(settings_at(url, Path(folder))))
        with transaction(g.engine) as session:
            make.competencies(session)
        found = {each.name: _shown(run(g, each, times=times, seed=seed, bar=bar), each.name) for each in chosen}
        g.engine.dispose()
    if file:
        file.write_text(json.dumps(found, indent=1))
    sys.exit(any(each["broken"] for each in found.values()))


def _shown(tally: Tally, name: str) -> dict[str, object]:
    winners = ", ".join(f"{who} {n}" for who, n in sorted(tally.won.items()))
    click.echo(f"{name}: {tally.n_rounds} rounds, {len(tally.broken)} broken; won: {winners}")
    for each in tally.broken[:5]:
        click.echo(f"  {each}", err=True)
    return {"rounds": tally.n_rounds, "won": dict(sorted(tally.won.items())), "broken": tally.broken}


if __name__ == "__main__":
    main()
