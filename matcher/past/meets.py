"""Whom a lead met before → the countries and kinds of partners it goes to, and how much of each side that was."""

import numpy as np
from scipy import sparse

from matcher.past.known import Known
from matcher.past.works import FloatArray, IntArray, Sparse, scaled

LEAST_MET = 0.1  # works, faded: below it a share would say too much


class Meets:
    """Which countries took part in works together up to a day, and what partners joined."""

    def __init__(self, known: Known) -> None:
        of = known.partners
        self._country, self._kind = of.country, of.kind
        self._of_country, self._of_kind = _members(of.country), _members(of.kind)
        joined = scaled(known.faded * known.is_party, known.took_part)
        self._joined = np.maximum(np.asarray(joined.sum(axis=0)).ravel(), LEAST_MET).astype(np.float32)
        self._lift = _lift(known.took_part[np.flatnonzero(known.is_party)] @ self._of_country)

    def signals(self, leads: IntArray, prior: FloatArray) -> dict[str, FloatArray]:
        """Measure from faded prior work with the lead (n_asked, n_partners): the same shape, by name."""
        others = prior.copy()
        others[np.arange(len(leads)), leads] = 0
        others /= np.maximum(others.sum(axis=1, keepdims=True), 1e-9)
        return {
            "prior_of_own": prior / self._joined,
            "prior_of_lead": prior / self._joined[leads][:, None],
            "lead_meets_country": np.asarray(others @ self._of_country)[:, self._country],
            "lead_meets_kind": np.asarray(others @ self._of_kind)[:, self._kind],
            "countries_meet": self._lift[self._country[leads]][:, self._country],
        }


def _members(group: IntArray) -> Sparse:
    """Write 1 for the group of each partner: (n_partners, n_groups)."""
    ones, rows = np.ones(len(group), dtype=np.float32), np.arange(len(group))
    return sparse.csr_matrix((ones, (rows, group)), shape=(len(group), int(group.max()) + 1))


def _lift(counts: Sparse) -> FloatArray:
    """Say how much likelier than everywhere each group is where another one is: (n_groups, n_groups)."""
    there = counts.tocsr()
    there.data[:] = 1
    together = np.asarray((there.T @ there).toarray(), dtype=np.float32)
    alone = np.diag(together)
    share = np.maximum(alone / max(there.shape[0], 1), 1e-6)
    return np.asarray(together / np.maximum(alone, 1)[:, None] / share[None], dtype=np.float32)
