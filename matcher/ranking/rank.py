"""A network becomes a ranker, and an opportunity becomes its matches and whoever a rule took out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matcher.ranking import explain
from matcher.ranking.arrays import FloatArray
from matcher.ranking.candidates import Roads
from matcher.ranking.closeness import Asked, closeness
from matcher.ranking.corpus import Corpus
from matcher.ranking.coverage import Covering
from matcher.ranking.graph import CollaborationGraph
from matcher.ranking.grounds import Trial, Witness
from matcher.ranking.lexical import LentIndex, LexicalIndex, Lexicon
from matcher.ranking.order import BY_SCORE_ONLY, FAIR, Fairness, Standing, ordered
from matcher.ranking.parts import candidates_for_team
from matcher.ranking.records import Records
from matcher.ranking.rules import FEWEST_RULES, RULES, Case, Rule, judge, needed_by
from matcher.ranking.score import Signals, score
from matcher.ranking.weights import WEIGHTS, Weights, only
from matcher.terms import Candidate, Capability, Match, Network, Opportunity, Partner, Removed


@dataclass(frozen=True, slots=True)
class Recipe:
    """How candidates are judged, weighed and put in order."""

    weights: Weights = WEIGHTS
    rules: tuple[Rule, ...] = RULES
    fairness: Fairness = FAIR


ALL_TOGETHER = Recipe()
MEANING_ONLY = Recipe(only("meaning", "past_work"), FEWEST_RULES, BY_SCORE_ONLY)
WORDS_ONLY = Recipe(only("words"), FEWEST_RULES, BY_SCORE_ONLY)
GRAPH_ONLY = Recipe(only("prior", "common"), FEWEST_RULES, BY_SCORE_ONLY)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The matches of one opportunity, best first, and the candidates that a rule took out, by id."""

    matches: tuple[Match, ...] = ()
    removed: tuple[Removed, ...] = ()


