"""Vectors become an index that answers which rows lie nearest; the only file that knows FAISS.

FAISS finds the centres of the lists and the lists nearest to a query. The rows themselves stay where they are, in
memory or in a file that several workers map: FAISS would keep a copy of its own for each.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import faiss
import numpy as np

from matcher.ranking.arrays import FloatArray, IntArray, largest

FAISS = faiss.__version__
# Below this an exact search takes about a millisecond, and lists would cost more than they save.
EXACT_UNTIL = 50_000
# Measured on 450,000 vectors in 1,024 lists: 16 probed find 0.970 of the nearest 100, 32 find 0.990, 64 find 0.997.
# Of 5,000 vectors in 106 lists, the nearest 100 lie in more of them: 64 find 0.959, 80 over 0.97.
PROBED_SHARE = 32
LEAST_PROBED = 80
LISTS_OF_ROOT = 1.5
SAMPLED_EACH_LIST = 40  # FAISS asks for 39
N_ROUNDS = 5
BLOCK = 8192
COLUMNS_AT_ONCE = 16
# A person who waits for the ranker waits for one product of so many at most.
QUERIES_AT_ONCE = 128
GONE = np.float32(-2)  # no cosine is as low


@dataclass(frozen=True, slots=True)
class Lists:
    """Rows that stand side by side by the centre that each is nearest to: list i is rows begins[i] to begins[i + 1]."""

    centres: FloatArray
    begins: IntArray

    def __len__(self) -> int:
        return int(self.begins[-1])


class VectorIndex:
    """Unit rows under ids, searched by cosine: exactly while there are few, by lists when there are many.

    Rows that stand in lists already, told by `lists`, are not copied; a product with whole lists reads no others.
    """

    def __init__(
        self,
        ids: Sequence[int] | IntArray,
        vectors: FloatArray,
        *,
        lists: Lists | None = None,
        exact_until: int = EXACT_UNTIL,
    ) -> None:
        self._ids = np.asarray(ids, dtype=np.int64)
        self._vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        self._lists = lists
        self._gone: IntArray = np.zeros(0, np.int64)
        if lists is None and len(self._vectors) >= max(exact_until, 1):
            self._lists, order = listed(self._vectors)
            self._ids, self._vectors = self._ids[order], self._vectors[order]

    def __len__(self) -> int:
        return len(self._ids) if self._vectors.shape[1] else 0

    def without(self, ids: IntArray) -> "VectorIndex":
        """Return an index on the same vectors in which some rows are nearest to nothing: their cosine is `GONE`."""
        found = copy(self)
        found._gone = np.flatnonzero(np.isin(self._ids, ids))
        return found

    def search(self, queries: FloatArray, k: int) -> tuple[FloatArray, IntArray]:
        """Return cosines and ids, both (q, min(k, n)), nearest first, ties by id; id -1: none."""
        k = min(k, len(self))
        cosines, ids = np.zeros((len(queries), k), np.float32), np.full((len(queries), k), -1)
        if k == 0:
            return cosines, ids
        found = self.search_all(queries, k) if self._lists is None else (self._probed(one, k) for one in queries)
        for at, (scores, near) in enumerate(found):
            n = min(k, len(near))
            cosines[at, :n], ids[at, :n] = scores[:n], near[:n]
        return cosines, ids

    def search_many(self, queries: FloatArray, k: int) -> Iterator[tuple[FloatArray, IntArray]]:
        """Yield for each of many queries what `search` finds, and all that equal the k-th: exactly while there are few.

        Where there are lists, each is multiplied once with all queries that look through it.
        """
        if self._lists is None:
            yield from self.search_all(queries, k)
            return
        for begin in range(0, len(queries), QUERIES_AT_ONCE):
            yield from self._probed_together(queries[begin : begin + QUERIES_AT_ONCE], k)

    def search_all(self, queries: FloatArray, k: int) -> Iterator[tuple[FloatArray, IntArray]]:
        """Yield the cosines and ids nearest to each of many queries, exactly, all that equal the k-th among them.

        One product for many queries takes each a fraction of the time of a search alone.
        """
        # Fresh memory for each block would cost as much as a tenth of its product.
        block = np.empty((min(QUERIES_AT_ONCE, len(queries)), len(self._vectors)), np.float32)
        for begin in range(0, len(queries), QUERIES_AT_ONCE):
            asked = queries[begin : begin + QUERIES_AT_ONCE]
            np.matmul(asked, self._vectors.T, out=block[: len(asked)])
            block[:, self._gone] = GONE
            for scores in block[: len(asked)]:
                yield _nearest_first(scores, self._ids, k)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what FAISS holds: it is made anew from the centres, in a millisecond."""
        return {name: value for name, value in vars(self).items() if name != "_coarse"}

    @cached_property
    def _coarse(self) -> Any:
        assert self._lists
        found = faiss.IndexFlatIP(self._lists.centres.shape[1])
        found.add(np.ascontiguousarray(self._lists.centres))
        return found

    def _probed_together(self, queries: FloatArray, k: int) -> Iterator[tuple[FloatArray, IntArray]]:
        """Look through the lists that are near to some queries, list by list."""
        assert self._lists
        probed = np.sort(self._nearest_lists(queries), axis=1)
        begins, n_rows = self._lists.begins, np.diff(self._lists.begins)
        ends = np.cumsum(n_rows[probed], axis=1)
        scores = np.empty((len(queries), int(ends[:, -1].max())), np.float32)
        by_list = np.argsort(probed, axis=None, kind="stable")
        whose, at = np.unravel_index(by_list, probed.shape)
        firsts = np.flatnonzero(np.diff(probed.ravel()[by_list], prepend=-1))
        for mine in np.split(np.arange(len(by_list)), firsts[1:]):
            one = int(probed[whose[mine[0]], at[mine[0]]])
            found = queries[whose[mine]] @ self._vectors[begins[one] : begins[one + 1]].T
            for row, query, end in zip(found, whose[mine].tolist(), ends[whose[mine], at[mine]].tolist(), strict=True):
                scores[query, end - len(row) : end] = row
        for lists, row, n in zip(probed, scores, ends[:, -1].tolist(), strict=True):
            bounds = [(int(begins[one]), int(begins[one + 1])) for one in lists.tolist()]
            yield self._nearest_within(bounds, row[:n], k)

    def _nearest_lists(self, queries: FloatArray) -> IntArray:
        assert self._lists
        n_lists = len(self._lists.centres)
        n_probed = min(max(LEAST_PROBED, n_lists // PROBED_SHARE), n_lists)
        return np.asarray(self._coarse.search(np.ascontiguousarray(queries, dtype=np.float32), n_probed)[1])

    def _nearest_within(
        self, bounds: Sequence[tuple[int, int]], scores: FloatArray, k: int
    ) -> tuple[FloatArray, IntArray]:
        """Return the nearest among the rows between bounds, in order, whose scores lie one behind the other."""
        if len(self._gone):
            scores[_those_between(bounds, self._gone)] = GONE
        return _nearest_first(scores, np.concatenate([self._ids[begin:end] for begin, end in bounds]), k)

    def _probed(self, query: FloatArray, k: int) -> tuple[FloatArray, IntArray]:
        """Look through the lists whose centres are nearest."""
        assert self._lists
        probed = np.sort(self._nearest_lists(query[None])[0])
        bounds = list(zip(self._lists.begins[probed].tolist(), self._lists.begins[probed + 1].tolist(), strict=True))
        scores = np.concatenate([self._vectors[begin:end] @ query for begin, end in bounds])
        return self._nearest_within(bounds, scores, k)


def listed(vectors: FloatArray) -> tuple[Lists, IntArray]:
    """Find lists for vectors; return with them the order in which the vectors must stand."""
    centres = _centres(vectors, int(LISTS_OF_ROOT * np.sqrt(len(vectors))))
    nearest = _nearest(vectors, centres)
    begins = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(nearest, minlength=len(centres)))])
    return Lists(centres, begins), np.argsort(nearest, kind="stable")


