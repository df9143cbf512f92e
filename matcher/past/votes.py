"""Past works that are like an asked one vote for the partners who took part in them."""

import numpy as np
from scipy import sparse

from matcher.past.known import Known
from matcher.past.likeness import Likeness
from matcher.past.works import FloatArray, Sparse, best, scaled_columns

SAME_SUBJECT = 0.6  # cosine of subjects from which on two works answered the same call


def votes(known: Known, alike: Likeness) -> dict[str, FloatArray]:
    """Count votes by name of the likeness they rest on; each (n_asked, n_partners).

    The k most alike works vote with their likeness to a power, faded by age: a high power listens to the closest few.
    """
    told = {
        "words": (alike.words, 150, 2),
        "words_few": (alike.words, 30, 2),
        "words_many": (alike.words, 600, 2),
        "names": (alike.names, 100, 2),
        "meaning": (alike.meaning, 150, 4),
        "meaning_few": (alike.meaning, 30, 4),
        "title": (alike.title, 100, 4),
        "subject_meaning": (alike.subject, 150, 4),
        "together": (alike.together, 150, 4),
        "together_few": (alike.together, 20, 2),
        "together_many": (alike.together, 1000, 4),
        "fields": (alike.fields, 200, 2),
    }
    counted = {
        name: _counted(best(likeness, k).power(power), known.faded_told, known.took_part_told)
        for name, (likeness, k, power) in told.items()
    }
    counted["subject"] = _counted(best(alike.subjects, 200).power(2), known.faded, known.took_part)
    same = sparse.csr_matrix(np.where(alike.subjects > SAME_SUBJECT, alike.subjects, 0))
    return counted | {"same_subject": _counted(same, known.faded, known.took_part)}


def closest(known: Known, alike: Likeness, *, n: int = 800) -> FloatArray:
    """Say how much the most alike own work of each partner is so: (n_asked, n_partners), 0 beyond the n most alike."""
    return largest(best(alike.together, n), known.took_part_told)


def largest(weights: Sparse, took_part: Sparse) -> FloatArray:
    """Give each partner the largest weight among its works: (n, n_works), (n_works, n_partners) → (n, n_partners)."""
    found = np.zeros((weights.shape[0], took_part.shape[1]), dtype=np.float32)
    for row in range(weights.shape[0]):
        works, values = _row(weights, row)
        order = np.argsort(values, kind="stable")
        who = took_part[works[order]]
        found[row, who.indices] = np.repeat(values[order], np.diff(who.indptr))  # the last one written is the largest
    return found


def _row(matrix: Sparse, row: int) -> tuple[FloatArray, FloatArray]:
    inside = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return matrix.indices[inside], matrix.data[inside]


def _counted(weights: Sparse, faded: FloatArray, took_part: Sparse) -> FloatArray:
    return np.asarray((scaled_columns(weights, faded) @ took_part).toarray(), dtype=np.float32)
