"""Postings in other languages become English word by word."""

import csv

import pytest

from matcher.glossary import FOLDER, in_english, language_of, languages

ASKED = {
    "de": ("Wir suchen jemanden, der die Kassen in der Nacht tauscht.", ("seek", "night")),
    "fr": ("Nous cherchons quelqu'un pour le serveur de la mairie.", ("server", "town hall")),
    "es": ("Buscamos a alguien para la impresora de la tienda.", ("printer", "shop")),
    "it": ("Cerchiamo qualcuno per il server della biblioteca.", ("server", "library")),
    "pt": ("Precisamos de alguém para a impressora da loja.", ("need", "printer")),
    "nl": ("Wij zoeken iemand voor de kassa van de bakkerij.", ("seek", "bakery")),
    "pl": ("Szukamy kogoś do serwera w szpitalu.", ("server", "hospital")),
    "cs": ("Hledáme někoho na server v nemocnici.", ("server", "hospital")),
    "sv": ("Vi söker någon som kan byta skrivaren på sjukhuset.", ("printer", "hospital")),
    "da": ("Vi søger en, der kan skifte printeren på hospitalet.", ("printer", "hospital")),
    "no": ("Vi søker noen som kan bytte skriveren på sykehuset.", ("printer", "hospital")),
}


def test_there_is_a_sentence_here_for_every_list() -> None:
    assert set(ASKED) == set(languages())


@pytest.mark.parametrize("code", sorted(ASKED))
def test_what_a_sentence_is_about_is_left_in_english(code: str) -> None:
    said, wanted = ASKED[code]
    found = in_english(said).lower()
    assert all(any(word in found for word in one.split("|")) for one in wanted), found


@pytest.mark.parametrize("code", sorted(set(ASKED) - {"no", "da"}))
def test_a_language_is_told_by_its_commonest_words(code: str) -> None:
    assert language_of(ASKED[code][0]) == code


def test_english_stays_as_it_is() -> None:
    for said in (
        "A hotel chain in 14 countries was taken over within one quarter.",
        "Visits on Thursdays, bring a jacket.",
        "I sell no licences, so I've nothing to gain from the answer.",
        "We die for a good server, do we not?",
    ):
        assert in_english(said) == said


def test_names_products_and_numbers_are_kept() -> None:
    found = in_english("Wir ziehen 140 Maschinen von VMware nach Azure um, für Zyntara in Kiel.")
    assert all(one in found for one in ("140", "VMware", "Azure", "Zyntara", "Kiel"))


def test_a_compound_is_cut_into_words_that_are_known() -> None:
    assert "server" in in_english("Das ist der Krankenhausserver und der ist alt.")
    assert "hospital" in in_english("Das ist der Krankenhausserver und der ist alt.")


@pytest.mark.parametrize("part", ["hof", "staats", "server"])
def test_a_word_without_end_is_left_alone(part: str) -> None:
    said = f"Wir suchen jemanden für {part * 3000}q und die Kassen."
    assert in_english(said).endswith(in_english("und die Kassen.", "de"))


def test_a_mail_in_two_languages_is_read_in_both() -> None:
    found = in_english("Nous cherchons quelqu'un pour le serveur.\nWij zoeken iemand voor de kassa van de bakkerij.")
    assert "server" in found
    assert "bakery" in found


def test_a_short_sentence_is_read_in_the_language_that_was_told() -> None:
    assert in_english("Kassen tauschen", "de") != "Kassen tauschen"
    assert in_english("Kassen tauschen") == "Kassen tauschen"


@pytest.mark.parametrize("code", sorted(ASKED))
def test_a_list_has_one_line_a_word_and_tells_its_commonest(code: str) -> None:
    with (FOLDER / f"{code}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    words = [row["word"] for row in rows]
    assert len(words) == len(set(words))
    assert all(word == word.strip().lower() and " " not in word for word in words)
    assert all(row["english"] == row["english"].strip() for row in rows)
    assert 60 <= sum(not row["english"] for row in rows) <= 320
