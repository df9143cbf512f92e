"""The day's offers → one digest per contact: allotted among all, written a few at a time; a killed run goes on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from itertools import islice

import click
from sqlalchemy.orm import Session

from jobs import days
from jobs.ground import Ground, ground, log, now
from jobs.night import one_by_one
from jobs.sparing import MOST
from matcher import matching, night
from matcher.models import Contact
from matcher.night import allotting
from matcher.night.writing import write_digests
from matcher.store import matched, matches
from matcher.terms import Digest, Offer
from web.db import AWAY, transaction

READERS_AT_ONCE = 50


class NotAll(Exception):
    """Some could not be written to; all others were."""

    def __init__(self, n_written: int, contact_ids: list[int]):
        who = ", ".join(map(str, contact_ids))
        super().__init__(
            f"Digests written: {n_written}. Not written: those of contact {who}; the log says why. Mend it and run "
            "this again: whoever has a digest gets no second one."
        )


def digest_day(g: Ground, day: date, *, at: datetime) -> int:
    """Write a day's digests of everybody who has none yet, whatever their hour; return how many.

    Raises `NotAll` when all others are written to.
    """
    with transaction(g.engine) as session:
        told = allotting.allot(session, allotting.readers_of(session, day), day=day)
    return _write(g, told, day=day, at=at, late_at=night.late_by_hand(told, at))


def preview(g: Ground, day: date) -> list[tuple[str, int]]:
    """Say who would be told how many offers on a day; nothing is written."""
    with transaction(g.engine) as session:
        told = allotting.allot(session, allotting.readers_of(session, day), day=day)
        return [(session.get_one(Contact, each.contact_id).email, len(each.offers)) for each in told]


def _write(g: Ground, told: Iterable[Digest], *, day: date, at: datetime, late_at: Mapping[int, datetime]) -> int:
    n_written, failed = 0, list[int]()
    write = partial(_write_some, g, day=day, at=at, late_at=late_at)
    for some in _batches(told):
        try:
            n_written += write(some)
        except AWAY:
            raise
        except Exception:  # noqa: BLE001 - of one of them perhaps, for whom the others must not go without
            n_written += sum(_could_write(write, each, failed) for each in some)
    log.info("digests written", day=str(day), letters=n_written)
    if failed:
        raise NotAll(n_written, failed)
    return n_written


def _could_write(write: Callable[[tuple[Digest, ...]], int], each: Digest, failed: list[int]) -> int:
    try:
        return write((each,))
    except AWAY:
        raise
    except Exception as error:
        log.exception("digest not written", contact=each.contact_id, error=f"{type(error).__name__}: {error}")
        failed.append(each.contact_id)
        if len(failed) > MOST:
            raise  # no matter of single readers
        return 0


def _write_some(
    g: Ground, told: tuple[Digest, ...], *, day: date, at: datetime, late_at: Mapping[int, datetime] | None = None
) -> int:
    with transaction(g.engine) as session:
        explained = _explained(g, session, told, at)
        return write_digests(session, allotting.with_room(session, explained), day=day, now=at, late_at=late_at)


def _explained(g: Ground, session: Session, told: tuple[Digest, ...], at: datetime) -> tuple[Digest, ...]:
    """Find the reasons for those offers that were made to partners in reserve."""
    wanted: dict[int, list[int]] = {}
    for one in (one for each in told for one in each.offers if one.match_id is None):
        wanted.setdefault(one.opportunity_id, []).append(one.partner_id)
    if not wanted:
        return told
    found = list(one_by_one(g, matching.explain(session, g.shelf, g.embedder, wanted, now=at)))
    matched.add(session, found, version=g.shelf.model.version, at=at)
    ids = matches.ids_of(session, wanted)
    return tuple(replace(each, offers=tuple(_with_match(one, ids) for one in each.offers)) for each in told)


def _with_match(one: Offer, ids: dict[tuple[int, int], int]) -> Offer:
    return one if one.match_id else replace(one, match_id=ids.get((one.opportunity_id, one.partner_id)))


def _batches(told: Iterable[Digest]) -> Iterable[tuple[Digest, ...]]:
    left = iter(told)
    return iter(lambda: tuple(islice(left, READERS_AT_ONCE)), ())


@click.command()
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day to write for (default: today, UTC).")
@days.ahead_option
@click.option("--dry-run", is_flag=True, help="Only list who would be written to.")
def main(day: datetime | None, ahead: bool, dry_run: bool) -> None:
    """Write the digests of one day, once per contact; a second run writes nothing."""
    g = ground()
    on = day.date() if day else now().date()
    if dry_run:
        for email, n_offers in preview(g, on):
            click.echo(f"{n_offers}  {email}")
        return
    days.check(on, today=now().date(), ahead=ahead)
    try:
        click.echo(f"Digests written for {on}: {digest_day(g, on, at=now())}")
    except NotAll as some:
        raise click.ClickException(str(some)) from None


if __name__ == "__main__":
    main()
