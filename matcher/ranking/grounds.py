"""A scored candidate becomes the grounds that its match rests on: the facts that reasons and sentences are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from matcher.ranking.closeness import Asked, Closeness
from matcher.ranking.corpus import Corpus
from matcher.ranking.coverage import Coverage, Covering
from matcher.ranking.explain import Grounds
from matcher.ranking.graph import Tie
from matcher.ranking.named import shared_names, vocabulary
from matcher.ranking.order import is_new
from matcher.ranking.records import Records
from matcher.ranking.score import Scored
from matcher.ranking.ties import Acquaintance
from matcher.ranking.weights import SIGNALS
from matcher.terms import Capability, Collaboration, Opportunity, Partner

# Below these, a text is not near enough to be shown as a reason.
WORTH_QUOTING = 0.25
WORTH_QUOTING_OTHER_TRADE = 0.4
WORTH_SAYING = 0.4
WORTH_NAMING = 0.2
MOST_WORKS = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """Everything computed for one opportunity on one day; candidates stand in the same order everywhere."""

    opportunity: Opportunity
    asked: Asked
    partners: Sequence[Partner]
    today: date
    covering: Covering
    close: Closeness
    scored: Scored


class Witness:
    """Looks the facts up behind the numbers of a trial."""

    def __init__(self, corpus: Corpus, records: Records, graph: Acquaintance) -> None:
        self._corpus = corpus
        self._records = records
        self._graph = graph

    @cached_property
    def _product_names(self) -> frozenset[str]:
        return vocabulary(self._records.competencies.values())

    def grounds(self, trial: Trial, at: int) -> Grounds:
        """Gather what the match of the candidate in column `at` rests on, for the need that it does best."""
        partner, row = trial.partners[at], int(trial.scored.best_need[at])
        key, coverage = trial.covering.best(partner.id, trial.asked.needs[row])
        works = self._works(trial, row, at)
        return Grounds(
            opportunity=trial.opportunity,
            partner=partner,
            unspoken=self._unspoken(trial, partner, works),
            today=trial.today,
            values=dict(zip(SIGNALS, trial.scored.signals[row, at].tolist(), strict=True)),
            competency=self._records.competencies.get(key),
            coverage=coverage,
            badge_label=self._label(coverage),
            tie=self.tie(trial, row, partner),
            works=works,
            said=self._said(trial, row, at),
            named=self._named(trial, row, at),
            is_new=is_new(partner, trial.today),
            common_ids=tuple(sorted(self._graph.common_partners(trial.opportunity.partner_id, partner.id))),
        )

    def tie(self, trial: Trial, row: int, partner: Partner) -> Tie:
        """Return what the candidate did for the poster."""
        poster, keys = trial.opportunity.partner_id, trial.asked.practices[row]
        return self._graph.prior(poster, partner.id, today=trial.today, competency_keys=keys)

    def _works(self, trial: Trial, row: int, at: int) -> tuple[Collaboration, ...]:
        """List fitting work won: the nearest in words, then work in the practices asked for, newest first."""
        practices = trial.asked.practices[row]
        nearest = self._corpus.works.get(int(trial.close.work_row[row, at]))
        near = float(trial.close.past_work[row, at]) >= (WORTH_QUOTING_OTHER_TRADE if practices else WORTH_QUOTING)
        fits = nearest is not None and (near or nearest.competency_key in practices)
        mine = [one for one in self._records.works(trial.partners[at].id) if one.competency_key in practices]
        newest = sorted(mine, key=lambda one: (one.ended_on, one.summary), reverse=True)
        found = [nearest, *newest] if nearest is not None and fits else newest
        return tuple(dict.fromkeys(one for one in found if one.outcome == "won" and one.summary))[:MOST_WORKS]

    def _said(self, trial: Trial, row: int, at: int) -> Capability | None:
        best = int(trial.close.meaning_row[row, at])
        return self._corpus.capabilities[best] if best >= 0 and trial.close.meaning[row, at] >= WORTH_SAYING else None

    def _named(self, trial: Trial, row: int, at: int) -> tuple[str, ...]:
        """Return names from the partner's own profile only: a definition that all share names nothing of its own."""
        best = int(trial.close.words_row[row, at])
        if best < 0 or trial.close.words[row, at] < WORTH_NAMING or self._corpus.capabilities[best].source != "profile":
            return ()
        return shared_names(trial.asked.needs[row].text, self._corpus.capabilities[best].text, self._product_names)

    def _label(self, coverage: Coverage) -> str:
        competency = self._records.competencies.get(coverage.badge.competency_key) if coverage.badge else None
        return competency.label if competency else ""

    def _unspoken(self, trial: Trial, partner: Partner, works: tuple[Collaboration, ...]) -> tuple[str, ...]:
        """List the names of firms that no sentence may hold: the partner, the poster, whoever led the work quoted."""
        ids = dict.fromkeys([partner.id, trial.opportunity.partner_id, *(one.lead_id for one in works)])
        firms = [self._records.partners[one] for one in ids if one in self._records.partners]
        return tuple(name for firm in firms for name in (firm.name, firm.key) if name)
