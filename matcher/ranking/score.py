"""Candidates become signals, one row a need and candidate, and signals become scores."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from matcher.ranking.arrays import FloatArray, IntArray
from matcher.ranking.closeness import Closeness
from matcher.ranking.facts import Facts
from matcher.ranking.firms import Crew
from matcher.ranking.grouped import Doubles
from matcher.ranking.nearness import nearness
from matcher.ranking.rules import needed_by
from matcher.ranking.ties import Ties
from matcher.ranking.weights import SIGNALS, Weights, as_row
from matcher.terms import Need, Opportunity, Partner

# What a match is worth for the opportunity: mostly how well it does its best need, a little for doing the others too.
BEST_NEED_SHARE = 0.8
# What is left of the right words in a firm that shows nothing of the competency, and how much it must show for all.
BARE_WORDS = 0.6
COVERAGE_FOR_WORDS = 0.5
# What the practice that a need sounds like counts beside those that it names: names are right more often.
LEANING_SHARE = 0.1
UNKNOWN_FREE = 0.5
PROFILE_HALF_LIFE_DAYS = 2 * 365
UNDATED_FRESHNESS = 0.5


@dataclass(frozen=True, slots=True)
class Scored:
    """Signals (n_needs, n_candidates, n_signals), the score of each candidate and the need that it does best."""

    signals: FloatArray
    scores: FloatArray
    best_need: IntArray


class Signals:
    """All that the single signals of one opportunity on one day are read from, for some firms by row."""

    def __init__(
        self,
        opportunity: Opportunity,
        *,
        facts: Facts,
        ties: Ties,
        rows: IntArray,
        today: date,
        crew: Crew | None = None,
    ) -> None:
        self._opportunity = opportunity
        self._facts = facts
        self._ties = ties
        self._rows = rows
        self._today = today
        self.best_key: IntArray = np.zeros((len(opportunity.needs), len(rows)), np.int64)
        self._crew = crew or facts.bench.at(rows)

    def table(self, close: Closeness) -> FloatArray:
        """Return float32 (n_needs, n_candidates, n_signals), columns as in SIGNALS, every value in [0, 1]."""
        table = np.zeros((len(self._opportunity.needs), len(self._rows), len(SIGNALS)), np.float32)
        for name, values in (self._of_needs() | self._of_firms()).items():
            table[:, :, SIGNALS.index(name)] = values
        for name in ("meaning", "past_work", "words"):
            table[:, :, SIGNALS.index(name)] = getattr(close, name)
        self._fill_unnamed(table)
        self._doubt_bare_words(table)
        return table

    def _fill_unnamed(self, table: FloatArray) -> None:
        """Let meaning and past work stand for coverage where a need tells no competency that we know."""
        for row, need in enumerate(self._opportunity.needs):
            if not need.competency_keys and not need.leanings:
                near = np.maximum(table[row, :, SIGNALS.index("meaning")], table[row, :, SIGNALS.index("past_work")])
                table[row, :, SIGNALS.index("coverage")] = near

    def _doubt_bare_words(self, table: FloatArray) -> None:
        """Let words count in full only beside some evidence of the competency: another trade may use the same ones."""
        shown = np.minimum(1, table[:, :, SIGNALS.index("coverage")] / COVERAGE_FOR_WORDS)
        table[:, :, SIGNALS.index("words")] *= BARE_WORDS + (1 - BARE_WORDS) * shown

    def _of_needs(self) -> dict[str, Doubles]:
        """Give (n_needs, n_candidates) for each signal that differs from need to need."""
        opportunity, today = self._opportunity, self._today
        by = needed_by(opportunity, today)
        practices = [self._facts.records.practices_needed([need]) for need in opportunity.needs]
        covered = [
            self._facts.coverage(self._rows, need, crew=self._crew, today=today, by=by) for need in opportunity.needs
        ]
        ids = self._facts.firms.ids[self._rows]
        self.best_key = np.stack([best for _, best in covered])
        return {
            "coverage": np.stack(
                [self._leant(need, named, by) for need, (named, _) in zip(opportunity.needs, covered, strict=True)]
            ),
            "prior": self._ties.strengths(opportunity.partner_id, ids, today, competency_keys=practices),
            "free": np.stack(
                [self._free_for(need, each, by) for need, each in zip(opportunity.needs, practices, strict=True)]
            ),
        }

    def _of_firms(self) -> dict[str, Doubles]:
        """Give (n_candidates,) for each signal that is the same for all needs."""
        firms, rows, opportunity = self._facts.firms, self._rows, self._opportunity
        trade = (opportunity.industry,)
        return {
            "common": self._ties.closeness(opportunity.partner_id, firms.ids[rows]),
            "place": self._place(),
            "language": self._language(),
            "industry": (firms.industries.has_any(rows, trade) & bool(opportunity.industry)).astype(np.float64),
            "size": size_fits(firms.least_eur[rows], firms.most_eur[rows], opportunity.value_eur),
            "fresh": freshness(firms.profile_on[rows], self._today),
        }

    def _leant(self, need: Need, named: Doubles, by: date) -> Doubles:
        """Move coverage a little towards what a need sounds like, which is all there is where it names nothing."""
        if not need.leanings:
            return named
        likely = sum((chance * self._covered(need, key, by) for key, chance in need.leanings), start=self._zeros)
        return (1 - LEANING_SHARE) * named + LEANING_SHARE * likely if need.competency_keys else likely

    def _covered(self, need: Need, key: str, by: date) -> Doubles:
        alone = replace(need, competency_keys=(key,))
        return self._facts.coverage(self._rows, alone, crew=self._crew, today=self._today, by=by)[0]

    def _free_for(self, need: Need, practices: frozenset[str], by: date) -> Doubles:
        if practices or not need.leanings:
            return self._free(practices, need.level, by)
        unknown = self._zeros + UNKNOWN_FREE * (1 - sum(chance for _, chance in need.leanings))
        likely = ((frozenset(self._facts.records.practices(key)), chance) for key, chance in need.leanings)
        free = (chance * self._free(each, need.level, by) for each, chance in likely)
        return sum(free, start=unknown)

    def _free(self, practices: frozenset[str], level: str, by: date) -> Doubles:
        """Count 1 where somebody able is free in time, 0 where all are busy or below the level, 0.5 if unknown."""
        free = self._crew.able_and_free(practices, by, level).astype(np.float64)
        return np.where(self._crew.able(practices), free, UNKNOWN_FREE)

    @property
    def _zeros(self) -> Doubles:
        return np.zeros(len(self._rows))

    def _place(self) -> Doubles:
        return nearness(self._opportunity, self._facts.firms, rows=self._rows, crew=self._crew)

    def _language(self) -> Doubles:
        """Count the languages asked for: 1 where one who can do the work speaks all, else the share the firm has."""
        wanted = sorted(set(self._opportunity.languages))
        if not wanted:
            return np.zeros(len(self._rows))
        spoken = [self._crew.speaks(one) | self._facts.firms.languages.has_any(self._rows, (one,)) for one in wanted]
        practices = self._facts.records.practices_needed(self._opportunity.needs)
        share = 0.8 * np.stack(spoken).sum(axis=0) / len(wanted)
        return np.where(self._crew.able_speaks_all(practices, wanted), 1.0, share)


def score(signals: FloatArray, weights: Weights) -> Scored:
    """Weigh signals into scores in [0, 1], read as the chance that both sides say yes."""
    log_odds = signals @ as_row(weights) + weights.bias
    chances = 1 / (1 + np.exp(-log_odds))
    best = chances.max(axis=0)
    scores = BEST_NEED_SHARE * best + (1 - BEST_NEED_SHARE) * chances.mean(axis=0)
    return Scored(signals, scores.astype(np.float32), chances.argmax(axis=0))


def size_fits(least_eur: Doubles, most_eur: Doubles, value_eur: int | None) -> Doubles:
    """Return 1 for work within the limits a partner set, 0 when its size is not said or half of the least it takes.

    Above the most it takes, a third less for each doubling: large work can be shared, small work cannot be made larger.
    """
    if not value_eur or value_eur <= 0:
        return np.zeros(len(least_eur))
    below = np.log2(np.maximum(least_eur / value_eur, 1))
    above = np.where(most_eur > 0, np.log2(np.maximum(value_eur / np.maximum(most_eur, 1), 1)), 0)
    return np.asarray(np.maximum(0.0, 1 - below - above / 3))


def size_fit(partner: Partner, value_eur: int | None) -> float:
    """Return how well the size of work fits one partner."""
    least, most = np.array([float(partner.min_eur)]), np.array([float(partner.max_eur)])
    return float(size_fits(least, most, value_eur)[0])


def freshness(profile_on: Doubles, today: date) -> Doubles:
    """Return how current profiles of some days still are: 1 today, half after two years; of a day not known, half."""
    age = np.maximum(today.toordinal() - profile_on, 0)
    return np.where(np.isnan(profile_on), UNDATED_FRESHNESS, 0.5 ** (age / PROFILE_HALF_LIFE_DAYS))
