"""What time brings: outcomes asked for, "later" remembered, dead addresses tried again, what is over closed."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import click
from sqlalchemy.orm import Session

from jobs.ground import Ground, ground, log, now
from jobs.replay import Opens, rehearsal
from jobs.steps import do_all
from matcher import exchange
from matcher.models import Opportunity
from matcher.store import ahead, apart, introductions, postings
from web.db import transaction


def remind_all(g: Ground, *, at: datetime) -> dict[str, int]:
    """Do everything that is due at a moment; return what was done, by name.

    What fails, a step or a row of it, holds up no other; its error is raised when all else is done.
    """
    done = _done(g, at, transaction)
    log.info("reminded", **done)
    return done


def preview(g: Ground, *, at: datetime) -> dict[str, int]:
    """Say what is due at a moment, by name; nothing is written."""
    return _done(g, at, rehearsal)


def _done(g: Ground, at: datetime, opens: Opens) -> dict[str, int]:
    steps: dict[str, Callable[..., int]] = {
        "outcomes asked for": exchange.ask_for_outcomes,
        "reports asked about once more": exchange.ask_once_more,
        "offers repeated": exchange.remind,
        "posters told": _tell_posters,
        "days over that were due": exchange.forget_past_days,
        "ends announced": exchange.give_notice,
        "opportunities closed": exchange.lapse,
        "addresses tried again": exchange.probe,
        "letters of a clock that was ahead": partial(ahead.bring_back, paced=g.settings.mail_per_domain_per_minute > 0),
    }
    done: dict[str, int] = {}

    def do(name: str) -> None:
        with opens(g.engine) as session:
            done[name] = steps[name](session, now=at)
            errors = apart.stumbled(session)
        if errors:
            raise errors[0]

    do_all({name: partial(do, name) for name in steps})
    return done


def _tell_posters(session: Session, *, now: datetime) -> int:
    untold = introductions.untold(session)
    postings.lock(session, *untold)

    def tell(opportunity_id: int) -> bool:
        return exchange.tell_poster(session, session.get_one(Opportunity, opportunity_id), now=now)

    return apart.sum_of_each(session, untold, tell, what="opportunity")


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say how much is due; nothing is stored or sent.")
def main(dry_run: bool) -> None:
    """Ask for outcomes, repeat what was put off, close what is over."""
    found = preview(ground(), at=now()) if dry_run else remind_all(ground(), at=now())
    for name, n_done in found.items():
        click.echo(f"{name.capitalize()}: {n_done}{' due (dry run: nothing was stored)' if dry_run else ''}")


if __name__ == "__main__":
    main()
