"""The checker names each rule that a team breaks."""

import pytest

from matcher.teams import FOUR_EACH, SHARED, Candidate, Staffing, TeamPerson
from matcher.terms import Part, Team
from tests.teams.rules import broken_rules

ANN = TeamPerson("Ann", frozenset({0, 1}), free_days=5)
BEN = TeamPerson("Ben", frozenset({1}), free_days=20)
FIRMS = (
    Candidate(1, {0: 0.5, 1: 0.5}, (ANN, BEN)),
    Candidate(2, {1: 0.5}, (BEN,), conflict_ids=frozenset({1})),
    Candidate(3, {1: 0.5}, (BEN,), conflict_ids=frozenset({9})),
)
BOTH = ((0, "Ann"), (1, "Ben"))


def broken(*parts: Part, uncovered: tuple[int, ...] = (), staffing: Staffing = SHARED) -> tuple[str, ...]:
    return broken_rules(Team(parts, uncovered), FIRMS, 2, poster_id=9, staffing=staffing)


def test_a_sound_team_breaks_nothing() -> None:
    assert broken(Part(1, (0, 1), BOTH)) == ()
    assert broken(Part(1, (0,), BOTH[:1]), uncovered=(1,)) == ()


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([Part(1, (0,), BOTH[:1])], "Need 1 is named 0 times."),
        ([Part(1, (0, 1), BOTH), Part(3, (1,), ((1, "Ben"),))], "Need 1 is named 2 times."),
        ([Part(1, (0, 1), BOTH), Part(2, ())], "Partner 2 has nothing to do."),
        ([Part(1, (0, 1), BOTH), Part(2, ())], "Partners 1 and 2 do not work together."),
        ([Part(1, (0, 1), BOTH), Part(3, ())], "Partner 3 cannot work for 9."),
        ([Part(7, (0, 1))], "Partner 7 is no candidate."),
        ([Part(3, (0, 1), ((0, "Ben"), (1, "Ben")))], "Partner 3 does not cover need 0."),
        ([Part(3, (0, 1), ((0, "Ben"), (1, "Ben")))], "Partner 3: Ben cannot do what is asked."),
        ([Part(1, (0, 1), BOTH[:1])], "Partner 1 has 0 people on need 1; it takes 1."),
        ([Part(1, (0, 1), ((0, "Ann"), (1, "Ann")))], "Partner 1: Ann is free for 5 days, not for 6."),
    ],
)
def test_each_rule_is_named_with_its_numbers(parts: list[Part], sentence: str) -> None:
    assert sentence in broken(*parts)


def test_by_the_old_rule_four_distinct_people_are_asked_for_and_each_is_counted_once() -> None:
    found = broken(Part(1, (0, 1), ((0, "Ann"), (1, "Ann"), (1, "Ben"))), staffing=FOUR_EACH)
    assert found == (
        "Partner 1 has 1 people on need 0; it takes 4.",
        "Partner 1 has 2 people on need 1; it takes 4.",
        "Partner 1: Ann is counted 2 times; 1 is the most.",
    )
