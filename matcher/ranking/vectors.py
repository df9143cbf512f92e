"""Text hashes and one matrix become a mapping from hash to vector that is never copied."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from matcher.ranking.arrays import FloatArray, IntArray


class VectorTable(Mapping[str, FloatArray]):
    """Unit vectors under text hashes: row i of `matrix` is the vector of the i-th hash."""

    def __init__(self, hashes: Sequence[str], matrix: FloatArray) -> None:
        if len(hashes) != len(matrix):
            raise ValueError(f"There are {len(hashes)} hashes for {len(matrix)} vectors: give one each.")
        self.matrix = matrix
        self._rows = {one: row for row, one in enumerate(hashes)}

    def __getitem__(self, key: str) -> FloatArray:
        return np.asarray(self.matrix[self._rows[key]])

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def rows_of(self, hashes: Iterable[str]) -> IntArray:
        """Return the rows of hashes, -1 for one that is not here."""
        return np.fromiter((self._rows.get(one, -1) for one in hashes), dtype=np.int64)
