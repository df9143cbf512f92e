"""Past work and badges become columns: for each partner and competency, how much was won, lost and bought by a day."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from matcher.ranking import tables
from matcher.ranking.arrays import IntArray
from matcher.ranking.columns import NO_DAY, Codes
from matcher.ranking.coverage import (
    BADGE_EXPIRED,
    BADGE_HALF_LIFE_DAYS,
    BADGE_HELD,
    BADGE_VALID,
    BOUGHT_DISCOUNT,
    LOST_DISCOUNT,
    LOST_MORE_DISCOUNT,
    WORK_WON,
)
from matcher.ranking.firms import Firms
from matcher.ranking.graph import HALF_LIFE_DAYS
from matcher.ranking.grouped import Doubles, Flags, Grouped, Numbers, any_of, most_of
from matcher.ranking.records import Records
from matcher.ranking.tables import Works
from matcher.terms import Need


class Deeds:
    """Work under the partner and the competency it was in; a partner and a competency are a pair, in that order."""

    def __init__(self, owners: IntArray, keys: Codes, n_keys: int, *, ended_on: Codes) -> None:
        self._n_keys = n_keys
        pairs = owners * n_keys + keys
        self.order: Codes = np.argsort(pairs, kind="stable").astype(np.int32)
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
        return self.totals([summed], owners, keys)[0]

    def totals(self, sums: Sequence[Doubles], owners: IntArray, keys: IntArray) -> list[Doubles]:
        """Return for each owner several sums over the competencies given."""
        if not len(self._pairs) or not len(keys):
            return [np.zeros(len(owners)) for _ in sums]
        at, there = self._places((owners[:, None] * self._n_keys + keys).ravel())
        there = there.reshape(len(owners), len(keys))
        return [(summed[at].reshape(there.shape) * there).sum(axis=1) for summed in sums]

    def each(self, summed: Doubles, owners: IntArray, keys: IntArray) -> Doubles:
        """Return the sum of each pair, 0 for one without work; -1 stands for an owner or a competency unknown here."""
        if not len(self._pairs):
            return np.zeros(len(owners))
        at, there = self._places(np.where((owners < 0) | (keys < 0), -1, owners * self._n_keys + keys))
        return np.where(there, summed[at], 0.0)

    def _places(self, wanted: IntArray) -> tuple[IntArray, Flags]:
        at = np.minimum(self._pairs.searchsorted(wanted), len(self._pairs) - 1)
        return at, np.asarray(self._pairs[at] == wanted)

    def of_owners(self, values: Doubles, n_owners: int) -> Doubles:
        """Add values of works up for each partner."""
        owners = self._pairs // self._n_keys if self._n_keys else self._pairs
        return np.bincount(owners, weights=self.summed(values), minlength=n_owners).astype(np.float64)

    def owners_in(self, key: int, summed: Doubles) -> tuple[IntArray, Doubles]:
        """Return who has work in a competency, and the sum of each."""
        mine = np.flatnonzero(self._pairs % self._n_keys == key)
        return self._pairs[mine] // self._n_keys, summed[mine]


class Past:
    """What partners did and what they had others do, by competency, as it weighs on one day."""

    def __init__(self, works: Works, firms: Firms) -> None:
        key = works.competency_key
        self.keys = Numbers(key.words)
        done, mine = _known(firms, works.partner_id.values)
        self._done = Deeds(done, key.codes[mine], len(self.keys), ended_on=works.ended_on.values[mine])
        led, theirs = _known(firms, works.lead_id.values)
        self._led = Deeds(led, key.codes[theirs], len(self.keys), ended_on=works.ended_on.values[theirs])
        self._won = works.outcome.are("won")[mine][self._done.order]
        self._lost = works.outcome.are("lost")[mine][self._done.order]
        self._n_won = self._done.summed(self._won.astype(np.float64))
        self._n_firms = len(firms)
        self._day = date.min
        self._sums: tuple[Doubles, ...] = ()

    def n_won(self, owners: IntArray, key: str) -> Doubles:
        """Return how many pieces of work in a competency each partner won."""
        return self._done.total(self._n_won, owners, self.keys.known([key]))

    def n_won_in_each(self, owners: IntArray, keys: IntArray) -> Doubles:
        """Return how many pieces of work each partner won in the competency, by number, that stands beside it."""
        return self._done.each(self._n_won, owners, keys)

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
        log_doubt, n_lost, done = self._done.totals(self._sums[:3], owners, keys)
        had_done = self._led.total(self._sums[3], owners, keys)
        believed = (1 - LOST_DISCOUNT * n_lost / (1 + done)) * (1 - BOUGHT_DISCOUNT * had_done / (1 + done + had_done))
        return np.exp(log_doubt), believed * self._sums[4][owners]

    def _summed(self, today: date) -> tuple[Doubles, ...]:
        done, led = self._done.faded(today), self._led.faded(today)
        return (
            self._done.summed(np.log1p(-WORK_WON * done * self._won)),
            self._done.summed(done * self._lost),
            self._done.summed(done),
            self._led.summed(led),
            self._records(done),
        )

    def _records(self, done: Doubles) -> Doubles:
        """Return how far each partner is believed by how much more it lost than won, in whatever trade."""
        lost, all_done = (self._done.of_owners(each, self._n_firms) for each in (done * self._lost, done))
        return np.asarray(1 - LOST_MORE_DISCOUNT * np.maximum(0, 2 * lost - all_done) / (1 + all_done))


class Badges:
    """The badges of the partners, one row a badge."""

    def __init__(self, badges: tables.Badges, firms: Firms, records: Records) -> None:
        owners, mine = _known(firms, badges.partner_id.values)
        held = badges.taken(mine)
        self._owners, self._of_firm = owners, Grouped(owners, len(firms))
        self._names = held.competency_key.words
        self._kind = held.competency_key.codes
        self._awarded_on, self._expires_on = held.awarded_on.values, held.expires_on.values
        self._records = records
        self._flags: dict[str, tuple[Flags, Flags]] = {}
        self._day = date.min
        self._of_day: tuple[Flags, Doubles] = np.zeros(0, np.bool_), np.zeros(0)

    def worth(self, owners: IntArray, key: str, today: date) -> Doubles:
        """Return what the badge that says most about a competency is worth to each partner."""
        rows, whose = self._of_firm.of(owners)
        is_valid, fading = self._on(today)
        related, is_it = self._flags_of(key)
        kind = self._kind[rows]
        worth = np.where(is_valid[rows] & is_it[kind], BADGE_HELD, fading[rows] * related[kind])
        return most_of(worth, whose, len(owners))

    def tell_of(self, owners: IntArray, needs: Sequence[Need]) -> Flags:
        """Tell of each partner whether it holds or held a badge that shows by itself what is asked for."""
        rows, whose = self._of_firm.of(owners)
        telling = np.array([self._records.tells_of(one, needs) for one in self._names] or [False])
        return any_of(telling[self._kind[rows]], whose, len(owners))

    def _on(self, today: date) -> tuple[Flags, Doubles]:
        """Tell which badges are valid on a day, and what each is worth as evidence; remembered for the last day."""
        if self._day != today:
            ends = self._expires_on
            is_valid = np.where(ends == NO_DAY, ~self._retired(today)[self._kind], ends >= today.toordinal())
            age = np.maximum(today.toordinal() - np.where(ends == NO_DAY, self._awarded_on, ends), 0)
            worth = np.where(is_valid, BADGE_VALID, BADGE_EXPIRED * 0.5 ** (age / BADGE_HALF_LIFE_DAYS))
            self._day, self._of_day = today, (is_valid, worth)
        return self._of_day

    def owners_in(self, key: str) -> IntArray:
        """Return the rows of partners with a badge that is evidence of a practice."""
        shows = np.array([key in self._records.stands_for(one) for one in self._names], dtype=bool)
        if not shows.any():
            return np.zeros(0, dtype=np.int64)
        return np.asarray(self._owners[shows[self._kind]])

    def _retired(self, today: date) -> Flags:
        known = [self._records.competencies.get(one) for one in self._names]
        ends = [one.valid_until if one else None for one in known]
        return np.array([end is not None and end < today for end in ends] or [False], dtype=bool)

    def _flags_of(self, key: str) -> tuple[Flags, Flags]:
        """Tell which kinds of badges are evidence of what a competency is, and which are it; remembered."""
        if key not in self._flags:
            self._flags[key] = self._related(key), self._is(key)
        return self._flags[key]

    def _related(self, key: str) -> Flags:
        practices = frozenset(self._records.practices(key))
        return np.array([not practices.isdisjoint(self._records.stands_for(one)) for one in self._names] or [False])

    def _is(self, key: str) -> Flags:
        return np.array([one == key for one in self._names] or [False], dtype=bool)


def _known(firms: Firms, ids: IntArray) -> tuple[IntArray, IntArray]:
    """Return the rows of the partners that are here, and which of the ids those are."""
    at = firms.rows_or_none(ids)
    return at[at >= 0], np.flatnonzero(at >= 0)
