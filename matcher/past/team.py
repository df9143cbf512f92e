"""The likeliest candidates of a work as a team → how each would fit in with them, and whose place is taken already."""

from dataclasses import dataclass

import numpy as np

from matcher.past.guess import Guess
from matcher.past.known import Known
from matcher.past.likeness import MOST_ALIKE
from matcher.past.works import FloatArray, IntArray, Sparse, scaled

N_TEAM = 60
TOLD_BY_NOTHING = 0.03  # likeness of a work that has no text
SOME, FEW, RARE = 0.5, 0.3, 0.05  # works added to what was counted, so that one work is not all
TEAM = (
    "team_alike", "team_alike_sharp", "team_met_most", "team_met_most_alike", "team_met_squared",
    "team_met_squared_alike", "team_with_lead", "team_with_lead_alike", "team_of_theirs", "team_of_own_most",
    "team_of_own_any", "team_of_own_three", "team_of_own_first", "team_of_own_first_three", "team_overlap_most",
    "team_overlap", "team_met", "team_together_most", "team_together", "team_beyond_chance", "team_profile",
    "team_profile_most", "team_ahead_alike", "team_ahead_of_kind", "team_ahead_in_country", "team_others_alike",
    "team_place_alike",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Joined:
    """The past works of some candidates: an entry of `of` and `work` for each that one of them joined.

    `others` is how many of the team are expected to have been there beside that one, `alike` how much the work is like
    the asked one.
    """

    of: IntArray
    work: IntArray
    others: FloatArray
    alike: FloatArray
    n: int

    def summed(self, weights: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(self.of, weights=weights, minlength=self.n), dtype=np.float64)

    def largest(self, weights: FloatArray) -> FloatArray:
        found = np.zeros(self.n)
        np.maximum.at(found, self.of, weights)
        return found


class Team:
    """Who joined which works of several up to a day; asked for every work of that day."""

    def __init__(self, known: Known) -> None:
        party = np.flatnonzero(known.is_party)
        # Half as exact, as lessons keep a team for each of many months.
        self._of, self._profiles = known.partners, known.profiles.astype(np.float16)
        self._joined: Sparse = known.took_part[party].T.tocsr()
        self._faded, self._sizes = known.faded[party], known.sizes[party]
        self._n_joined = np.asarray(self._joined @ self._faded).ravel()
        place = np.full(len(known.rows), -1)
        place[known.told] = np.arange(len(known.told))
        self._told = place[party]

    def signals(self, guess: Guess) -> FloatArray:
        """Write the columns of `TEAM` for each candidate: (n, n_columns)."""
        order = np.argsort(-guess.odds, kind="stable")
        best_first = guess.rows(order)
        team = np.where(np.arange(len(order)) < N_TEAM, best_first.chances, 0)
        columns = self._works(best_first, team) | self._pairs(best_first, team) | self._places(best_first)
        signals = np.empty((len(order), len(TEAM)), dtype=np.float32)
        signals[order] = np.column_stack([columns[name] for name in TEAM])
        return signals

    def _works(self, guess: Guess, team: FloatArray) -> dict[str, FloatArray]:
        """Measure the works that candidates joined, by who of the team was there and how alike they are."""
        joined, sizes = self._entries(guess, team), self._sizes
        work, others, alike = joined.work, joined.others, joined.alike
        faded, each = self._faded[work], others / np.sqrt(sizes[work])
        led = np.isin(work, self._joined[[guess.lead]].indices) if guess.lead >= 0 else np.zeros(len(work))
        return {
            "team_alike": joined.summed(faded * alike**2 / (sizes[work] - 1) * others),
            "team_alike_sharp": joined.summed(faded * alike**4 / (sizes[work] - 1) * others),
            "team_met_most": joined.largest(faded * each),
            "team_met_most_alike": joined.largest(alike * each),
            "team_met_squared": joined.summed(faded * each**2),
            "team_met_squared_alike": joined.summed(faded * alike * each**2),
            "team_with_lead": joined.summed(faded * led * others),
            "team_with_lead_alike": joined.summed(alike**2 * led * others),
        }

    def _entries(self, guess: Guess, team: FloatArray) -> Joined:
        rows = self._joined[guess.partners]
        of = np.repeat(np.arange(len(team)), np.diff(rows.indptr))
        others = np.maximum((rows.T @ team)[rows.indices] - team[of], 0)
        return Joined(of, rows.indices, others, self._alike(guess)[rows.indices], len(team))

    def _alike(self, guess: Guess) -> FloatArray:
        """Say how alike each work of several is to the asked one, in [0, 1]."""
        if not len(guess.alike):
            return np.full(len(self._told), TOLD_BY_NOTHING)
        told = np.maximum(guess.alike[np.maximum(self._told, 0)], 0) / MOST_ALIKE
        return np.where(self._told >= 0, told, TOLD_BY_NOTHING)

    def _pairs(self, guess: Guess, team: FloatArray) -> dict[str, FloatArray]:
        """Measure ties of each candidate with each of the team."""
        n = min(N_TEAM, len(team))
        chances, others = team[:n], np.maximum(team[:n].sum() - team, 1e-6)
        rows, alike = self._joined[guess.partners], self._alike(guess)
        together = _without_oneself((rows @ scaled(self._faded, rows[:n].T.tocsr())).toarray())
        by_text = _without_oneself((rows @ scaled(self._faded * alike**2, rows[:n].T.tocsr())).toarray())
        profiles = self._profiles[guess.partners].astype(np.float32)
        near = _without_oneself(profiles @ profiles[:n].T)
        return self._shares(guess, together, chances) | {
            "team_met": ((together > 0) @ chances) / others,
            "team_together_most": (by_text * chances).max(axis=1),
            "team_together": (by_text @ chances) / others,
            "team_beyond_chance": (self._beyond_chance(guess, together) @ chances) / others,
            "team_profile": (near @ chances) / others,
            "team_profile_most": near[:, :10].max(axis=1),
        }

    def _shares(self, guess: Guess, together: FloatArray, chances: FloatArray) -> dict[str, FloatArray]:
        """Measure works together as shares of what a candidate joined, and of what each of the team did."""
        own = self._n_joined[guess.partners][:, None]
        theirs = own[: len(chances), 0]
        of_own = together / (own + SOME)
        expected, overlap = of_own * chances, together / (own + theirs - together + FEW)
        return {
            "team_of_theirs": (together / (theirs + SOME)) @ chances,
            "team_of_own_most": expected.max(axis=1),
            "team_of_own_any": -np.log1p(-np.minimum(expected, 0.95)).sum(axis=1),
            "team_of_own_three": np.sort(expected, axis=1)[:, -3:].sum(axis=1),
            "team_of_own_first": of_own[:, 0],
            "team_of_own_first_three": of_own[:, :3].sum(axis=1),
            "team_overlap_most": (overlap * chances).max(axis=1),
            "team_overlap": overlap @ chances,
        }

    def _beyond_chance(self, guess: Guess, together: FloatArray) -> FloatArray:
        """Compare with what would be if all joined by chance; never together counts against."""
        own = self._n_joined[guess.partners]
        by_chance = own[:, None] * own[: together.shape[1]] / max(float(self._faded.sum()), 1e-9)
        return _without_oneself(np.log((together + RARE) / (by_chance + RARE)))

    def _places(self, guess: Guess) -> dict[str, FloatArray]:
        """Sum the chances of those before each one in its country, of its kind, and both."""
        country, kind = self._of.country[guess.partners], self._of.kind[guess.partners]
        both = np.unique(np.column_stack([country, kind]), axis=0, return_inverse=True)[1].ravel()
        ahead, place = _before(both, guess.chances)
        return {
            "team_ahead_alike": ahead,
            "team_ahead_of_kind": _before(kind, guess.chances)[0],
            "team_ahead_in_country": _before(country, guess.chances)[0],
            "team_others_alike": np.bincount(both, weights=guess.chances)[both] - guess.chances,
            "team_place_alike": place,
        }


def _without_oneself(ties: FloatArray) -> FloatArray:
    np.fill_diagonal(ties, 0)
    return ties


def _before(group: IntArray, chances: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Sum the chances of those of one's group that stand before, and count them."""
    order = np.argsort(group, kind="stable")
    begins = np.flatnonzero(np.r_[True, np.diff(group[order]) != 0])
    sizes = np.diff(np.r_[begins, len(order)])
    sums = np.cumsum(chances[order]) - chances[order]
    ahead, place = np.empty(len(order)), np.empty(len(order))
    ahead[order] = sums - np.repeat(sums[begins], sizes)
    place[order] = np.arange(len(order)) - np.repeat(begins, sizes)
    return ahead, place
