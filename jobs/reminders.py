"""What time brings: outcomes asked for, "later" remembered, dead addresses tried again, what is over closed."""

from datetime import datetime

import click

from jobs.ground import Ground, ground, log, now
from jobs.replay import Opens, rehearsal
from matcher import exchange
from matcher.models import Opportunity
from matcher.store import introductions, postings
from web.db import transaction


def remind_all(g: Ground, *, at: datetime) -> dict[str, int]:
    """Do everything that is due at a moment; return what was done, by name."""
    done = _done(g, at, transaction)
    log.info("reminded", **done)
    return done


def preview(g: Ground, *, at: datetime) -> dict[str, int]:
    """Say what is due at a moment, by name; nothing is written."""
    return _done(g, at, rehearsal)


def _done(g: Ground, at: datetime, opens: Opens) -> dict[str, int]:
    done = {}
    with opens(g.engine) as session:
        done["outcomes asked for"] = exchange.ask_for_outcomes(session, now=at)
    with opens(g.engine) as session:
        done["offers repeated"] = exchange.remind(session, now=at)
    with opens(g.engine) as session:
        untold = introductions.untold(session)
        postings.lock(session, *untold)
        waiting = [session.get_one(Opportunity, each) for each in untold]
        done["posters told"] = sum(exchange.tell_poster(session, each, now=at) for each in waiting)
    with opens(g.engine) as session:
        done["opportunities closed"] = exchange.lapse(session, now=at)
    with opens(g.engine) as session:
        done["addresses tried again"] = exchange.probe(session, now=at)
    return done


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say how much is due; nothing is stored or sent.")
def main(dry_run: bool) -> None:
    """Ask for outcomes, repeat what was put off, close what is over."""
    found = preview(ground(), at=now()) if dry_run else remind_all(ground(), at=now())
    for name, n_done in found.items():
        click.echo(f"{name.capitalize()}: {n_done}{' due (dry run: nothing was stored)' if dry_run else ''}")


if __name__ == "__main__":
    main()
