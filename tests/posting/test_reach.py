"""Where whoever does the work must come from is read from the words: the town, how far around it, how short the job."""

from dataclasses import replace

import pytest

from matcher.posting import PostingFacts
from matcher.posting.reach import based_in, is_short, placed, within_km
from matcher.towns import folded, km_between, only_country_with, spot_of
from tests.posting.factories import reading
from tests.ranking.networks import posted


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Remote is fine, but the partner must be in the UK.", ("GB",)),
        ("EU-based partners only.", ("EU",)),
        ("Nur Dienstleister aus Deutschland.", ("DE",)),
        ("Partner must be based in Germany or Austria", ("DE", "AT")),
        ("Must be in Germany, Austria or Switzerland.", ("DE", "AT", "CH")),
        ("only partners from the Netherlands", ("NL",)),
        ("must be UK based", ("GB",)),
        ("We are based in the UK.", ()),
        ("The data must be in the UK.", ()),
        ("The servers must be in Germany.", ()),
        ("The kick-off must be in London", ()),
        ("The work must be done in the UK", ()),
        ("Ideally the partner should be in Ireland", ()),
        ("The firm does not need to be in the EU", ()),
        ("Our customer must be in Germany for tax reasons", ()),
    ],
)
def test_where_a_firm_must_sit_is_read_from_what_is_said_of_firms(text: str, places: tuple[str, ...]) -> None:
    assert based_in(text) == places


@pytest.mark.parametrize(
    ("text", "km"),
    [
        ("within 50 km of Leeds", 50),
        ("im Umkreis von 50 km", 50),
        ("within 30 miles of Leeds", 48),
        ("a 40 km radius", 40),
        ("dans un rayon de 80 km", 80),
        ("within 2 weeks", 0),
        ("we lay up to 10 km of cable", 0),
        ("moved 300 mailboxes", 0),
    ],
)
def test_how_far_around_the_place_is_read(text: str, km: int) -> None:
    assert within_km(text) == km


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("over a weekend on site in Leeds", True),
        ("a one day workshop", True),
        ("on site for three days", True),
        ("zwei Nächte vor Ort", True),
        ("une journée sur site", True),
        ("una tarde", True),
        ("needed in two weeks, one day on site", True),
        ("two days a week on site", False),
        ("two days a week for six months", False),
        ("nine months, with a weekend for the cut-over", False),
        ("an answer within two days", False),
        ("300 calls a day", False),
        ("no weekend work", False),
        ("", False),
    ],
)
def test_a_job_of_a_few_days_is_told_from_one_that_goes_on(text: str, short: bool) -> None:
    assert is_short(text) == short


@pytest.mark.parametrize(
    ("place", "country", "town", "in_country"),
    [
        ("Leeds, on site", "GB", "Leeds", "GB"),
        ("within 50 km of Dortmund", "DE", "Dortmund", "DE"),
        ("Harrogate, on site", "GB", "Harrogate", "GB"),
        ("Harrogate, on site", "", "Harrogate", "GB"),
        ("on site in Little Wobbleton", "", "", ""),
        ("on site", "GB", "", "GB"),
        ("remote", "", "", ""),
        ("on site in Belgium", "BE", "", "BE"),
    ],
)
def test_the_town_of_the_work_is_found_and_its_country_where_no_other_has_such_a_town(
    place: str, country: str, town: str, in_country: str
) -> None:
    found = placed(replace(posted(), country=country), place)
    assert (found.town, found.country) == (town, in_country)


@pytest.mark.parametrize(
    ("text", "place", "on_site"),
    [
        ("Two days on site at the warehouse.", "Manchester", True),
        ("Wir suchen einen Techniker vor Ort in Dortmund.", "im Umkreis von 50 km um Dortmund", True),
        ("Two days on site at the warehouse.", "remote", False),
        ("Remote, now and then on site.", "Manchester", False),
        ("No on-site visits.", "Manchester", False),
    ],
)
def test_the_text_says_on_site_where_the_box_only_names_a_town(text: str, place: str, on_site: bool) -> None:
    found = reading(f"We need somebody for a mail move. {text}", facts=PostingFacts(place=place))
    assert (found.on_site, found.place_text) == (on_site, place)


def test_towns_are_known_by_the_names_that_people_write() -> None:
    for country, *names in (
        ("DE", "München", "Munich"),
        ("IT", "Milano", "Mailand"),
        ("DK", "København", "Copenhagen"),
        ("DE", "Freiburg im Breisgau", "Freiburg"),
        ("DE", "Frankfurt/Main", "Frankfurt"),
    ):
        assert len({spot_of(country, one) for one in names}) == 1
        assert spot_of(country, names[0])
    assert spot_of("GB", "Newcastle") == spot_of("GB", "Newcastle upon Tyne")
    assert spot_of("GB", "München") is None
    assert spot_of("", "Leeds") is None
    assert only_country_with("Cambridge") == ""
    assert folded("Łódź, Straße Ørsted") == "lodz strasse orsted"
    leeds, london = spot_of("GB", "Leeds"), spot_of("GB", "London")
    assert leeds
    assert london
    assert km_between(leeds, london) == pytest.approx(273, abs=5)
    assert km_between(leeds, leeds) == 0
