"""Past works that vote as a regression weighs them: works that repeat each other share one voice."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from matcher.past.known import Known
from matcher.past.leads import Leads, Nearness
from matcher.past.likeness import MOST_ALIKE, Comparing, Likeness
from matcher.past.works import FloatArray, IntArray, Sparse

LEAST_FADED = 0.05


@dataclass(frozen=True, slots=True)
class Kernel:
    """How alike two works are: likeness to a power (a higher one listens to the closest), raised by near leads.

    `doubt` is how little a single work is believed; `near` says how much a near lead counts, `same` which share of that
    goes to the same one (the rest to its circle), `country` what the same country adds.
    """

    power: int
    doubt: float
    near: float = 0.0
    same: float = 0.0
    country: float = 0.0

    def of(self, alike: FloatArray, leads: Nearness) -> FloatArray:
        """Turn likeness in [0, 1] and nearness of leads into the kernel, of the same shape."""
        if not self.near:
            return np.asarray(alike**self.power, dtype=np.float32)
        raised = leads.of(same=self.same, country=self.country, weight=self.near)
        return np.asarray(alike**self.power * raised, dtype=np.float32)


KERNELS = {
    "regressed": Kernel(1, 1.0),
    "regressed_sharp": Kernel(2, 0.5),
    "regressed_lead": Kernel(2, 1.25, near=3, same=0.5),
    "regressed_circle": Kernel(2, 2.0, near=6, same=0.3, country=0.5),
}


class Regression:
    """Kernel ridge regression from likeness, of texts and of leads, to who takes part; old works are believed less.

    Source: Saunders, Gammerman and Vovk, "Ridge regression learning algorithm in dual variables", 1998.
    """

    def __init__(self, known: Known, comparing: Comparing) -> None:
        self._rows: IntArray = np.flatnonzero(known.is_party[known.told])
        self._took_part: Sparse = known.took_part_told[self._rows]
        self._leads = Leads(known, known.told[self._rows])
        alike, near = comparing.among(self._rows) / MOST_ALIKE, self._leads.among()
        doubt = 1 / np.maximum(known.faded_told[self._rows], LEAST_FADED)
        self._solved = {name: _solved(each.of(alike, near), each.doubt * doubt) for name, each in KERNELS.items()}

    def signals(self, alike: Likeness, leads: IntArray) -> dict[str, FloatArray]:
        """Predict who takes part, by name of the kernel; each (n_asked, n_partners), negative for unlikely ones."""
        likeness, near = np.maximum(alike.together[:, self._rows], 0) / MOST_ALIKE, self._leads.near(leads)
        return {name: self._predicted(name, each.of(likeness, near)) for name, each in KERNELS.items()}

    def _predicted(self, name: str, kernel: FloatArray) -> FloatArray:
        if not len(self._rows):
            return np.zeros((len(kernel), self._took_part.shape[1]), dtype=np.float32)
        weights = cho_solve(self._solved[name], np.ascontiguousarray(kernel.T), check_finite=False).T
        return np.asarray(weights @ self._took_part, dtype=np.float32)


def _solved(matrix: FloatArray, doubts: FloatArray) -> tuple[FloatArray, bool]:
    matrix[np.diag_indices_from(matrix)] += doubts
    if not len(matrix):
        return matrix, True
    factor, lower = cho_factor(matrix, lower=True, overwrite_a=True, check_finite=False)
    return np.asarray(factor), bool(lower)
