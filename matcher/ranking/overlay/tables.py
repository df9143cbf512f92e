"""Two tables become one, the rows of the second behind those of the first; a column is copied when it is asked for."""

from collections.abc import Hashable
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.arrays import IntArray
from matcher.ranking.columns import Codes, Days, Figures, Ids, Lists, Words
from matcher.ranking.grouped import Numbers
from matcher.ranking.tables import Rows

R = TypeVar("R", bound=Rows[Any])
W = TypeVar("W", bound=Hashable)


def joined_tables(first: R, second: R) -> R:
    """Put one table behind another."""
    columns = zip(first.columns, second.columns, strict=True)
    return type(first)(*(_joined(one, other) for one, other in columns))


def _joined(first: Any, second: Any) -> Any:
    for kind, joined in _JOINED.items():
        if isinstance(first, kind):
            return joined(first, second)
    return JoinedColumn(first, second)


class JoinedColumn:
    """Values of two columns, row by row."""

    def __init__(self, first: Any, second: Any) -> None:
        self.first, self.second = first, second
        self._n = len(first)

    def __len__(self) -> int:
        return self._n + len(self.second)

    def __getitem__(self, row: int) -> Any:
        return self.first[row] if row < self._n else self.second[row - self._n]

    def several(self, rows: IntArray) -> list[Any]:
        """Return the values of some rows; columns are not joined for them."""
        return [self[row] for row in rows.tolist()]

    def taken(self, rows: IntArray) -> Any:
        """Return the values of some rows."""
        return _Taken(self, rows)


class _Taken:
    """Some rows of a column."""

    def __init__(self, of: JoinedColumn, rows: IntArray) -> None:
        self._of, self._rows = of, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, row: int) -> Any:
        return self._of[int(self._rows[row])]

    def several(self, rows: IntArray) -> list[Any]:
        """Return the values of some of these."""
        return self._of.several(self._rows[rows])

    def taken(self, rows: IntArray) -> "_Taken":
        """Return the values of some of these."""
        return _Taken(self._of, self._rows[rows])


def _values(column: JoinedColumn) -> NDArray[Any]:
    return np.concatenate([column.first.values, column.second.values])


class JoinedFigures(JoinedColumn, Figures):
    """Whole numbers or flags."""

    values = cached_property(_values)
    taken = Figures.taken


class JoinedDays(JoinedColumn, Days):
    """Days as ordinals."""

    values = cached_property(_values)
    taken = Days.taken


class JoinedWords(JoinedColumn, Words):
    """Words under the numbers that the first has for them, further ones behind them."""

    def __init__(self, first: Words, second: Words) -> None:
        super().__init__(first, second)
        numbers = Numbers(first.words)
        self._renumbered = numbers.of(second.words).astype(np.int32)
        self.words = numbers.words

    taken = Words.taken

    @cached_property
    def codes(self) -> Codes:  # type: ignore[override]
        """Give the number of each row's word."""
        second = self._renumbered[self.second.codes] if len(self.second) else self.second.codes
        return np.concatenate([self.first.codes, second])


class JoinedLists(JoinedColumn, Lists[W]):
    """Short lists; those of the second keep kinds of their own."""

    def __init__(self, first: Lists[W], second: Lists[W]) -> None:
        super().__init__(first, second)
        known = {word: code for code, word in enumerate(first.words)}
        renumbered = np.array([known.setdefault(word, len(known)) for word in second.words] or [0], np.int32)
        self.words = tuple(known)
        self.begins: IntArray = np.concatenate([first.begins, first.begins[-1] + second.begins[1:]])
        self.codes = np.concatenate([first.codes, renumbered[second.codes]])

    def taken(self, rows: IntArray) -> Lists[W]:  # type: ignore[override]
        """Return the lists of some rows."""
        return Lists(self.kinds[rows], self.begins, self.codes, self.words)

    @cached_property
    def kinds(self) -> Codes:  # type: ignore[override]
        """Give which list each row has."""
        return np.concatenate([self.first.kinds, self.second.kinds + np.int32(len(self.first.begins) - 1)])


_JOINED: dict[type[Any], Any] = {
    Figures: JoinedFigures,
    Days: JoinedDays,
    Words: JoinedWords,
    Lists: JoinedLists,
    Ids: lambda first, second: Ids(JoinedLists(first.lists, second.lists)),
}
