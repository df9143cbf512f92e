"""Ties between partners become those after some partners' work changed; nobody else's are counted again."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from matcher.ranking.arrays import IntArray
from matcher.ranking.columns import Codes
from matcher.ranking.graph import Tie
from matcher.ranking.grouped import Doubles
from matcher.ranking.ties import Ties


class OverlaidTies(Ties):
    """Ties of which those of some partners come from elsewhere.

    `second` knows all work of the partners touched, on either side. Partners that had no ties before stand behind all
    others, so that places are in order of id no more.
    """

    def __init__(self, first: Ties, second: Ties, touched: frozenset[int]) -> None:
        self._first, self._second, self._touched = first, second, touched
        self._last, self._near = {}, (None, np.zeros(0, np.int64))
        self._shared = None, np.zeros(0, np.int64), np.zeros(0)
        self._further = second._ids[_places(first._ids, second._ids) < 0]
        self._ids = np.concatenate([first._ids, self._further])
        self._here_of_second = self._here(second._ids)[1].astype(np.int32)
        anew = np.array(sorted(touched), dtype=np.int64)
        self._second_at = np.full(len(self._ids), -1, np.int32)
        self._second_at[self._here_of_second] = np.arange(len(second._ids))
        self._is_anew = np.zeros(len(self._ids), np.bool_)
        self._is_anew[self._here(anew)[1]] = True
        n_known = second._n_known(np.maximum(self._second_at[self._is_anew], 0)) if len(second._ids) else np.zeros(0)
        self._hub_worth = np.concatenate([first._hub_worth, np.zeros(len(self._further))])
        self._hub_worth[self._is_anew] = 1 / np.log(1 + np.maximum(n_known, 2)) if len(second._ids) else 0.0

    def prior(self, poster: int, partner: int, *, today: date, competency_keys: frozenset[str] = frozenset()) -> Tie:
        """Say what the partner did for the poster; work in one of the competencies counts in full, other work half."""
        known = self._first if self._touched.isdisjoint((poster, partner)) else self._second
        return known.prior(poster, partner, today=today, competency_keys=competency_keys)

    def strengths(
        self, poster: int, partner_ids: IntArray, today: date, *, competency_keys: Sequence[frozenset[str]]
    ) -> Doubles:
        """Return the strength of the tie to each partner, (n_needs, n_partners), for the competencies of each need."""
        if poster in self._touched:
            return self._second.strengths(poster, partner_ids, today, competency_keys=competency_keys)
        found = self._first.strengths(poster, partner_ids, today, competency_keys=competency_keys)
        anew = np.flatnonzero(np.isin(partner_ids, np.array([*self._touched], dtype=np.int64)))
        if len(anew):
            found[:, anew] = self._second.strengths(poster, partner_ids[anew], today, competency_keys=competency_keys)
        return found

    def _here(self, partner_ids: IntArray) -> tuple[IntArray, IntArray]:
        places = _places(self._first._ids, partner_ids)
        behind = _places(self._further, partner_ids)
        places = np.where(behind >= 0, behind + len(self._first._ids), places)
        here = np.flatnonzero(places >= 0)
        return here, places[here]

    def _edges(self, at: IntArray) -> tuple[Codes, IntArray]:
        anew = self._is_anew[at]
        same, other = np.flatnonzero(~anew), np.flatnonzero(anew & (self._second_at[at] >= 0))
        known, whose = self._first._edges(at[same])
        if not len(other):
            return known, same[whose]
        more, of = self._second._edges(self._second_at[at[other]].astype(np.int64))
        return np.concatenate([known, self._here_of_second[more]]), np.concatenate([same[whose], other[of]])

    def _n_known(self, at: IntArray) -> IntArray:
        found = np.zeros(len(at), np.int64)
        anew = self._is_anew[at]
        found[~anew] = self._first._n_known(at[~anew])
        there = anew & (self._second_at[at] >= 0)
        found[there] = self._second._n_known(self._second_at[at[there]].astype(np.int64))
        return found


def _places(ids: IntArray, wanted: IntArray) -> IntArray:
    """Return where each of the wanted stands among ids in order, -1 for one that is not there."""
    if not len(ids):
        return np.full(len(wanted), -1)
    at = np.minimum(ids.searchsorted(wanted), len(ids) - 1)
    return np.where(ids[at] == wanted, at, -1)
