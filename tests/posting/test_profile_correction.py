"""What a firm answers to "is this your firm?" changes what it speaks of, and nothing else."""

from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.posting.profile import read_profile
from matcher.posting.profile_correction import correct_profile
from matcher.terms import Profile
from tests.posting.factories import TODAY, linker_keys

WORDS = (
    "We are Fjord Systems in London, 2 people: Bob and me. We do Citrix, Intune and Exchange migrations for hospitals. "
    "We speak English and German. No SAP."
)
READ = replace(
    read_profile(
        WORDS, subject="", sender_name="Anna", sender_domain="fjord.co.uk", linker_keys=linker_keys, today=TODAY
    ),
    jurisdictions=("UK",),
)


def corrected(answer: str, before: Profile = READ) -> Profile:
    return correct_profile(before, answer, linker_keys=linker_keys)


def test_what_is_corrected_here() -> None:
    assert (READ.name, READ.country, READ.city, READ.n_people) == ("Fjord Systems", "GB", "London", 2)
    assert READ.competency_keys == ("virtual-desktop", "endpoint", "mail")
    assert READ.languages == ("en", "de")


@pytest.mark.parametrize(
    ("answer", "country", "city"),
    [
        ("no, the place is Leeds", "GB", "Leeds"),
        ("Leeds, not London", "GB", "Leeds"),
        ("We're based in Dublin now.", "IE", "Dublin"),
        ("Where: Dublin, Ireland", "IE", "Dublin"),
        ("wir sitzen in Hamburg", "DE", "Hamburg"),
        ("Nous sommes 5 personnes à Lyon.", "FR", "Lyon"),
        ("We have customers in France and Germany.", "GB", "London"),
        ("We moved 400 mailboxes for a hospital in Paris last year.", "GB", "London"),
        ("We also do Power BI.", "GB", "London"),
    ],
)
def test_the_place_moves_where_the_firm_says_that_it_sits(answer: str, country: str, city: str) -> None:
    found = corrected(answer)
    assert (found.country, found.city) == (country, city)


@pytest.mark.parametrize(
    ("answer", "n_people"),
    [
        ("3 not 2 people", 3),
        ("we are 12 people, not 2, and we also look after Wi-Fi.", 12),
        ("It's 3, not 2.", 3),
        ("People: 5", 5),
        ("wir sind 4 Leute", 4),
        ("Two consultants speak Dutch.", 2),
        ("4 people with AZ-104", 2),
        ("We are 12 people, three of them free.", 12),
        ("We look after firms with 50 employees.", 2),
    ],
)
def test_the_number_of_people_is_the_one_said_last(answer: str, n_people: int) -> None:
    assert corrected(answer).n_people == n_people


@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        ("We don't do Citrix any more.", "Citrix"),
        ("no longer Intune, please", "Intune"),
        ("wir machen kein Exchange mehr", "Exchange"),
        ("remove Citrix", "Citrix"),
    ],
)
def test_what_a_firm_no_longer_does_is_taken_out_of_its_words_too(answer: str, gone: str) -> None:
    found = corrected(answer)
    assert set(READ.competency_keys) - set(found.competency_keys) == set(linker_keys(gone))
    assert gone not in found.text.partition(answer)[0]


def test_what_is_added_is_added() -> None:
    found = corrected("Looks fine, but we do Power BI as well.")
    assert found.competency_keys == (*READ.competency_keys, "analytics")
    assert found.text.startswith(READ.text)
    assert "Power BI" in found.text


def test_what_was_ticked_on_the_page_stays_ticked() -> None:
    ticked = replace(READ, competency_keys=("network", "mail"))
    assert corrected("We also do Power BI.", ticked).competency_keys == ("network", "mail", "analytics")
    assert corrected("we are 3 people", ticked).competency_keys == ("network", "mail")


@pytest.mark.parametrize(
    ("answer", "languages"),
    [
        ("We speak English and French.", ("en", "fr")),
        ("Languages: English", ("en",)),
        ("One of us speaks Dutch too.", ("en", "de", "nl")),
        ("We don't speak German.", ("en",)),
        ("No, we speak German only.", ("de",)),
        ("English only", ("en",)),
    ],
)
def test_languages_are_added_or_replaced_as_it_is_said(answer: str, languages: tuple[str, ...]) -> None:
    assert corrected(answer).languages == languages


