"""A scored candidate becomes the grounds that its match rests on: the facts that reasons and sentences are made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from matcher.ranking.arrays import IntArray
from matcher.ranking.closeness import Asked, Closeness
from matcher.ranking.corpus import Corpus
from matcher.ranking.coverage import NOTHING, Covering, Shown
from matcher.ranking.graph import Tie
from matcher.ranking.lately import Lately
from matcher.ranking.named import names_in, shared_names, vocabulary
from matcher.ranking.order import is_new
from matcher.ranking.records import Records
from matcher.ranking.score import Scored
from matcher.ranking.ties import Acquaintance
from matcher.ranking.told import Grounds
from matcher.ranking.weights import SIGNALS
from matcher.terms import Capability, Collaboration, Opportunity, Partner

# Below these, a text is not near enough to be shown as a reason.
WORTH_QUOTING = 0.25
WORTH_QUOTING_OTHER_TRADE = 0.4
WORTH_SAYING = 0.4
WORTH_NAMING = 0.2
MOST_WORKS = 5
# The chance from which on a practice that a need sounds like is spoken of as what it asks for.
PLAINLY_MEANT = 0.5
STRANGER = Tie()


class Chosen(Sequence[Partner]):
    """Some partners by row, looked up when they are asked for."""

    def __init__(self, partner_at: Callable[[int], Partner], rows: IntArray) -> None:
        self._partner_at = partner_at
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, at: Any) -> Any:
        return self._partner_at(self.rows.item(at))


@dataclass(frozen=True, slots=True)
class Trial:
    """Everything computed for one opportunity on one day; candidates stand in the same order everywhere."""

    opportunity: Opportunity
    asked: Asked
    partners: Chosen
    today: date
    covering: Covering
    close: Closeness
    scored: Scored
    best_key: IntArray  # (n_needs, n_candidates), the place of the competency that each covers best


class Witness:
    """Looks the facts up behind the numbers of trials."""

    def __init__(self, corpus: Corpus, records: Records, graph: Acquaintance) -> None:
        self.corpus = corpus
        self.records = records
        self.graph = graph

    @cached_property
    def partner_at(self) -> Lately[int, Partner]:
        """Give the partner of a row."""
        return Lately(self.records.partners.table.__getitem__)

    @cached_property
    def product_names(self) -> frozenset[str]:
        """Give the names of products that competencies are called by."""
        return vocabulary(self.records.competencies.values())

    def hearing(self, trial: Trial) -> "Hearing":
        """Return what tells the grounds of one trial's matches."""
        return Hearing(self, trial)


class Hearing:
    """Gathers the grounds of one trial's matches; what they share is looked up once."""

    def __init__(self, witness: Witness, trial: Trial) -> None:
        self._corpus, self._records, self._graph = witness.corpus, witness.records, witness.graph
        self._trial = trial
        self._known = witness.graph.neighbours(trial.opportunity.partner_id)
        self._names_asked = [names_in(need.text, witness.product_names) for need in trial.asked.needs]
        self._signals = trial.scored.signals
        self._poster_names = witness.records.names(trial.opportunity.partner_id)

    def grounds(self, at: int) -> Grounds:
        """Gather what the match of the candidate in column `at` rests on, for the need that it does best."""
        trial = self._trial
        partner, row = trial.partners[at], int(trial.scored.best_need[at])
        key = self._best_key(row, at)
        shown = trial.covering.shown(partner, key) if key else NOTHING
        works = self._works(partner.id, row, at)
        values = dict(zip(SIGNALS, self._signals[row, at].tolist(), strict=True))
        return Grounds(
            opportunity=trial.opportunity,
            partner=partner,
            unspoken=self._unspoken(partner, works),
            today=trial.today,
            values=values,
            competency=self._records.competencies.get(key),
            shown=shown,
            badge_label=self._label(shown),
            tie=self._tie(partner, row),
            works=works,
            said=self._said(row, at),
            named=self._named(row, at),
            is_new=is_new(partner, trial.today),
            common_ids=self._common(partner) if values["common"] > 0 else (),
        )

    def _best_key(self, row: int, at: int) -> str:
        """Return the competency of a need that the candidate covers best, or what one that names none plainly means."""
        need = self._trial.asked.needs[row]
        if need.competency_keys:
            return need.competency_keys[int(self._trial.best_key[row, at])]
        return next((key for key, chance in need.leanings[:1] if chance >= PLAINLY_MEANT), "")

    def _tie(self, partner: Partner, row: int) -> Tie:
        """Return what the candidate did for the poster."""
        if partner.id not in self._known:
            return STRANGER
        trial = self._trial
        poster, keys = trial.opportunity.partner_id, trial.asked.practices[row]
        return self._graph.prior(poster, partner.id, today=trial.today, competency_keys=keys)

    def _common(self, partner: Partner) -> tuple[int, ...]:
        return tuple(sorted(self._graph.common_partners(self._trial.opportunity.partner_id, partner.id)))

    def _works(self, partner_id: int, row: int, at: int) -> tuple[Collaboration, ...]:
        """List fitting work won: the nearest in words, then work in the practices asked for, newest first.

        What still goes on was not done yet, and what it will be is not said.
        """
        practices, close = self._trial.asked.practices[row], self._trial.close
        nearest = self._corpus.works.get(int(close.work_row[row, at]))
        near = float(close.past_work[row, at]) >= (WORTH_QUOTING_OTHER_TRADE if practices else WORTH_QUOTING)
        fits = nearest is not None and (near or nearest.competency_key in practices)
        told = self._records.told(partner_id, practices) if practices else ()
        newest = tuple(one for one in told if one.ended_on <= self._trial.today)
        if nearest is None or not fits or not self._is_done(nearest):
            return newest[:MOST_WORKS]
        return (nearest, *(one for one in newest if one != nearest))[:MOST_WORKS]

    def _is_done(self, work: Collaboration) -> bool:
        return work.outcome == "won" and bool(work.summary) and work.ended_on <= self._trial.today

    def _said(self, row: int, at: int) -> Capability | None:
        close = self._trial.close
        best = int(close.meaning_row[row, at])
        return self._corpus.capabilities[best] if best >= 0 and close.meaning[row, at] >= WORTH_SAYING else None

    def _named(self, row: int, at: int) -> tuple[str, ...]:
        """Return names from the partner's own profile only: a definition that all share names nothing of its own."""
        close, names = self._trial.close, self._names_asked[row]
        best = int(close.words_row[row, at])
        if not names or best < 0 or close.words[row, at] < WORTH_NAMING:
            return ()
        said = self._corpus.capabilities[best]
        return shared_names(names, said.text) if said.source == "profile" else ()

    def _label(self, shown: Shown) -> str:
        competency = self._records.competencies.get(shown.badge.competency_key) if shown.badge else None
        return competency.label if competency else ""

    def _unspoken(self, partner: Partner, works: tuple[Collaboration, ...]) -> tuple[str, ...]:
        """List the names of firms that no sentence may hold: the partner, the poster, whoever led the work quoted."""
        led = [self._records.names(one) for one in dict.fromkeys(one.lead_id for one in works)]
        names = [partner.name, partner.key, *self._poster_names, *(name for each in led for name in each)]
        return tuple(name for name in dict.fromkeys(names) if name)
