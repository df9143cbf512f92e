"""Dates, places, pay, value and conditions are read from plain words."""

from datetime import date

import pytest

from matcher.posting import PostingFacts
from matcher.posting.conditions import find_clearances, find_industries, find_jurisdiction
from matcher.posting.dates import find_due, read_due
from matcher.posting.gazetteer import country_name
from matcher.posting.languages import find_languages
from matcher.posting.money import find_pays, find_value, read_value
from matcher.posting.places import Place, find_place, read_place
from tests.posting.factories import TODAY, reading


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("due 2027-03-12", date(2027, 3, 12)),
        ("by 12 March", date(2027, 3, 12)),
        ("until 12.03.2027", date(2027, 3, 12)),
        ("by 03/25/2027", date(2027, 3, 25)),
        ("March 12th, 2027", date(2027, 3, 12)),
        ("end of January", date(2027, 1, 31)),
        ("mid-February", date(2027, 2, 15)),
        ("early March", date(2027, 3, 10)),
        ("first week of March", date(2027, 3, 7)),
        ("in May", date(2027, 5, 31)),
        ("by December", date(2026, 12, 1)),
        ("next month", date(2026, 12, 31)),
        ("in 6 weeks", date(2027, 1, 3)),
        ("within three months", date(2027, 2, 22)),
        ("Q1 2027", date(2027, 3, 31)),
        ("in Q4", date(2026, 12, 31)),
        ("end of 2027", date(2027, 12, 31)),
        ("before Christmas", date(2026, 12, 24)),
        ("before Easter", date(2027, 3, 25)),
        ("by Friday", date(2026, 11, 27)),
        ("KW 5", date(2027, 2, 5)),
        ("bis Ende März", date(2027, 3, 31)),
        ("avant le 15 mars 2027", date(2027, 3, 15)),
        ("antes del 3 de abril", date(2027, 4, 3)),
        ("vóór 1 maart", date(2027, 3, 1)),
        ("29 February 2028", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_however_it_is_written(words: str, day: date) -> None:
    assert find_due(f"We need Citrix people {words}.", TODAY).on == day


@pytest.mark.parametrize("words", ["as soon as possible", "ASAP", "sofort", "no hurry"])
def test_words_that_fix_no_day_are_kept_as_words(words: str) -> None:
    assert find_due(f"Citrix help, {words}.", TODAY).text == words
    assert find_due(f"Citrix help, {words}.", TODAY).on is None


@pytest.mark.parametrize(
    "text",
    [
        "SQL Server 2016 and Exchange 2010",
        "we may need it",
        "It broke in October 2025",
        "31 April 2027",
        "In September the water came in.",
        "since March",
        "section 3.4",
    ],
)
def test_versions_verbs_and_the_past_are_no_deadlines(text: str) -> None:
    assert find_due(text, TODAY).on is None


def test_a_deadline_goes_before_a_start() -> None:
    assert find_due("Start on 5 January, must be live by 30 April.", TODAY).on == date(2027, 4, 30)


def test_the_last_day_of_an_answer_counts() -> None:
    due = read_due("first 20 by mid January, all by end of March", TODAY)
    assert (due.text, due.on) == ("first 20 by mid January, all by end of March", date(2027, 3, 31))


def test_a_bare_month_is_an_answer() -> None:
    assert read_due("April", TODAY).on == date(2027, 4, 30)


def test_a_form_that_names_a_past_day_is_asked_again() -> None:
    found = reading("We need Citrix people.", facts=PostingFacts(due="2026-01-05"))
    assert found.due_on is None
    assert "due" in found.missing


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


@pytest.mark.parametrize(
    ("text", "pays"),
    [
        ("Citrix help. The customer pays us and we pay you.", "The customer pays us and we pay you"),
        ("End of March, remote, customer pays you directly", "customer pays you directly"),
        ("Fixed price, please.", "Fixed price"),
        ("600 a day.", "600 a day"),
        ("You get a referral fee of 8 %.", "You get a referral fee of 8 %"),
        ("Tagessatz 950 €.", "Tagessatz 950 €"),
        ("Le client paie directement.", "Le client paie directement"),
        ("The app shows bushels, margin, cheques.", ""),
    ],
)
def test_who_pays_is_read(text: str, pays: str) -> None:
    assert find_pays(text) == pays


@pytest.mark.parametrize(
    ("text", "eur"),
    [
        ("Budget 20k", 20_000),
        ("about 12.000 €", 12_000),
        ("EUR 15,500 fixed", 15_500),
        ("8k fixed price", 8_000),
        ("120-150k EUR", 135_000),
        ("1.5 million euros", 1_500_000),
        ("£20,000", 23_000),
        ("$10k", 9_000),
        ("600 € a day for 20 days", 12_000),
        ("600 € a day", None),
        ("40 € per user", None),
        ("400 mailboxes, 20k users", None),
        ("a firm with a turnover of 5 million euros", None),
        ("Budżet na start 60 tys. euro", 60_000),
        ("zhruba 40 tis. EUR", 40_000),
        ("rundt regnet 25 tusen euro", 25_000),
        ("około 80 tys. zł", 18_800),
        ("rozpočet 500 000 Kč", 20_000),
        ("30 à 35.000 €", 32_500),
        ("30 bis 35.000 Euro", 32_500),
        ("900 to 1,200 €", 1_050),
        ("February is also possible. Budget 28.000, paid by the family", 28_000),
        ("budget rond 120.000, de klant betaalt u", 120_000),
        ("The budget is about 45 000.", 45_000),
        ("a budget tool for 28,000 users", None),
        ("the budget covers 28.000 seats", None),
        ("our budget process, 28.000 lines of it", None),
    ],
)
def test_the_value_of_the_work_is_read_in_euros(text: str, eur: int | None) -> None:
    assert find_value(text).eur == eur


def test_a_converted_value_says_its_rate() -> None:
    assert find_value("budget £20,000").note == "£20,000 counted as 23,000 EUR (1 GBP = 1.15 EUR, a fixed rate)"
    assert find_value("budget 20,000 €").note == ""


def test_a_bare_number_in_the_form_is_euros() -> None:
    assert read_value("15000").eur == 15_000


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
    ],
)
def test_languages_that_must_be_spoken_are_read(text: str, languages: tuple[str, ...]) -> None:
    assert find_languages(text) == languages


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
