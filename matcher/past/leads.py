"""Leads of works → how near two of them stand: the same one, the same circle of partners, the same country."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from matcher.past.known import Known
from matcher.past.works import FloatArray, IntArray, Sparse, scaled


@dataclass(frozen=True, slots=True)
class Nearness:
    """For two lists of leads (n, m): 1 for the same one, cosine of whom they worked with, 1 for the same country."""

    same: FloatArray
    circle: FloatArray
    country: FloatArray

    def of(self, *, same: float, country: float, weight: float) -> FloatArray:
        """Sum what is near, 1 for strangers: the rest of `same` is the share of the circle."""
        return np.asarray(1 + country * self.country + weight * (same * self.same + (1 - same) * self.circle))


class Leads:
    """The leads of some known works; asked who stands near them."""

    def __init__(self, known: Known, rows: IntArray) -> None:
        self._known, self._leads = known, known.leads[rows]
        self._took_part: Sparse = known.took_part[rows]
        self._shared = scaled(known.faded * known.is_party / np.sqrt(np.maximum(known.sizes - 1, 1)), known.took_part)
        self._circles = self._circles_of(self._leads)

    def among(self) -> Nearness:
        """Compare them with each other: (n_rows, n_rows)."""
        return self._near(self._leads, self._circles, _same(self._leads, self._leads))

    def near(self, leads: IntArray) -> Nearness:
        """Compare leads of asked works with them: (n_leads, n_rows). Whoever took part is as near as who led."""
        took_part = np.asarray(self._took_part[:, leads].toarray()).T
        return self._near(leads, self._circles_of(leads), np.maximum(_same(leads, self._leads), took_part))

    def _near(self, leads: IntArray, circles: Sparse, same: FloatArray) -> Nearness:
        cosines = np.asarray((circles @ self._circles.T).toarray(), dtype=np.float32)
        return Nearness(same, cosines, _same(self._countries(leads), self._countries(self._leads)))

    def _countries(self, leads: IntArray) -> IntArray:
        return np.where(leads < 0, -1, self._known.works.partners.country[leads])

    def _circles_of(self, leads: IntArray) -> Sparse:
        """Say with whom each worked, itself included: rows of length 1, empty for whom nothing is known of."""
        met = (self._known.works_of[leads] @ self._shared).tocsr()
        lengths = sparse.linalg.norm(met, axis=1) if met.shape[0] else np.ones(0)
        return scaled((leads >= 0) / np.where(lengths == 0, 1, lengths), met)


def _same(one: IntArray, other: IntArray) -> FloatArray:
    """Compare numbers; -1 stands for unknown, which is like nothing."""
    return np.asarray((one[:, None] == other[None]) & (one[:, None] >= 0), dtype=np.float32)
