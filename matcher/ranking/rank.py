"""A network becomes a ranker, and an opportunity becomes its matches and whoever a rule took out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from types import MappingProxyType

import numpy as np

from matcher.ranking.arrays import FloatArray, IntArray
from matcher.ranking.candidates import Roads
from matcher.ranking.closeness import Asked, closeness
from matcher.ranking.corpus import Corpus
from matcher.ranking.coverage import Covering
from matcher.ranking.explain import explained
from matcher.ranking.facts import Facts
from matcher.ranking.firms import Crew
from matcher.ranking.grounds import Trial, Witness
from matcher.ranking.lexical import LentIndex, LexicalIndex, Lexicon
from matcher.ranking.model import WEIGHTS
from matcher.ranking.order import BY_SCORE_ONLY, FAIR, Fairness, Field, in_order
from matcher.ranking.parts import candidates_for_team
from matcher.ranking.records import Records
from matcher.ranking.rules import FEWEST_RULES, RULES, Case, Rule, judge, needed_by
from matcher.ranking.score import Signals, score
from matcher.ranking.sieve import Before, taken_out, without_mask
from matcher.ranking.tables import packed
from matcher.ranking.ties import Acquaintance, Ties, acquaintance
from matcher.ranking.told import Grounds
from matcher.ranking.weights import Weights, only
from matcher.terms import Candidate, Match, Network, Opportunity, Removed, Reserve


@dataclass(frozen=True, slots=True)
class Recipe:
    """How candidates are judged, weighed (None: as the ranker weighs) and put in order."""

    weights: Weights | None = None
    rules: tuple[Rule, ...] = RULES
    fairness: Fairness = FAIR


ALL_TOGETHER = Recipe()
MEANING_ONLY = Recipe(only(WEIGHTS, "meaning", "past_work"), FEWEST_RULES, BY_SCORE_ONLY)
WORDS_ONLY = Recipe(only(WEIGHTS, "words"), FEWEST_RULES, BY_SCORE_ONLY)
GRAPH_ONLY = Recipe(only(WEIGHTS, "prior", "common"), FEWEST_RULES, BY_SCORE_ONLY)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The matches of one opportunity, best first, and the candidates that a rule took out, by id."""

    matches: tuple[Match, ...] = ()
    out: frozenset[int] = frozenset()
    reserve: Reserve = Reserve()
    # The rule that takes a partner out, in words: of all of them they cost more than the ranking.
    judged: Callable[[int], Removed | None] = field(default=lambda _: None, compare=False, repr=False)
    # Whoever no rule takes out and who covers a need, with its scores and people; made only where a team is looked for.
    for_team: Callable[[], tuple[Candidate, ...]] = field(default=tuple, compare=False, repr=False)
    # The best few of those who cover every need.
    alone: Callable[[], tuple[Candidate, ...]] = field(default=tuple, compare=False, repr=False)

    @property
    def removed(self) -> tuple[Removed, ...]:
        """Say of everybody whom a rule took out which one it was, by id."""
        return tuple(found for one in sorted(self.out) if (found := self.removed_of(one)))

    def removed_of(self, partner_id: int) -> Removed | None:
        """Say which rule took a partner out; None: none did, or it was no candidate."""
        return self.judged(partner_id) if partner_id in self.out else None


@dataclass(frozen=True, slots=True)
class Sifted:
    """The rows of the firms that stay, with their people where those are looked up already, and of those taken out."""

    rows: IntArray
    out: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    crew: Crew | None = None


