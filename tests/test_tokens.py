"""Tokens: what comes back out of them, and what does not."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.tokens import PURPOSES, TokenRefused, seal, unseal

SECRET = "a secret of the tests"
TODAY = date(2026, 11, 23)
NUMBERS = st.integers(0, 2**40 - 1)
DAYS = st.dates(TODAY, date(2120, 1, 1))


@given(NUMBERS, st.sampled_from(PURPOSES), DAYS)
def test_a_number_comes_back_from_its_token(number: int, purpose: str, expires_on: date) -> None:
    assert unseal(SECRET, purpose, seal(SECRET, purpose, number, expires_on=expires_on), today=TODAY) == number


@given(NUMBERS, st.sampled_from(PURPOSES))
def test_a_token_survives_a_mail_server_that_changes_the_case(number: int, purpose: str) -> None:
    token = seal(SECRET, purpose, number, expires_on=TODAY)
    assert unseal(SECRET, purpose, f" {token.upper()} ", today=TODAY) == number


@given(NUMBERS, st.sampled_from(PURPOSES), DAYS)
def test_a_token_fits_the_local_part_of_an_address(number: int, purpose: str, expires_on: date) -> None:
    token = seal(SECRET, purpose, number, expires_on=expires_on)
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyz234567")
    assert len("reply+" + token) <= 58


@given(NUMBERS, st.integers(0, 28), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_changed_token_opens_nothing(number: int, position: int, letter: str) -> None:
    token = seal(SECRET, "reply", number, expires_on=TODAY)
    position %= len(token) - 1  # the last character carries bits that nothing reads
    forged = token[:position] + letter + token[position + 1 :]
    if forged == token:
        return
    with pytest.raises(TokenRefused, match="not one of ours"):
        unseal(SECRET, "reply", forged, today=TODAY)


@given(st.text(max_size=80))
def test_no_text_makes_the_reader_of_tokens_stumble(text: str) -> None:
    with pytest.raises(TokenRefused, match="not one of ours"):
        unseal(SECRET, "reply", text, today=TODAY)


def test_a_token_of_another_secret_is_forged() -> None:
    with pytest.raises(TokenRefused, match="not one of ours"):
        unseal(SECRET, "reply", seal("another secret", "reply", 7, expires_on=TODAY), today=TODAY)


@pytest.mark.parametrize("purpose", PURPOSES[1:])
def test_a_token_opens_only_what_it_was_made_for(purpose: str) -> None:
    with pytest.raises(TokenRefused, match="made for something else"):
        unseal(SECRET, "reply", seal(SECRET, purpose, 7, expires_on=TODAY), today=TODAY)


def test_a_token_is_good_on_its_last_day_and_not_after_it() -> None:
    token = seal(SECRET, "reply", 7, expires_on=TODAY)
    assert unseal(SECRET, "reply", token, today=TODAY) == 7
    with pytest.raises(TokenRefused, match="has expired"):
        unseal(SECRET, "reply", token, today=TODAY + timedelta(days=1))


@pytest.mark.parametrize("length", [0, 1, 16, 27])
def test_a_token_cut_short_says_so(length: int) -> None:
    token = seal(SECRET, "reply", 7, expires_on=TODAY)
    with pytest.raises(TokenRefused, match="cut short"):
        unseal(SECRET, "reply", token[:length], today=TODAY)
