"""Where the work is done is read, and in which country."""

import pytest

from matcher.posting.gazetteer import country_name
from matcher.posting.places import Place, find_place, read_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Work on site in Lyon.", Place("on site in Lyon", "FR", True, "Lyon")),
        ("Remote is fine.", Place("remote", "", False, "")),
        ("Vor Ort in München.", Place("on site in München", "DE", True, "München")),
        ("Customer in Sweden, no on-site visits.", Place("Sweden", "SE", False, "")),
        ("Sur place à Genève", Place("on site in Genève", "CH", True, "Genève")),
        ("A Norwegian shipping company.", Place("", "NO", False, "")),
        ("We need remote monitoring.", Place("", "", False, "")),
        ("Data must stay in Germany.", Place("", "", False, "")),
        ("We are a small firm from Aarhus.", Place("", "", False, "")),
    ],
)
def test_the_place_of_the_work_is_read(text: str, place: Place) -> None:
    assert find_place(text) == place


def test_an_answer_about_the_place_is_kept_word_for_word() -> None:
    assert read_place("on site near Lyon, two days") == Place("on site near Lyon, two days", "FR", True, "Lyon")


def test_a_country_is_named_as_it_stands_after_in() -> None:
    assert [country_name(code) for code in ("DE", "GB", "UK", "NL", "??")] == [
        "Germany",
        "the UK",
        "the UK",
        "the Netherlands",
        "??",
    ]
