"""The service's own ranker on real consortia: each project is an opportunity with one need, its lead is the poster.

What a folder does not tell stays empty, as for a firm that has only just joined: no profile, no competency, no people.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from matcher.learning.examples import Examples
from matcher.learning.fit import fit
from matcher.ranking.arrays import FloatArray, IntArray
from matcher.ranking.hashing import normalised, text_hash
from matcher.ranking.model import SHIPPED
from matcher.ranking.rank import Ranker
from matcher.ranking.rules import FEWEST_RULES
from matcher.ranking.score import score
from matcher.ranking.vectors import VectorTable
from matcher.ranking.weights import Weights
from matcher.terms import Capability, Collaboration, Need, Network, Opportunity, Partner
from tests.benchmarks.consortia import Consortia, Query, first_day

FIRMS = "organisations.parquet"


@dataclass(frozen=True, slots=True)
class Texts:
    """What each work is about, "" where nothing tells, under which hash its vector stands, and where each firm is."""

    texts: list[str]
    hashes: list[str]
    places: list[tuple[str, str]]


def texts_of(folder: Path, data: Consortia) -> Texts:
    """Read the texts of the works in their order; only those have a vector."""
    told = {each["project_id"]: normalised(each["text"] or "") for each in _rows(folder / "projects.parquet")}
    texts = [told.get(key, "") for key in data.keys]
    firms = {each["org_id"]: (each["country"] or "", each["city"] or "") for each in _rows(folder / FIRMS)}
    return Texts(texts, [text_hash(each) for each in texts], [firms[one] for one in data.organisations])


@dataclass(frozen=True, slots=True)
class Looked:
    """A project, the partners (n,) that the service's roads lead to for it, by number, and their signals (n, 12)."""

    query: Query
    partners: IntArray
    signals: FloatArray

    def by(self, weights: Weights) -> list[int]:
        """Order the candidates as the ranker does with some weights: equal ones, to six digits, by number."""
        scores = np.round(score(self.signals[None], weights).scores.astype(np.float64), 6)
        ranking: list[int] = self.partners[np.lexsort((self.partners, -scores))].tolist()
        return ranking

    @property
    def took_part(self) -> FloatArray:
        return np.isin(self.partners, list(self.query.truth)).astype(np.float64)


def looked_up(data: Consortia, texts: Texts, asked: Sequence[Query]) -> Iterator[Looked]:
    """Find for each project, month by month, its candidates among whoever had taken part in anything before."""
    meaning, n_early = data.works.about.meaning, data.works.n_early
    vectors = VectorTable(texts.hashes[n_early:], meaning)
    for month in sorted({each.month for each in asked}):
        today = date.fromordinal(int(first_day(month)))
        ranker = Ranker(network_of(data, texts, before=first_day(month)), vectors)
        for each in asked:
            if each.month == month:
                opportunity = opportunity_of(data, texts, each)
                yield Looked(each, *_signals(ranker, opportunity, meaning[[each.row - n_early]], today))


def _signals(ranker: Ranker, opportunity: Opportunity, vector: FloatArray, today: date) -> tuple[IntArray, FloatArray]:
    asked = ranker._asked(opportunity, vector)
    rows = ranker._rows_of(ranker._roads.candidates(asked))
    kept = ranker._sifted(opportunity, rows, today=today, excluded=frozenset(), rules=FEWEST_RULES)
    trial = ranker._tried(opportunity, asked, kept=kept, weights=SHIPPED.weights, today=today)
    return ranker._facts.firms.ids[kept.rows] - 1, trial.scored.signals[0]


def learned_weights(looked: Sequence[Looked]) -> Weights:
    """Learn the service's weights from projects of the past as it learns them from outcomes."""
    rows = np.concatenate([each.signals for each in looked])
    right = np.concatenate([each.took_part for each in looked])
    group = np.repeat(np.arange(len(looked)), [len(each.partners) for each in looked])
    n = len(right)
    return fit(Examples(rows, np.arange(n), right, np.ones(n), np.ones(n), group), SHIPPED.weights).weights


def network_of(data: Consortia, texts: Texts, *, before: float) -> Network:
    """Make the network as it stood on a day: whoever took part by then, and what they did, each in its project's words.

    A partner's number is that of its organisation, plus one.
    """
    works = data.works
    known = np.flatnonzero(works.days < before)
    collaborations, capabilities, there = [], [], set()
    for row in known.tolist():
        party, lead, on = works.took_part[row].indices.tolist(), int(works.leads[row]), _day(works.days[row])
        there.update(party)
        for one in party:
            if texts.texts[row]:
                capabilities.append(
                    Capability(one + 1, texts.texts[row], texts.hashes[row], "", "collaboration", f"work in {on.year}")
                )
            if lead not in (-1, one):
                collaborations.append(Collaboration(lead + 1, one + 1, "", on, on, "won", texts.texts[row]))
    return Network(_partners(data, texts, there), {}, capabilities=capabilities, collaborations=collaborations)


def _partners(data: Consortia, texts: Texts, there: set[int]) -> Mapping[int, Partner]:
    return {one + 1: Partner(one + 1, data.organisations[one], "", *texts.places[one]) for one in sorted(there)}


def opportunity_of(data: Consortia, texts: Texts, query: Query) -> Opportunity:
    text = texts.texts[query.row]
    return Opportunity(query.row, int(data.works.leads[query.row]) + 1, "", text, (Need(text),))


def _day(ordinal: float) -> date:
    return date.fromordinal(int(ordinal))


def _rows(file: Path) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = pq.read_table(file).to_pylist()
    return rows
