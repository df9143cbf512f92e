"""Walks from partner to work to partner that begin at the lead, at alike past works, or at likely partners.

Personalised PageRank, cut off after a few steps. Source: Haveliwala, "Topic-sensitive PageRank", 2002.
"""

import numpy as np

from matcher.past.known import Known
from matcher.past.works import FloatArray, IntArray, Sparse, best, scaled_columns, summing_to_one

GOES_ON = 0.7  # chance of one more step
N_ALIKE = 60


def walked(known: Known, start: FloatArray, *, n_steps: int) -> FloatArray:
    """Sum the chances of being at each partner after 1 to n steps: (n, n_partners) to the same shape."""
    now, total, weight = start.T, np.zeros_like(start), 1.0
    for _ in range(n_steps):
        now = known.to_partner @ (known.to_work @ now)
        weight *= GOES_ON
        total += weight * now.T
    return total


def at_leads(leads: IntArray, n_partners: int) -> FloatArray:
    """Stand at the lead of each asked work."""
    start = np.zeros((len(leads), n_partners), dtype=np.float32)
    start[np.arange(len(leads)), leads] = 1
    return start


def at_alike(known: Known, together: FloatArray) -> FloatArray:
    """Stand at those who took part in the most alike works."""
    alike = summing_to_one(scaled_columns(best(together, N_ALIKE).power(4), known.faded_told))
    return _dense(alike @ known.to_partner.T.tocsr()[known.told])


def at_likeliest(likely: FloatArray, n: int = 15) -> FloatArray:
    """Stand at the likeliest partners by what was found so far, as if they had been won already."""
    return _dense(summing_to_one(best(likely, n).power(2)))


def common(known: Known, prior: FloatArray, leads: IntArray) -> FloatArray:
    """Count shared acquaintances with the lead, each worth less the more works it has, and the works' sizes too.

    Source: Adamic and Adar, "Friends and neighbors on the Web", 2003.
    """
    met = (prior > 0).astype(np.float32)
    met[np.arange(len(leads)), leads] = 0
    worth = met / np.log(known.n_works + 2)
    return np.asarray((known.to_partner @ (known.took_part @ worth.T)).T, dtype=np.float32)


def _dense(rows: Sparse) -> FloatArray:
    return np.asarray(rows.toarray(), dtype=np.float32)
