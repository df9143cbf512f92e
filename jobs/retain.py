"""What is past its keeping time → emptied or deleted, a batch at a time; said with numbers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import click

from jobs.ground import Ground, ground, log, now
from jobs.steps import do_all
from matcher import matching
from matcher.store import retention
from matcher.store.retention import KeepFor, Rule
from web.db import transaction
from web.settings import Settings

JOBS = "jobs of the queue that ended long ago"


def retain(g: Ground, *, at: datetime) -> dict[str, int]:
    """Let go of everything that is past its time; return how many rows, by what they are.

    What cannot go holds up nothing else, or all the rest would be kept for longer than was promised.
    """
    done: dict[str, int] = {}

    def let_go(rule: Rule) -> None:
        done[rule.name] = sum(retention.batches(rule, partial(transaction, g.engine)))

    def forget() -> None:
        done[JOBS] = sum(_forget_jobs(g, before=at - keeping(g.settings).records))

    do_all({rule.name: partial(let_go, rule) for rule in _rules(g, at)} | {JOBS: forget})
    log.info("retained", **done)
    return done


def preview(g: Ground, *, at: datetime) -> dict[str, int]:
    """Count what is past its time; nothing is changed."""
    with transaction(g.engine) as session:
        counted = {rule.name: retention.n_over(session, rule) for rule in _rules(g, at)}
        counted[JOBS] = retention.n_jobs_over(session, before=at - keeping(g.settings).records)
    return counted


def keeping(settings: Settings) -> KeepFor:
    """Say how long what is kept, as the settings have it."""
    return KeepFor(
        mail=timedelta(days=settings.keep_mail_days),
        letters=timedelta(days=settings.keep_letters_days),
        drafts=timedelta(days=settings.keep_drafts_days),
        matches=timedelta(days=settings.keep_matches_days),
        records=timedelta(days=settings.keep_records_days),
    )


def _rules(g: Ground, at: datetime) -> list[Rule]:
    with transaction(g.engine) as session:
        standing = matching.hashes_of_names(session)
    return retention.rules(keeping(g.settings), now=at, standing_words=standing, model=g.embedder.model)


def _forget_jobs(g: Ground, *, before: datetime) -> Iterator[int]:
    while True:
        with transaction(g.engine) as session:
            n_gone = retention.forget_jobs(session, before=before)
        if not n_gone:
            return
        yield n_gone


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say how many rows are past their time.")
def main(dry_run: bool) -> None:
    """Empty and delete what is past its keeping time (KEEP_…_DAYS)."""
    found = preview(ground(), at=now()) if dry_run else retain(ground(), at=now())
    for name, n_rows in found.items():
        click.echo(f"{name.capitalize()}: {n_rows}{' would go' if dry_run else ''}")


if __name__ == "__main__":
    main()
