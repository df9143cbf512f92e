"""Waiting letters → a mail server, claim by claim over one line, until nothing is due or the server is away."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from types import FrameType

import click

from jobs import saying
from jobs.beside import beside
from jobs.claiming import Claims
from jobs.ground import Ground, ground, log, now
from jobs.marking import Marks
from jobs.sending import Round
from matcher.store import letters
from web.db import transaction
from web.greeting import ServerAway
from web.smtp import LOST, PATIENCE_S, Line

# Claimed together; a sender that dies leaves no more than these, and as many claimed ahead, to wait for a stale claim.
# A claim costs the same statements however many it is: a quick server is given as many as it took in a second.
AT_ONCE, MOST_AT_ONCE = 100, 500
REST = timedelta(minutes=1)  # for a server that is away; every call would only find it so again
_resting: dict[tuple[str, int], datetime] = {}


def deliver_all(g: Ground, *, tell: Callable[[int], object] = lambda _: None) -> int:
    """Send until nothing is due or this process is asked to end; return how many letters were sent.

    `tell` hears after each claim how many the server took so far.
    """
    n_taken, limit = 0, AT_ONCE
    with g.app.app_context(), _line(g) as line, Marks(g) as marks, Claims(g) as claims:
        while not g.stopping.is_set() and not _rests(g, now()):
            claim = claims.take(limit)
            if claim is None:
                break
            some, began = Round(g, line, claim, marks), monotonic()
            if claim.is_full:
                some.when_nearly_written = partial(claims.prepare, limit)
            _send(g, some)
            n_taken += some.n_taken
            tell(n_taken)
            limit = min(max(AT_ONCE, int(some.n_taken / (monotonic() - began))), MOST_AT_ONCE)
    return marks.n_sent


def _line(g: Ground) -> Line:
    return Line(g.app.extensions["mail"], g.settings, patience_s=PATIENCE_S)


def _send(g: Ground, some: Round) -> None:
    if not some.left:
        return
    try:
        some.send()
        return
    except ServerAway as error:
        some.give_up(str(error))
        _rest(g, str(error), at=some.at)
    except LOST as error:
        _line_lost(g, some, str(error) or type(error).__name__)
    some.line.drop()


def _line_lost(g: Ground, some: Round, said: str) -> None:
    """Go on over a new line when this one took letters; else leave the server alone for a while."""
    if some.line.n_taken:
        log.warning("the line to the mail server was lost", error=said)
        some.give_back(said)
        return
    if some.body:
        some.give_back(said)  # perhaps for this letter alone: the others must not wait with it
    else:
        some.give_up(said)
    _rest(g, said, at=some.at)


def _rest(g: Ground, said: str, *, at: datetime) -> None:
    log.error("the mail server takes nothing, letters wait", error=said)
    _resting[_server(g)] = max(at, now()) + REST


def _rests(g: Ground, at: datetime) -> bool:
    until = _resting.get(_server(g), at)
    return at < until <= at + REST  # a clock that was put back makes no rest longer


def _server(g: Ground) -> tuple[str, int]:
    return g.settings.mail_server, g.settings.mail_port


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
        with (
            _asked_to_end(g),
            saying.every_now_and_then(line),
            beside(connections - 1, "jobs.deliver", ended=g.stopping),
        ):
            n_sent = deliver_all(g, tell=so_far.append)
        click.echo(f"Letters sent{' by this process' * (connections > 1)}: {n_sent}")
    with transaction(g.engine) as session:
        click.echo(f"Letters waiting: {letters.n_waiting(session)}")
    if g.stopping.is_set():
        raise click.Abort


@contextmanager
def _asked_to_end(g: Ground) -> Iterator[None]:
    """End after the letter that is on the line when asked to (Ctrl-C, SIGTERM); asked once more, at once.

    A letter that is left in the middle goes twice, and the claims of the others would hold them for five minutes.
    """

    def stop(number: int, _: FrameType | None) -> None:
        if g.stopping.is_set():
            signal.default_int_handler(number, None)
        g.stopping.set()

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _said(g: Ground, so_far: list[int]) -> str:
    with transaction(g.engine) as session:
        return f"Letters waiting: {letters.n_waiting(session):,}; sent by this process: {so_far[-1]:,}"


if __name__ == "__main__":
    main()
