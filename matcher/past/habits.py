"""Known works → how often a partner joins others, lately and in which family of works."""

from functools import cached_property

import numpy as np
from scipy import sparse

from matcher.past.known import Known
from matcher.past.works import Asked, FloatArray, IntArray, Sparse, scaled

BELIEVED_AT = 0.5  # works in a family after which a partner's own share counts as much as everybody's


class Habits:
    """What partners did in works of several, counted."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def facts(self) -> dict[str, FloatArray]:
        """Count the works of several of each partner: (n_partners,) each, by name."""
        year, before = self._joined(0, 1), self._joined(1, 2)
        return {
            "n_joined": self._joined(0, np.inf),
            "n_joined_faded": np.asarray(self._in_family.sum(axis=1)),
            "n_joined_of_half_year": self._joined(0, 0.5),
            "n_joined_of_year": year,
            "growth": (year + 1) / (before + 1),
        }

    def signals(self, asked: Asked) -> dict[str, FloatArray]:
        """Measure what partners did in the family of each asked work: (n_asked, n_partners) each, by name."""
        shape = (len(asked), len(self._known.works.partners))
        families = _numbers(asked.families, len(asked))
        of_lead = self._shares[asked.leads, families]
        return {
            "in_family": self._in_family.T[families],
            "share_in_family": self._shares.T[families],
            "family": np.broadcast_to(families[:, None], shape).astype(np.float32),
            "lead_in_family": np.broadcast_to(of_lead[:, None], shape),
        }

    def _joined(self, least: float, most: float) -> FloatArray:
        known = self._known
        chosen = np.flatnonzero(known.is_party & (known.ages >= least) & (known.ages < most))
        return np.asarray(known.took_part[chosen].sum(axis=0), dtype=np.float32).ravel()

    @cached_property
    def _in_family(self) -> FloatArray:
        """Count works of each family, old ones less: (n_partners, n_families)."""
        known = self._known
        families = _numbers(known.works.families, len(known.works.days))
        shape = (len(known.rows), int(families.max()) + 1)
        rows = np.arange(len(known.rows))
        of_work: Sparse = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, families[known.rows])), shape)
        faded = scaled(known.faded * known.is_party, known.took_part)
        return np.asarray((faded.T @ of_work).toarray(), dtype=np.float32)

    @cached_property
    def _shares(self) -> FloatArray:
        of_all = self._in_family.sum(axis=0) / max(float(self._in_family.sum()), 1e-9)
        sums = self._in_family.sum(axis=1, keepdims=True)
        return np.asarray((self._in_family + BELIEVED_AT * of_all) / (sums + BELIEVED_AT), dtype=np.float32)


def _numbers(families: IntArray | None, n: int) -> IntArray:
    return np.zeros(n, dtype=np.int64) if families is None else families