class Ranker:
    """What ranking needs of one network in memory; a cache, made anew whenever the network changes.

    `weights` may be set to those of another model at any time.
    """

    def __init__(self, network: Network, vectors: Mapping[str, FloatArray], *, like: "Ranker | None" = None) -> None:
        self.weights: Weights = like.weights if like else WEIGHTS
        network = packed(network)
        self._records = Records(network)
        self._corpus = Corpus(network, vectors)
        self._facts = Facts(network, self._records)
        texts = self._corpus.own_words
        self._lexical: Lexicon = LentIndex(like._lexical, texts) if like else LexicalIndex(texts)
        self._ties: Ties = like._ties if like else Ties(network.collaborations)
        self._graph: Acquaintance = like._graph if like else acquaintance(network.collaborations, self._ties)
        self._roads = Roads(self._corpus, self._lexical, facts=self._facts, ties=self._ties)
        self._witness = Witness(self._corpus, self._lexical, self._records, self._graph)

    def warm(self) -> None:
        """Make now what is made once, so that nobody waits for it."""
        self._facts.warm()

    def rank(
        self,
        opportunity: Opportunity,
        need_vectors: FloatArray,
        *,
        today: date,
        excluded: frozenset[int] = frozenset(),
        limit: int = 25,
        n_behind: int = 0,
        recipe: Recipe = ALL_TOGETHER,
    ) -> Ranking:
        """Rank the partners for an opportunity; `need_vectors` is float32 (n_needs, d), unit rows, as the needs stand.

        Equal scores stand in order of id. An opportunity without needs has no matches. Because of the cap on old ties
        and the newcomer's place, scores need not fall from place to place. Of the next `n_behind` only the scores are
        told.
        """
        if not opportunity.needs:
            return Ranking()
        asked = self._asked(opportunity, need_vectors)
        found = self._rows_of(self._roads.candidates(asked))
        kept = self._sifted(opportunity, found, today=today, excluded=excluded, rules=recipe.rules)
        trial = self._tried(opportunity, asked, kept=kept, weights=recipe.weights or self.weights, today=today)
        out = frozenset(self._facts.firms.ids[kept.out].tolist())
        judged = partial(self._judged, opportunity, today=today, excluded=excluded, rules=recipe.rules)
        return replace(self._ranking(trial, recipe, limit, n_behind), out=out, judged=judged)

    def rank_many(
        self,
        opportunities: Sequence[Opportunity],
        need_vectors: Sequence[FloatArray],
        *,
        today: date,
        excluded: Mapping[int, frozenset[int]] = MappingProxyType({}),
        limit: int = 25,
        n_behind: int = 0,
        recipe: Recipe = ALL_TOGETHER,
    ) -> Iterator[Ranking]:
        """Rank for many opportunities, in their order: what is nearest in meaning is found for all of them at once.

        `excluded` is by id of the opportunity. Whoever a rule takes out is left out of the rankings without a word.
        """
        asked = [self._asked(one, vectors) for one, vectors in zip(opportunities, need_vectors, strict=True)]
        for opportunity, one, near in zip(opportunities, asked, self._roads.nearest_of_all(asked), strict=True):
            if not opportunity.needs:
                yield Ranking()
                continue
            found = self._rows_of(self._roads.united(one, near))
            barred = excluded.get(opportunity.id, frozenset())
            kept = self._sifted(opportunity, found, today=today, excluded=barred, rules=recipe.rules)
            trial = self._tried(opportunity, one, kept=kept, weights=recipe.weights or self.weights, today=today)
            yield self._ranking(trial, recipe, limit, n_behind)

    def weigh(
        self, opportunity: Opportunity, need_vectors: FloatArray, *, partner_id: int, today: date
    ) -> Match | Removed | None:
        """Answer "why not me" for one partner: its match at place 0 with every reason, or the rule; None: unknown."""
        partner = self._records.partners.get(partner_id)
        if partner is None or not opportunity.needs:
            return None
        removed = judge(Case(opportunity, partner, self._records, today, frozenset()))
        asked = self._asked(opportunity, need_vectors)
        rows = self._facts.firms.rows_of([partner_id])
        trial = self._tried(opportunity, asked, kept=Sifted(rows), weights=self.weights, today=today)
        return removed or self._matches(trial, [0], [0], self.weights)[0]

    def explain(
        self, opportunity: Opportunity, need_vectors: FloatArray, *, places: Mapping[int, int], today: date
    ) -> tuple[Match, ...]:
        """Say why some partners, by id, match at the places given; those that a rule takes out by now are left out."""
        rows = self._facts.firms.rows_of(sorted(places))
        kept = self._sifted(opportunity, rows, today=today, excluded=frozenset(), rules=RULES)
        asked = self._asked(opportunity, need_vectors)
        trial = self._tried(opportunity, asked, kept=kept, weights=self.weights, today=today)
        ids = self._facts.firms.ids[kept.rows].tolist()
        return self._matches(trial, range(len(ids)), [places[each] for each in ids], self.weights)

    def scores(
        self, opportunity: Opportunity, need_vectors: FloatArray, *, partner_ids: Sequence[int], today: date
    ) -> FloatArray:
        """Return float32 (n,), the scores of partners in the order given, no matter what a rule says."""
        asked, rows = self._asked(opportunity, need_vectors), self._facts.firms.rows_of(partner_ids)
        return self._tried(opportunity, asked, kept=Sifted(rows), weights=self.weights, today=today).scored.scores

    def _asked(self, opportunity: Opportunity, need_vectors: FloatArray) -> Asked:
        needs = opportunity.needs
        if len(need_vectors) != len(needs):
            raise ValueError(f"need_vectors has {len(need_vectors)} rows for {len(needs)} needs: give one row a need.")
        practices = tuple(self._records.practices_needed([need]) for need in needs)
        return Asked(needs, self._corpus.fitting(need_vectors), practices, opportunity.partner_id)

    def _rows_of(self, partner_ids: IntArray) -> IntArray:
        rows = self._facts.firms.rows_or_none(partner_ids)
        return rows[rows >= 0]

    def _sifted(
        self, opportunity: Opportunity, rows: IntArray, *, today: date, excluded: frozenset[int], rules: Sequence[Rule]
    ) -> "Sifted":
        """Part the firms into those that every rule lets through and those that one takes out."""
        crew, practices = self._facts.bench.at(rows), self._records.practices_needed(opportunity.needs)
        out = taken_out(Before(opportunity, self._facts, rows, crew, practices, today, excluded), rules)
        single = without_mask(rules)
        for at in np.flatnonzero(~out).tolist() if single else ():
            one = int(self._facts.firms.ids[rows[at]])
            out[at] = self._judged(opportunity, one, today=today, excluded=excluded, rules=single) is not None
        return Sifted(rows[~out], rows[out], crew.only(~out))

    def _judged(
        self, opportunity: Opportunity, partner_id: int, *, today: date, excluded: frozenset[int], rules: Sequence[Rule]
    ) -> Removed | None:
        return judge(Case(opportunity, self._records.partners[partner_id], self._records, today, excluded), rules)

    def _tried(self, opportunity: Opportunity, asked: Asked, *, kept: "Sifted", weights: Weights, today: date) -> Trial:
        covering = Covering(self._records, today=today, needed_by=needed_by(opportunity, today))
        firms, rows = self._facts.firms, kept.rows
        close = closeness(self._corpus, self._lexical, asked, partner_ids=firms.ids[rows], today=today)
        signals = Signals(opportunity, facts=self._facts, ties=self._ties, rows=rows, today=today, crew=kept.crew)
        scored = score(signals.table(close), weights)
        return Trial(opportunity, asked, rows, today, covering, close, scored, signals.best_key)

    def _ranking(self, trial: Trial, recipe: Recipe, limit: int, n_behind: int) -> Ranking:
        able = partial(candidates_for_team, trial, self._records, self._graph, recipe.weights or self.weights)
        order = in_order(self._field(trial), recipe.fairness, trial.today)[: limit + n_behind]
        behind = order[limit:]
        reserve = Reserve(
            tuple(self._facts.firms.ids[trial.rows[behind]].tolist()),
            tuple(trial.scored.scores[behind].tolist()),
        )
        first = order[:limit].tolist()
        matches = self._matches(trial, first, range(1, len(first) + 1), recipe.weights or self.weights)
        return Ranking(matches, reserve=reserve, for_team=able, alone=partial(able, alone=True))

    def _matches(
        self, trial: Trial, heard: Sequence[int], places: Iterable[int], weights: Weights
    ) -> tuple[Match, ...]:
        """Say why some candidates of a trial, by column, match at the places given."""
        signals = np.round(trial.scored.signals[:, heard].astype(np.float64), 4).transpose(1, 0, 2).tolist()
        found = zip(
            self._witness.grounds(trial, heard), places, trial.scored.scores[heard].tolist(), signals, strict=True
        )
        return tuple([_match(grounds, place, score, rows, weights) for grounds, place, score, rows in found])

    def _field(self, trial: Trial) -> Field:
        firms, rows = self._facts.firms, trial.rows
        ids, old_ties = firms.ids[rows], self._graph.neighbours(trial.opportunity.partner_id)
        return Field(
            ids=ids,
            scores=trial.scored.scores.astype(np.float64),
            old_ties=np.isin(ids, np.fromiter(old_ties, np.int64, len(old_ties))),
            n_people=firms.n_people[rows],
            countries=firms.countries[rows],
            joined_on=firms.joined_on[rows],
        )


def _match(grounds: Grounds, place: int, score: float, signals: Sequence[list[float]], weights: Weights) -> Match:
    said = explained(grounds, weights)
    return Match(
        opportunity_id=grounds.opportunity.id,
        partner_id=grounds.partner.id,
        place=place,
        score=score,
        reasons=said.reasons,
        signals=tuple(map(tuple, signals)),
        why_you=said.why_you,
        why_them=said.why_them,
    )


def build_ranker(network: Network, vectors: Mapping[str, FloatArray], *, like: Ranker | None = None) -> Ranker:
    """Build the in-memory index of a network; `vectors` maps text hashes to unit float32 (d,).

    A capability whose vector is missing is still found by its words, its competency and the graph. `like`, a ranker of
    the same collaborations, lends its graph and what it knows of how rare words are.
    """
    return Ranker(network, vectors, like=like)
