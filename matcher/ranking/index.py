"""Vectors become an index that answers which rows lie nearest; the only file that knows FAISS."""

from collections.abc import Sequence
from typing import Any

import faiss
import numpy as np

from matcher.ranking.arrays import FloatArray, IntArray

# Below this an exact search takes about a millisecond, and training lists would cost more than it saves.
EXACT_UNTIL = 50_000
PROBED_SHARE = 32


class VectorIndex:
    """Unit rows under ids, searched by cosine: exactly while there are few, by inverted lists when there are many."""

    def __init__(self, ids: Sequence[int], vectors: FloatArray) -> None:
        self._ids = np.asarray(ids, dtype=np.int64)
        self._index = _built(np.ascontiguousarray(vectors, dtype=np.float32))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Sequence[int], vectors: FloatArray) -> None:
        """Put further rows behind those that are there; an id may stand for several rows."""
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        self._ids = np.concatenate([self._ids, np.asarray(ids, dtype=np.int64)])

    def search(self, queries: FloatArray, k: int) -> tuple[FloatArray, IntArray]:
        """Return cosines and ids, both (q, min(k, n)), nearest first, ties by id; id -1: none."""
        k = min(k, len(self))
        if k == 0 or len(queries) == 0:
            return np.zeros((len(queries), 0), np.float32), np.zeros((len(queries), 0), np.int64)
        scores, places = self._index.search(np.ascontiguousarray(queries, dtype=np.float32), k)
        ids = np.where(places < 0, -1, self._ids[places])
        order = np.lexsort((ids, -scores), axis=1)
        return np.take_along_axis(scores, order, 1), np.take_along_axis(ids, order, 1)


def _built(vectors: FloatArray) -> Any:
    n, d = vectors.shape
    flat = faiss.IndexFlatIP(max(d, 1))
    if n == 0 or d == 0:
        return flat
    if n < EXACT_UNTIL:
        flat.add(vectors)
        return flat
    n_lists = int(4 * np.sqrt(n))
    lists = faiss.IndexIVFFlat(flat, d, n_lists, faiss.METRIC_INNER_PRODUCT)
    lists.nprobe = max(1, n_lists // PROBED_SHARE)
    lists.train(vectors)
    lists.add(vectors)
    return lists
