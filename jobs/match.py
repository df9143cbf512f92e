"""Opportunities without matches → ranked partners with reasons; a partner → why it is not among the first."""

from datetime import datetime
from time import perf_counter

import click

from jobs.ground import Ground, ground, log, now
from matcher import matching
from matcher.store import postings
from web.db import transaction

AT_ONCE = 100


def match_one(g: Ground, opportunity_id: int, *, at: datetime) -> int:
    """Rank the partners for one opportunity; return how many matches it has now."""
    began = perf_counter()
    with g.lock, transaction(g.engine) as session:
        n_found = matching.match(session, g.shelf, g.embedder, opportunity_id, now=at)
    log.info("matched", opportunity=opportunity_id, matches=n_found, ms=round((perf_counter() - began) * 1000))
    return n_found


def match_waiting(g: Ground) -> int:
    """Match what a lost job left behind; return how many opportunities."""
    with transaction(g.engine) as session:
        waiting = postings.unmatched(session, limit=AT_ONCE)
    for opportunity_id in waiting:
        match_one(g, opportunity_id, at=now())
    return len(waiting)


def why_not(g: Ground, opportunity_id: int, *, partner_key: str, at: datetime) -> str:
    """Say to a partner why it is not among the first five for an opportunity, and what would bring it there."""
    with g.lock, transaction(g.engine) as session:
        found = matching.why_not(session, g.shelf, g.embedder, opportunity_id, partner_key=partner_key, now=at)
    if found is None:
        raise click.UsageError(
            f"--why-not {partner_key}: there is no such partner, or no opportunity {opportunity_id}. "
            "Give the key of a partner and the number of an opportunity."
        )
    return found.sentence


@click.command()
@click.option("--opportunity", type=int, help="Only this one, even if it has matches already.")
@click.option("--why-not", "partner_key", metavar="PARTNER", help="Say why this partner is not among the first five.")
def main(opportunity: int | None, partner_key: str | None) -> None:
    """Find matches for every opportunity that has none yet."""
    if partner_key and opportunity is None:
        raise click.UsageError(f"--why-not {partner_key} needs --opportunity as well: say for which one.")
    g = ground()
    if opportunity is not None and partner_key:
        click.echo(why_not(g, opportunity, partner_key=partner_key, at=now()))
        return
    if opportunity is not None:
        click.echo(f"Matches found: {match_one(g, opportunity, at=now())}")
        return
    total = 0
    while n_matched := match_waiting(g):
        total += n_matched
    click.echo(f"Opportunities matched: {total}")


if __name__ == "__main__":
    main()
