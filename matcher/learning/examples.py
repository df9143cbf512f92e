"""Examples to learn from: the signals of who was put forward, and what came of it, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
IntArray: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Candidates of opportunities, oldest first; `rows` (n_rows, n_signals) has a row for each need of each.

    `begins` (n,) is the first row of each; `right` (n,) is 1 where both sides said yes, `worth` (n,) how much it
    counts, `place` (n,) where it stood, `group` (n,) which opportunity it is of.
    """

    rows: FloatArray
    begins: IntArray
    right: FloatArray
    worth: FloatArray
    place: FloatArray
    group: IntArray

    def __len__(self) -> int:
        return len(self.right)

    @property
    def lengths(self) -> IntArray:
        """Return how many rows each has."""
        return np.diff(np.append(self.begins, len(self.rows)))

    def chosen(self, which: IntArray) -> "Examples":
        """Keep some, in the order given."""
        lengths = self.lengths[which]
        ends = np.cumsum(lengths)
        rows = np.repeat(self.begins[which] - (ends - lengths), lengths) + np.arange(int(lengths.sum()))
        kept = (self.right[which], self.worth[which], self.place[which], self.group[which])
        return Examples(self.rows[rows], ends - lengths, *kept)


@dataclass(frozen=True, slots=True)
class Example:
    """One candidate of one opportunity: its signals, a row for each need, and what came of it."""

    signals: Sequence[Sequence[float]]
    right: float
    group: int
    worth: float = 1.0
    place: int = 1


def examples_of(found: Sequence[Example]) -> Examples:
    """Lay single examples side by side."""
    lengths = np.array([len(one.signals) for one in found], dtype=np.int64)
    return Examples(
        rows=np.array([row for one in found for row in one.signals], dtype=np.float64),
        begins=np.cumsum(lengths) - lengths,
        right=np.array([one.right for one in found], dtype=np.float64),
        worth=np.array([one.worth for one in found], dtype=np.float64),
        place=np.array([one.place for one in found], dtype=np.float64),
        group=np.array([one.group for one in found], dtype=np.int64),
    )
