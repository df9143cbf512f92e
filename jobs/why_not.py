"""A partner's question "what would bring me forward?" → its answer, found by ranking in earnest, stored once."""

from datetime import datetime, timedelta
from functools import partial

import click

from jobs import refresh
from jobs.ground import Ground, ground, log, now
from jobs.steps import do_all
from matcher import matching
from matcher.models import Partner
from matcher.store import why_not
from matcher.store.ranker_version import version_now
from web.db import transaction

LEFT_BEHIND = timedelta(minutes=1)  # by a lost job
AT_ONCE = 20


def answer_one(g: Ground, opportunity_id: int, partner_id: int, *, at: datetime) -> bool:
    """Answer one question; False when it was answered, or given up, before."""
    asked = _begin(g, opportunity_id, partner_id)
    if asked is None:
        return False
    refresh.refresh(g)  # who asks again has mostly just changed something
    with g.lock, transaction(g.engine) as session:
        found = matching.why_not(session, g.shelf, g.embedder, opportunity_id, partner_key=asked, now=at)
        row = why_not.of(session, opportunity_id, partner_id, version=version_now(session))
        if found is None or row is None:
            return False
        done = why_not.answer(session, row, found.sentence_for_partner, place=found.place, at=now())
    log.info("told where it stands", opportunity=opportunity_id, partner=partner_id, tried=found.n_tried)
    return done


def answer_waiting(g: Ground) -> int:
    """Answer what a lost job left behind; return how many questions.

    One that makes us stumble holds up no other: all are tried, then the first error is raised.
    """
    with transaction(g.engine) as session:
        version = version_now(session)
        why_not.adopt(session, version=version)
        left = why_not.waiting(session, version=version, since_before=now() - LEFT_BEHIND, limit=AT_ONCE)
    told = list[bool]()
    do_all({f"why_not {each[0]} {each[1]}": partial(_answer, g, each, told) for each in left})
    return sum(told)


def _answer(g: Ground, asked: tuple[int, int], told: list[bool]) -> None:
    told.append(answer_one(g, *asked, at=now()))


def _begin(g: Ground, opportunity_id: int, partner_id: int) -> str | None:
    """Count the try in a transaction of its own, so that a question that kills the worker is not tried for ever."""
    with transaction(g.engine) as session:
        row = why_not.of(session, opportunity_id, partner_id, version=version_now(session))
        if row is None or not why_not.begin(session, row):
            return None
        return session.get_one(Partner, partner_id).key


@click.command()
def main() -> None:
    """Answer every partner that asked what would bring it forward."""
    click.echo(f"Questions answered: {answer_waiting(ground())}")


if __name__ == "__main__":
    main()
