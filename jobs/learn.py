"""What came of introductions → a new version of the ranker's weights, or the sentence that says why not."""

from datetime import datetime

import click

from jobs.ground import Ground, ground, log, now
from matcher import learning
from web.db import transaction


def learn_once(g: Ground, *, at: datetime, dry_run: bool = False) -> learning.Verdict:
    """Learn, compare and keep; nothing is written in a dry run."""
    with transaction(g.engine) as session:
        verdict = learning.learn(session, now=at, dry_run=dry_run)
    log.info("learned", state=verdict.state, why=verdict.sentence)
    return verdict


def go_back(g: Ground, version: str, *, at: datetime) -> str:
    """Let an older version rank again; return the sentence that says so."""
    try:
        with transaction(g.engine) as session:
            return learning.go_back(session, version, now=at)
    except LookupError as unknown:
        raise click.UsageError(f"--back-to {version}: {unknown.args[0]}") from unknown


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would become of it, and keep nothing.")
@click.option("--back-to", metavar="VERSION", help="Let this older version rank again instead of learning.")
def main(dry_run: bool, back_to: str | None) -> None:
    """Learn the ranker's weights anew from what came of introductions; a worse model is refused."""
    if dry_run and back_to is not None:
        raise click.UsageError("--dry-run and --back-to do not go together: name one of them.")
    g = ground()
    if back_to is not None:
        click.echo(go_back(g, back_to, at=now()))
        return
    verdict = learn_once(g, at=now(), dry_run=dry_run)
    click.echo(verdict.sentence)
    if verdict.model and dry_run:
        for name, weight in verdict.model.as_values()["weights"].items():
            click.echo(f"  {name:<10} {weight:6.2f}")


if __name__ == "__main__":
    main()
