"""Candidates become signals, one row a need and candidate, and signals become scores."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matcher.ranking.arrays import FloatArray, IntArray
from matcher.ranking.closeness import Closeness
from matcher.ranking.coverage import Covering
from matcher.ranking.graph import CollaborationGraph
from matcher.ranking.records import Records
from matcher.ranking.rules import able_people, spoken
from matcher.ranking.weights import SIGNALS, Weights, as_row
from matcher.terms import Need, Opportunity, Partner

# What a match is worth for the opportunity: mostly how well it does its best need, a little for doing the others too.
BEST_NEED_SHARE = 0.8
# What is left of the right words in a firm that shows nothing of the competency, and how much it must show for all.
BARE_WORDS = 0.6
COVERAGE_FOR_WORDS = 0.5
PROFILE_HALF_LIFE_DAYS = 2 * 365
UNDATED_FRESHNESS = 0.5


@dataclass(frozen=True, slots=True)
class Scored:
    """Signals (n_needs, n_candidates, n_signals), the score of each candidate and the need that it does best."""

    signals: FloatArray
    scores: FloatArray
    best_need: IntArray


class Signals:
    """All that the single signals of one opportunity on one day are read from."""

    def __init__(
        self, opportunity: Opportunity, *, records: Records, graph: CollaborationGraph, covering: Covering, today: date
    ) -> None:
        self._opportunity = opportunity
        self._records = records
        self._graph = graph
        self._covering = covering
        self._today = today
        self._practices = records.practices_needed(opportunity.needs)

    def table(self, close: Closeness, partners: Sequence[Partner]) -> FloatArray:
        """Return float32 (n_needs, n_candidates, n_signals), columns as in SIGNALS, every value in [0, 1]."""
        needs = self._opportunity.needs
        table = np.zeros((len(needs), len(partners), len(SIGNALS)), np.float32)
        for at, partner in enumerate(partners):
            same_for_all = self._of_partner(partner)
            for row, need in enumerate(needs):
                values = same_for_all | self._of_need(partner, need)
                table[row, at] = [values.get(name, 0.0) for name in SIGNALS]
        for name in ("meaning", "past_work", "words"):
            table[:, :, SIGNALS.index(name)] = getattr(close, name)
        self._fill_unnamed(table)
        self._doubt_bare_words(table)
        return table

    def _fill_unnamed(self, table: FloatArray) -> None:
        """Let meaning and past work stand for coverage where a need names no competency that we know."""
        for row, need in enumerate(self._opportunity.needs):
            if not need.competency_keys:
                near = np.maximum(table[row, :, SIGNALS.index("meaning")], table[row, :, SIGNALS.index("past_work")])
                table[row, :, SIGNALS.index("coverage")] = near

    def _doubt_bare_words(self, table: FloatArray) -> None:
        """Let words count in full only beside some evidence of the competency: another trade may use the same ones."""
        shown = np.minimum(1, table[:, :, SIGNALS.index("coverage")] / COVERAGE_FOR_WORDS)
        table[:, :, SIGNALS.index("words")] *= BARE_WORDS + (1 - BARE_WORDS) * shown

    def _of_need(self, partner: Partner, need: Need) -> dict[str, float]:
        practices = self._records.practices_needed([need])
        poster = self._opportunity.partner_id
        tie = self._graph.prior(poster, partner.id, today=self._today, competency_keys=practices)
        return {
            "coverage": self._covering.of_need(partner.id, need),
            "prior": tie.strength,
            "free": self._covering.free_share(partner.id, need),
        }

    def _of_partner(self, partner: Partner) -> dict[str, float]:
        return {
            "common": self._graph.closeness(self._opportunity.partner_id, partner.id),
            "place": self._place(partner),
            "language": self._language(partner),
            "industry": float(bool(self._opportunity.industry) and self._opportunity.industry in partner.industries),
            "size": size_fit(partner, self._opportunity.value_eur),
            "fresh": freshness(partner.profile_on, self._today),
        }

    def _place(self, partner: Partner) -> float:
        """Count the place only for work on site: in the country 1, elsewhere with people who travel 0.3."""
        if not self._opportunity.on_site:
            return 0.0
        if partner.country == self._opportunity.country:
            return 1.0
        return 0.3 if any(one.on_site for one in self._records.people(partner.id)) else 0.0

    def _language(self, partner: Partner) -> float:
        """Count the languages asked for: 1 where one who can do the work speaks all, else the share the firm has."""
        wanted = set(self._opportunity.languages)
        if not wanted:
            return 0.0
        able = able_people(self._records.people(partner.id), self._practices)
        if any(wanted <= set(one.languages) for one in able):
            return 1.0
        return 0.8 * len(wanted & spoken(partner, self._records)) / len(wanted)


def score(signals: FloatArray, weights: Weights) -> Scored:
    """Weigh signals into scores in [0, 1], read as the chance that both sides say yes."""
    log_odds = signals @ as_row(weights) + weights.bias
    chances = 1 / (1 + np.exp(-log_odds))
    best = chances.max(axis=0)
    scores = BEST_NEED_SHARE * best + (1 - BEST_NEED_SHARE) * chances.mean(axis=0)
    return Scored(signals, scores.astype(np.float32), chances.argmax(axis=0))


def size_fit(partner: Partner, value_eur: int | None) -> float:
    """Return 1 for work within the limits a partner set, 0 when its size is not said or half of the least it takes.

    Above the most it takes, a third less for each doubling: large work can be shared, small work cannot be made larger.
    """
    if not value_eur or value_eur <= 0:
        return 0.0
    below = math.log2(partner.min_eur / value_eur) if partner.min_eur > value_eur else 0.0
    above = math.log2(value_eur / partner.max_eur) if 0 < partner.max_eur < value_eur else 0.0
    return max(0.0, 1 - below - above / 3)


def freshness(profile_on: date | None, today: date) -> float:
    """Return how current a profile still is: 1 today, half after two years."""
    if profile_on is None:
        return UNDATED_FRESHNESS
    return float(0.5 ** (max((today - profile_on).days, 0) / PROFILE_HALF_LIFE_DAYS))
