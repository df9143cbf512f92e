"""A part of the night that one row's data spoils → that row set aside, and everybody else served the same night."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.night import rows
from matcher.store import nights, spoilt
from matcher.store.nights import GivenUp, Shard
from matcher.store.spoilt import Spoilt
from web.db import AWAY

MOST = 10  # rows of one part that are looked for: where more fail it is no matter of single rows
NOT_THE_ROW = (*AWAY, GivenUp)

Numbers = tuple[int, int, int]
Work = Callable[[Session, Shard], Numbers]


@dataclass(frozen=True, slots=True)
class Aside:
    """One row that was set aside: its number as a part of the night, in words why, and the error."""

    number: int
    why: str
    error: Exception


@dataclass(slots=True)
class Spared:
    """What came of a part without the rows that spoiled it."""

    numbers: Numbers
    aside: list[Aside]


class _NobodyLeft(Exception):
    """All rows of a part were set aside, for nothing."""

    def __init__(self, failed: Exception):
        super().__init__(failed)
        self.failed = failed


@dataclass(slots=True)
class Sparing:
    """The search of one part for what spoils it, in the transaction that holds it; each try is undone."""

    session: Session
    shard: Shard
    work: Work
    at: datetime
    aside: list[Aside] = field(default_factory=list)

    def done(self, failed: Exception) -> Spared:
        """Do the part without what spoils it. Raises an error where that is nothing, or too much.

        Where nobody is left it may be the part, or the program: only at its last try are all of its rows set aside.
        """
        ids = self._ids()
        try:
            with self.session.begin_nested():
                return self._without(failed)
        except _NobodyLeft as nobody:
            failed = nobody.failed
        if not 0 < len(ids) <= MOST or self.shard.n_tries < nights.MAX_TRIES:
            raise failed
        self.aside = [self._note(self._itself(each), self._failure_of(each) or failed) for each in ids]
        return Spared((0, 0, 0), self.aside)

    def _without(self, failed: Exception) -> Spared:
        while len(self.aside) <= MOST:
            if not self._ids():
                raise _NobodyLeft(failed)
            try:
                with self.session.begin_nested():
                    return Spared(self.work(self.session, self.shard), self.aside)
            except NOT_THE_ROW:
                raise
            except Exception as error:  # noqa: BLE001 - of one row, if one is found that fails alone
                failed = error
            self._set_aside(failed)
        raise failed

    def _set_aside(self, failed: Exception) -> None:
        row_id = self._first_that_fails()
        error = self._failure_of(row_id)
        if error is None:
            raise failed
        self.aside.append(self._note(self._guilty(row_id), error))

    def _note(self, guilty: Spoilt, error: Exception) -> Aside:
        spoilt.leave_out(self.session, self.shard, guilty)
        said = f"{type(error).__name__}: {error}"
        number = spoilt.note(self.session, self.shard, guilty, error=said, at=self.at)
        return Aside(number, f"{guilty}: {said}", error)

    def _ids(self) -> list[int]:
        return rows.ids_in(self.session, self.shard)

    def _first_that_fails(self) -> int:
        """Halve what fails until one is left."""
        ids = self._ids()
        while len(ids) > 1:
            half = ids[: len(ids) // 2]
            ids = half if self._failure_of(half[0], half[-1]) else ids[len(half) :]
        return ids[0]

    def _itself(self, row_id: int) -> Spoilt:
        return rows.named(self.shard, row_id)

    def _guilty(self, row_id: int) -> Spoilt:
        if self.shard.stage != "write":
            return self._itself(row_id)
        offered = spoilt.offers_to(self.session, self.shard, row_id)
        bad = [each for each in offered if self._fails_with(row_id, each)]
        for each in bad:
            other = spoilt.told_too(self.session, self.shard, each, row_id)
            if other is not None and self._fails_with(other, each):
                return Spoilt(opportunity_id=each)
        if 0 < len(bad) < len(offered):
            return Spoilt(contact_id=row_id, opportunity_id=bad[0])
        return self._itself(row_id)

    def _fails_with(self, contact_id: int, opportunity_id: int) -> bool:
        """Tell whether a contact cannot be written to when it is told of one opportunity alone."""

        def tell(session: Session, shard: Shard) -> Numbers:
            spoilt.tell_only(session, shard, contact_id, opportunity_id)
            return self.work(session, shard)

        return self._failure_of(contact_id, work=tell) is not None

    def _failure_of(self, first_id: int, last_id: int | None = None, *, work: Work | None = None) -> Exception | None:
        """Try some rows and undo it; return what went wrong."""
        part = replace(self.shard, first_id=first_id, last_id=first_id if last_id is None else last_id)
        try:
            with self.session.begin_nested() as tried:
                (work or self.work)(self.session, part)
                tried.rollback()
        except NOT_THE_ROW:
            raise
        except Exception as error:  # noqa: BLE001 - this is what is asked
            return error
        return None
