"""Where the work is done is read, and in which country."""

import pytest

from matcher.posting.places import Place, find_city, find_place, read_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Work on site in Lyon.", Place("on site in Lyon", "FR", True, "Lyon")),
        ("Remote is fine.", Place("remote", "", False, "")),
        ("På distans går bra.", Place("remote", "", False, "")),
        ("På plats i Luleå varannan vecka.", Place("on site in Luleå", "SE", True, "Luleå")),
        ("Vor Ort in München.", Place("on site in München", "DE", True, "München")),
        ("Customer in Sweden, no on-site visits.", Place("Sweden", "SE", False, "")),
        ("Sur place à Genève", Place("on site in Genève", "CH", True, "Genève")),
        ("A Norwegian shipping company.", Place("", "NO", False, "")),
        ("We need remote monitoring.", Place("", "", False, "")),
        ("Data must stay in Germany.", Place("", "", False, "")),
        ("We are a small firm from Aarhus.", Place("", "", False, "")),
        ("Not remote: on site in Lyon", Place("on site in Lyon", "FR", True, "Lyon")),
        ("Nicht remote, vor Ort in Hamburg", Place("on site in Hamburg", "DE", True, "Hamburg")),
        ("Pas de télétravail, sur place à Lyon", Place("on site in Lyon", "FR", True, "Lyon")),
        ("Remote is not an option, on site in Antwerp.", Place("on site in Antwerp", "BE", True, "Antwerp")),
        ("on-site only (not remote), Frankfurt", Place("on site in Frankfurt", "DE", True, "Frankfurt")),
        ("Not remote but on site in Kiel", Place("on site in Kiel", "DE", True, "Kiel")),
        ("this is not a remote job; you sit in Leeds", Place("Leeds", "GB", False, "Leeds")),
        ("No need to come on site: remote", Place("remote", "", False, "")),
        ("Nothing on site, all of it remote", Place("remote", "", False, "")),
        ("Not only remote: two days on site in Kiel", Place("remote, on site in Kiel", "DE", True, "Kiel")),
    ],
)
def test_the_place_of_the_work_is_read(text: str, place: Place) -> None:
    assert find_place(text) == place
    assert find_city(text) == place.city


@pytest.mark.parametrize(
    ("where", "country", "city"),
    [
        ("leeds, uk", "GB", "Leeds"), ("LEEDS", "GB", "Leeds"), ("on site in LEEDS", "GB", "Leeds"),
        ("vor ort in graz", "AT", "Graz"), ("köln", "DE", "Köln"), ("the netherlands", "NL", ""), ("usa", "US", ""),
        ("remote", "", ""), ("REMOTE", "", ""), ("somewhere nice", "", ""),
        ("remote, but to be in london now and then is nice", "", ""),
    ],
)  # fmt: skip
def test_a_place_typed_without_capitals_or_in_nothing_else_is_read(where: str, country: str, city: str) -> None:
    """As on a phone, in the box that asks for it; in a sentence "reading" and "nice" are words."""
    place = read_place(where)
    assert (place.text, place.country, place.city) == (where, country, city)


@pytest.mark.parametrize(
    ("text", "is_remote"),
    [
        ("Cannot be done remotely.", False),
        ("You can't do this remotely.", False),
        ("It isn’t remote.", False),
        ("Remote work is unfortunately not possible.", False),
        ("Remote: no.", False),
        ("Remote-Arbeit ist leider nicht möglich.", False),
        ("Remote geht nicht.", False),
        ("Kein Homeoffice.", False),
        ("Le télétravail n'est pas possible.", False),
        ("Télétravail impossible.", False),
        ("No es posible en remoto.", False),
        ("Niet op afstand.", False),
        ("Op afstand kan niet.", False),
        ("Non da remoto.", False),
        ("Remote, no travel.", True),
        ("Remote: no need to come.", True),
        ("Remote because travel is not allowed.", True),
        ("Not necessarily remote.", True),
        ("Why not remote?", True),
        ("It does not matter where, remotely is fine.", True),
        ("Not on site but remotely.", True),
        ("Not everything can be done remotely.", True),
    ],
)
def test_what_cannot_be_done_from_afar_is_not_remote(text: str, is_remote: bool) -> None:
    assert find_place(text).text == ("remote" if is_remote else "")


@pytest.mark.parametrize(
    ("where", "country"),
    [
        ("Cambridge, MA", "US"),
        ("Birmingham, AL", "US"),
        ("Birmingham, Alabama", "US"),
        ("Manchester, NH", "US"),
        ("Dublin, Ohio", "US"),
        ("Melbourne, Florida", "US"),
        ("Paris, Texas", "US"),
        ("Athens, Georgia", "US"),
        ("London, Ontario", "CA"),
        ("London, ON", "CA"),
        ("Sydney, NS", "CA"),
    ],
)
def test_a_state_behind_a_town_tells_the_country(where: str, country: str) -> None:
    assert find_place(f"Work on site in {where}.") == Place(f"on site in {where}", country, True, where)
    assert read_place(where).country == country


def test_a_state_tells_the_country_of_a_town_that_no_list_has() -> None:
    assert find_place("on site in Rochester, MN") == Place("on site in Rochester, MN", "US", True, "")


@pytest.mark.parametrize(
    ("where", "text", "country"),
    [
        ("Berlin, DE", "Berlin", "DE"),
        ("Paris, DE", "Paris", "FR"),
        ("Mumbai, IN", "Mumbai", "IN"),
        ("Chennai, TN", "Chennai", "IN"),
        ("Bogotá, CO", "Bogotá", "CO"),
        ("Toronto, CA", "Toronto", "CA"),
        ("Amsterdam, NL", "Amsterdam", "NL"),
        ("Perth, WA", "Perth", "AU"),
        ("Milano, MI", "Milano", "IT"),
        ("London, New York and Tokyo", "London, New York, Tokyo", "GB"),
        ("Dublin, Texas and Manila", "Dublin, Texas, Manila", "IE"),
        ("London, IN PERSON", "London", "GB"),
        ("Tbilisi, Georgia", "Tbilisi", ""),
        ("Kerkrade, NL", "Kerkrade", ""),
    ],
)
def test_what_only_looks_like_a_state_tells_nothing(where: str, text: str, country: str) -> None:
    found = find_place(f"Work on site in {where}.")
    assert (found.text, found.country) == (f"on site in {text}", country)


def test_an_answer_about_the_place_is_kept_word_for_word() -> None:
    assert read_place("on site near Lyon, two days") == Place("on site near Lyon, two days", "FR", True, "Lyon")
