"""The likeliest candidates of a work → signals of who goes with them, and of whom there is enough already."""

import numpy as np

from matcher.past.guess import Guess
from matcher.past.known import Known
from matcher.past.team import Team
from matcher.past.works import FloatArray, IntArray, scaled, scaled_columns

SETS = (5, 10, 20, 50, 150)  # how many of the likeliest a candidate is compared with
RARE = 0.3  # added to what a partner did, so that one work together is not all
EXPECTED_AMONG = 300
LIKELY = (
    *(f"ties_with_{n}" for n in SETS), "mean_tie_with_20", "mean_tie_with_50", "guess", "place_by_guess",
    "behind_first", "behind_tenth", "n_expected", "chances_in_country", "chances_of_kind", "chances_in_town",
    "place_in_country", "behind_in_country", "place_in_town", "behind_in_town",
    "place_of_kind", "behind_of_kind",
)  # fmt: skip


class Circles:
    """Who worked with whom up to a day; asked for every work of that day."""

    def __init__(self, known: Known) -> None:
        self._of, self._team = known.partners, Team(known)
        weights = known.faded * known.is_party / np.sqrt(np.maximum(known.sizes - 1, 1))
        shared = scaled(np.sqrt(weights), known.took_part)
        sums = np.asarray(shared.power(2).sum(axis=0)).ravel()
        self._own = (sums / (sums + RARE)).astype(np.float32)
        self._works = scaled_columns(shared, 1 / np.sqrt(sums + RARE)).T.tocsr()

    def signals(self, guess: Guess) -> FloatArray:
        """Write the columns of `LIKELY` and `TEAM` for each candidate: (n, n_columns)."""
        order = np.argsort(-guess.odds, kind="stable")
        place = np.empty(len(order))
        place[order] = np.arange(len(order))
        columns = [*self._ties(guess, order), guess.odds, np.log1p(place), *_behind(guess.odds, order)]
        columns.append(np.full(len(order), guess.chances[order[:EXPECTED_AMONG]].sum()))
        groups = (self._of.country, self._of.kind, self._of.town)
        columns += [_chances_in(group[guess.partners], guess.chances) for group in groups]
        for group in (self._of.country, self._of.town, self._of.kind):
            columns += _within(group[guess.partners], guess.odds)
        return np.column_stack([*columns, self._team.signals(guess)]).astype(np.float32)

    def _ties(self, guess: Guess, order: IntArray) -> list[FloatArray]:
        """Sum ties with the n likeliest, each by its chance; nobody is tied to itself."""
        chances = np.zeros((len(order), len(SETS)), dtype=np.float32)
        for column, n in enumerate(SETS):
            chances[order[:n], column] = guess.chances[order[:n]]
        works = self._works[guess.partners]
        ties = np.asarray(works @ (works.T @ chances)) - chances * self._own[guess.partners][:, None]
        others = np.maximum(chances.sum(axis=0) - chances, 1e-6)
        means = [ties[:, column] / others[:, column] for column in (SETS.index(20), SETS.index(50))]
        return [*ties.T, *means]


def _behind(odds: FloatArray, order: IntArray) -> list[FloatArray]:
    return [odds - odds[order[min(place, len(order) - 1)]] for place in (0, 9)]


def _chances_in(group: IntArray, chances: FloatArray) -> FloatArray:
    """Say which share of all other chances is of each one's group."""
    sums = np.bincount(group, weights=chances)
    return np.asarray((sums[group] - chances) / np.maximum(chances.sum() - chances, 1e-6))


def _within(group: IntArray, odds: FloatArray) -> list[FloatArray]:
    """Give log(1 + place) within each one's group, and how far it is behind the first there."""
    order = np.lexsort((-odds, group))
    begins = np.flatnonzero(np.r_[True, np.diff(group[order]) != 0])
    sizes = np.diff(np.r_[begins, len(order)])
    start = np.repeat(begins, sizes)
    places, behind = np.empty(len(order)), np.empty(len(order))
    places[order] = np.log1p(np.arange(len(order)) - start)
    behind[order] = odds[order] - odds[order[start]]
    return [places, behind]
