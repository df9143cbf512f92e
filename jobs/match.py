"""Opportunities without matches → ranked partners with reasons; a partner → why it is not among the first."""

from datetime import datetime
from time import perf_counter, sleep

import click

from jobs import saying
from jobs.ground import Ground, ground, log, now
from matcher import matching
from matcher.store import network, postings, rankers
from web import metrics
from web.db import AWAY, transaction

AT_ONCE = 100
POLL_S = 0.1
RANKED = ("draft", "open")
NUMBER = click.IntRange(1, 2**63 - 1)  # as the database counts


def match_one(g: Ground, opportunity_id: int, *, at: datetime, anew: bool = False) -> int | None:
    """Rank the partners for one opportunity without matches, `anew` for one that has some; return how many it has now.

    0 for one that has some, and None while another worker is at it.
    """
    began = perf_counter()
    with g.lock, transaction(g.engine) as session:
        is_ours = postings.take_to_match(session, opportunity_id)
        if not anew and not (is_ours and postings.is_unmatched(session, opportunity_id)):
            return 0 if is_ours else None
        posted_at = postings.waits_since(session, opportunity_id)
        n_found = matching.match(session, g.shelf, g.embedder, opportunity_id, now=at)
        is_done = not postings.is_unmatched(session, opportunity_id)
    if posted_at and is_done:
        metrics.MATCHING.observe((now() - posted_at).total_seconds())
    log.info("matched", opportunity=opportunity_id, matches=n_found, ms=round((perf_counter() - began) * 1000))
    return n_found


def match_soon(g: Ground, opportunity_id: int) -> None:
    """Rank for one opportunity, and wait while another worker is at it: that one may rank what was rewritten since."""
    while match_one(g, opportunity_id, at=now()) is None and not g.stopping.is_set():
        sleep(POLL_S)


def match_waiting(g: Ground) -> int:
    """Match what a lost job left behind, until this process is asked to end; return how many opportunities.

    One that makes us stumble holds up no other.
    """
    with transaction(g.engine) as session:
        waiting = postings.unmatched(session, limit=AT_ONCE)
    return sum(_could_match(g, each) for each in waiting)


def _could_match(g: Ground, opportunity_id: int) -> bool:
    try:
        return not g.stopping.is_set() and match_one(g, opportunity_id, at=now()) is not None
    except AWAY:
        raise  # the database, not the opportunity
    except Exception as error:  # noqa: BLE001 - its own job tells the steward
        log.exception("opportunity not matched", opportunity=opportunity_id, error=f"{type(error).__name__}: {error}")
        return False


def would_rank(g: Ground, opportunity_id: int | None) -> int:
    """Count the opportunities that have no matches yet; of one that is named: 1 while it may be ranked."""
    with transaction(g.engine) as session:
        if opportunity_id is None:
            return postings.n_unmatched(session)
        row = postings.opportunity(session, opportunity_id)
        return int(row is not None and row.state in RANKED)


def take_ranker(g: Ground) -> None:
    """Have the ranker there before somebody waits for it."""
    with g.lock, transaction(g.engine) as session:
        matching.shelve(session, g.shelf, model=g.embedder.model)


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


def replayed(g: Ground, opportunity_id: int, version: str, *, at: datetime) -> list[str]:
    """Rank again with an old version and store nothing; return a line for each place, with key and score."""
    with g.lock, transaction(g.engine) as session:
        model, row = rankers.of_version(session, version), postings.opportunity(session, opportunity_id)
        if model is None:
            raise click.UsageError(f"--version {version}: {rankers.unknown(session, version)}")
        if row is None:
            raise click.UsageError(f"--opportunity {opportunity_id}: there is none of this number.")
        ranking = matching.replay(session, g.shelf, g.embedder, row, model=model, now=at)
        keys = network.keys_of(session, [one.partner_id for one in ranking.matches])
    return [f"{one.place:3} {one.score:.3f} {keys[one.partner_id]}" for one in ranking.matches]


def refuse_unless_ranked(g: Ground, opportunity_id: int) -> None:
    """Say why an opportunity that was named is not ranked. Raises `click.UsageError`."""
    with transaction(g.engine) as session:
        row = postings.opportunity(session, opportunity_id)
        state = row.state if row else ""
    if not state:
        raise click.UsageError(f"--opportunity {opportunity_id}: there is none of this number.")
    if state not in RANKED:
        raise click.UsageError(f"--opportunity {opportunity_id}: it is {state}, so nobody is ranked for it any more.")


@click.command()
@click.option("--opportunity", type=NUMBER, help="Only this one, even if it has matches already.")
@click.option("--why-not", "partner_key", metavar="PARTNER", help="Say why this partner is not among the first five.")
@click.option("--version", help="Rank with this older version, print places and scores, and store nothing.")
@click.option("--dry-run", is_flag=True, help="Only say how many opportunities would be ranked.")
def main(opportunity: int | None, partner_key: str | None, version: str | None, dry_run: bool) -> None:
    """Find matches for every opportunity that has none yet."""
    named = {"--why-not": partner_key, "--version": version, "--dry-run": dry_run or None}
    wanted = [f"{name} {each}" for name, each in named.items() if each is not None]
    if len(wanted) > 1:
        raise click.UsageError(
            f"{' and '.join(each.split()[0] for each in wanted)} do not go together: name one of them."
        )
    if opportunity is None and not dry_run and wanted:
        raise click.UsageError(f"{wanted[0]} needs --opportunity as well: say for which one.")
    g = ground()
    if dry_run:
        click.echo(f"Opportunities that would be ranked: {would_rank(g, opportunity):,}")
    elif opportunity is None:
        click.echo(f"Opportunities matched: {match_all(g)}")
    elif version is not None:
        click.echo("\n".join(replayed(g, opportunity, version, at=now())))
    elif partner_key is not None:
        click.echo(why_not(g, opportunity, partner_key=partner_key, at=now()))
    else:
        refuse_unless_ranked(g, opportunity)
        click.echo(f"Matches found: {match_one(g, opportunity, at=now(), anew=True)}")


def match_all(g: Ground) -> int:
    """Match all that wait, and say now and then how many are left; return how many."""
    total = 0
    with saying.every_now_and_then(lambda: _left(g)):
        while n_matched := match_waiting(g):
            total += n_matched
    return total


def _left(g: Ground) -> str:
    with transaction(g.engine) as session:
        return f"Opportunities left to rank: {postings.n_unmatched(session):,}"


if __name__ == "__main__":
    main()
