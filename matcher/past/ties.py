"""What the lead of an asked work did before, and with whom."""

import numpy as np

from matcher.past.known import YEAR, Known
from matcher.past.likeness import Likeness
from matcher.past.votes import largest
from matcher.past.works import FloatArray, IntArray, Sparse, scaled_columns

LONG_AGO = 30.0  # years: never together
SUBJECT_WEIGHT = 0.1  # of works that are told by subject only


def ties(known: Known, alike: Likeness, leads: IntArray) -> dict[str, FloatArray]:
    """Measure prior work with the lead in five ways; each (n_asked, n_partners)."""
    works = known.works_of[leads]
    told = works[:, known.told].tocsr()
    alike_told = told.multiply(alike.together).tocsr()
    return {
        "prior": _dense(works @ known.took_part),
        "prior_faded": _dense(scaled_columns(works, known.faded) @ known.took_part),
        "prior_alike": _dense(told.multiply(alike.together**3).tocsr() @ known.took_part_told)
        + SUBJECT_WEIGHT * _dense(works.multiply(alike.subjects).tocsr() @ known.took_part),
        "prior_closest": largest(alike_told, known.took_part_told),
        "prior_years": _years_since(known, works),
    }


def _years_since(known: Known, works: Sparse) -> FloatArray:
    newness = works.copy()
    newness.data = (known.works.days[known.rows] + 1)[works.indices].astype(np.float32)
    newest = largest(newness, known.took_part)
    return np.where(newest > 0, (known.day - newest + 1) / YEAR, LONG_AGO).astype(np.float32)


def _dense(rows: Sparse) -> FloatArray:
    return np.asarray(rows.toarray(), dtype=np.float32)
