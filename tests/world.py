"""A whole small service in one process: database, mail in, mail out and inboxes are real; only the clock is ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from jobs import deliver, digest, inbound, match, refresh, reminders
from jobs.ground import Ground
from jobs.inbound import open_door
from jobs.mailbox import open_mailbox
from jobs.person import Person
from tests.jobs.outbox import deliver_at
from web import clock
from web.maildir import Kept

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class World:
    """The service and everybody's inbox."""

    g: Ground

    def person(self, address: str) -> Person:
        return Person(address, self.g.settings)

    def work(self) -> None:
        """Do what the worker would do until nothing is left: receive, read, match, deliver."""
        while inbound.receive_waiting(self.g):
            pass
        refresh.refresh(self.g)
        match.match_waiting(self.g)
        deliver.deliver_all(self.g)

    def night(self) -> int:
        """Write and deliver the day's digests; return how many."""
        n_written = digest.digest_day(self.g, MONDAY.date(), at=clock.now())
        deliver.deliver_all(self.g)
        return n_written

    def remind(self, *, after: timedelta) -> None:
        """Let the reminders run as if some time had passed, and deliver what they wrote."""
        reminders.remind_all(self.g, at=clock.now() + after)
        deliver_at(self.g, clock.now() + after + timedelta(seconds=1))

    def newest(self, address: str, kind: str = "") -> Kept:
        """Return the newest letter of an inbox."""
        kept = self.person(address).letters(kind)
        assert kept, f"{address} has no letter of the kind {kind!r}"
        return kept[0]


@contextmanager
def monday() -> Iterator[None]:
    """Let it be a Monday morning when a block begins; its clock goes on from there."""
    began = monotonic()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: MONDAY + timedelta(seconds=monotonic() - began))
        yield


@contextmanager
def open_world(g: Ground) -> Iterator[World]:
    """Open the mail servers of a service for the length of a block, on a Monday morning."""
    with monday():
        door, box = open_door(g), open_mailbox(g)
        try:
            yield World(g)
        finally:
            door.stop()
            box.stop()
