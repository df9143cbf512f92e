"""The columns, masks and batches of the ranker say what the records say one by one."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random

import bm25s
import numpy as np
import pytest

from matcher.ranking.arrays import largest
from matcher.ranking.closeness import Closeness
from matcher.ranking.facts import Facts
from matcher.ranking.graph import CollaborationGraph
from matcher.ranking.index import VectorIndex
from matcher.ranking.lexical import LentIndex, LexicalIndex, tokens
from matcher.ranking.overlay.tables import joined_tables
from matcher.ranking.rank import Ranker, Ranking, build_ranker
from matcher.ranking.records import Records
from matcher.ranking.rules import RULES, Case, judge, jurisdiction
from matcher.ranking.score import Signals
from matcher.ranking.sieve import Before, taken_out
from matcher.ranking.tables import by_id, only, packed
from matcher.ranking.ties import Ties
from matcher.ranking.vectors import VectorTable
from matcher.terms import Opportunity
from tests.benchmarks import judged
from tests.benchmarks.scale import recall
from tests.benchmarks.seeds_folder import Seeds, load
from tests.benchmarks.synthetic import Market
from tests.fakes import HashEmbedder
from tests.ranking.networks import firm, network_of, posted, work
from tests.ranking.slow import SlowRanker

TODAY = judged.TODAY
EMBEDDER = HashEmbedder()
N_VECTORS = 400


@pytest.fixture(scope="module")
def seeds() -> Seeds:
    return load(Path("seeds"))


@pytest.fixture(scope="module")
def postings(seeds: Seeds) -> list[Opportunity]:
    """The judged ones."""
    keys = {one.posting for one in seeds.judgements}
    return [one for key, one in judged.opportunities(seeds).items() if key in keys]


@pytest.fixture(scope="module")
def vectors(seeds: Seeds) -> dict[str, np.ndarray]:
    texts = {one.text_hash: one.text for one in seeds.network.capabilities}
    return dict(zip(texts, EMBEDDER.encode(list(texts.values())), strict=True))


@pytest.fixture(scope="module")
def ranker(seeds: Seeds, vectors: dict[str, np.ndarray]) -> Ranker:
    return build_ranker(seeds.network, vectors)


@pytest.fixture(scope="module")
def slow(seeds: Seeds, vectors: dict[str, np.ndarray]) -> SlowRanker:
    return SlowRanker(seeds.network, vectors)


def needs_of(opportunity: Opportunity) -> np.ndarray:
    return EMBEDDER.encode([need.text for need in opportunity.needs])


def places(ranking: Ranking) -> list[tuple[int, float]]:
    return [(one.partner_id, pytest.approx(one.score, abs=1e-6)) for one in ranking.matches]


def test_the_judged_postings_have_the_places_that_the_records_give_one_by_one(
    ranker: Ranker, slow: SlowRanker, postings: list[Opportunity]
) -> None:
    for one in postings:
        assert slow.places(one, needs_of(one), TODAY) == places(ranker.rank(one, needs_of(one), today=TODAY))


def test_every_partner_has_the_signals_that_its_records_give(
    seeds: Seeds, slow: SlowRanker, postings: list[Opportunity]
) -> None:
    facts, ties = Facts(seeds.network, slow.records), Ties(seeds.network.collaborations)
    rows = np.arange(len(facts.firms))
    for one in postings[::6]:
        shape = (len(one.needs), len(rows))
        nothing, none = np.zeros(shape, np.float32), np.full(shape, -1)
        close = Closeness(nothing, nothing, nothing, none, none, none)
        table = Signals(one, facts=facts, ties=ties, rows=rows, today=TODAY).table(close)
        assert table == pytest.approx(slow.table(one, close, facts.firms.partners, TODAY), abs=1e-6)


def test_several_rows_of_every_table_are_those_that_come_one_by_one(seeds: Seeds) -> None:
    whole, other = packed(seeds.network), only(seeds.network, range(1, 40))
    tables = (by_id(whole.partners).table, whole.capabilities, whole.people, whole.badges, whole.collaborations)
    others = packed(other)
    beside = (by_id(others.partners).table, others.capabilities, others.people, others.badges, others.collaborations)
    for table, second in zip(tables, beside, strict=True):
        rows = [3, 0, 3, len(table) - 1, *range(0, len(table), 7)]
        assert table.several(rows) == [table[row] for row in rows]
        assert table.several([]) == []
        joined = joined_tables(table, second)
        rows += [len(table), len(joined) - 1]
        assert joined.several(rows) == [joined[row] for row in rows]


def test_a_row_has_the_words_that_its_text_is_cut_into(seeds: Seeds) -> None:
    texts = ["", *(one.text for one in seeds.network.capabilities if one.source == "profile")][:200]
    index = LexicalIndex(texts)
    words = sorted({word for text in texts for word in tokens(text)})[::9]
    for known in (index, LentIndex(index, texts)):
        for row, text in enumerate(texts[::11]):
            there = set(tokens(text))
            assert [word for word in (*words, "nowhere") if known.has(word, 11 * row)] == [
                w for w in words if w in there
            ]


def test_the_masks_take_out_whom_the_rules_take_out(seeds: Seeds, postings: list[Opportunity]) -> None:
    listing = tuple(one for one in seeds.network.people if one.partner_id % 3)  # the others list nobody
    network = replace(seeds.network, people=listing)
    records, n_out = Records(network), 0
    facts = Facts(network, records)
    rows = np.arange(len(facts.firms))
    for one in (*postings, *map(_strict, postings), *map(_certain, postings)):
        practices = records.practices_needed(one.needs)
        before = Before(one, facts, rows, facts.bench.at(rows), practices, TODAY, frozenset({5, 9}))
        for rule in RULES:
            cases = (Case(one, partner, records, TODAY, frozenset({5, 9})) for partner in facts.firms.partners)
            out = [judge(case, [rule]) is not None for case in cases]
            assert taken_out(before, [rule]).tolist() == out
            n_out += any(out)
    assert n_out > len(postings)


def test_the_masks_know_each_place_in_the_union_as_the_rule_does() -> None:
    held = [(), ("EU",), ("DE",), ("NO",), ("UK",), ("US", "PT"), ("CH",)]
    network = network_of(
        {
            firm(number, jurisdictions=each, country=country): "We."
            for number, (each, country) in enumerate(product(held, ("IE", "DE", "US")), start=2)
        }
    )
    records, rows = Records(network), np.arange(len(network.partners))
    facts = Facts(network, records)
    for wanted in ("", "EU", "UK|EU", "DE", "CH|DE", "NO", "US"):
        one = posted(jurisdiction=wanted)
        before = Before(one, facts, rows, facts.bench.at(rows), frozenset(), TODAY, frozenset())
        cases = (Case(one, partner, records, TODAY, frozenset()) for partner in facts.firms.partners)
        assert taken_out(before, [jurisdiction]).tolist() == [judge(each, [jurisdiction]) is not None for each in cases]


def _strict(one: Opportunity) -> Opportunity:
    return replace(
        one, on_site=True, country="DE", languages=("it", "ro"), jurisdiction="CH|DE", clearances=("SC",),
        due_on=TODAY + timedelta(days=9),
    )  # fmt: skip


def _certain(one: Opportunity) -> Opportunity:
    """Let every need sound like what it names, and the work be small."""
    needs = tuple(replace(need, leanings=tuple((key, 0.95) for key in need.competency_keys[:1])) for need in one.needs)
    return replace(one, needs=needs, value_eur=9_000)


def test_a_batch_gives_what_one_by_one_gives(ranker: Ranker, postings: list[Opportunity]) -> None:
    some = [*postings[::4], replace(postings[0], needs=())]
    vectors = [needs_of(one) if one.needs else np.zeros((0, 256), np.float32) for one in some]
    barred = {some[0].id: frozenset(one.partner_id for one in ranker.rank(some[0], vectors[0], today=TODAY).matches)}
    batch = list(ranker.rank_many(some, vectors, today=TODAY, excluded=barred))
    alone = [
        ranker.rank(one, mine, today=TODAY, excluded=barred.get(one.id, frozenset()))
        for one, mine in zip(some, vectors, strict=True)
    ]
    assert [[each.partner_id for each in one.matches] for one in batch] == [
        [each.partner_id for each in one.matches] for one in alone
    ]
    assert [one.why_you for each in batch for one in each.matches] == [
        one.why_you for each in alone for one in each.matches
    ]


def test_the_order_of_rows_and_vectors_changes_nothing(
    seeds: Seeds, ranker: Ranker, vectors: dict[str, np.ndarray], postings: list[Opportunity]
) -> None:
    shuffle, whole = Random(5), seeds.network
    mixed = replace(
        whole,
        partners=dict(shuffle.sample(list(whole.partners.items()), len(whole.partners))),
        capabilities=tuple(shuffle.sample(whole.capabilities, len(whole.capabilities))),
        collaborations=tuple(shuffle.sample(whole.collaborations, len(whole.collaborations))),
    )
    hashes = shuffle.sample(sorted(vectors), len(vectors))
    other = build_ranker(mixed, VectorTable(hashes, np.stack([vectors[one] for one in hashes])))
    for one in postings[::5]:
        again = other.rank(one, needs_of(one), today=TODAY)
        assert [(each.partner_id, each.score) for each in again.matches] == places(
            ranker.rank(one, needs_of(one), today=TODAY)
        )


def test_ties_know_what_the_graph_knows() -> None:
    random, days = Random(3), [date(2016, 1, 1) + timedelta(days=90 * at) for at in range(40)]
    works = [
        work(random.randrange(1, 40), random.randrange(40, 60), "x", ended_on=random.choice(days),
             outcome=random.choice(("won", "lost")), competency_key=random.choice(("mail", "sap")))
        for _ in range(150)
    ]  # fmt: skip
    works += [replace(one, lead_id=one.partner_id, partner_id=one.lead_id) for one in works[:20]]
    ties, graph, ids = Ties(works), CollaborationGraph(works), np.arange(70)
    keys = [frozenset({"mail"}), frozenset[str]()]
    for poster in range(0, 62, 3):
        strengths = ties.strengths(poster, ids, TODAY, competency_keys=keys)
        assert ties.closeness(poster, ids) == pytest.approx([graph.closeness(poster, one) for one in range(70)])
        assert ties.around(poster, limit=9) == graph.around(poster, limit=9)
        assert ties.around(poster, limit=60) == graph.around(poster, limit=60)
        for one in range(70):
            told = [graph.prior(poster, one, today=TODAY, competency_keys=each) for each in keys]
            assert strengths[:, one] == pytest.approx([each.strength for each in told])
            mine = ties.prior(poster, one, today=TODAY, competency_keys=keys[0])
            assert (mine.works, mine.n_works) == (told[0].works, told[0].n_works)
            assert ties.common_partners(poster, one) == graph.common_partners(poster, one)


def test_words_score_as_the_library_scores_them(seeds: Seeds) -> None:
    texts = list(dict.fromkeys(one.text for one in seeds.network.capabilities if one.source == "profile"))[:300]
    library = bm25s.BM25(method="lucene")
    library.index([tokens(one) for one in texts], show_progress=False)
    index = LexicalIndex(texts)
    for query in texts[::25]:
        raw = library.get_scores(list(dict.fromkeys(tokens(query))))
        assert index.scores(query) == pytest.approx(raw / raw.max(), abs=1e-6)
        best = index.best(query, 20)
        assert best.tolist() == np.argsort(-index.scores(query), kind="stable")[: len(best)].tolist()


def test_the_largest_are_found_with_all_that_equal_the_last() -> None:
    random = np.random.default_rng(1)
    for values in (random.random(200_000), np.round(random.random(200_000), 3), np.zeros(90_000), random.random(7)):
        found = largest(values.astype(np.float32), 25)
        least = np.sort(values.astype(np.float32))[::-1][min(25, len(values)) - 1]
        assert sorted(found.tolist()) == np.flatnonzero(values.astype(np.float32) >= least).tolist()


def test_the_lists_of_a_large_index_find_what_is_nearest(seeds: Seeds) -> None:
    market = Market(seeds, 5_000)
    _, vectors = market.vectors(lambda texts: np.random.default_rng(len(texts)).standard_normal((len(texts), 64)))
    assert recall(vectors[:5_000], vectors[:100], exact_until=0) >= 0.97
    assert recall(vectors[:5_000], vectors[:100]) == 1


def test_many_searches_at_once_are_exact() -> None:
    vectors = np.random.default_rng(2).standard_normal((N_VECTORS, 16)).astype(np.float32)
    index = VectorIndex(np.arange(N_VECTORS), vectors)
    cosines = vectors[:9] @ vectors.T
    for at, (scores, ids) in enumerate(index.search_all(vectors[:9], 12)):
        assert ids.tolist() == np.argsort(-cosines[at], kind="stable")[:12].tolist()
        assert scores == pytest.approx(cosines[at, ids], abs=1e-5)


def test_a_table_of_vectors_wants_a_hash_for_each() -> None:
    with pytest.raises(ValueError, match="1 hashes for 2 vectors"):
        VectorTable(["a"], np.zeros((2, 4), np.float32))


def test_a_synthetic_network_is_the_same_for_the_same_seed_and_skewed(seeds: Seeds) -> None:
    first, second = Market(seeds, 2_000, seed=4).network, Market(seeds, 2_000, seed=4).network
    assert first == second
    assert first != Market(seeds, 2_000, seed=5).network
    sizes = sorted(one.n_people for one in first.partners.values())
    assert sizes[len(sizes) // 2] < 10 < 100 < sizes[-1]
    n_each = np.bincount([one.partner_id for one in first.capabilities])[1:]
    assert n_each.min() >= 1
    assert n_each.max() <= 4
