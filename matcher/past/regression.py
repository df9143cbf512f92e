"""Past works that vote as a regression weighs them: works that repeat each other share one voice."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from matcher.past.known import Known
from matcher.past.likeness import MOST_ALIKE, Comparing, Likeness
from matcher.past.works import FloatArray, IntArray, Sparse

# By name: the power of likeness (a higher one listens to the closest) and how little a single work is believed.
KERNELS = {"regressed": (1, 1.0), "regressed_sharp": (2, 0.5)}
LEAST_FADED = 0.05


@dataclass(frozen=True)
class _Kernel:
    power: int
    solved: tuple[FloatArray, bool]


class Regression:
    """Kernel ridge regression from likeness to who takes part, old works believed less.

    Source: Saunders, Gammerman and Vovk, "Ridge regression learning algorithm in dual variables", 1998.
    """

    def __init__(self, known: Known, comparing: Comparing) -> None:
        self._rows: IntArray = np.flatnonzero(known.is_party[known.told])
        self._took_part: Sparse = known.took_part_told[self._rows]
        alike = comparing.among(self._rows) / MOST_ALIKE
        doubt = 1 / np.maximum(known.faded_told[self._rows], LEAST_FADED)
        self._kernels = {name: _solved(alike, power, noise * doubt) for name, (power, noise) in KERNELS.items()}

    def signals(self, alike: Likeness) -> dict[str, FloatArray]:
        """Predict who takes part, by name of the kernel; each (n_asked, n_partners), negative for unlikely ones."""
        near = np.maximum(alike.together[:, self._rows], 0) / MOST_ALIKE
        return {name: self._predicted(near, each) for name, each in self._kernels.items()}

    def _predicted(self, near: FloatArray, kernel: _Kernel) -> FloatArray:
        if not len(self._rows):
            return np.zeros((len(near), self._took_part.shape[1]), dtype=np.float32)
        weights = cho_solve(kernel.solved, np.ascontiguousarray((near**kernel.power).T), check_finite=False).T
        return np.asarray(weights @ self._took_part, dtype=np.float32)


def _solved(alike: FloatArray, power: int, doubts: FloatArray) -> _Kernel:
    matrix = np.asarray(alike**power, dtype=np.float32)
    matrix[np.diag_indices_from(matrix)] += doubts
    if not len(matrix):
        return _Kernel(power, (matrix, True))
    return _Kernel(power, cho_factor(matrix, lower=True, overwrite_a=True, check_finite=False))
