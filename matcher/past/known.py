"""Works → what was known of them on a day: all that a ranking of that day may use."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matcher.past.works import (
    About,
    BoolArray,
    FloatArray,
    IntArray,
    Partners,
    Sparse,
    Works,
    scaled,
    scaled_columns,
    summing_to_one,
)

YEAR = 365.0
FADES = 3.0  # years after which a work counts 1/e as much
FADES_EARLY = 4.0
PARTY = 3  # who took part in a work of fewer had nobody, or one, to find


@dataclass(frozen=True)
class Known:
    """The works that began before a day; nothing later is in it."""

    works: Works
    day: float

    @cached_property
    def rows(self) -> IntArray:
        return np.flatnonzero(self.works.days < self.day)

    @cached_property
    def told(self) -> IntArray:
        """Number the known works that have a text, as rows of `rows`."""
        return np.flatnonzero(self.rows >= self.works.n_early)

    @cached_property
    def about(self) -> About:
        return self.works.about.rows(self.rows[self.told] - self.works.n_early)

    @cached_property
    def subjects(self) -> Sparse:
        return self.works.subjects[self.rows]

    @cached_property
    def took_part(self) -> Sparse:
        """Who took part (n_known, n_partners)."""
        return self.works.took_part[self.rows]

    @cached_property
    def took_part_told(self) -> Sparse:
        return self.took_part[self.told]

    @cached_property
    def works_of(self) -> Sparse:
        """The works of each partner (n_partners, n_known)."""
        return self.took_part.T.tocsr()

    @cached_property
    def partners(self) -> Partners:
        """Facts of the partners as they were known; whose town is not known is in one of its country alone.

        Towns and sizes of firms come with their first work that has a text: of those who never had one by the end of
        the data there are none, so that having one told who would take part later.
        """
        of, is_told = self.works.partners, _sums(self.took_part_told, axis=0) > 0
        nowhere = int(of.town.max()) + 1 + of.country
        return replace(of, town=np.where(is_told, of.town, nowhere), is_small=np.where(is_told, of.is_small, 0))

    @cached_property
    def leads(self) -> IntArray:
        return self.works.leads[self.rows]

    @cached_property
    def ages(self) -> FloatArray:
        """Years since each known work began."""
        return np.asarray((self.day - self.works.days[self.rows]) / YEAR, dtype=np.float32)

    @cached_property
    def faded(self) -> FloatArray:
        """Say how much each known work still counts, in (0, 1]."""
        return np.asarray(np.exp(-self.ages / FADES_EARLY))

    @cached_property
    def faded_told(self) -> FloatArray:
        return np.asarray(np.exp(-self.ages[self.told] / FADES))

    @cached_property
    def sizes(self) -> FloatArray:
        """Count who took part in each known work."""
        return _sums(self.took_part, axis=1)

    @cached_property
    def is_party(self) -> BoolArray:
        """Say of which known works several were found for."""
        return self.sizes >= PARTY

    @cached_property
    def n_works(self) -> FloatArray:
        """Count the works of each partner."""
        return _sums(self.took_part, axis=0)

    @cached_property
    def profiles(self) -> FloatArray:
        """Average the meaning of each partner's works: unit rows (n_partners, d), 0 where none has a text."""
        mean = self.took_part_told.T @ self.about.meaning
        lengths = np.linalg.norm(mean, axis=1, keepdims=True)
        return np.asarray(mean / np.where(lengths == 0, 1, lengths), dtype=np.float32)

    @cached_property
    def is_active(self) -> BoolArray:
        return self.n_works > 0

    @cached_property
    def to_work(self) -> Sparse:
        """From a partner to one of its works, the newer the likelier: (n_known, n_partners), columns sum to 1."""
        fresh = scaled(self.faded, self.took_part)
        sums = _sums(fresh, axis=0)
        return scaled_columns(fresh, 1 / np.where(sums == 0, 1, sums))

    @cached_property
    def to_partner(self) -> Sparse:
        """From a work to any who took part: (n_partners, n_known), columns sum to 1."""
        return summing_to_one(self.took_part).T.tocsr()


def _sums(matrix: Sparse, *, axis: int) -> FloatArray:
    return np.asarray(matrix.sum(axis=axis), dtype=np.float32).ravel()