class Ranker:
    """What ranking needs of one network in memory; a cache, made anew whenever the network changes."""

    def __init__(self, network: Network, vectors: Mapping[str, FloatArray], *, like: "Ranker | None" = None) -> None:
        self._records = Records(network)
        self._corpus = Corpus(network, vectors)
        texts = [_own_words(one) for one in self._corpus.capabilities]
        self._lexical: Lexicon = LentIndex(like._lexical, texts) if like else LexicalIndex(texts)
        self._graph: CollaborationGraph = like._graph if like else CollaborationGraph(network.collaborations)
        self._roads = Roads(self._corpus, self._lexical, records=self._records, graph=self._graph)
        self._witness = Witness(self._corpus, self._records, self._graph)

    def rank(
        self,
        opportunity: Opportunity,
        need_vectors: FloatArray,
        *,
        today: date,
        excluded: frozenset[int] = frozenset(),
        limit: int = 25,
        recipe: Recipe = ALL_TOGETHER,
    ) -> Ranking:
        """Rank the partners for an opportunity; `need_vectors` is float32 (n_needs, d), unit rows, as the needs stand.

        Equal scores stand in order of id. An opportunity without needs has no matches. Because of the cap on old ties
        and the newcomer's place, scores need not fall from place to place.
        """
        if not opportunity.needs:
            return Ranking()
        asked = self._asked(opportunity, need_vectors)
        found = [self._records.partners[one] for one in self._roads.candidates(asked) if one in self._records.partners]
        verdicts = [judge(Case(opportunity, one, self._records, today, excluded), recipe.rules) for one in found]
        kept = [one for one, verdict in zip(found, verdicts, strict=True) if verdict is None]
        removed = tuple(verdict for verdict in verdicts if verdict is not None)
        trial = self._tried(opportunity, asked, partners=kept, weights=recipe.weights, today=today)
        return Ranking(self._placed(trial, recipe, limit), removed)

    def weigh(
        self, opportunity: Opportunity, need_vectors: FloatArray, *, partner_id: int, today: date
    ) -> Match | Removed | None:
        """Answer "why not me" for one partner: its match at place 0 with every reason, or the rule; None: unknown."""
        partner = self._records.partners.get(partner_id)
        if partner is None or not opportunity.needs:
            return None
        removed = judge(Case(opportunity, partner, self._records, today, frozenset()))
        asked = self._asked(opportunity, need_vectors)
        trial = self._tried(opportunity, asked, partners=[partner], weights=WEIGHTS, today=today)
        return removed or self._match(trial, 0, place=0, weights=WEIGHTS)

    def scores(
        self, opportunity: Opportunity, need_vectors: FloatArray, *, partner_ids: Sequence[int], today: date
    ) -> FloatArray:
        """Return float32 (n,), the scores of partners in the order given, no matter what a rule says."""
        asked, partners = self._asked(opportunity, need_vectors), [self._records.partners[one] for one in partner_ids]
        return self._tried(opportunity, asked, partners=partners, weights=WEIGHTS, today=today).scored.scores

    def for_team(
        self, opportunity: Opportunity, need_vectors: FloatArray, *, today: date, excluded: frozenset[int] = frozenset()
    ) -> tuple[Candidate, ...]:
        """Return whoever no rule takes out and who covers a need, with its scores and people, for a team."""
        asked = self._asked(opportunity, need_vectors)
        found = [self._records.partners[one] for one in self._roads.candidates(asked) if one in self._records.partners]
        kept = [one for one in found if not judge(Case(opportunity, one, self._records, today, excluded))]
        trial = self._tried(opportunity, asked, partners=kept, weights=WEIGHTS, today=today)
        return candidates_for_team(trial, self._records, self._graph, WEIGHTS)

    def _asked(self, opportunity: Opportunity, need_vectors: FloatArray) -> Asked:
        needs = opportunity.needs
        if len(need_vectors) != len(needs):
            raise ValueError(f"need_vectors has {len(need_vectors)} rows for {len(needs)} needs: give one row a need.")
        practices = tuple(self._records.practices_needed([need]) for need in needs)
        return Asked(needs, self._corpus.fitting(need_vectors), practices, opportunity.partner_id)

    def _tried(
        self, opportunity: Opportunity, asked: Asked, *, partners: Sequence[Partner], weights: Weights, today: date
    ) -> Trial:
        covering = Covering(self._records, today=today, needed_by=needed_by(opportunity, today))
        ids = [one.id for one in partners]
        close = closeness(self._corpus, self._lexical, asked, partner_ids=ids, today=today)
        signals = Signals(opportunity, records=self._records, graph=self._graph, covering=covering, today=today)
        scored = score(signals.table(close, partners), weights)
        return Trial(opportunity, asked, partners, today, covering, close, scored)

    def _placed(self, trial: Trial, recipe: Recipe, limit: int) -> tuple[Match, ...]:
        old_ties = self._graph.neighbours(trial.opportunity.partner_id)
        standings = [
            Standing(at, partner, float(trial.scored.scores[at]), partner.id in old_ties)
            for at, partner in enumerate(trial.partners)
        ]
        order = ordered(standings, recipe.fairness, trial.today)[:limit]
        return tuple(
            self._match(trial, one.at, place=place, weights=recipe.weights) for place, one in enumerate(order, start=1)
        )

    def _match(self, trial: Trial, at: int, *, place: int, weights: Weights) -> Match:
        grounds = self._witness.grounds(trial, at)
        return Match(
            opportunity_id=trial.opportunity.id,
            partner_id=trial.partners[at].id,
            place=place,
            score=float(trial.scored.scores[at]),
            reasons=explain.reasons(grounds, weights),
            why_you=explain.why_you(grounds),
            why_them=explain.why_them(grounds),
        )


def _own_words(capability: Capability) -> str:
    """Leave out definitions, which all who hold a competency share: their words tell nobody from anybody."""
    return capability.text if capability.source in ("profile", "collaboration") else ""


def build_ranker(network: Network, vectors: Mapping[str, FloatArray], *, like: Ranker | None = None) -> Ranker:
    """Build the in-memory index of a network; `vectors` maps text hashes to unit float32 (d,).

    A capability whose vector is missing is still found by its words, its competency and the graph. `like`, a ranker of
    the same collaborations, lends its graph and what it knows of how rare words are.
    """
    return Ranker(network, vectors, like=like)
