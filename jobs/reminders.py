"""What time brings: outcomes asked for, "later" remembered, dead addresses tried again, what is over closed."""

from datetime import datetime

import click

from jobs.ground import Ground, ground, log, now
from matcher import exchange
from matcher.models import Opportunity
from matcher.store import introductions, postings
from web.db import transaction


def remind_all(g: Ground, *, at: datetime) -> dict[str, int]:
    """Do everything that is due at a moment; return what was done, by name."""
    done = {}
    with transaction(g.engine) as session:
        done["outcomes asked for"] = exchange.ask_for_outcomes(session, now=at)
    with transaction(g.engine) as session:
        done["offers repeated"] = exchange.remind(session, now=at)
    with transaction(g.engine) as session:
        untold = introductions.untold(session)
        postings.lock(session, *untold)
        waiting = [session.get_one(Opportunity, each) for each in untold]
        done["posters told"] = sum(exchange.tell_poster(session, each, now=at) for each in waiting)
    with transaction(g.engine) as session:
        done["opportunities closed"] = exchange.lapse(session, now=at)
    with transaction(g.engine) as session:
        done["addresses tried again"] = exchange.probe(session, now=at)
    log.info("reminded", **done)
    return done


@click.command()
def main() -> None:
    """Ask for outcomes, repeat what was put off, close what is over."""
    for name, n_done in remind_all(ground(), at=now()).items():
        click.echo(f"{name.capitalize()}: {n_done}")


if __name__ == "__main__":
    main()
