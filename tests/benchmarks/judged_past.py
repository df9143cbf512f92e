"""The seed network → works and asked works as `matcher.past` knows them, so that its stages and model rank it too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from matcher.competencies import describe
from matcher.past.known import Known
from matcher.past.likely import Circles
from matcher.past.model import Learned
from matcher.past.rank import Candidates, completed, found
from matcher.past.table import COLUMNS
from matcher.past.works import About, Asked, FloatArray, IntArray, Partners, Sparse, Works
from matcher.ranking.embed import Embedder
from matcher.ranking.lexical import tokens
from matcher.terms import Competency, Network, Opportunity
from tests.benchmarks.judged import TODAY

MODEL = "consortia-2"
DAY = float(TODAY.toordinal())


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of work, or one sentence of a firm about itself, which is work that nobody led."""

    text: str
    key: str
    day: int
    lead: int  # a partner's number, -1 for nobody
    parties: tuple[int, ...]


class Bridge:
    """One network as works; a firm's size is left out, as everywhere."""

    def __init__(self, network: Network, embedder: Embedder, *, with_profiles: bool) -> None:
        self._network, self._embedder = network, embedder
        self.numbers = {each: at for at, each in enumerate(sorted(network.partners))}
        told = [*self._worked(), *(self._said() if with_profiles else ())]
        self._told = sorted(told, key=lambda one: (one.day, one.parties, one.text))
        self._words: dict[str, int] = {}
        about = self._about([(one.text, (one.key,)) for one in self._told])
        self.works = Works(
            days=np.array([one.day for one in self._told], dtype=np.float32),
            leads=np.array([one.lead for one in self._told]),
            took_part=_ones([one.parties for one in self._told], len(self.numbers)),
            subjects=about.names,
            about=about,
            n_early=0,
            partners=self._partners(),
        )

    def candidates(self, opportunities: Sequence[Opportunity]) -> list[Candidates]:
        """Find candidates with the signals of the other world, one batch for all."""
        return list(found(self.works, self._asked(opportunities), day=DAY))

    def scored(self, candidates: Sequence[Candidates], model: Learned) -> list[list[int]]:
        """Rank the candidates of each opportunity by a model, in their order."""
        circles = Circles(Known(self.works, DAY))
        whole = [completed(each, model, circles) for each in candidates]
        return [self.ranked(each, model.scores(each.table)) for each in whole]

    def ranked(self, each: Candidates, scores: FloatArray) -> list[int]:
        """Return partner ids, best first, ties by id."""
        ids = sorted(self.numbers)
        return [ids[each.partners[at]] for at in np.argsort(-scores, kind="stable")]

    def _asked(self, opportunities: Sequence[Opportunity]) -> Asked:
        about = self._about(
            [
                (
                    "\n".join(need.text for need in one.needs),
                    tuple(key for need in one.needs for key in need.competency_keys),
                )
                for one in opportunities
            ]
        )
        return Asked(about, about.names, np.array([self.numbers.get(one.partner_id, 0) for one in opportunities]))

    def _worked(self) -> Iterator[Told]:
        for one in self._network.collaborations:
            lead, partner = self.numbers[one.lead_id], self.numbers[one.partner_id]
            yield Told(one.summary, one.competency_key, one.started_on.toordinal(), lead, (lead, partner))

    def _said(self) -> Iterator[Told]:
        for one in self._network.capabilities:
            on = self._network.partners[one.partner_id].profile_on
            if one.source == "profile" and on:
                yield Told(one.text, one.competency_key, on.toordinal(), -1, (self.numbers[one.partner_id],))

    def _about(self, texts: Sequence[tuple[str, tuple[str, ...]]]) -> About:
        subjects = [" ".join(map(self._described, keys)) for _, keys in texts]
        meaning = self._embedder.encode([text for text, _ in texts])
        return About(
            meaning=meaning,
            title=meaning,
            subject=self._embedder.encode(subjects),
            words=self._counts([text for text, _ in texts]),
            names=self._counts(subjects),
            fields=self._counts([" ".join(keys) for _, keys in texts]),
        )

    def _described(self, key: str) -> str:
        competency: Competency | None = self._network.competencies.get(key)
        return describe(competency) if competency else ""

    def _counts(self, texts: Sequence[str]) -> Sparse:
        return _ones([[hash_of(token) for token in tokens(text)] for text in texts], N_WORDS)

    def _partners(self) -> Partners:
        firms = [self._network.partners[each] for each in sorted(self.numbers)]
        nothing = np.zeros(len(firms), dtype=np.int64)
        towns = [f"{each.country}/{each.city}" for each in firms]
        return Partners(
            _numbered([each.country for each in firms]), _numbered(towns), nothing, nothing.astype(np.float32)
        )


N_WORDS = 2**16


def hash_of(word: str) -> int:
    """Give a word the same column in every process."""
    return int.from_bytes(word.encode(), "little") % (N_WORDS - 15)


def _ones(columns: Sequence[Sequence[int]], n_columns: int) -> Sparse:
    rows = [row for row, found_ in enumerate(columns) for _ in set(found_)]
    at = [column for found_ in columns for column in sorted(set(found_))]
    return sparse.csr_matrix((np.ones(len(at), np.float32), (rows, at)), shape=(len(columns), n_columns))


def _numbered(words: Sequence[str]) -> IntArray:
    return np.asarray(np.unique(words, return_inverse=True)[1], dtype=np.int64)


def rankings(
    network: Network, embedder: Embedder, opportunities: Sequence[Opportunity]
) -> Iterator[tuple[str, list[list[int]]]]:
    """Rank by the shipped model, and by its best single signal, from past works alone and with profiles."""
    model = Learned.load(MODEL)
    at = COLUMNS.index("walk_likely_both")
    for told, with_profiles in (("past works", False), ("past works and profiles", True)):
        bridge = Bridge(network, embedder, with_profiles=with_profiles)
        candidates = bridge.candidates(opportunities)
        yield f"{MODEL}, {told}", bridge.scored(candidates, model)
        yield f"votes and walks, {told}", [bridge.ranked(each, each.table[:, at]) for each in candidates]
