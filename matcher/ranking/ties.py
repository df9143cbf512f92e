"""Past collaborations become arrays that answer for many partners at once who knows the poster, and how well."""

import math
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol

import numpy as np

from matcher.ranking.arrays import IntArray
from matcher.ranking.columns import Codes
from matcher.ranking.graph import HALF_LIFE_DAYS, OTHER_WAY, WORTH, CollaborationGraph, Tie, faded
from matcher.ranking.grouped import Doubles, Grouped, sum_of
from matcher.ranking.tables import Works, as_table
from matcher.terms import Collaboration

OTHER_TRADE = 0.5
# Up to so many collaborations, a graph in memory costs little.
GRAPH_UNTIL = 50_000
KEPT_FIRMS = 256
# A firm that worked with very many leads everywhere: where the ties of a poster's partners are more than this, those
# partners that know fewest say most and are followed first.
MOST_STEPS = 200_000
# From this share of all on, to count for all is quicker than to sort.
MANY_STEPS_SHARE = 32


class Acquaintance(Protocol):
    """Whatever knows of two partners what they did together."""

    def neighbours(self, partner_id: int) -> frozenset[int]: ...

    def common_partners(self, a: int, b: int) -> frozenset[int]: ...

    def prior(self, poster: int, partner: int, *, today: date, competency_keys: frozenset[str] = ...) -> Tie: ...


