"""A need that names nothing leans towards what its words sound like."""

import json
from dataclasses import replace

import numpy as np
import pytest

from matcher.ranking.embed import SentenceEmbedder
from matcher.ranking.leanings import FOLDER, LEAST_CHANCE, MOST, SHIPPED, SURE_CHANCE, Leanings, leant, shipped_for
from matcher.ranking.weights import SIGNALS
from matcher.terms import Need
from tests.benchmarks.leanings import askings
from tests.fakes import HashEmbedder
from tests.ranking.networks import POSTER, TODAY, firm, network_of, posted, ranker_of

RANDOM = np.random.default_rng(7)
PRACTICES = ("backup", "iot", "mail", "pentest", "web")
CENTRES = np.eye(len(PRACTICES), 8)


def examples(n: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Draw unit rows around five directions, and which one each is around."""
    place = np.arange(len(PRACTICES) * n) % len(PRACTICES)
    rows = CENTRES[place] + 0.15 * RANDOM.standard_normal((len(place), 8))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), place


def learned() -> Leanings:
    vectors, place = examples()
    return Leanings.learned("toy@1", vectors, place, PRACTICES, worth=np.ones(len(place)))


def test_what_was_not_among_the_examples_leans_towards_its_neighbours() -> None:
    vectors, place = examples(20)
    first = [one[0][0] if one else "" for one in learned().of(vectors)]
    right = [PRACTICES[at] for at in place]
    assert np.mean([a == b for a, b in zip(first, right, strict=True)]) > 0.9


def test_of_what_lies_between_nobody_can_tell() -> None:
    between = (CENTRES.sum(axis=0) / np.sqrt(len(CENTRES))).astype(np.float32)
    assert learned().of(between[None]) == ((),)


def test_chances_fall_and_few_are_given() -> None:
    for one in learned().of(examples(20)[0]):
        chances = [chance for _, chance in one]
        assert chances == sorted(chances, reverse=True)
        assert len(one) <= MOST
        assert not one or (chances[0] >= SURE_CHANCE and chances[-1] >= LEAST_CHANCE and sum(chances) <= 1 + 1e-6)


def test_what_a_file_holds_says_the_same() -> None:
    before = learned()
    after = Leanings.of_values(before.as_values())
    assert after.practices == before.practices
    vectors = examples(5)[0]
    assert [[key for key, _ in one] for one in after.of(vectors)] == [
        [key for key, _ in one] for one in before.of(vectors)
    ]


def test_another_encoder_has_no_leanings() -> None:
    needs = (Need("somebody who counts licences"),)
    embedder = HashEmbedder()
    assert shipped_for(embedder.model) is None
    assert leant(needs, embedder.encode([needs[0].text]), encoder=embedder.model) == needs


def ranked_with(*leanings: tuple[str, float], named: tuple[str, ...] = ()) -> dict[int, float]:
    """Return the coverage of firm 2, which declares ERP, and of firm 3, which declares mail."""
    network = network_of({firm(POSTER): "", firm(2, practices=("erp",)): "", firm(3, practices=("mail",)): ""})
    asked = posted("somebody tidy for the old thing under the stairs")
    asked = replace(asked, needs=(Need(asked.needs[0].text, named, leanings),))
    vectors = HashEmbedder().encode([asked.needs[0].text])
    found = ranker_of(network).rank(asked, vectors, today=TODAY)
    return {one.partner_id: one.signals[0][SIGNALS.index("coverage")] for one in found.matches}


def test_a_need_that_names_nothing_finds_who_does_what_it_sounds_like() -> None:
    covered = ranked_with(("erp", 0.9))
    assert covered[2] == pytest.approx(0.9 * 0.45, abs=1e-3)
    assert covered.get(3, 0.0) == 0.0


def test_beside_a_name_what_it_sounds_like_counts_little() -> None:
    covered = ranked_with(("erp", 1.0), named=("mail",))
    assert covered[3] == pytest.approx(0.9 * 0.45, abs=1e-3)
    assert covered[2] == pytest.approx(0.1 * 0.45, abs=1e-3)


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    ("said", "practice"),
    [
        (
            "Their people must be able to call somebody who speaks German, day and night, when nothing prints.",
            "service-desk",
        ),
        ("Every department makes its own spreadsheet, the board wants one page of figures.", "analytics"),
        ("The tapes are in the safe and nobody has ever brought a machine back from them.", "backup"),
    ],
)
def test_plain_words_sound_like_a_practice(said: str, practice: str) -> None:
    embedder = SentenceEmbedder()
    (need,) = leant((Need(said),), embedder.encode([said]), encoder=embedder.model)
    assert need.leanings
    assert need.leanings[0][0] == practice


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_what_the_poster_does_itself_is_not_what_it_sounds_like_it_needs() -> None:
    said, embedder = (
        "The tapes are in the safe and nobody has ever brought a machine back from them.",
        SentenceEmbedder(),
    )
    (need,) = leant((Need(said),), embedder.encode([said]), encoder=embedder.model, own=("backup",))
    assert "backup" not in dict(need.leanings)
    (named,) = leant((Need(said, ("backup",)),), embedder.encode([said]), encoder=embedder.model, own=("backup",))
    assert "backup" in dict(named.leanings)


def test_every_asking_is_about_a_practice_and_no_two_are_alike() -> None:
    practices = set(json.loads((FOLDER / f"{SHIPPED}.json").read_text())["leanings"]["slopes"])
    asked = askings()
    assert {practice for _, practice in asked} == practices
    assert len({text.casefold() for text, _ in asked}) == len(asked)
