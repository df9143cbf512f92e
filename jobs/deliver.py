"""Waiting letters → a mail server, claim by claim over one line, until nothing is due or the server is away."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

import click
from sqlalchemy.orm import Session

from jobs import saying
from jobs.beside import beside
from jobs.collecting import uncollected
from jobs.ground import Ground, ground, log, now
from jobs.sending import Round
from matcher.models import Letter
from matcher.store import late, letters, pacing
from web import metrics
from web.db import transaction
from web.smtp import LOST, PATIENCE_S, Line, ServerAway

# Claimed together; a sender that dies leaves no more than these to wait for its stale claim. Between two claims nothing
# is on the line, some 30 ms with two commits: a quick server is given as many as it took in a second.
AT_ONCE, MOST_AT_ONCE = 100, 500
REST = timedelta(minutes=1)  # for a server that is away; every call would only find it so again
_resting: dict[tuple[str, int], datetime] = {}


def deliver_all(g: Ground, *, tell: Callable[[int], object] = lambda _: None) -> int:
    """Send until nothing is due or this process is asked to end; return how many letters the server took.

    `tell` hears after each claim how many those are so far.
    """
    total, limit = 0, AT_ONCE
    with g.app.app_context(), _line(g) as line:
        while not g.stopping.is_set():
            began = monotonic()
            sent = _deliver(g, line, at=now(), limit=limit)
            if sent is None:
                break
            total += sent
            tell(total)
            limit = min(max(AT_ONCE, int(sent / (monotonic() - began))), MOST_AT_ONCE)
    return total


def deliver_some(g: Ground, *, at: datetime) -> int | None:
    """Claim and send up to `AT_ONCE` letters; return how many the server took, None when none was due."""
    with g.app.app_context(), _line(g) as line:
        return _deliver(g, line, at=at, limit=AT_ONCE)


def _line(g: Ground) -> Line:
    return Line(g.app.extensions["mail"], g.settings, patience_s=PATIENCE_S)


def _deliver(g: Ground, line: Line, *, at: datetime, limit: int) -> int | None:
    if at < _resting.get(_server(g), at):
        return None
    claimed = _claim(g, at, limit)
    if not claimed:
        return claimed if claimed is None else 0
    some = Round(g, line, claimed, at=at)
    try:
        return some.send()
    except ServerAway as error:
        some.give_up(str(error))
        _rest(g, str(error), at=at)
    except LOST as error:
        _line_lost(g, line, some, str(error) or type(error).__name__, at=at)
    line.drop()
    return some.n_sent


def _line_lost(g: Ground, line: Line, some: Round, said: str, *, at: datetime) -> None:
    """Go on over a new line when this one took letters; else leave the server alone for a while."""
    if line.n_taken:
        log.warning("the line to the mail server was lost", error=said)
        some.give_back(said)
        return
    if some.body:
        some.give_back(said)  # perhaps for this letter alone: the others must not wait with it
    else:
        some.give_up(said)
    _rest(g, said, at=at)


def _rest(g: Ground, said: str, *, at: datetime) -> None:
    log.error("the mail server takes nothing, letters wait", error=said)
    _resting[_server(g)] = max(at, now()) + REST


def _server(g: Ground) -> tuple[str, int]:
    return g.settings.mail_server, g.settings.mail_port


def _claim(g: Ground, at: datetime, limit: int = AT_ONCE) -> list[Letter] | None:
    """Claim what is due and may go; the letters are ready to be read without a session. None when nothing was due."""
    with uncollected(), transaction(g.engine) as session:
        claimed = letters.claim(session, now=at, limit=limit)
        if not claimed:
            return None
        causes = _too_late(g, session, claimed, at) | letters.held_back(session, claimed, now=at)
        for letter_id, cause in causes.items():
            letters.mark_dropped(session, letter_id, cause)
        metrics.LETTERS.labels("dropped").inc(len(causes))
        wanted = [each for each in claimed if each.id not in causes]
        going = pacing.allowed(session, wanted, per_minute=g.settings.mail_per_domain_per_minute, now=at)
        session.flush()
        session.expunge_all()
        return going


def _too_late(g: Ground, session: Session, claimed: list[Letter], at: datetime) -> dict[int, str]:
    """Say which of the letters are not sent any more; what they would have told may be told another day."""
    found = late.too_late(claimed, now=at)
    if found:
        with transaction(g.engine) as before:  # for whom our claim has not happened yet
            unsent = late.surely_unsent(before, [each.id for each in found])
        late.untell(session, [each for each in found if each.id in unsent])
        log.warning("digests were too late", letters=len(found))
    return {each.id: late.CAUSE for each in found}


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say how many letters wait.")
@click.option(
    "--connections", type=click.IntRange(1, 64), default=1, show_default=True, help="Each a process of its own."
)
def main(dry_run: bool, connections: int) -> None:
    """Send every letter that is due."""
    g = ground()
    if not dry_run:
        so_far = [0]
        line = partial(_said, g, so_far)
        with saying.every_now_and_then(line), beside(connections - 1, "jobs.deliver"):
            n_sent = deliver_all(g, tell=so_far.append)
        click.echo(f"Letters sent{' by this process' * (connections > 1)}: {n_sent}")
    with transaction(g.engine) as session:
        click.echo(f"Letters waiting: {letters.n_waiting(session)}")


def _said(g: Ground, so_far: list[int]) -> str:
    with transaction(g.engine) as session:
        return f"Letters waiting: {letters.n_waiting(session):,}; sent by this process: {so_far[-1]:,}"


if __name__ == "__main__":
    main()
