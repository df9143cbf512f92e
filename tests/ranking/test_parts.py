"""The rooms behind the ranker: words, vectors, graph, coverage."""

import subprocess
import sys
from datetime import date

import numpy as np
import pytest

from matcher.ranking.arrays import unit_rows
from matcher.ranking.embed import SentenceEmbedder
from matcher.ranking.facts import Facts
from matcher.ranking.graph import CollaborationGraph
from matcher.ranking.index import VectorIndex
from matcher.ranking.lexical import LexicalIndex, tokens
from matcher.ranking.model import WEIGHTS
from matcher.ranking.records import Records, practices_of
from matcher.ranking.score import freshness, score, size_fit
from matcher.ranking.weights import SIGNALS
from matcher.terms import Competency, Need, Network
from tests.fakes import HashEmbedder
from tests.ranking.networks import POSTER, TODAY, firm, network_of, order_of, person, posted, ranker_of, work


def test_product_names_and_codes_stay_whole() -> None:
    assert tokens("S/4HANA, .NET; C# on an AS/400.") == ["s4hana", "4hana", ".net", "c#", "as400", "400"]
    assert "e-mail" not in tokens("E-Mail")
    assert tokens("E-Mail")[0] == tokens("email")[0]


def test_the_text_with_the_rare_words_scores_highest() -> None:
    scores = LexicalIndex(["AS/400 programs", "mail for towns", "C# programs"]).scores("an old AS/400")
    assert scores.argmax() == 0
    assert scores[1] == 0
    assert 0 <= scores.min() <= scores.max() <= 1


def test_unknown_words_and_empty_indexes_score_nothing() -> None:
    assert LexicalIndex(["mail"]).scores("zebra").tolist() == [0]
    assert LexicalIndex([]).scores("mail").shape == (0,)
    assert LexicalIndex(["", "?"]).scores("mail").tolist() == [0, 0]


def test_indexing_words_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    LexicalIndex(["mail"] * 50).scores("mail")
    assert capfd.readouterr() == ("", "")


def test_the_nearest_vectors_come_first_and_ties_by_id() -> None:
    rows = np.eye(3, dtype=np.float32)
    index = VectorIndex([5, 3, 9, 1], rows[[0, 1, 2, 0]])
    scores, ids = index.search(rows[:1], 4)
    assert ids.tolist() == [[1, 5, 3, 9]]
    assert scores.tolist() == [[1, 1, 0, 0]]
    assert len(index) == 4


def test_an_empty_index_finds_nothing() -> None:
    scores, ids = VectorIndex([], np.zeros((0, 4), np.float32)).search(np.ones((2, 4), np.float32), 3)
    assert scores.shape == ids.shape == (2, 0)


@pytest.mark.parametrize("gone", [[], [7, 8, 1900]])
def test_many_looked_for_together_find_what_each_finds_alone(gone: list[int]) -> None:
    rng = np.random.default_rng(3)
    rows = unit_rows(rng.standard_normal((2000, 16)).astype(np.float32))
    index = VectorIndex(np.arange(2000), rows, exact_until=1).without(np.array(gone, np.int64))
    queries = unit_rows(rows[:300] + 0.1 * rng.standard_normal((300, 16)).astype(np.float32))
    alone = index.search(queries, 10)[1]
    together = [ids[:10].tolist() for _, ids in index.search_many(queries, 10)]
    assert together == alone.tolist()
    assert not set(gone).intersection(alone.ravel().tolist())


def test_recent_won_work_in_the_same_competency_ties_most() -> None:
    graph = CollaborationGraph(
        [
            work(POSTER, 2, "a", ended_on=date(2026, 10, 1)),
            work(POSTER, 3, "b", ended_on=date(2016, 10, 1)),
            work(POSTER, 4, "c", ended_on=date(2026, 10, 1), outcome="lost"),
            work(POSTER, 5, "d", ended_on=date(2026, 10, 1), competency_key="sap"),
            work(6, POSTER, "e", ended_on=date(2026, 10, 1)),
        ]
    )
    strength = {
        number: graph.prior(POSTER, number, today=TODAY, competency_keys=frozenset({"mail"})).strength
        for number in range(2, 8)
    }
    assert strength[2] > strength[5] > strength[4]
    assert strength[2] > strength[3]
    assert strength[5] > strength[6] > strength[7] == 0


def test_a_shared_partner_with_few_ties_says_more() -> None:
    few = [work(POSTER, 10, "a"), work(10, 2, "b")]
    many = [work(POSTER, 11, "a"), work(11, 3, "b"), *(work(11, number, "c") for number in range(20, 40))]
    graph = CollaborationGraph([*few, *many])
    assert graph.common_partners(POSTER, 2) == {10}
    assert graph.closeness(POSTER, 2) > graph.closeness(POSTER, 3) > graph.closeness(POSTER, 99) == 0


def test_a_collaboration_can_be_added() -> None:
    graph = CollaborationGraph([])
    graph.add(work(POSTER, 2, "a"))
    assert graph.neighbours(POSTER) == {2}
    assert graph.around(POSTER, limit=5) == (2,)
    assert graph.prior(POSTER, 2, today=TODAY).last_year == 2023


