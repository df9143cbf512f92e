"""Past work and badges become columns: for each partner and competency, how much was won, lost and bought by a day."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from matcher.ranking.arrays import IntArray
from matcher.ranking.coverage import (
    BADGE_EXPIRED,
    BADGE_HALF_LIFE_DAYS,
    BADGE_HELD,
    BADGE_VALID,
    BOUGHT_DISCOUNT,
    LOST_DISCOUNT,
    WORK_WON,
)
from matcher.ranking.firms import Firms
from matcher.ranking.graph import HALF_LIFE_DAYS
from matcher.ranking.grouped import Doubles, Flags, Grouped, Numbers, most_of
from matcher.ranking.records import Records
from matcher.terms import Badge, Collaboration

NO_END = 0


class Deeds:
    """Work under the partner and the competency it was in; a partner and a competency are a pair, in that order."""

    def __init__(self, owners: IntArray, keys: IntArray, n_keys: int, *, ended_on: IntArray) -> None:
        self._n_keys = n_keys
        pairs = owners * n_keys + keys
        self.order: IntArray = np.argsort(pairs, kind="stable")
        self._pairs, self._begins = np.unique(pairs[self.order], return_index=True)
        self._ended_on = ended_on[self.order]

    def faded(self, today: date) -> Doubles:
        """Return what is left of each piece of work on a day, in this order."""
        age = np.maximum(today.toordinal() - self._ended_on, 0)
        return np.asarray(0.5 ** (age / HALF_LIFE_DAYS), dtype=np.float64)

    def summed(self, values: Doubles) -> Doubles:
        """Add values of works up for each pair."""
        return np.add.reduceat(values, self._begins) if len(values) else np.zeros(0)

    def total(self, summed: Doubles, owners: IntArray, keys: IntArray) -> Doubles:
        """Return for each owner the sum over the competencies given."""
        found = self.each(summed, np.repeat(owners, len(keys)), np.tile(keys, len(owners)))
        return np.asarray(found.reshape(len(owners), len(keys)).sum(axis=1))

    def each(self, summed: Doubles, owners: IntArray, keys: IntArray) -> Doubles:
        """Return the sum of each pair, 0 for one without work; -1 stands for an owner or a competency unknown here."""
        if not len(self._pairs):
            return np.zeros(len(owners))
        wanted = np.where((owners < 0) | (keys < 0), -1, owners * self._n_keys + keys)
        at = np.minimum(np.searchsorted(self._pairs, wanted), len(self._pairs) - 1)
        return np.where(self._pairs[at] == wanted, summed[at], 0.0)

    def owners_in(self, key: int, summed: Doubles) -> tuple[IntArray, Doubles]:
        """Return who has work in a competency, and the sum of each."""
        mine = np.flatnonzero(self._pairs % self._n_keys == key)
        return self._pairs[mine] // self._n_keys, summed[mine]


class Past:
    """What partners did and what they had others do, by competency, as it weighs on one day."""

    def __init__(self, works: Sequence[Collaboration], firms: Firms, keys: Numbers) -> None:
        ended_on = np.fromiter((one.ended_on.toordinal() for one in works), np.int64, len(works))
        code = keys.of(one.competency_key for one in works)
        self.keys = keys
        done, mine = _known(firms, [one.partner_id for one in works])
        self._done = Deeds(done, code[mine], len(keys), ended_on=ended_on[mine])
        led, theirs = _known(firms, [one.lead_id for one in works])
        self._led = Deeds(led, code[theirs], len(keys), ended_on=ended_on[theirs])
        outcomes = np.array([one.outcome for one in works], dtype="U4")[mine][self._done.order]
        self._won, self._lost = outcomes == "won", outcomes == "lost"
        self._n_won = self._done.summed(self._won.astype(np.float64))
        self._day = date.min
        self._sums: tuple[Doubles, ...] = ()

    def n_won(self, owners: IntArray, key: str) -> Doubles:
        """Return how many pieces of work in a competency each partner won."""
        return self._done.total(self._n_won, owners, self.keys.known([key]))

    def n_won_in_each(self, owners: IntArray, keys: Sequence[str]) -> Doubles:
        """Return how many pieces of work each partner won in the competency that stands beside it."""
        return self._done.each(self._n_won, owners, self.keys.each(keys))

    def winners(self, key: str) -> IntArray:
        """Return the rows of those who won work in a competency."""
        known = self.keys.known([key])
        if not len(known):
            return known
        owners, n_won = self._done.owners_in(int(known[0]), self._n_won)
        return owners[n_won > 0]

    def doubt_and_belief(self, owners: IntArray, practices: Iterable[str], today: date) -> tuple[Doubles, Doubles]:
        """Return the doubt that won work leaves, and how far everything that a partner shows is to be believed."""
        if self._day != today:
            self._day, self._sums = today, self._summed(today)
        keys = self.keys.known(practices)
        log_doubt, n_lost, done = (self._done.total(one, owners, keys) for one in self._sums[:3])
        had_done = self._led.total(self._sums[3], owners, keys)
        believed = (1 - LOST_DISCOUNT * n_lost / (1 + done)) * (1 - BOUGHT_DISCOUNT * had_done / (1 + done + had_done))
        return np.exp(log_doubt), believed

    def _summed(self, today: date) -> tuple[Doubles, ...]:
        done, led = self._done.faded(today), self._led.faded(today)
        return (
            self._done.summed(np.log1p(-WORK_WON * done * self._won)),
            self._done.summed(done * self._lost),
            self._done.summed(done),
            self._led.summed(led),
        )


class Badges:
    """The badges of the partners, one row a badge."""

    def __init__(self, badges: Sequence[Badge], firms: Firms, records: Records) -> None:
        owners, mine = _known(firms, [one.partner_id for one in badges])
        held = [badges[row] for row in mine]
        self._owners, self._of_firm = owners, Grouped(owners, len(firms))
        self._names = list(dict.fromkeys(one.competency_key for one in held))
        self._kind = Numbers(self._names).of(one.competency_key for one in held)
        self._awarded_on = np.array([one.awarded_on.toordinal() for one in held], dtype=np.int64)
        self._expires_on = np.array([_end(one) for one in held], dtype=np.int64)
        self._records = records

    def worth(self, owners: IntArray, key: str, today: date) -> Doubles:
        """Return what the badge that says most about a competency is worth to each partner."""
        rows, whose = self._of_firm.of(owners)
        kind, ends = self._kind[rows], self._expires_on[rows]
        is_valid = np.where(ends == NO_END, ~self._retired(today)[kind], ends >= today.toordinal())
        age = np.maximum(today.toordinal() - np.where(ends == NO_END, self._awarded_on[rows], ends), 0)
        worth = (
            np.where(is_valid, BADGE_VALID, BADGE_EXPIRED * 0.5 ** (age / BADGE_HALF_LIFE_DAYS))
            * self._related(key)[kind]
        )
        worth = np.where(is_valid & self._is(key)[kind], BADGE_HELD, worth)
        return most_of(worth, whose, len(owners))

    def owners_in(self, key: str) -> IntArray:
        """Return the rows of partners with a badge that is evidence of a practice."""
        shows = np.array([key in self._records.practices(one) for one in self._names], dtype=bool)
        if not shows.any():
            return np.zeros(0, dtype=np.int64)
        return np.asarray(self._owners[shows[self._kind]])

    def _retired(self, today: date) -> Flags:
        known = [self._records.competencies.get(one) for one in self._names]
        ends = [one.valid_until if one else None for one in known]
        return np.array([end is not None and end < today for end in ends] or [False], dtype=bool)

    def _related(self, key: str) -> Flags:
        practices = frozenset(self._records.practices(key))
        return np.array([not practices.isdisjoint(self._records.practices(one)) for one in self._names] or [False])

    def _is(self, key: str) -> Flags:
        return np.array([one == key for one in self._names] or [False], dtype=bool)


def _known(firms: Firms, ids: Sequence[int]) -> tuple[IntArray, IntArray]:
    """Return the rows of the partners that are here, and which of the ids those are."""
    at = firms.rows_or_none(np.array(ids, dtype=np.int64))
    return at[at >= 0], np.flatnonzero(at >= 0)


def _end(one: Badge) -> int:
    return one.expires_on.toordinal() if one.expires_on else NO_END
