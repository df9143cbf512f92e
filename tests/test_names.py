"""The names of languages and countries: one list, and whoever reads or asks for one knows all of it."""

import pytest

from matcher.posting import gazetteer, languages
from matcher.posting.languages import languages_named
from matcher.terms.names import COUNTRIES, LANGUAGES, country_name
from matcher.terms.places import EU_AND_EEA
from web.partner_forms import language_code


def test_every_language_and_country_that_is_read_has_a_name_and_every_name_is_read() -> None:
    assert set(languages.LANGUAGES) == set(LANGUAGES)
    assert set(gazetteer.COUNTRY_CODES.values()) == set(COUNTRIES)
    assert set(COUNTRIES) > EU_AND_EEA


@pytest.mark.parametrize(("code", "name"), LANGUAGES.items())
def test_a_language_means_the_same_on_a_firms_page_and_in_a_posting(code: str, name: str) -> None:
    assert language_code(name) == language_code(code) == code
    assert languages_named(f"We speak {name}.") == ((code,) if name != "Irish" else ())  # whose firms are Irish too


@pytest.mark.parametrize("name", ["Norwegian", "nb", "nn", "Bokmål", "Nynorsk"])
def test_there_is_one_norwegian(name: str) -> None:
    assert language_code(name) == "no"


def test_a_country_is_named_as_it_stands_behind_in() -> None:
    named = [country_name(code) for code in ("DE", "GB", "UK", "NL", "LI", "??")]
    assert named == ["Germany", "the UK", "the UK", "the Netherlands", "Liechtenstein", "??"]