class Ties:
    """Who did work for whom, and who knows whom, by id; the same answers as the graph gives one by one."""

    def __init__(self, collaborations: Sequence[Collaboration]) -> None:
        self._works = as_table(Works, collaborations)
        self._last: dict[int, frozenset[int]] = {}
        self._near: tuple[int | None, IntArray] = None, np.zeros(0, np.int64)
        self._shared: tuple[int | None, IntArray, Doubles] = None, np.zeros(0, np.int64), np.zeros(0)
        lead, done_by = self._works.lead_id.values, self._works.partner_id.values
        self._ids = np.unique(np.concatenate([lead, done_by]))
        n, lead, done_by = len(self._ids), np.searchsorted(self._ids, lead), np.searchsorted(self._ids, done_by)
        self._led, self._done = Grouped(lead, n), Grouped(done_by, n)
        self._lead_at, self._done_at = lead.astype(np.int32), done_by.astype(np.int32)
        both = np.unique(np.concatenate([lead * n + done_by, done_by * n + lead]))
        self._other = (both % max(n, 1)).astype(np.int32)
        self._known = Grouped(both // max(n, 1), n)
        n_known = self._known.count(np.arange(n))
        self._hub_worth: Doubles = 1 / np.log(1 + np.maximum(n_known, 2))

    def neighbours(self, partner_id: int) -> frozenset[int]:
        """Return everybody the partner worked with, on either side."""
        if partner_id not in self._last:
            if len(self._last) >= KEPT_FIRMS:
                self._last.clear()
            self._last[partner_id] = frozenset(self._ids[self._around(partner_id)].tolist())
        return self._last[partner_id]

    def common_partners(self, a: int, b: int) -> frozenset[int]:
        """Return those who worked with both."""
        return self.neighbours(a) & self.neighbours(b)

    def prior(self, poster: int, partner: int, *, today: date, competency_keys: frozenset[str] = frozenset()) -> Tie:
        """Say what the partner did for the poster; work in one of the competencies counts in full, other work half."""
        if partner not in self.neighbours(poster):
            return Tie()
        done, returned = self._between(poster, partner), self._between(partner, poster)
        total = _worth(done, today, competency_keys) + OTHER_WAY * _worth(returned, today, frozenset())
        newest_first = sorted(done, key=lambda one: (one.ended_on, one.summary), reverse=True)
        return Tie(1 - math.exp(-total), tuple(newest_first), len(done) + len(returned))

    def closeness(self, poster: int, partner_ids: IntArray) -> Doubles:
        """Return the Adamic-Adar number of the poster and each partner, squeezed into [0, 1).

        Source: Adamic and Adar, Friends and neighbors on the web, Social Networks 25 (2003).
        """
        here, at = self._here(partner_ids)
        near = self._around(poster)
        total = np.zeros(len(partner_ids))
        if len(self._followed(near)) == len(near):
            others, worth = self._two_steps(poster)
            mine = _where_in(at, others)
            total[here[mine]] = worth[others.searchsorted(at[mine])]
            return total / (1 + total)
        is_near = np.zeros(len(self._ids), dtype=bool)
        is_near[near] = True
        known, whose = self._edges(at)
        worth = self._hub_worth * is_near
        total[here] = sum_of(worth[known], whose, len(at))
        return total / (1 + total)

    def strengths(
        self, poster: int, partner_ids: IntArray, today: date, *, competency_keys: Sequence[frozenset[str]]
    ) -> Doubles:
        """Return the strength of the tie to each partner, (n_needs, n_partners), for the competencies of each need."""
        found = np.zeros((len(competency_keys), len(partner_ids)))
        known = _where_in(partner_ids, self._ids[self._around(poster)])
        if not len(known):
            return found
        at = self._here(partner_ids[known])[1]
        returned = self._weighed(self._done, self._lead_at, self._at(poster), at, today=today, keys=frozenset())
        for row, keys in enumerate(competency_keys):
            done = self._weighed(self._led, self._done_at, self._at(poster), at, today=today, keys=keys)
            found[row, known] = 1 - np.exp(-done - OTHER_WAY * returned)
        return found

    def _weighed(
        self, works: Grouped, other_at: Codes, mine: IntArray, others: IntArray, *, today: date, keys: frozenset[str]
    ) -> Doubles:
        """Add up what work of one with each of some others, who stand in order, is worth on a day."""
        rows, _ = works.of(mine)
        rows = rows[_where_in(other_at[rows].astype(np.int64), others)]
        kind, key = self._works.outcome, self._works.competency_key
        age = np.maximum(today.toordinal() - self._works.ended_on.values[rows], 0)
        worth = np.array([WORTH.get(one, 0.0) for one in kind.words] or [0.0])[kind.codes[rows]]
        likeness = np.array([1.0 if one in keys else OTHER_TRADE for one in key.words] or [0.0])[key.codes[rows]]
        values = worth * likeness * 0.5 ** (age / HALF_LIFE_DAYS)
        return sum_of(values, others.searchsorted(other_at[rows]), len(others))

    def _two_steps(self, partner_id: int) -> tuple[IntArray, Doubles]:
        """Return where all stand who share partners with one, in order, and what those are worth; of the last one."""
        last = self._shared
        if last[0] != partner_id:
            near = self._followed(self._around(partner_id))
            others, whose = self._edges(near)
            last = self._shared = (partner_id, *_added_up(others, self._hub_worth[near][whose], len(self._ids)))
        return last[1], last[2]

    def around(self, partner_id: int, *, limit: int) -> tuple[int, ...]:
        """Return partners of the partner, then partners of those, most shared partners first, ties by id."""
        near = self._around(partner_id)
        if len(near) >= limit:
            return tuple(np.sort(self._ids[near])[:limit].tolist())
        others, worth = self._two_steps(partner_id)
        is_further = np.ones(len(others), dtype=bool)
        is_further[_where_in(others, near)] = False
        is_further[_where_in(others, self._at(partner_id))] = False
        further, shared = others[is_further], worth[is_further]
        order = np.lexsort((self._ids[further], -np.round(shared, 9)))[: limit - len(near)]
        return (*np.sort(self._ids[near]).tolist(), *self._ids[further[order]].tolist())

    def _followed(self, near: IntArray) -> IntArray:
        """Leave out the busiest where there are too many ways on."""
        n_known = self._n_known(near)
        if n_known.sum() <= MOST_STEPS:
            return near
        order = np.lexsort((self._ids[near], n_known))
        return near[np.sort(order[np.cumsum(n_known[order]) <= MOST_STEPS])]

    def _around(self, partner_id: int) -> IntArray:
        """Return where all stand who worked with a partner, in order; remembered for the last one asked about."""
        last = self._near
        if last[0] != partner_id:
            near = self._edges(self._at(partner_id))[0].astype(np.int64)
            last = self._near = partner_id, np.sort(near)
        return last[1]

    def _edges(self, at: IntArray) -> tuple[Codes, IntArray]:
        """Return where those stand who worked with some, and for each with which of them."""
        rows, whose = self._known.of(at)
        return self._other[rows], whose

    def _n_known(self, at: IntArray) -> IntArray:
        return self._known.count(at)

    def _at(self, partner_id: int) -> IntArray:
        return self._here(np.array([partner_id], dtype=np.int64))[1]

    def _here(self, partner_ids: IntArray) -> tuple[IntArray, IntArray]:
        """Return which of the ids have ties at all, and where they stand."""
        at = np.searchsorted(self._ids, partner_ids)
        here = at < len(self._ids)
        here[here] = self._ids[at[here]] == partner_ids[here]
        return np.flatnonzero(here), at[here]

    def _between(self, lead: int, done_by: int) -> list[Collaboration]:
        """List the work that one did for the other, in the order given; whoever of them has less of it is asked."""
        lead_at, done_at = self._at(lead), self._at(done_by)
        if not len(lead_at) or not len(done_at):
            return []
        if self._led.count(lead_at)[0] <= self._done.count(done_at)[0]:
            rows, _ = self._led.of(lead_at)
            rows = rows[self._done_at[rows] == done_at[0]]
        else:
            rows, _ = self._done.of(done_at)
            rows = rows[self._lead_at[rows] == lead_at[0]]
        return [self._works[row] for row in rows.tolist()]


def acquaintance(collaborations: Sequence[Collaboration], ties: Ties) -> Acquaintance:
    """Return the graph of the collaborations, or the ties where a graph of so many would take gigabytes."""
    return CollaborationGraph(collaborations) if len(collaborations) <= GRAPH_UNTIL else ties


def _added_up(places: Codes, values: Doubles, n: int) -> tuple[IntArray, Doubles]:
    """Return which of n places come, in order, and the sum of the values of each."""
    if len(places) > n // MANY_STEPS_SHARE:
        sums = np.bincount(places, weights=values, minlength=n)
        found = np.flatnonzero(sums)
        return found.astype(np.int64), np.asarray(sums[found], np.float64)
    each, which = np.unique(places, return_inverse=True)
    return each.astype(np.int64), sum_of(values, which, len(each))


def _where_in(ids: IntArray, wanted: IntArray) -> IntArray:
    """Return where those ids stand that are among the wanted, which stand in order."""
    if not len(wanted):
        return np.zeros(0, np.int64)
    at = np.minimum(wanted.searchsorted(ids), len(wanted) - 1)
    return np.flatnonzero(wanted[at] == ids)


@lru_cache(maxsize=8192)
def _left(ended_on: date, today: date) -> float:
    return faded(ended_on, today)


def _worth(works: Iterable[Collaboration], today: date, competency_keys: Collection[str]) -> float:
    return sum(
        WORTH.get(one.outcome, 0.0)
        * _left(one.ended_on, today)
        * (1.0 if one.competency_key in competency_keys else OTHER_TRADE)
        for one in works
    )
