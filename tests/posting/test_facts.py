"""Languages, conditions and trades are read from plain words."""

from datetime import date
from time import process_time

import pytest

from matcher.posting import PostingFacts
from matcher.posting.conditions import find_clearances, find_industries, find_jurisdiction
from matcher.posting.languages import find_languages
from tests.posting.factories import reading


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("German-speaking engineers", ("de",)),
        ("support in French and Dutch", ("fr", "nl")),
        ("must speak Polish", ("pl",)),
        ("Vor Ort wird Deutsch gesprochen", ("de",)),
        ("Spanish is a plus", ()),
        ("speaks German or French", ()),
        ("The German customer", ()),
        ("They speak Italian and Romanian, a little English.", ("it", "ro", "en")),
        ("Men spreekt Nederlands; voor de techniek mag het Engels zijn.", ("nl", "en")),
        ("Vor Ort wird Deutsch gesprochen, Türkisch geht auch", ("de", "tr")),
        ("Two trainers. English too.", ()),
        ("German of course.", ("de",)),
        ("every night, in proper German", ("de",)),
        ("nurses trained in French or Swahili", ()),
        ("Workshop en français avec la directrice, ensuite elle se débrouille en anglais.", ("fr", "en")),
        ("Das Erste auf Deutsch, das Zweite darf englisch sein.", ("de", "en")),
        ("The workshop is in German, the papers can be Italian.", ("de", "it")),
        ("Men spreekt Nederlands op de werkvloer; Engels kan.", ("nl", "en")),
        ("Deutsch ist Pflicht.", ("de",)),
        ("Français indispensable.", ("fr",)),
        ("3 Tage vor Ort, Deutsch C1, Englisch von Vorteil", ("de",)),
        ("In sede due giorni, inglese fluente.", ("en",)),
        ("20 Tage ab März. Deutsch und Englisch.", ("de", "en")),
        ("Svenska eller engelska.", ()),
        ("Ingénieur réseau bilingue FR/NL pour un hôpital", ("fr", "nl")),
    ],
)
def test_languages_that_must_be_spoken_are_read(text: str, languages: tuple[str, ...]) -> None:
    assert find_languages(text) == languages


def test_thousands_of_languages_are_read_in_the_time_of_their_words() -> None:
    begun = process_time()
    find_languages("German, " * 2_400)
    assert process_time() - begun < 5


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Data must stay in the EU.", "EU"),
        ("GDPR applies.", "EU"),
        ("UK data residency", "UK"),
        ("UK GDPR", "UK"),
        ("Swiss data", "CH"),
        ("US only", "US"),
        ("Nothing leaves Switzerland.", "CH"),
        ("Daten bleiben in der Schweiz", "CH"),
        ("Patient data stays in New Zealand", "NZ"),
        ("30 pages in German and data about patients", ""),
        ("they asked us only about data", ""),
        ("Systems stay in regions in the UK or the EU.", "UK|EU"),
        ("Data stays in the EU or Switzerland", "EU|CH"),
        ("Data blijft in de EU", "EU"),
        ("Dane klientów zostają w Unii", "EU"),
        ("Customer sits in EU, test data too.", "EU"),
        ("Names of patients appear in it, so EU, please.", "EU"),
        ("HANA on Azure, EU admins only.", "EU"),
        ("German speakers only", ""),
        ("Daten dürfen die Schweiz nicht verlassen.", "CH"),
        ("De gegevens mogen Nederland niet verlaten.", "NL"),
        ("Der Kunde will Deutschland nicht verlassen.", ""),
        ("UK or EU data only", "UK|EU"),
        ("Data does not have to stay in the EU.", ""),
        ("Data need not stay in the UK.", ""),
        ("Daten müssen nicht in Deutschland bleiben.", ""),
        ("Data may leave the EU.", ""),
        ("No personal data, so no GDPR issue.", ""),
        ("The servers are hosted in Ireland today and move to Azure.", ""),
        ("Their data is stored in Oracle in France and must be moved.", ""),
        ("Data may not leave the EU.", "EU"),
        ("Nothing can leave the European Union.", "EU"),
        ("Records may be worked on in the UK or in the EU and nowhere else.", "UK|EU"),
        ("Nichts darf die Schweiz verlassen.", "CH"),
        ("Daten bleiben in CH.", "CH"),
        ("Gegevens mogen de EU niet uit.", "EU"),
        ("US persons only.", "US"),
        ("Daten dürfen Deutschland nicht verlassen.", "DE"),
    ],
)
def test_where_data_must_stay_is_read(text: str, where: str) -> None:
    assert find_jurisdiction(text) == where


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("SC cleared people", ("SC-UK",)),
        ("needs SC in hand", ("SC-UK",)),
        ("gültige Ü2", ("Ü2-DE",)),
        ("TS/SCI", ("TS-US",)),
        ("secret clearance", ("S-US",)),
        ("a TS file in TypeScript", ()),
        ("SC or DV cleared people", ("SC-UK",)),
        ("SC cleared or DV cleared", ("SC-UK",)),
        ("Ü2 oder Ü3", ("Ü2-DE",)),
        ("SC cleared people on site, and one who is DV cleared", ("DV-UK", "SC-UK")),
        ("Location: Leeds\nClearance: SC\nStart: March", ("SC-UK",)),
        ("Clearance required: DV", ("DV-UK",)),
        ("Staff cleared to BPSS and SC.", ("SC-UK", "BPSS-UK")),
        ("Clearance of the old shop. SC Freiburg plays.", ()),
        ("SC clearance is not required.", ()),
        ("No SC clearance needed.", ()),
        ("We don't need SC cleared people.", ()),
        ("SC clearance desirable", ()),
        ("We have no SC cleared people.", ("SC-UK",)),
        ("We don't have SC cleared people.", ("SC-UK",)),
        ("Our people are not SC cleared.", ("SC-UK",)),
        ("Not a junior, SC cleared", ("SC-UK",)),
        ("BPSS minimum, SC clearance an advantage", ("BPSS-UK",)),
    ],
)
def test_clearances_are_read(text: str, tokens: tuple[str, ...]) -> None:
    assert find_clearances(text) == tokens


def test_a_clearance_the_poster_has_is_not_asked_for() -> None:
    assert reading("We have SC cleared staff. We need Citrix people.").clearances == ()


@pytest.mark.parametrize(
    ("text", "industries"),
    [
        ("a hospital and its patients, and a bank", ("Healthcare", "Financial Services")),
        ("an ADFS farm for an e-commerce app", ()),
        ("eine Behörde", ("Government",)),
    ],
)
def test_industries_are_read_most_mentioned_first(text: str, industries: tuple[str, ...]) -> None:
    assert find_industries(text) == industries


def test_the_form_goes_before_the_text() -> None:
    found = reading(
        "Citrix, by March, in Oslo.", facts=PostingFacts(due="1 May", place="Bern", pays="we pay", value="9k")
    )
    assert (found.due_on, found.country, found.pays, found.value_eur) == (date(2027, 5, 1), "CH", "we pay", 9000)


def test_a_mark_in_a_box_is_no_answer() -> None:
    """As those type who take every box for one that must be filled: "due ?" stood in letters, and nobody was asked."""
    found = reading("We need Citrix people, by March.", facts=PostingFacts(due="?", place="-", pays="…"))
    assert (found.due_text, found.place_text, found.pays) == ("by March", "", "")
    assert found.missing == ("place", "pays")