@pytest.mark.parametrize(
    ("answer", "held"),
    [
        ("We may hold data in the EU as well.", ("UK", "EU")),
        ("May hold data in: Switzerland, EU", ("CH", "EU")),
        ("We have customers in the EU.", ("UK",)),
    ],
)
def test_where_data_may_be_held_is_read(answer: str, held: tuple[str, ...]) -> None:
    assert set(corrected(answer).jurisdictions) == set(held)
    assert corrected(answer).country == "GB"


def test_clearances_are_read() -> None:
    assert corrected("Two of us are SC cleared.").clearances == ("SC-UK",)
    held = replace(READ, clearances=("SC-UK",))
    assert corrected("Nobody here is SC cleared any more.", held).clearances == ()


@pytest.mark.parametrize(
    "answer", ["no, our name is Fjord Solutions", "Firm: Fjord Solutions", "It's Fjord Solutions, not Fjord Systems."]
)
def test_the_name_is_the_one_said_last(answer: str) -> None:
    assert corrected(answer).name == "Fjord Solutions"


@pytest.mark.parametrize(
    "answer", ["Bright IT, Leeds", "Bright IT\nLeeds, UK", "We are called Bright IT and sit in Leeds."]
)
def test_what_was_asked_for_may_be_answered_barely(answer: str) -> None:
    asked = replace(READ, name="", country="", city="", missing=("name", "country"))
    found = corrected(answer, asked)
    assert (found.name, found.country, found.city) == ("Bright IT", "GB", "Leeds")


@pytest.mark.parametrize("answer", ["My name is Anna Berg, and we also do Power BI.", "We do SAP for Siemens AG."])
def test_a_person_or_a_customer_is_no_new_name(answer: str) -> None:
    assert corrected(answer).name == "Fjord Systems"


@pytest.mark.parametrize("answer", ["What does it cost?", "the town is wrong", "Citrix is wrong"])
def test_a_question_or_a_complaint_is_no_part_of_the_words(answer: str) -> None:
    assert answer not in corrected(answer).text


def test_of_what_is_refused_only_that_goes() -> None:
    found = corrected("no Citrix any more, only Intune")
    assert found.competency_keys == ("endpoint", "mail")
    assert corrected("ok, but nothing with Citrix please").competency_keys == ("endpoint", "mail")


@pytest.mark.parametrize(
    ("answer", "keys"),
    [
        ("Wir machen kein Citrix mehr, dafür SAP", ("endpoint", "mail", "sap")),
        ("We have not done Citrix since 2019", ("endpoint", "mail")),
        ("Citrix: no longer", ("endpoint", "mail")),
        ("remove the Citrix part", ("endpoint", "mail")),
        ("nous ne faisons plus de Citrix", ("endpoint", "mail")),
        ("Vi gör inte Citrix längre", ("endpoint", "mail")),
    ],
)
def test_a_refusal_is_read_in_other_words_and_languages(answer: str, keys: tuple[str, ...]) -> None:
    assert corrected(answer).competency_keys == keys


def test_a_second_office_moves_no_firm() -> None:
    assert (corrected("We have a second office in Berlin.").city, corrected("also in Edinburgh").city) == (
        "London",
        "London",
    )


def test_a_town_that_no_list_has_is_taken_as_it_is_said() -> None:
    assert (corrected("We are in Reading.").city, corrected("Our town is Chester").city) == ("Reading", "Chester")
    assert corrected("We are in Exchange and Citrix.").city == "London"


@pytest.mark.parametrize("answer", ["3 not 2 people", "no, the place is Leeds", "Languages: English", "People: 5"])
def test_an_instruction_is_no_part_of_the_words(answer: str) -> None:
    assert len(corrected(answer).text) <= len(READ.text)


def test_an_answer_that_changes_nothing_changes_nothing() -> None:
    assert corrected("2 people") == READ


@pytest.mark.parametrize("answer", ["no Citrix. " * 1_800, "no " + "Citrix " * 2_800, "not 2 but 3, " * 1_500])
def test_a_long_answer_takes_no_longer_than_its_words(answer: str) -> None:
    before = replace(READ, text=f"{WORDS} " * 120)
    begun = process_time()
    corrected(answer, before)
    assert process_time() - begun < 3


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_answer_breaks_the_reader(answer: str) -> None:
    assert corrected(answer) == corrected(answer)