def put_in_order(vectors: FloatArray, order: IntArray) -> None:
    """Bring rows into an order where they are, a few columns at a time: a second copy of all would be too much."""
    for begin in range(0, vectors.shape[1], COLUMNS_AT_ONCE):
        vectors[:, begin : begin + COLUMNS_AT_ONCE] = vectors[order, begin : begin + COLUMNS_AT_ONCE]


def _nearest_first(scores: FloatArray, ids: IntArray, k: int) -> tuple[FloatArray, IntArray]:
    places = largest(scores, k)
    order = np.lexsort((ids[places], -scores[places]))
    return scores[places[order]], ids[places[order]]


def _those_between(bounds: Sequence[tuple[int, int]], places: IntArray) -> IntArray:
    """Return where those of some places, in order, come that lie between bounds laid one behind the other."""
    begins, ends = np.array(bounds, dtype=np.int64).T
    before = np.concatenate([[0], np.cumsum(ends - begins)])[:-1]
    which = np.maximum(begins.searchsorted(places, "right") - 1, 0)
    inside = (places >= begins[which]) & (places < ends[which])
    return np.asarray((places - begins[which] + before[which])[inside])


def _centres(vectors: FloatArray, n: int) -> FloatArray:
    """Find n directions that the vectors gather around, by spherical k-means on a sample."""
    sample = vectors[np.random.default_rng(0).permutation(len(vectors))[: n * SAMPLED_EACH_LIST]]
    found = faiss.Kmeans(
        vectors.shape[1], n, niter=N_ROUNDS, spherical=True, seed=1, max_points_per_centroid=SAMPLED_EACH_LIST
    )
    found.train(np.ascontiguousarray(sample, dtype=np.float32))
    return np.ascontiguousarray(found.centroids, dtype=np.float32)


def _nearest(vectors: FloatArray, centres: FloatArray) -> IntArray:
    found = [(vectors[at : at + BLOCK] @ centres.T).argmax(axis=1) for at in range(0, len(vectors), BLOCK)]
    return np.concatenate(found).astype(np.int64)
