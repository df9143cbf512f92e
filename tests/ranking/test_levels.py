"""A need that says how good they must be is covered by people of that level, and others cover less of it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matcher.ranking.changes import changes_for
from matcher.ranking.coverage import BENCH_ASKED, HEIGHTS
from matcher.ranking.rank import Ranking
from matcher.ranking.weights import SIGNALS
from matcher.terms import Network, Opportunity
from tests.benchmarks.judged import TODAY as JUDGED_ON
from tests.benchmarks.judged import opportunities
from tests.benchmarks.seeds_folder import load
from tests.fakes import HashEmbedder
from tests.ranking.networks import (
    POSTER,
    TODAY,
    firm,
    match_of,
    network_of,
    order_of,
    person,
    posted,
    ranked,
    ranker_of,
)  # fmt: skip
from tests.ranking.slow import SlowRanker

ARCHITECT, SENIOR, JUNIOR, UNLISTED = 11, 12, 13, 14
LEVELS = ("", "junior", "senior", "architect")
SEEDS = Path(__file__).parents[2] / "seeds"


def four_alike() -> Network:
    """Four firms of the same words and work; one has an architect, one a senior, one a junior, one lists nobody."""
    profiles = {firm(POSTER, practices=("erp",)): "We run Navision."}
    profiles |= {firm(one, practices=("mail",)): "We move mailboxes." for one in (JUNIOR, SENIOR, ARCHITECT, UNLISTED)}
    levels = {ARCHITECT: "architect", SENIOR: "senior", JUNIOR: "junior"}
    return network_of(profiles, people=[person(one, level=level) for one, level in levels.items()])


def at_level(level: str) -> Opportunity:
    asked = posted()
    return replace(asked, needs=tuple(replace(need, level=level) for need in asked.needs))


def signal(ranking: Ranking, partner_id: int, name: str) -> float:
    return match_of(ranking, partner_id).signals[0][SIGNALS.index(name)]


def coverage(level: str) -> list[float]:
    ranking = ranked(four_alike(), at_level(level))
    return [signal(ranking, one, "coverage") for one in (ARCHITECT, SENIOR, JUNIOR, UNLISTED)]


def test_who_has_an_architect_stands_before_who_has_not_where_one_is_asked_for() -> None:
    found = order_of(ranked(four_alike(), at_level("architect")))
    assert found.index(ARCHITECT) < found.index(SENIOR) < found.index(JUNIOR)


def test_people_below_the_level_cover_less_but_more_than_nobody() -> None:
    architect, senior, junior, nobody = coverage("architect")
    assert architect > senior > junior > nobody
    architect, senior, junior, nobody = coverage("senior")
    assert architect == senior > junior > nobody
    assert coverage("senior")[2] < coverage("")[2]


def test_where_a_junior_will_do_all_are_worth_the_same() -> None:
    architect, senior, junior, nobody = coverage("junior")
    assert architect == senior == junior > nobody
    assert coverage("")[0] > coverage("")[2]


def test_nobody_is_taken_out_for_a_level() -> None:
    for level in LEVELS:
        assert sorted(order_of(ranked(four_alike(), at_level(level)))) == [ARCHITECT, SENIOR, JUNIOR, UNLISTED]


def test_somebody_free_counts_only_at_the_level() -> None:
    ranking = ranked(four_alike(), at_level("senior"))
    free = {one: signal(ranking, one, "free") for one in (ARCHITECT, SENIOR, JUNIOR, UNLISTED)}
    assert free == {ARCHITECT: 1.0, SENIOR: 1.0, JUNIOR: 0.0, UNLISTED: 0.5}


def test_a_level_is_said_in_the_reason() -> None:
    ranking = ranked(four_alike(), at_level("architect"))
    assert match_of(ranking, ARCHITECT).why_them.endswith("an architect is free from January.")
    assert match_of(ranking, SENIOR).why_them.endswith("a senior is free from January.")


@pytest.mark.parametrize(("asked", "hired"), [("", "senior"), ("senior", "senior"), ("architect", "architect")])
def test_whoever_asks_why_not_me_is_told_to_find_people_of_the_level(asked: str, hired: str) -> None:
    found = changes_for(four_alike(), JUNIOR, opportunity=at_level(asked), today=TODAY)
    assert [one.words.split(" for ")[0] for one in found if one.kind == "person"] == [f"have one more {hired}"]


def test_a_level_that_is_asked_for_makes_nobody_worth_more_unless_a_junior_will_do() -> None:
    assert set(BENCH_ASKED) == set(HEIGHTS)
    for asked in ("senior", "architect"):
        assert all(BENCH_ASKED[asked][one] <= BENCH_ASKED[""][one] for one in ("junior", "senior", "architect"))


def test_columns_say_of_levels_what_the_records_say_one_by_one() -> None:
    seeds, embedder = load(SEEDS), HashEmbedder()
    texts = {one.text_hash: one.text for one in seeds.network.capabilities}
    slow = SlowRanker(seeds.network, dict(zip(texts, embedder.encode(list(texts.values())), strict=True)))
    ranker, differ = ranker_of(seeds.network, embedder), 0
    for key, level in (("p08", "architect"), ("q13", "senior"), ("q19", "senior"), ("p22", "junior")):
        plain = opportunities(replace(seeds, postings=[one for one in seeds.postings if one.key == key]))[key]
        asked = replace(plain, needs=tuple(replace(need, level=level) for need in plain.needs))
        vectors = embedder.encode([need.text for need in asked.needs])
        told, before = (
            [(one.partner_id, one.score) for one in ranker.rank(each, vectors, today=JUDGED_ON).matches]
            for each in (asked, plain)
        )
        one_by_one = slow.places(asked, vectors, JUDGED_ON)
        assert [each for each, _ in told] == [each for each, _ in one_by_one]
        assert np.allclose([score for _, score in told], [score for _, score in one_by_one], atol=1e-6)
        differ += told != before
    assert differ >= 3
