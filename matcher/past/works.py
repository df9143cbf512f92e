"""Who took part in what, when, and what it was about, as matrices."""

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray: TypeAlias = NDArray[np.floating[Any]]  # float32 wherever it is large
BoolArray: TypeAlias = NDArray[np.bool_]
IntArray: TypeAlias = NDArray[np.int64]
Sparse: TypeAlias = Any  # scipy.sparse.csr_matrix of float32; SciPy has no types


@dataclass(frozen=True, slots=True)
class About:
    """What some works are about, a row each: unit vectors (n, d) of three texts, and counts of words (n, n_words).

    Counts are 1 + log(times) where a word occurs. `names` holds the words of title and keywords, `fields` a taxonomy's.
    """

    meaning: FloatArray
    title: FloatArray
    subject: FloatArray
    words: Sparse
    names: Sparse
    fields: Sparse

    def __len__(self) -> int:
        return len(self.meaning)

    def rows(self, chosen: IntArray) -> "About":
        """Keep some rows, in the order given."""
        return replace(self, **{name: getattr(self, name)[chosen] for name in self.__slots__})


@dataclass(frozen=True, slots=True)
class Partners:
    """Facts of the partners, a row each: numbers of countries, towns and kinds (0 to 4), and 1.0 for a small firm."""

    country: IntArray
    town: IntArray
    kind: IntArray
    is_small: FloatArray

    def __len__(self) -> int:
        return len(self.country)


@dataclass(frozen=True, slots=True)
class Works:
    """Works in order of their first day (float, in days). The first ones, `n_early` of them, have subjects but no text.

    `took_part` (n_works, n_partners) is 1 where a partner took part, its lead included; `leads` (n_works,) is -1 where
    nobody is known to have led. `subjects` (n_works, n_words) is 1 where a word stands in the subject. `about` has a
    row for each work from `n_early` on. `families` (n_works,) numbers kinds of work that differ in who joins
    them; None where all are of one kind.
    """

    days: FloatArray
    leads: IntArray
    took_part: Sparse
    subjects: Sparse
    about: About
    n_early: int
    partners: Partners
    families: IntArray | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Works to come, for which partners are wanted: what each is about, of which family, and who leads it."""

    about: About
    subjects: Sparse
    leads: IntArray
    families: IntArray | None = None

    def __len__(self) -> int:
        return len(self.leads)

    def rows(self, chosen: IntArray) -> "Asked":
        families = None if self.families is None else self.families[chosen]
        return Asked(self.about.rows(chosen), self.subjects[chosen], self.leads[chosen], families)


def best(likeness: FloatArray, k: int) -> Sparse:
    """Keep the k largest of each row (all others become 0, and so does what is below 0); csr of the same shape."""
    n_rows, n_columns = likeness.shape
    k = min(k, n_columns)
    if k == 0:
        return sparse.csr_matrix(likeness.shape, dtype=np.float32)
    at = np.argpartition(-likeness, k - 1, axis=1)[:, :k]
    kept = np.maximum(np.take_along_axis(likeness, at, axis=1), 0)
    rows = np.repeat(np.arange(n_rows), k)
    return sparse.csr_matrix((kept.ravel(), (rows, at.ravel())), shape=likeness.shape, dtype=np.float32)


def summing_to_one(rows: Sparse) -> Sparse:
    """Scale each row of a csr matrix to a sum of 1; an empty row stays empty."""
    sums = np.asarray(rows.sum(axis=1)).ravel()
    return scaled(1 / np.where(sums == 0, 1, sums), rows)


def scaled(factors: FloatArray, rows: Sparse) -> Sparse:
    """Multiply each row of a csr matrix by its factor."""
    return (sparse.diags(factors.astype(np.float32)) @ rows).tocsr()


def scaled_columns(columns: Sparse, factors: FloatArray) -> Sparse:
    """Multiply each column of a csr matrix by its factor."""
    return (columns @ sparse.diags(factors.astype(np.float32))).tocsr()


def of_largest(rows: FloatArray) -> FloatArray:
    """Divide each row by its largest value."""
    return np.asarray(rows / np.maximum(rows.max(axis=1, keepdims=True), 1e-9), dtype=np.float32)
