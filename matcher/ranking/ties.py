"""Past collaborations become arrays that answer for many partners at once who knows the poster, and how well."""

import math
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol

import numpy as np

from matcher.ranking.arrays import IntArray
from matcher.ranking.graph import OTHER_WAY, WORTH, CollaborationGraph, Tie, faded
from matcher.ranking.grouped import Doubles, Grouped, sum_of
from matcher.terms import Collaboration

OTHER_TRADE = 0.5
# Up to so many collaborations, a graph in memory costs little.
GRAPH_UNTIL = 50_000
KEPT_FIRMS = 256
# A firm that worked with very many leads everywhere: where the ties of a poster's partners are more than this, those
# partners that know fewest say most and are followed first.
MOST_STEPS = 200_000


class Acquaintance(Protocol):
    """Whatever knows of two partners what they did together."""

    def neighbours(self, partner_id: int) -> frozenset[int]: ...

    def common_partners(self, a: int, b: int) -> frozenset[int]: ...

    def prior(self, poster: int, partner: int, *, today: date, competency_keys: frozenset[str] = ...) -> Tie: ...


class Ties:
    """Who did work for whom, and who knows whom, by id; the same answers as the graph gives one by one."""

    def __init__(self, collaborations: Sequence[Collaboration]) -> None:
        self._works = collaborations
        self._last: dict[int, frozenset[int]] = {}
        lead = np.fromiter((one.lead_id for one in collaborations), np.int64, len(collaborations))
        done_by = np.fromiter((one.partner_id for one in collaborations), np.int64, len(collaborations))
        self._ids = np.unique(np.concatenate([lead, done_by]))
        n, lead, done_by = len(self._ids), np.searchsorted(self._ids, lead), np.searchsorted(self._ids, done_by)
        self._led, self._done = Grouped(lead, n), Grouped(done_by, n)
        self._lead_at, self._done_at = lead, done_by
        both = np.unique(np.concatenate([lead * n + done_by, done_by * n + lead]))
        self._other = both % max(n, 1)
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
        near = np.zeros(len(self._ids) + 1, dtype=bool)
        near[self._around(poster)] = True
        here, at = self._here(partner_ids)
        rows, whose = self._known.of(at)
        others = self._other[rows]
        total = np.zeros(len(partner_ids))
        total[here] = sum_of(self._hub_worth[others] * near[others], whose, len(at))
        return total / (1 + total)

    def strengths(
        self, poster: int, partner_ids: IntArray, today: date, *, competency_keys: Sequence[frozenset[str]]
    ) -> Doubles:
        """Return the strength of the tie to each partner, (n_needs, n_partners), for the competencies of each need."""
        found = np.zeros((len(competency_keys), len(partner_ids)))
        known = np.flatnonzero(np.isin(partner_ids, self._ids[self._around(poster)]))
        for at in known.tolist():
            partner = int(partner_ids[at])
            done, returned = self._between(poster, partner), self._between(partner, poster)
            other_way = OTHER_WAY * _worth(returned, today, frozenset())
            found[:, at] = [1 - math.exp(-_worth(done, today, keys) - other_way) for keys in competency_keys]
        return found

    def around(self, partner_id: int, *, limit: int) -> tuple[int, ...]:
        """Return partners of the partner, then partners of those, most shared partners first, ties by id."""
        near = self._around(partner_id)
        if len(near) >= limit:
            return tuple(self._ids[near[:limit]].tolist())
        rows, whose = self._known.of(self._followed(near))
        others = self._other[rows]
        shared = np.bincount(others, weights=self._hub_worth[self._followed(near)][whose], minlength=len(self._ids))
        shared[near] = 0
        shared[self._at(partner_id)] = 0
        further = np.flatnonzero(shared)
        order = np.lexsort((further, -np.round(shared[further], 9)))[: limit - len(near)]
        return tuple(self._ids[np.concatenate([near, further[order]])].tolist())

    def _followed(self, near: IntArray) -> IntArray:
        """Leave out the busiest where there are too many ways on."""
        n_known = self._known.count(near)
        if n_known.sum() <= MOST_STEPS:
            return near
        order = np.argsort(n_known, kind="stable")
        return near[np.sort(order[np.cumsum(n_known[order]) <= MOST_STEPS])]

    def _around(self, partner_id: int) -> IntArray:
        rows, _ = self._known.of(self._at(partner_id))
        return self._other[rows]

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
