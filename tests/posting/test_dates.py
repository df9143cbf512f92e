"""The day by which work is due is read however it is written."""

from datetime import date

import pytest

from matcher.posting import PostingFacts
from matcher.posting.dates import find_due, read_due
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
        ("en mars 2027", date(2027, 3, 31)),
        ("senest 15. marts", date(2027, 3, 15)),
        ("inden udgangen af februar", date(2027, 2, 28)),
        ("innen 15. desember", date(2026, 12, 15)),
        ("i slutten av mars", date(2027, 3, 31)),
        ("före mars", date(2027, 3, 1)),
        ("i början av augusti", date(2027, 8, 10)),
        ("do konce února", date(2027, 2, 28)),
        ("do 15. března 2027", date(2027, 3, 15)),
        ("v polovině dubna", date(2027, 4, 15)),
        ("do 15 listopada", date(2027, 11, 15)),
        ("w lutym", date(2027, 2, 28)),
        ("na początku marca", date(2027, 3, 10)),
        ("within 30 days, the customer pays", date(2026, 12, 22)),
        ("by Dec-15", date(2026, 12, 15)),
        ("by Dec/15", date(2026, 12, 15)),
        ("by 15-Dec", date(2026, 12, 15)),
        ("15-Dec-2026", date(2026, 12, 15)),
        ("15-Jan-27", date(2027, 1, 15)),
        ("15/Jan/2027", date(2027, 1, 15)),
        ("Jan-15-2028", date(2028, 1, 15)),
        ("by Mar/2028", date(2028, 3, 1)),
        ("2027/01/15", date(2027, 1, 15)),
        ("Dec 7-Jan 5", date(2026, 12, 7)),
        ("by Dec 15/16", date(2026, 12, 15)),
        ("by 11 January, who pays is open", date(2027, 1, 11)),
        ("before xmas", date(2026, 12, 24)),
        ("innen utgangen av mars", date(2027, 3, 31)),
        ("i slutet av januari", date(2027, 1, 31)),
        ("koniec lutego", date(2027, 2, 28)),
        ("do konce června", date(2027, 6, 30)),
        ("i januari", date(2027, 1, 31)),
        ("a partir de fevereiro", date(2027, 2, 1)),
    ],
)
def test_a_day_is_read_however_it_is_written(words: str, day: date) -> None:
    assert find_due(f"We need Citrix people {words}.", TODAY).on == day


@pytest.mark.parametrize(
    ("words", "day"),
    [("end of February", 29), ("in February", 29), ("29 February", 29), ("mid-February", 15), ("28 February", 28)],
)
def test_the_february_of_a_leap_year_is_read_from_the_year_before(words: str, day: int) -> None:
    assert find_due(f"We need Citrix people {words}.", date(2027, 11, 10)).on == date(2028, 2, day)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("by Mon Jan 11", date(2027, 1, 11)),
        ("due Tue Dec 8", date(2026, 12, 8)),
        ("by Thu Dec 10, 2026", date(2026, 12, 10)),
        ("by Fri, Dec 4", date(2026, 12, 4)),
        ("by MON JAN 11", date(2027, 1, 11)),
        ("by Sat 12th Dec", date(2026, 12, 12)),
        ("from Mon Dec 7 to Fri Dec 18", date(2026, 12, 7)),
    ],
)
def test_a_day_with_its_weekday_is_read_and_hides_nobody(words: str, day: date) -> None:
    found = reading(f"We need Citrix people {words}.")
    assert (found.due_on, found.masked) == (day, ())
    assert words in found.blind_text


def test_a_weekday_in_the_form_is_kept() -> None:
    found = reading("We need Citrix people.", facts=PostingFacts(due="Mon Jan 11"))
    assert (found.due_text, found.due_on) == ("Mon Jan 11", date(2027, 1, 11))


@pytest.mark.parametrize("words", ["as soon as possible", "ASAP", "sofort", "no hurry"])
def test_words_that_fix_no_day_are_kept_as_words(words: str) -> None:
    assert find_due(f"Citrix help, {words}.", TODAY).text == words
    assert find_due(f"Citrix help, {words}.", TODAY).on is None


@pytest.mark.parametrize(
    "text",
    [
        "SQL Server 2016 and Exchange 2010",
        "we may need it",
        "We May need it",
        "I May need it",
        "I may need it",
        "i may need it",
        "It broke in October 2025",
        "31 April 2027",
        "In September the water came in.",
        "since March",
        "section 3.4",
        "€600 a day for three months. We pay within 30 days",
        "payable within 30 days",
        "the customer pays you in 30 days",
        "invoices are settled within 45 days",
        "Zahlung innerhalb von 30 Tagen",
        "paiement sous 30 jours",
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
