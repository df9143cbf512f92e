"""Introductions: which moves are legal, and the sentence for every one that is not."""

import itertools

import pytest

from matcher.introduction import MOVES, SAYS, Refusal, move, states_before

WISHES = sorted({wish for _, wish in MOVES})
ILLEGAL = [pair for pair in itertools.product(sorted(SAYS), WISHES) if pair not in MOVES]


@pytest.mark.parametrize(("state", "wish"), sorted(MOVES))
def test_a_legal_move_leads_to_a_state_that_can_be_told(state: str, wish: str) -> None:
    assert move(state, wish) in SAYS


@pytest.mark.parametrize(("state", "wish"), ILLEGAL)
def test_an_illegal_move_says_in_a_sentence_where_the_introduction_stands(state: str, wish: str) -> None:
    refused = move(state, wish)
    assert isinstance(refused, Refusal)
    assert SAYS[state] in refused.sentence
    assert refused.sentence.endswith(".")


def test_a_yes_leads_by_a_choice_to_an_introduction_and_its_end() -> None:
    state = "asked"
    for wish in ("accept", "choose", "close"):
        after = move(state, wish)
        assert isinstance(after, str)
        state = after
    assert state == "closed"


def test_a_no_may_become_a_yes_and_a_waiting_partner_may_still_be_chosen() -> None:
    assert move("declined", "accept") == "accepted"
    assert move("waitlisted", "choose") == "introduced"


def test_nobody_leaves_an_introduction_by_saying_no_to_it() -> None:
    assert isinstance(move("introduced", "decline"), Refusal)


@pytest.mark.parametrize("wish", WISHES)
def test_the_states_before_a_wish_are_those_that_grant_it(wish: str) -> None:
    granting = {state for state in SAYS if isinstance(move(state, wish), str)}
    assert set(states_before(wish)) == granting


def test_a_wish_that_nobody_knows_is_granted_from_nowhere() -> None:
    assert states_before("marry") == ()
    assert isinstance(move("asked", "marry"), Refusal)
