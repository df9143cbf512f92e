"""A partner outside the first five becomes the smallest change of its own facts that brings it there, or the rule."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import combinations, islice
from math import exp, log

from matcher.ranking.arrays import FloatArray
from matcher.ranking.capability import Describe, Link, described
from matcher.ranking.changes import KINDS, Change, applied, changes_for
from matcher.ranking.embed import Embedder
from matcher.ranking.order import FIRST_PLACES, Standing, ordered
from matcher.ranking.phrases import joined
from matcher.ranking.rank import ALL_TOGETHER, Ranker, Ranking, Recipe, build_ranker
from matcher.ranking.records import Records
from matcher.ranking.rules import Case, judge
from matcher.ranking.tables import only, packed
from matcher.terms import Match, Network, Opportunity, Removed

MOST_CHANGES = 2
LARGE = 20_000  # partners
# Rankings that are made in earnest for one answer; the estimate puts them in order, so that the first mostly does it.
MOST_TRIALS = 30
# How far in log-odds a guess may fall short and still be tried: new words move how rare all words are, among sixty
# seed firms by 0.09 at most. Two changes may do more together than their sum: words count in full beside a competency.
DOUBT = 0.1
TOGETHER = 0.5
# A change that moves less than this by itself is not worth being one of two.
LEAST_GAIN = 0.01
NOT_ONES_OWN = ("own_firm", "already_asked", "conflict")
LIFTING = ("live", "language", "calendar", "travel", "residency", "person", "clearance")
SPOKEN_TO = (
    ("this partner has", "you have"), ("nobody at this partner", "nobody of yours"), ("this partner", "you"),
    ("The profile is", "Your profile is"),
)  # fmt: skip
SURE = 1e-6

Changes = tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Where a partner stands, the rule that takes it out, and what would bring it among the first five."""

    partner_id: int
    place: int = 0  # 0: it has none
    removed: Removed | None = None
    changes: Changes = ()  # empty: it is there already, or no change of up to two facts is enough
    place_after: int = 0
    n_tried: int = 0  # rankings made in earnest to find out

    @property
    def sentence(self) -> str:
        """Say it to the partner, from its own facts alone."""
        if 0 < self.place <= FIRST_PLACES:
            return f"You are among the first {FIRST_PLACES}, at place {self.place}."
        why = self.removed.sentence if self.removed else f"You are not among the first {FIRST_PLACES}."
        if self.changes:
            could = joined([one.words for one in self.changes])
            return f"{why} If it is true, you could {could}: that alone would bring you to place {self.place_after}."
        if self.removed and self.removed.rule in NOT_ONES_OWN:
            return why
        return f"{why} No change of one or two of your own facts would be enough."

    @property
    def sentence_for_partner(self) -> str:
        """Say it to the partner itself, and nothing of who stands behind a conflict: that would name the poster."""
        if self.removed and self.removed.rule == "conflict":
            return replace(self, removed=None).sentence
        said = self.sentence
        if self.changes:
            tell = ". ".join(one.tell for one in self.changes)
            said = f"{said} To tell us, reply to any digest with “profile: {tell}.” or change it on your page."
        for of_it, to_it in SPOKEN_TO:
            said = said.replace(of_it, to_it)
        return said


@dataclass(frozen=True, slots=True)
class Reading:
    """How new words are read: into vectors and into the competencies they name, and a competency into words."""

    embedder: Embedder
    link: Link = lambda _: ()
    describe: Describe = described


@dataclass(frozen=True, slots=True)
class Guess:
    """What changes would do as far as it can be told without ranking: the log-odds, and whether all rules allow it."""

    log_odds: float
    allowed: bool


