"""Rows that belong to somebody, and sets of words, become arrays that are asked for many owners at once."""

from collections.abc import Collection, Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.arrays import IntArray
from matcher.ranking.columns import Codes, Lists

Flags = NDArray[np.bool_]
Doubles = NDArray[np.float64]
WORD_BITS = 64
KEPT_SETS = 256


class Grouped:
    """Rows under the number of their owner; the rows of one owner keep their order."""

    def __init__(self, owners: IntArray, n_owners: int) -> None:
        self._rows: Codes = np.argsort(owners, kind="stable").astype(np.int32)
        self._begins: IntArray = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=n_owners))])

    def of(self, owners: IntArray) -> tuple[IntArray, IntArray]:
        """Return the rows of the owners, owner after owner, and for each row which of the owners asked for it is."""
        begins = self._begins[owners]
        counts = self._begins[owners + 1] - begins
        whose = np.repeat(np.arange(len(owners)), counts)
        past = np.cumsum(counts)
        rows = self._rows[np.arange(len(whose)) + np.repeat(begins - past + counts, counts)]
        return rows.astype(np.int64), whose

    def count(self, owners: IntArray) -> IntArray:
        """Return how many rows each owner has."""
        return np.asarray(self._begins[owners + 1] - self._begins[owners])


class Numbers:
    """Words under numbers from 0, in the order in which they first come."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._numbers: dict[str, int] = {}
        self.of(words)

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def words(self) -> tuple[str, ...]:
        """Give the words in the order of their numbers."""
        return tuple(self._numbers)

    def of(self, words: Iterable[str]) -> IntArray:
        """Return the numbers of words; new ones get the next."""
        known = self._numbers
        return np.fromiter((known.setdefault(word, len(known)) for word in words), dtype=np.int64)

    def known(self, words: Iterable[str]) -> IntArray:
        """Return the numbers of those words that have one, each once."""
        found = {self._numbers[word] for word in words if word in self._numbers}
        return np.array(sorted(found), dtype=np.int64)

    def each(self, words: Iterable[str]) -> IntArray:
        """Return the number of each word, -1 for one without."""
        return np.fromiter((self._numbers.get(word, -1) for word in words), dtype=np.int64)


class Masks:
    """A set of words for each row, as bits; rows of like sets share them."""

    def __init__(self, lists: Lists[str]) -> None:
        self._numbers = Numbers(lists.words)
        self._n_words = len(self._numbers) // WORD_BITS + 1
        self._kinds = lists.kinds
        self._bits = np.zeros((len(lists.begins) - 1, self._n_words), np.uint64)
        bits = np.left_shift(np.uint64(1), (lists.codes % WORD_BITS).astype(np.uint64))
        np.bitwise_or.at(self._bits, (lists.kind_of_code, lists.codes // WORD_BITS), bits)

    def n_shared(self, rows: IntArray, words: Collection[str]) -> IntArray:
        """Return how many of the words each row has."""
        shared = np.bitwise_count(self._bits[self._kinds[rows]] & self._row(words))
        return np.asarray(shared.sum(axis=1, dtype=np.int64))

    def has_any(self, rows: IntArray, words: Collection[str]) -> Flags:
        """Tell for each row whether it has one of the words."""
        return self._of_kinds(frozenset(words))[self._kinds[rows]]

    def has_all(self, rows: IntArray, words: Collection[str]) -> Flags:
        """Tell for each row whether it has every word."""
        return np.asarray(self.n_shared(rows, words) == len(set(words)))

    @cached_property
    def _with_any(self) -> dict[frozenset[str], Flags]:
        return {}

    def _of_kinds(self, words: frozenset[str]) -> Flags:
        """Tell for each kind of set whether it has one of the words; asked again and again for the same ones."""
        if words not in self._with_any:
            if len(self._with_any) >= KEPT_SETS:
                self._with_any.clear()
            self._with_any[words] = np.asarray((self._bits & self._row(words)).any(axis=1))
        return self._with_any[words]

    def _row(self, words: Iterable[str]) -> NDArray[np.uint64]:
        bits = [0] * self._n_words
        for number in self._numbers.known(words).tolist():
            bits[number // WORD_BITS] |= 1 << number % WORD_BITS
        return np.array(bits, dtype=np.uint64)


def any_of(flags: Flags, whose: IntArray, n: int) -> Flags:
    """Tell for each of n owners whether one of its rows is flagged."""
    found = np.zeros(n, dtype=bool)
    found[whose[flags]] = True
    return found


def most_of(values: Doubles, whose: IntArray, n: int) -> Doubles:
    """Return the greatest value among the rows of each of n owners, 0 for one without rows; no value is below 0."""
    found = np.zeros(n)
    np.maximum.at(found, whose, values)
    return found


def sum_of(values: Doubles, whose: IntArray, n: int) -> Doubles:
    """Return the sum over the rows of each of n owners."""
    return np.asarray(np.bincount(whose, weights=values, minlength=n), dtype=np.float64)
