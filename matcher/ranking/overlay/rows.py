"""Two columns, matrices or sets of masks become one, the second behind the first."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.arrays import FloatArray, IntArray
from matcher.ranking.grouped import Flags, Grouped, Masks, Numbers
from matcher.ranking.overlay.tables import joined_tables
from matcher.ranking.tables import Rows


class Stacked:
    """The rows of two matrices; those of the first, which may lie in a file, are not copied before they are asked."""

    def __init__(self, first: FloatArray, second: FloatArray) -> None:
        self._first, self._second = first, second
        self.shape = (len(first) + len(second), first.shape[1])

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: IntArray) -> FloatArray:
        n = len(self._first)
        if not len(rows) or rows.max() < n:
            return self._first[rows]
        here = rows < n
        found = np.empty((len(rows), self.shape[1]), np.float32)
        found[here], found[~here] = self._first[rows[here]], self._second[rows[~here] - n]
        return found


def each_from_its_own(
    rows: IntArray, n: int, first: Callable[[IntArray], NDArray[Any]], second: Callable[[IntArray], NDArray[Any]]
) -> NDArray[Any]:
    """Ask one for the rows below n and the other for those behind, and return the answers as the rows stand.

    A last axis of the answers is that of the rows.
    """
    here = rows < n
    if here.all():
        return first(rows)
    mine, theirs = first(rows[here]), second(rows[~here] - n)
    found = np.empty((*mine.shape[:-1], len(rows)), mine.dtype)
    found[..., here], found[..., ~here] = mine, theirs
    return found


def joined(first: Any, second: Any) -> Any:
    """Put the rows of one column behind those of another."""
    if isinstance(first, Masks):
        return JoinedMasks(first, second)
    if isinstance(first, np.ndarray):
        return np.concatenate([first, second.astype(first.dtype)])
    if isinstance(first, Rows):
        return joined_tables(first, second)
    raise TypeError(f"A column of the kind {type(first).__name__} is not known to be one that can be joined.")


class JoinedMasks(Masks):
    """The sets of words of both, under the numbers of the first's words and further ones behind them."""

    def __init__(self, first: Masks, second: Masks) -> None:
        self._numbers = Numbers(first._numbers.words)
        codes = self._numbers.of(second._numbers.words)
        self._n_words = len(self._numbers) // 64 + 1
        self._kinds = np.concatenate([first._kinds, second._kinds + np.int32(len(first._bits))])
        self._bits = np.zeros((len(first._bits) + len(second._bits), self._n_words), np.uint64)
        self._bits[: len(first._bits), : first._n_words] = first._bits
        for number, code in enumerate(codes.tolist()):
            has = (second._bits[:, number // 64] >> np.uint64(number % 64)) & np.uint64(1)
            self._bits[len(first._bits) :, code // 64] |= has << np.uint64(code % 64)


class JoinedGroups(Grouped):
    """The rows of both, the owners of the second behind those of the first."""

    def __init__(self, first: Grouped, second: Grouped) -> None:
        self._rows = np.concatenate([first._rows, second._rows + np.int32(len(first._rows))])
        self._begins = np.concatenate([first._begins, first._begins[-1] + second._begins[1:]])


def flags_at(rows: IntArray, n: int) -> Flags:
    """Return n flags, those of some rows set."""
    found = np.zeros(n, np.bool_)
    found[rows] = True
    return found
