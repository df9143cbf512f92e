"""The ranking once more, one partner after the other, straight from the records: what the columns must agree with."""

import math
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from matcher import towns
from matcher.ranking.arrays import FloatArray
from matcher.ranking.candidates import PARTNERS_EACH_ROAD, ROWS_EACH_ROAD
from matcher.ranking.closeness import Asked, Closeness, closeness
from matcher.ranking.corpus import Corpus
from matcher.ranking.graph import CollaborationGraph
from matcher.ranking.lexical import LexicalIndex
from matcher.ranking.model import WEIGHTS
from matcher.ranking.nearness import NOBODY_TRAVELS, abroad, at_home
from matcher.ranking.order import FAIR, Standing, ordered
from matcher.ranking.records import Records
from matcher.ranking.rules import Case, able_people, judge, needed_by, spoken
from matcher.ranking.score import BARE_WORDS, COVERAGE_FOR_WORDS, score
from matcher.ranking.weights import SIGNALS
from matcher.terms import Need, Network, Opportunity, Partner
from tests.ranking.slow_coverage import SlowCovering

OWN_WORDS = ("profile", "collaboration")


class SlowRanker:
    """All rooms of the ranker, without a column."""

    def __init__(self, network: Network, vectors: dict[str, FloatArray]) -> None:
        self.records = Records(network)
        self.corpus = Corpus(network, vectors)
        self.lexical = LexicalIndex([one.text if one.source in OWN_WORDS else "" for one in self.corpus.capabilities])
        self.graph = CollaborationGraph(network.collaborations)

    def places(self, opportunity: Opportunity, vectors: FloatArray, today: date) -> list[tuple[int, float]]:
        """Return the partners and scores of the first 25."""
        practices = tuple(self.records.practices_needed([need]) for need in opportunity.needs)
        asked = Asked(opportunity.needs, vectors, practices, opportunity.partner_id)
        found = [self.records.partners[one] for one in sorted(self.candidates(asked)) if one in self.records.partners]
        kept = [one for one in found if not judge(Case(opportunity, one, self.records, today, frozenset()))]
        ids = [one.id for one in kept]
        close = closeness(self.corpus, self.lexical, asked, partner_ids=ids, today=today)
        scores = score(self.table(opportunity, close, kept, today), WEIGHTS).scores
        ties = self.graph.neighbours(opportunity.partner_id)
        standings = [Standing(at, one, float(scores[at]), one.id in ties) for at, one in enumerate(kept)]
        return [(one.partner.id, one.score) for one in ordered(standings, FAIR, today)[:25]]

    def candidates(self, asked: Asked) -> set[int]:
        found = set(self.graph.around(asked.poster_id, limit=PARTNERS_EACH_ROAD))
        for keys in asked.practices:
            for key in keys:
                found.update(self._able(key)[:PARTNERS_EACH_ROAD])
        for is_work in (False, True):
            rows = np.flatnonzero(self.corpus.is_work == is_work)
            cosines = asked.vectors @ self.corpus.vectors[self.corpus.text_at[rows]].T
            found.update(self._owners(rows[np.argsort(-one, kind="stable")[:ROWS_EACH_ROAD]] for one in cosines))
        for need in asked.needs:
            scores = self.lexical.scores(need.text)
            best = np.argsort(-scores, kind="stable")[:ROWS_EACH_ROAD]
            found.update(self._owners([best[scores[best] > 0]]))
        return found

    def table(self, opportunity: Opportunity, close: Closeness, partners: Sequence[Partner], today: date) -> FloatArray:
        covering = SlowCovering(self.records, today=today, needed_by=needed_by(opportunity, today))
        table = np.zeros((len(opportunity.needs), len(partners), len(SIGNALS)), np.float32)
        for row, need in enumerate(opportunity.needs):
            for at, partner in enumerate(partners):
                values = self._of_need(opportunity, need, partner, covering, today)
                values |= self._of_partner(opportunity, partner, today)
                values |= {name: float(getattr(close, name)[row, at]) for name in ("meaning", "past_work", "words")}
                if not need.competency_keys:
                    values["coverage"] = max(values["meaning"], values["past_work"])
                shown = min(1, values["coverage"] / COVERAGE_FOR_WORDS)
                values["words"] *= BARE_WORDS + (1 - BARE_WORDS) * shown
                table[row, at] = [values[name] for name in SIGNALS]
        return table

    def _of_need(
        self, opportunity: Opportunity, need: Need, partner: Partner, covering: SlowCovering, today: date
    ) -> dict[str, float]:
        keys = self.records.practices_needed([need])
        return {
            "coverage": covering.of_need(partner.id, need),
            "prior": self.graph.prior(opportunity.partner_id, partner.id, today=today, competency_keys=keys).strength,
            "free": covering.free_share(partner.id, need),
        }

    def _place(self, opportunity: Opportunity, partner: Partner) -> float:
        """Tell how near one firm sits, in kilometres from town to town or, abroad, from a country's largest one."""
        people = self.records.people(partner.id)
        there, travels = partner.country == opportunity.country, any(one.on_site for one in people)
        site, seat = towns.spot_of(opportunity.country, opportunity.town), towns.spot_of(partner.country, partner.city)
        home, away = site or towns.heart_of(opportunity.country), seat or towns.heart_of(partner.country)
        km = towns.km_between(site, seat) if site and seat else math.nan
        far = towns.km_between(home, away) if home and away else math.nan
        near = at_home(np.array([km])) if there else abroad(np.array([far])) ** (2 if opportunity.short else 1)
        return float(near[0]) * (1 if travels or (there and not people) else NOBODY_TRAVELS)

    def _of_partner(self, opportunity: Opportunity, partner: Partner, today: date) -> dict[str, float]:
        age = max((today - partner.profile_on).days, 0) if partner.profile_on else 730
        return {
            "common": self.graph.closeness(opportunity.partner_id, partner.id),
            "place": self._place(opportunity, partner) if opportunity.on_site and opportunity.country else 0.0,
            "language": self._language(opportunity, partner),
            "industry": float(bool(opportunity.industry) and opportunity.industry in partner.industries),
            "size": _size_fit(partner, opportunity.value_eur),
            "fresh": 0.5 ** (age / 730),
        }

    def _language(self, opportunity: Opportunity, partner: Partner) -> float:
        wanted = set(opportunity.languages)
        able = able_people(self.records.people(partner.id), self.records.practices_needed(opportunity.needs))
        if wanted and any(wanted <= set(one.languages) for one in able):
            return 1.0
        return 0.8 * len(wanted & spoken(partner, self.records)) / len(wanted) if wanted else 0.0

    def _able(self, key: str) -> list[int]:
        """List who shows a practice, those with most work won in it first, ties by id."""
        n_won = {
            one: sum(work.outcome == "won" and work.competency_key == key for work in self.records.works(one))
            for one in self.records.partners
        }
        shown = [one for one in self.records.partners if n_won[one] or key in self._shown(one)]
        return sorted(shown, key=lambda one: (-n_won[one], one))

    def _shown(self, partner_id: int) -> set[str]:
        keys = {*self.records.partners[partner_id].practices, *self.records.mentioned(partner_id)}
        keys.update(key for person in self.records.people(partner_id) for key in person.competency_keys)
        keys.update(
            key for one in self.records.badges(partner_id) for key in self.records.stands_for(one.competency_key)
        )
        return keys

    def _owners(self, rows: Iterable[np.ndarray]) -> set[int]:
        return {int(self.corpus.partner_ids[row]) for each in rows for row in each}


def _size_fit(partner: Partner, value_eur: int | None) -> float:
    if not value_eur or value_eur <= 0:
        return 0.0
    below = math.log2(partner.min_eur / value_eur) if partner.min_eur > value_eur else 0.0
    above = math.log2(value_eur / partner.max_eur) if 0 < partner.max_eur < value_eur else 0.0
    return max(0.0, 1 - below - above / 3)