def covered(network: Network, key: str) -> dict[int, float]:
    """Map each partner to how well it covers a competency."""
    columns, rows, by = Facts(network, Records(network)), np.arange(len(network.partners)), date(2027, 3, 1)
    values, _ = columns.coverage(rows, Need("", (key,)), crew=columns.bench.at(rows), today=TODAY, by=by)
    return dict(zip(sorted(network.partners), values.tolist(), strict=True))


def test_more_kinds_of_evidence_cover_better_and_lost_work_covers_worse() -> None:
    network = network_of(
        {firm(number, practices=("mail",)): "Of Cork." for number in (2, 3, 4, 5)} | {firm(6): "Mail people of Cork."},
        people=[person(3), person(4)],
        works=[work(9, 4, "won it"), work(9, 5, "lost it", outcome="lost")],
    )
    values = covered(network, "mail")
    assert values[4] > values[3] > values[2] > values[5] > 0
    assert 0 < values[6] < values[2]
    assert covered(network, "sap")[2] == 0


def test_who_lost_more_than_it_won_is_believed_less_in_every_trade() -> None:
    network = network_of(
        {firm(number, practices=("mail",)): "Of Cork." for number in (2, 3, 4)},
        works=[
            work(9, 3, "lost", competency_key="sap", outcome="lost"),
            work(9, 4, "lost", competency_key="sap", outcome="lost"),
            work(9, 4, "won", competency_key="sap"),
        ],
    )
    values = covered(network, "mail")
    assert 0 < values[3] < values[2] == values[4]


def test_a_firm_that_has_others_do_such_work_covers_it_less() -> None:
    network = network_of(
        {firm(number, practices=("mail",)): "Of Cork." for number in (2, 3, 4)},
        works=[work(3, 9, "moved a mill"), work(4, 9, "ran SAP", competency_key="sap")],
    )
    values = covered(network, "mail")
    assert values[3] < values[2] == values[4]


def test_an_old_name_leads_to_todays_practice() -> None:
    known = {
        "old": Competency("old", "competency", "Hosting 2010", "", replaced_by=("new",)),
        "new": Competency("new", "designation", "Cloud", "", replaced_by=("old",), practices=("hosting",)),
    }
    assert practices_of("old", known) == ("hosting",)
    assert practices_of("nowhere", known) == ()


def test_names_that_replaced_each_other_lead_nowhere_and_end() -> None:
    known = {
        "one": Competency("one", "competency", "One", "", replaced_by=("two",)),
        "two": Competency("two", "competency", "Two", "", replaced_by=("one",)),
    }
    assert practices_of("one", known) == ()


def test_the_best_need_counts_most_and_the_others_a_little() -> None:
    nothing, everything = np.zeros((1, len(SIGNALS)), np.float32), np.ones((1, len(SIGNALS)), np.float32)
    signals = np.stack(
        [np.concatenate([nothing, nothing, everything]), np.concatenate([nothing, everything, everything])]
    )
    scored = score(signals, WEIGHTS)
    assert scored.best_need.tolist() == [0, 1, 0]
    assert 0 < scored.scores[0] < 0.05
    assert scored.scores[0] < 0.5 < scored.scores[1] < scored.scores[2] < 1


def test_work_outside_a_partners_limits_fits_less_the_further_it_lies() -> None:
    partner = firm(2, min_eur=10_000, max_eur=40_000)
    fits = [size_fit(partner, value) for value in (20_000, 8_000, 5_000, 160_000)]
    assert fits[0] == 1
    assert fits[0] > fits[1] > fits[2] == 0
    assert fits[0] > fits[3] > 0
    assert size_fit(partner, None) == 0
    assert size_fit(firm(3), 10**9) == 1


def test_a_profile_fades() -> None:
    then = np.array([day.toordinal() for day in (TODAY, date(2024, 11, 22))] + [np.nan])
    assert freshness(then, TODAY) == pytest.approx([1, 0.5, 0.5], abs=0.01)


def test_hashing_texts_loads_nothing_heavy() -> None:
    heavy = "('torch', 'faiss', 'networkx', 'bm25s', 'numpy')"
    code = f"import sys, matcher.ranking.hashing; print([one for one in {heavy} if one in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_fake_embedder_gives_unit_rows_that_depend_on_the_words() -> None:
    rows = HashEmbedder().encode(["moves mail", "mail moves", "cabling"])
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1)
    assert rows[0] @ rows[1] == pytest.approx(1)
    assert rows[0] @ rows[2] < 0.5


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_the_real_model_finds_the_firm_that_never_says_the_word() -> None:
    profiles = {
        firm(
            2
        ): "Latency for trading desks and order systems; the heads of operations of Mayfair know us by first name.",
        firm(3): "We plant hedges and run garden centres with Navision.",
        firm(4): "Helpdesk around the clock in nine languages.",
    }
    embedder = SentenceEmbedder()
    ranker = ranker_of(network_of(profiles), embedder)
    opportunity = posted("Somebody who opens doors at investment funds in London")
    vectors = embedder.encode([opportunity.needs[0].text])
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert embedder.model.startswith("all-MiniLM-L6-v2@")
    assert embedder.encode([]).shape == (0, vectors.shape[1])
    assert order_of(ranker.rank(opportunity, vectors, today=TODAY))[0] == 2
