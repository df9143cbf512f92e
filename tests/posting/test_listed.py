"""What our lists call a trade, a clearance, a place or a language is understood when a firm says it back to us."""

import pytest

from matcher.posting.conditions import CLEARANCES, INDUSTRIES
from matcher.posting.listed import clearances_named, industries_named
from matcher.posting.profile_facts import data_places, languages_said
from matcher.terms.names import LANGUAGES, area_name, language_name


@pytest.mark.parametrize("trade", INDUSTRIES)
def test_every_trade_is_known_by_its_name(trade: str) -> None:
    assert trade in industries_named(f"We also know the trade {trade}")


def test_a_trade_is_not_named_in_passing() -> None:
    assert industries_named("Our Services are cheap") == ()


@pytest.mark.parametrize("token", [token for token, _ in CLEARANCES])
def test_every_clearance_is_known_by_its_name(token: str) -> None:
    assert token in clearances_named(f"We also hold the clearance {token}")


@pytest.mark.parametrize("area", ["EU", "UK", "US", "CH", "DE"])
def test_a_place_for_data_is_known_as_we_write_it(area: str) -> None:
    assert data_places(f"We may also hold data in {area_name(area)}") == (area,)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_is_known_by_its_name(code: str) -> None:
    assert languages_said(f"We also speak {language_name(code)}") == (code,)


def test_irish_people_are_no_language() -> None:
    assert languages_said("We speak to Irish customers") == ()
