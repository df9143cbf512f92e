"""A scored candidate becomes the grounds that its match rests on: the facts that reasons and sentences are made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np

from matcher.ranking.arrays import IntArray
from matcher.ranking.closeness import Asked, Closeness
from matcher.ranking.corpus import Corpus
from matcher.ranking.coverage import NOTHING, Covering, Shown
from matcher.ranking.graph import Tie
from matcher.ranking.lately import Lately
from matcher.ranking.lexical import Lexicon
from matcher.ranking.named import named_aloud, names_in, vocabulary
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
Names = list[tuple[str, str]]  # as `names_in` gives them


@dataclass(frozen=True, slots=True)
class Trial:
    """Everything computed for one opportunity on one day; candidates stand in the same order everywhere."""

    opportunity: Opportunity
    asked: Asked
    rows: IntArray  # of the candidates among the firms
    today: date
    covering: Covering
    close: Closeness
    scored: Scored
    best_key: IntArray  # (n_needs, n_candidates), the place of the competency that each covers best


class Witness:
    """Looks the facts up behind the numbers of trials."""

    def __init__(self, corpus: Corpus, lexical: Lexicon, records: Records, graph: Acquaintance) -> None:
        self.corpus = corpus
        self.lexical = lexical
        self.records = records
        self.graph = graph

    @cached_property
    def partners_at(self) -> Lately[int, Partner]:
        """Give the partners of rows."""
        table = self.records.partners.table
        return Lately(table.__getitem__, make_all=table.several)

    @cached_property
    def capabilities_at(self) -> Lately[int, Capability]:
        """Give the capabilities of rows of the corpus."""
        table = self.corpus.capabilities
        return Lately(table.__getitem__, make_all=table.several)

    @cached_property
    def product_names(self) -> frozenset[str]:
        """Give the names of products that competencies are called by."""
        return vocabulary(self.records.competencies.values())

    def grounds(self, trial: Trial, heard: Sequence[int]) -> Iterator[Grounds]:
        """Gather what the matches of some candidates, by column, rest on, in their order."""
        return Hearing(self, trial).grounds(heard)


class Candidate(NamedTuple):
    """One candidate of a trial and its numbers for the need that it does best; -1 for a row that there is not."""

    partner: Partner
    need: int
    values: list[float]  # as in SIGNALS
    best_key: int
    work: int
    work_near: float
    said: int  # the row of its own words that comes near enough to be said
    naming: int  # the row whose words come near enough to be searched for names


class Hearing:
    """Gathers the grounds of one trial's matches; what they share is looked up once."""

    def __init__(self, witness: Witness, trial: Trial) -> None:
        self._witness = witness
        self._corpus, self._records, self._graph = witness.corpus, witness.records, witness.graph
        self._has = witness.lexical.has
        self._trial = trial
        self._known = witness.graph.neighbours(trial.opportunity.partner_id)
        self._names_asked = [names_in(need.text, witness.product_names) for need in trial.asked.needs]
        self._poster_names = witness.records.names(trial.opportunity.partner_id)

    def grounds(self, heard: Sequence[int]) -> Iterator[Grounds]:
        """Gather what the match of each candidate, by column, rests on, for the need that it does best."""
        found = self._candidates(heard)
        shared = [self._shared(one) for one in found]
        quoted = [one.said for one in found if one.said >= 0]
        quoted += [one.naming for one, names in zip(found, shared, strict=True) if names]
        texts = dict(zip(quoted, self._witness.capabilities_at.each(quoted), strict=True))
        return (self._grounds(one, names, texts) for one, names in zip(found, shared, strict=True))

    def _candidates(self, heard: Sequence[int]) -> list[Candidate]:
        """Read the numbers of some candidates, all at once."""
        trial, close, at = self._trial, self._trial.close, np.array(heard, dtype=np.int64)
        need = trial.scored.best_need[at]
        here = need, at
        said = np.where(close.meaning[here] >= WORTH_SAYING, close.meaning_row[here], -1)
        naming = np.where(close.words[here] >= WORTH_NAMING, close.words_row[here], -1)
        numbers = need, trial.scored.signals[here], trial.best_key[here], close.work_row[here], close.past_work[here]
        partners = self._witness.partners_at.each(trial.rows[at].tolist())
        return list(map(Candidate, partners, *(each.tolist() for each in (*numbers, said, naming))))

    def _grounds(self, one: Candidate, names: Names, texts: Mapping[int, Capability]) -> Grounds:
        trial, partner = self._trial, one.partner
        key = self._best_key(one)
        shown = trial.covering.shown(partner, key) if key else NOTHING
        works = self._works(one)
        values = dict(zip(SIGNALS, one.values, strict=True))
        return Grounds(
            opportunity=trial.opportunity,
            partner=partner,
            unspoken=self._unspoken(partner, works),
            today=trial.today,
            values=values,
            competency=self._records.competencies.get(key),
            shown=shown,
            badge_label=self._label(shown),
            tie=self._tie(partner, one.need),
            works=works,
            said=texts.get(one.said),
            named=self._named(names, texts[one.naming]) if names else (),
            is_new=is_new(partner, trial.today),
            common_ids=self._common(partner) if values["common"] > 0 else (),
        )

    def _best_key(self, one: Candidate) -> str:
        """Return the competency of a need that the candidate covers best, or what one that names none plainly means."""
        need = self._trial.asked.needs[one.need]
        if need.competency_keys:
            return need.competency_keys[one.best_key]
        return next((key for key, chance in need.leanings[:1] if chance >= PLAINLY_MEANT), "")

    def _tie(self, partner: Partner, need: int) -> Tie:
        """Return what the candidate did for the poster."""
        if partner.id not in self._known:
            return STRANGER
        trial = self._trial
        poster, keys = trial.opportunity.partner_id, trial.asked.practices[need]
        return self._graph.prior(poster, partner.id, today=trial.today, competency_keys=keys)

    def _common(self, partner: Partner) -> tuple[int, ...]:
        return tuple(sorted(self._graph.common_partners(self._trial.opportunity.partner_id, partner.id)))

    def _works(self, one: Candidate) -> tuple[Collaboration, ...]:
        """List fitting work won: the nearest in words, then work in the practices asked for, newest first.

        What still goes on was not done yet, and what it will be is not said.
        """
        practices, today = self._trial.asked.practices[one.need], self._trial.today
        near = one.work_near >= (WORTH_QUOTING_OTHER_TRADE if practices else WORTH_QUOTING)
        nearest = self._corpus.works.get(one.work) if near or practices else None
        fits = nearest is not None and (near or nearest.competency_key in practices)
        told = self._records.told(one.partner.id, practices) if practices else ()
        newest = tuple([work for work in told if work.ended_on <= today])
        if nearest is None or not fits or not self._is_done(nearest):
            return newest[:MOST_WORKS]
        return (nearest, *(work for work in newest if work != nearest))[:MOST_WORKS]

    def _is_done(self, work: Collaboration) -> bool:
        return work.outcome == "won" and bool(work.summary) and work.ended_on <= self._trial.today

    def _shared(self, one: Candidate) -> Names:
        """Return the names asked for that the candidate's words have too."""
        if one.naming < 0:
            return []
        return [pair for pair in self._names_asked[one.need] if self._has(pair[0], one.naming)]

    def _named(self, names: Names, said: Capability) -> tuple[str, ...]:
        """Return names from the partner's own profile only: a definition that all share names nothing of its own."""
        return named_aloud(names, said.text) if said.source == "profile" else ()

    def _label(self, shown: Shown) -> str:
        competency = self._records.competencies.get(shown.badge.competency_key) if shown.badge else None
        return competency.label if competency else ""

    def _unspoken(self, partner: Partner, works: tuple[Collaboration, ...]) -> tuple[str, ...]:
        """List the names of firms that no sentence may hold: the partner, the poster, whoever led the work quoted."""
        names = [partner.name, partner.key, *self._poster_names]
        for lead_id in dict.fromkeys([one.lead_id for one in works]):
            names += self._records.names(lead_id)
        return tuple([name for name in dict.fromkeys(names) if name])
