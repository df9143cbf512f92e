"""Answers in plain words fill in and correct a reading."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.posting import PostingFacts, apply_correction
from matcher.terms import Reading
from tests.posting.factories import TODAY, linker_keys, reading


def corrected(before: Reading, answer: str) -> Reading:
    return apply_correction(before, answer, linker_keys=linker_keys, today=TODAY)


def test_one_line_fills_in_everything_that_was_missing() -> None:
    after = corrected(
        reading("We need Citrix people."), "end of March, remote, customer pays us and we pay you 600 a day"
    )
    assert (after.due_on, after.place_text) == (date(2027, 3, 31), "remote")
    assert after.pays == "customer pays us and we pay you 600 a day"
    assert after.missing == ()


def test_what_is_known_is_not_changed_by_the_way() -> None:
    before = reading("We need Citrix people by 1 May, remote, we pay you per day.")
    assert corrected(before, "By March? In Lyon?").due_on == date(2027, 5, 1)


def test_what_is_named_is_replaced() -> None:
    before = reading("We need Citrix people by 1 May, remote, we pay you per day.")
    after = corrected(before, "due: 1 March\nwhere: on site in Lyon\npays: the customer, 12.000 €")
    assert (after.due_on, after.place_text, after.country, after.on_site) == (
        date(2027, 3, 1),
        "on site in Lyon",
        "FR",
        True,
    )
    assert (after.pays, after.value_eur) == ("the customer, 12.000 €", 12_000)


def test_by_when_is_a_name_of_the_due_day() -> None:
    assert corrected(reading("We need Citrix people by May."), "by when: 3 April").due_on == date(2027, 4, 3)


def test_a_day_that_is_past_is_asked_for_until_it_is_answered() -> None:
    before = reading("We need Citrix people.", facts=PostingFacts(due="2026-01-05"))
    asked = corrected(before, "remote")
    assert asked.missing == ("due", "pays")
    assert corrected(asked, "by 1 March").missing == ("pays",)


def test_a_new_need_is_added_to_needs_and_text() -> None:
    after = corrected(reading("We need Citrix people."), "We also need SAP people.")
    assert [need.competency_keys for need in after.needs] == [("virtual-desktop",), ("sap",)]
    assert after.blind_text == "We need Citrix people.\n\nWe also need SAP people."


def test_more_about_a_need_becomes_part_of_it() -> None:
    after = corrected(reading("We need Citrix people."), "We need Citrix people who know printers.")
    assert len(after.needs) == 1
    assert "printers" in after.needs[0].text


def test_a_vague_need_is_replaced_by_a_concrete_one() -> None:
    after = corrected(reading("need help with IT stuff"), "what: a SAP upgrade")
    assert [need.competency_keys for need in after.needs] == [("sap",)]
    assert after.title == "A SAP upgrade"
    assert "what" not in after.missing


def test_facts_alone_are_no_need() -> None:
    after = corrected(reading("need help with IT stuff"), "end of March, remote")
    assert "what" in after.missing
    assert after.due_on == date(2027, 3, 31)


def test_a_name_in_the_answer_is_hidden_everywhere() -> None:
    before = reading("We need Citrix people. They work for acme tools in Lyon.")
    after = corrected(before, "We also need SAP people for Acme Tools Ltd.")
    assert "Acme" not in after.blind_text
    assert "acme" not in after.blind_text


def test_languages_and_clearances_can_be_named() -> None:
    after = corrected(
        reading("We need Citrix people."), "languages: German and French\nclearance: SC cleared\ndata: UK"
    )
    assert (after.languages, after.clearances, after.jurisdiction) == (("de", "fr"), ("SC-UK",), "UK")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_answer_breaks_a_reading(answer: str) -> None:
    before = reading("need help with IT stuff")
    assert corrected(before, answer) == corrected(before, answer)
    assert corrected(before, f"due: {answer}").needs is not None
