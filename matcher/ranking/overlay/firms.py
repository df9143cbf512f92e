"""The columns of a network's firms and people become those in which some firms are told anew, in rows of their own."""

from functools import cached_property

import numpy as np

from matcher.ranking.arrays import IntArray
from matcher.ranking.firms import Bench, Firms
from matcher.ranking.overlay.rows import JoinedGroups, joined


class OverlaidFirms(Firms):
    """Firms of which some have other facts now: those stand in rows behind all others, and nobody has the old ones."""

    def __init__(self, first: Firms, second: Firms, touched: IntArray) -> None:
        self._first, self._second, self._touched = first, second, touched
        for name in columns_of(first):
            setattr(self, name, joined(getattr(first, name), getattr(second, name)))

    def rows_or_none(self, partner_ids: IntArray) -> IntArray:
        """Return the row of each partner, -1 for one that is not here."""
        rows = self._first.rows_or_none(partner_ids)
        anew = np.isin(partner_ids, self._touched)
        if anew.any():
            there = self._second.rows_or_none(partner_ids[anew])
            rows[anew] = np.where(there >= 0, there + len(self._first), -1)
        return rows

    @cached_property
    def refused_by(self) -> dict[int, list[int]]:
        """Give for each partner the ids of those who said that they do not work with it."""
        gone = set(self._touched.tolist())
        found = {one: [each for each in by if each not in gone] for one, by in self._first.refused_by.items()}
        for one, by in self._second.refused_by.items():
            found.setdefault(one, []).extend(by)
        return found


def columns_of(table: Firms | Bench) -> list[str]:
    """Name what is there from the start, not what is made when it is asked for."""
    return [name for name in vars(table) if not isinstance(getattr(type(table), name, None), cached_property)]


class OverlaidBench(Bench):
    """The people of both, under the rows of the joined firms."""

    def __init__(self, first: Bench, second: Bench, n_firms: int) -> None:
        for name in columns_of(first):
            column, other = getattr(first, name), getattr(second, name)
            if name == "_owners":
                other = other + n_firms
            setattr(self, name, JoinedGroups(column, other) if name == "_of_firm" else joined(column, other))
