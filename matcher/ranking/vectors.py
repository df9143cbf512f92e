"""Text hashes and one matrix become a mapping from hash to vector that is never copied."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.arrays import FloatArray, IntArray
from matcher.ranking.index import Lists
from matcher.ranking.packing import hashes_of

Keys = NDArray[np.bytes_]


class VectorTable(Mapping[str, FloatArray]):
    """Unit vectors under text hashes: row i of `matrix` is the vector of the i-th hash.

    `lists` tells that the first rows stand in lists already; `padded` is the matrix with one row of zeros behind it.
    """

    def __init__(
        self,
        hashes: Sequence[str] | Keys,
        matrix: FloatArray,
        *,
        lists: Lists | None = None,
        padded: FloatArray | None = None,
    ) -> None:
        if len(hashes) != len(matrix):
            raise ValueError(f"There are {len(hashes)} hashes for {len(matrix)} vectors: give one each.")
        self.matrix = matrix
        self.lists = lists
        self._padded = padded
        self._keys: Keys = hashes if isinstance(hashes, np.ndarray) else hashes_of(hashes)
        self._order = np.argsort(self._keys, kind="stable").astype(np.int32)

    @property
    def padded(self) -> FloatArray:
        """Give the matrix with one row of zeros behind it, for texts without a vector."""
        if self._padded is None:
            self._padded = np.concatenate([self.matrix, np.zeros((1, self.matrix.shape[1]), np.float32)])
        return self._padded

    def __getitem__(self, key: str) -> FloatArray:
        row = int(self.rows_of(hashes_of([key]))[0])
        if row < 0:
            raise KeyError(key)
        return np.asarray(self.matrix[row])

    def __iter__(self) -> Iterator[str]:
        return (str(key.decode()) for key in self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def rows_of(self, hashes: Keys) -> IntArray:
        """Return the rows of hashes, -1 for one that is not here."""
        if not len(self._keys):
            return np.full(len(hashes), -1)
        at = np.searchsorted(self._keys, hashes, sorter=self._order)
        rows = self._order[np.minimum(at, len(self._keys) - 1)]
        return np.where(self._keys[rows] == hashes, rows, -1).astype(np.int64)
