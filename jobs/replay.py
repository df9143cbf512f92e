"""Stored messages, after a mistake in reading them was mended → read again; those that were not acted on are now."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from jobs.ground import Ground, ground, log, now
from matcher.exchange.replaying import Replayed, replay
from matcher.store import messages
from matcher.store.wake import wishes_of
from matcher.terms import Refused
from web.db import AWAY, transaction
from web.log import wordless

NOT_ACTED_ON = ("new", "refused")
ALARMING = ("read differently", "not replayed")  # the exit code is 1 then
ROW = "{:>8}  {:<8} {:<8} {:<44} {}"
HEAD = ROW.format("message", "was", "is", "read before", "read now")

Opens = Callable[[Engine], AbstractContextManager[Session]]


class NotReplayed(Exception):
    """Say in a sentence why one message was not replayed."""


@contextmanager
def rehearsal(engine: Engine) -> Iterator[Session]:
    """Open a transaction that is undone at its end, with its wishes for jobs."""
    with Session(engine) as session:
        yield session
        wishes_of(session)
        session.rollback()


def chosen(g: Ground, states: tuple[str, ...], *, since: datetime | None) -> list[int]:
    """List the messages in these states (all when none is named) from a moment on."""
    with transaction(g.engine) as session:
        return messages.to_replay(session, states, since=since)


def replay_each(
    g: Ground, message_ids: Iterable[int], *, opens: Opens, at: datetime
) -> Iterator[Replayed | NotReplayed]:
    """Replay messages one by one, each in a transaction of its own; one that fails holds up no other."""
    for message_id in message_ids:
        try:
            yield _replay_one(g, message_id, opens, at)
        except NotReplayed as sentence:
            yield sentence


def _replay_one(g: Ground, message_id: int, opens: Opens, at: datetime) -> Replayed:
    try:
        with opens(g.engine) as session:
            done = replay(session, message_id, post=g.post, now=at)
    except Refused as refusal:
        raise NotReplayed(str(refusal)) from refusal
    except AWAY:
        raise  # the database, not the message
    except Exception as error:  # noqa: BLE001 - the others are replayed, and the log has the rest
        log.exception("message not replayed", message=message_id, error=f"{type(error).__name__}: {error}")
        raise NotReplayed(f"Message {message_id} makes us stumble still: {type(error).__name__}: {error}") from error
    log.info("replayed", message=message_id, before=wordless(done.before), after=wordless(done.after))
    return done


def row_of(done: Replayed) -> str:
    """Write one row of the table, on one line."""
    before, after = (" ".join(each.split()) for each in (done.before, done.after))
    return ROW.format(done.message_id, done.state_before, done.state, before[:44], after[:120])


def counted(done: Iterable[Replayed | NotReplayed]) -> str:
    """Sum up what the replay came to."""
    n = Counter(_outcome(each) for each in done)
    return ", ".join(f"{n[name]} {name}" for name in ("acted on", "read differently", "as before", "not replayed"))


def is_alarming(done: Iterable[Replayed | NotReplayed]) -> bool:
    """Tell whether any message was not replayed, or is read differently from what its sender was answered."""
    return any(_outcome(each) in ALARMING for each in done)


def _outcome(done: Replayed | NotReplayed) -> str:
    if isinstance(done, NotReplayed):
        return "not replayed"
    if done.state_before != done.state:
        return "acted on"
    return "read differently" if done.is_changed else "as before"


@click.command()
@click.argument("ids", nargs=-1, type=click.IntRange(min=1), metavar="[ID]…")
@click.option("--refused", is_flag=True, help="Every message that was refused, that made us stumble, or still waits.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only messages of this day (UTC) and later.")
@click.option("--dry-run", is_flag=True, help="Only show what would come of it; nothing is stored or sent.")
def main(ids: tuple[int, ...], refused: bool, since: datetime | None, dry_run: bool) -> None:
    """Read stored messages again after a mistake was mended.

    Those that were refused or ignored, or that made us stumble, are acted on anew. What was acted on is only read
    again, to show the difference, and what is held stays held. The exit code is 1 when a message is read differently
    from before, or cannot be replayed.
    """
    if bool(ids) == (refused or since is not None):
        raise click.UsageError("Name messages by their ids, or choose them with --refused, --since 2026-11-20 or both.")
    g = ground()
    start = since.replace(tzinfo=UTC) if since else None
    message_ids = ids or chosen(g, NOT_ACTED_ON if refused else (), since=start)
    done = []
    click.echo(HEAD)
    for each in replay_each(g, message_ids, opens=rehearsal if dry_run else transaction, at=now()):
        click.echo(row_of(each) if isinstance(each, Replayed) else f"          {each}")
        done.append(each)
    click.echo(f"Messages: {counted(done)}{' (dry run: nothing was stored)' if dry_run else ''}")
    if is_alarming(done):
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