class Trials:
    """One opportunity on one day, and what its ranking would be if one partner's facts were others."""

    def __init__(
        self,
        network: Network,
        vectors: Mapping[str, FloatArray],
        *,
        reading: Reading,
        opportunity: Opportunity,
        today: date,
        excluded: frozenset[int] = frozenset(),
        ranker: Ranker | None = None,
        recipe: Recipe = ALL_TOGETHER,
    ) -> None:
        """Begin; `ranker`, if it is there already, is the one of this very network."""
        self._network, self._vectors, self._reading = network, dict(vectors), reading
        self._tables = packed(network)
        self._opportunity, self._today, self._excluded, self._recipe = opportunity, today, excluded, recipe
        self._need_vectors = reading.embedder.encode([need.text for need in opportunity.needs])
        self._ranker = ranker or build_ranker(network, vectors)

    @cached_property
    def first(self) -> Ranking:
        """Give everybody's place as things are."""
        return self._rank(self._ranker, limit=len(self._network.partners))

    def why_not(self, partner_id: int) -> WhyNot:
        """Find the smallest change that brings a partner among the first five: one fact before two, then least effort.

        Guesses only decide what is tried, and in which order; what is answered was ranked in earnest.
        """
        place, removed = _standing(self.first, partner_id)
        found = WhyNot(partner_id, place, removed)
        if 0 < place <= FIRST_PLACES or not self._opportunity.needs or (removed and removed.rule in NOT_ONES_OWN):
            return found
        n_tried = 0
        for n_tried, changes in enumerate(islice(self._worth_trying(partner_id), MOST_TRIALS), start=1):
            after, _ = _standing(self.ranked(partner_id, changes), partner_id)
            if 0 < after <= FIRST_PLACES:
                return replace(found, changes=changes, place_after=after, n_tried=n_tried)
        return replace(found, n_tried=n_tried)

    def ranked(self, partner_id: int, changes: Iterable[Change]) -> Ranking:
        """Return the first places as they would be if a partner made the changes; nothing in it is a guess.

        In a large network the others are taken to stay as they are: one firm's words do not move how rare all are.
        """
        if len(self._network.partners) >= LARGE:
            return self._put_among(partner_id, changes)
        changed = self.changed(partner_id, changes)
        same_words = changed.capabilities == self._network.capabilities
        ranker = build_ranker(changed, self._vectors_of(changed), like=self._ranker if same_words else None)
        ranker.weights = self._ranker.weights
        return self._rank(ranker, limit=FIRST_PLACES)

    def _put_among(self, partner_id: int, changes: Iterable[Change]) -> Ranking:
        """Weigh only the changed partner and put it among the others."""
        small = self._applied(self._only(partner_id), partner_id, changes)
        removed = judge(
            Case(self._opportunity, small.partners[partner_id], Records(small), self._today, self._excluded)
        )
        if removed is not None:
            return Ranking(out=frozenset([partner_id]), judged=lambda _: removed)
        ranker = build_ranker(small, self._vectors_of(small), like=self._ranker)
        asked, vectors = self._opportunity, self._need_vectors
        mine = ranker.weigh(asked, vectors, partner_id=partner_id, today=self._today)
        assert isinstance(mine, Match)
        partners = {**small.partners}
        matches = [*(one for one in self.first.matches if one.partner_id != partner_id), mine]
        standings = [
            Standing(at, partners.get(one.partner_id) or self._network.partners[one.partner_id], one.score,
                     one.partner_id in self._old_ties)
            for at, one in enumerate(matches)
        ]  # fmt: skip
        first = ordered(standings, self._recipe.fairness, self._today)[:FIRST_PLACES]
        return Ranking(tuple(replace(matches[one.at], place=place) for place, one in enumerate(first, start=1)))

    def changed(self, partner_id: int, changes: Iterable[Change]) -> Network:
        """Return the network in which a partner made the changes."""
        return self._applied(self._network, partner_id, changes)

    def _rank(self, ranker: Ranker, *, limit: int) -> Ranking:
        asked, vectors, today = self._opportunity, self._need_vectors, self._today
        return ranker.rank(asked, vectors, today=today, excluded=self._excluded, limit=limit, recipe=self._recipe)

    def _applied(self, network: Network, partner_id: int, changes: Iterable[Change]) -> Network:
        link, describe = self._reading.link, self._reading.describe
        return applied(network, partner_id, changes, today=self._today, link=link, describe=describe)

    def _vectors_of(self, network: Network) -> Mapping[str, FloatArray]:
        """Return the known vectors, together with those of words that were not there before."""
        new = {one.text_hash: one.text for one in network.capabilities if one.text_hash not in self._vectors}
        if new:
            self._vectors.update(zip(new, self._reading.embedder.encode(list(new.values())), strict=True))
        return self._vectors

    def _worth_trying(self, partner_id: int) -> Iterator[Changes]:
        """Yield changes, then pairs of them, least effort first, that might be enough as far as can be guessed."""
        singles = changes_for(self._only(partner_id), partner_id, opportunity=self._opportunity, today=self._today)
        before = self._guess(partner_id, ())
        alone = {one: self._guess(partner_id, (one,)) for one in singles}
        yield from ((one,) for one in singles if self._may_do(partner_id, alone[one]))
        gains = {one: guess.log_odds - before.log_odds for one, guess in alone.items()}
        useful = [one for one in singles if gains[one] >= LEAST_GAIN or (one.kind in LIFTING and not before.allowed)]
        for pair in sorted(combinations(useful, MOST_CHANGES), key=_effort):
            together = Guess(before.log_odds + TOGETHER + sum(gains[one] for one in pair), allowed=True)
            if self._may_do(partner_id, together) and self._may_do(partner_id, self._guess(partner_id, pair)):
                yield pair

    def _guess(self, partner_id: int, changes: Changes) -> Guess:
        """Weigh a changed partner in a network of itself and the poster, words and ties as in the whole network."""
        small = self._applied(self._only(partner_id), partner_id, changes)
        case = Case(self._opportunity, small.partners[partner_id], Records(small), self._today, self._excluded)
        ranker = build_ranker(small, self._vectors_of(small), like=self._ranker)
        asked, vectors = self._opportunity, self._need_vectors
        score = float(ranker.scores(asked, vectors, partner_ids=[partner_id], today=self._today)[0])
        score = min(max(score, SURE), 1 - SURE)
        return Guess(log(score / (1 - score)), judge(case) is None)

    def _may_do(self, partner_id: int, guess: Guess) -> bool:
        """Tell whether a partner might stand among the first places, in the order that is fair to all."""
        if not guess.allowed:
            return False
        score = 1 / (1 + exp(-guess.log_odds - DOUBT))
        mine = Standing(0, self._network.partners[partner_id], score, partner_id in self._old_ties)
        others = [one for one in self._standings if one.partner.id != partner_id]
        return mine in ordered([*others, mine], self._recipe.fairness, self._today)[:FIRST_PLACES]

    @cached_property
    def _standings(self) -> list[Standing]:
        partners, ties = self._network.partners, self._old_ties
        return [Standing(0, partners[one.partner_id], one.score, one.partner_id in ties) for one in self.first.matches]

    @cached_property
    def _old_ties(self) -> frozenset[int]:
        poster = self._opportunity.partner_id
        works = only(self._tables, [poster]).collaborations
        return frozenset(one for work in works for one in (work.lead_id, work.partner_id))

    def _only(self, partner_id: int) -> Network:
        """Leave one partner and the poster in the network."""
        return only(self._tables, {partner_id, self._opportunity.partner_id})


def _standing(ranking: Ranking, partner_id: int) -> tuple[int, Removed | None]:
    place = next((one.place for one in ranking.matches if one.partner_id == partner_id), 0)
    return place, ranking.removed_of(partner_id)


def _effort(changes: Changes) -> int:
    return sum(KINDS.index(one.kind) for one in changes)
