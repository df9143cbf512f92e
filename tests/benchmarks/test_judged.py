"""What the benchmark of judged postings counts beside the places: the roads to candidates."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks import judged
from tests.benchmarks.judged_roads import UNITED, Led, as_table, led
from tests.benchmarks.seeds_folder import Seeds, load
from tests.fakes import HashEmbedder

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="module")
def three() -> Seeds:
    seeds = load(SEEDS)
    return replace(seeds, postings=tuple(one for one in seeds.postings if one.key in ("p05", "p08", "q13")))


def test_a_right_firm_is_held_by_a_road_that_leads_to_it_for_some_need() -> None:
    found = Led([{"words": [1, 2], "ties": []}, {"words": [3], "ties": [9, 8]}], frozenset({2, 3, 8, 7}))
    assert found.held("words") == {2, 3}
    assert found.held("words", at=1) == {3}
    assert found.held("ties") == found.held(UNITED) - found.held_without("ties") == {8}
    assert found.held(UNITED) == {2, 3, 8}


def test_the_table_has_means_over_needs_and_shares_over_all_right_firms() -> None:
    one = Led([{"words": [1, 2], "ties": []}, {"words": [3], "ties": [1, 8]}], frozenset({2, 3, 8, 7}))
    other = Led([{"words": [*range(100, 130)], "ties": []}], frozenset({129}))
    *_, words, ties, united = as_table([one, other]).splitlines()
    assert words == "| words | 11.0 | 0.600 | 7.7 | 0.400 | 2 |"
    assert ties == "| ties | 0.7 | 0.200 | 0.7 | 0.200 | 1 |"
    assert united == "| all of them | 11.7 | 0.800 | 8.3 | 0.600 |  |"


def test_the_roads_united_are_the_candidates_of_the_ranker(three: Seeds) -> None:
    embedder = HashEmbedder()
    ranker, cases = judged.ranker_of(three, embedder), judged._cases(three, embedder)
    found = led(three, ranker, cases)
    assert [len(one.needs) for one in found] == [len(opportunity.needs) for opportunity, *_ in cases]
    for one, (opportunity, vectors, judgements) in zip(found, cases, strict=True):
        everybody = {each for need in one.needs for ids in need.values() for each in ids}
        assert everybody == set(ranker._roads.candidates(ranker._asked(opportunity, vectors)).tolist())
        assert len(one.right) == sum(each.grade >= 2 for each in judgements) > 0
