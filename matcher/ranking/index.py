"""Vectors become an index that answers which rows lie nearest; the only file that knows FAISS."""

from collections.abc import Iterator, Sequence
from typing import Any

import faiss
import numpy as np

from matcher.ranking.arrays import FloatArray, IntArray, largest

# Below this an exact search takes about a millisecond, and lists would cost more than they save.
EXACT_UNTIL = 50_000
# Measured on 450,000 vectors in 1,024 lists: 16 probed find 0.970 of the nearest 100, 32 find 0.990, 64 find 0.997.
# Of 5,000 vectors in 106 lists, the nearest 100 lie in more of them: 64 find 0.959, 80 over 0.97.
PROBED_SHARE = 32
LEAST_PROBED = 80
LISTS_OF_ROOT = 1.5
SAMPLED_EACH_LIST = 32
N_ROUNDS = 5
BLOCK = 8192
QUERIES_AT_ONCE = 256


class VectorIndex:
    """Unit rows under ids, searched by cosine: exactly while there are few, by inverted lists when there are many."""

    def __init__(self, ids: Sequence[int] | IntArray, vectors: FloatArray, *, exact_until: int = EXACT_UNTIL) -> None:
        self._ids = np.asarray(ids, dtype=np.int64)
        self._vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        self._lists = _listed(self._vectors) if len(self._vectors) >= max(exact_until, 1) else None

    def __len__(self) -> int:
        return len(self._ids) if self._vectors.shape[1] else 0

    def add(self, ids: Sequence[int], vectors: FloatArray) -> None:
        """Put further rows behind those that are there; an id may stand for several rows."""
        if self._lists is not None:
            self._lists.add(np.ascontiguousarray(vectors, dtype=np.float32))
        self._vectors = np.concatenate([self._vectors, vectors.astype(np.float32)])
        self._ids = np.concatenate([self._ids, np.asarray(ids, dtype=np.int64)])

    def search(self, queries: FloatArray, k: int) -> tuple[FloatArray, IntArray]:
        """Return cosines and ids, both (q, min(k, n)), nearest first, ties by id; id -1: none."""
        k = min(k, len(self))
        if k == 0 or len(queries) == 0:
            return np.zeros((len(queries), 0), np.float32), np.zeros((len(queries), 0), np.int64)
        if self._lists is None:
            found = [(scores[:k], ids[:k]) for scores, ids in self.search_all(queries, k)]
            return np.stack([scores for scores, _ in found]), np.stack([ids for _, ids in found])
        scores, places = self._lists.search(np.ascontiguousarray(queries, dtype=np.float32), k)
        ids = np.where(places < 0, -1, self._ids[places])
        order = np.lexsort((ids, -scores), axis=1)
        return np.take_along_axis(scores, order, 1), np.take_along_axis(ids, order, 1)

    def search_all(self, queries: FloatArray, k: int) -> Iterator[tuple[FloatArray, IntArray]]:
        """Yield the cosines and ids nearest to each of many queries, exactly, all that equal the k-th among them.

        One product for many queries takes each a fraction of the time of a search alone.
        """
        for begin in range(0, len(queries), QUERIES_AT_ONCE):
            for scores in queries[begin : begin + QUERIES_AT_ONCE] @ self._vectors.T:
                places = largest(scores, k)
                order = np.lexsort((self._ids[places], -scores[places]))
                yield scores[places[order]], self._ids[places[order]]


def _listed(vectors: FloatArray) -> Any:
    n, d = vectors.shape
    flat = faiss.IndexFlatIP(d)
    centres = _centres(vectors, int(LISTS_OF_ROOT * np.sqrt(n)))
    flat.add(centres)
    lists = faiss.IndexIVFFlat(flat, d, len(centres), faiss.METRIC_INNER_PRODUCT)
    lists.is_trained = True
    lists.nprobe = max(LEAST_PROBED, len(centres) // PROBED_SHARE)
    # FAISS would look for the nearest centres itself, at a tenth of the speed of this product.
    nearest = _nearest(vectors, centres)
    lists.add_core(n, faiss.swig_ptr(vectors), None, faiss.swig_ptr(nearest))
    return lists


def _centres(vectors: FloatArray, n: int) -> FloatArray:
    """Find about n directions that the vectors gather around, by spherical k-means on a sample."""
    sample = vectors[np.random.default_rng(0).permutation(len(vectors))[: n * SAMPLED_EACH_LIST]]
    centres = sample[:n].copy()
    for _ in range(N_ROUNDS):
        nearest = _nearest(sample, centres)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, sample)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centres)
    return np.ascontiguousarray(centres, dtype=np.float32)


def _nearest(vectors: FloatArray, centres: FloatArray) -> IntArray:
    found = [(vectors[at : at + BLOCK] @ centres.T).argmax(axis=1) for at in range(0, len(vectors), BLOCK)]
    return np.concatenate(found).astype(np.int64)
