"""The array types that the rooms of ranking hand to each other."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float32]
IntArray: TypeAlias = NDArray[np.int64]

SAMPLE = 2048


def unit_rows(vectors: FloatArray) -> FloatArray:
    """Scale each row to length 1; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), dtype=np.float32)


def largest(values: NDArray[np.float32], k: int) -> IntArray:
    """Return where the k largest values stand, in no order, and all that equal the k-th; everything if there are fewer.

    A sample tells about how large the k-th is, which saves looking at most values more than once.
    """
    if len(values) <= k:
        return np.arange(len(values))
    step = len(values) // SAMPLE
    found = np.flatnonzero(values >= _likely_bound(values[::step], k // step)) if step > 1 else np.zeros(0, np.int64)
    if len(found) < k:
        found = np.arange(len(values))
    chosen = values[found]
    return np.asarray(found[chosen >= np.partition(chosen, -k)[-k]])


def _likely_bound(sample: NDArray[np.float32], k: int) -> np.float32:
    """Return a value that rather more than k of the sample reach."""
    n_above = min(2 * k + 8, len(sample))
    return np.float32(np.partition(sample, -n_above)[-n_above])
