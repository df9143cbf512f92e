"""What a correction changes, and that the text which partners read changes with it."""

from datetime import date

import pytest

from matcher.posting import apply_correction
from matcher.posting.edits import Edit, changed, find_edits
from matcher.terms import Reading
from tests.posting.factories import TODAY, linker_keys, reading

SAID = "We need someone to move 300 mailboxes from Notes by end of March 2027, on site in Bonn, we pay you 9000 EUR."


def corrected(answer: str) -> Reading:
    return apply_correction(reading(SAID), answer, linker_keys=linker_keys, today=TODAY)


@pytest.mark.parametrize(
    ("answer", "edit"),
    [
        ("400 mailboxes, not 300", Edit("300", "400")),
        ("It's in Cologne, not Bonn", Edit("Bonn", "Cologne")),
        ("400, not 300 mailboxes", Edit("300 mailboxes", "400 mailboxes")),
        ("We do SAP, not Citrix", Edit("Citrix", "SAP")),
        ("three people, not two", Edit("two", "three")),
        ("not Citrix but SAP", Edit("Citrix", "SAP")),
        ("nicht Citrix, sondern SAP", Edit("Citrix", "SAP")),
        ("SAP instead of Citrix please", Edit("Citrix", "SAP")),
        ("Please change Citrix to SAP.", Edit("Citrix", "SAP")),
        ("please remove the words car maker", Edit("car maker", "")),
    ],
)
def test_a_change_in_so_many_words_is_found(answer: str, edit: Edit) -> None:
    assert find_edits(answer) == (edit,)


@pytest.mark.parametrize("answer", ["We do not know yet.", "That is right.", "not sure", "1 May", ""])
def test_a_sentence_that_changes_nothing_is_no_edit(answer: str) -> None:
    assert changed(SAID, find_edits(answer)) == SAID


def test_a_number_inside_a_longer_one_stays() -> None:
    assert changed("300 of 1,300 or 3001", [Edit("300", "400")]) == "400 of 1,300 or 3001"


def test_the_text_says_the_new_number() -> None:
    after = corrected("400 mailboxes, not 300")
    assert "400 mailboxes" in after.blind_text
    assert "400 mailboxes" in after.needs[0].text
    assert "300" not in after.blind_text + after.needs[0].text + after.title


def test_a_new_count_of_the_same_thing_replaces_the_old_one() -> None:
    assert "move 900 mailboxes" in corrected("It is 900 mailboxes.").blind_text


def test_a_count_of_something_else_changes_nothing() -> None:
    assert "300 mailboxes" in corrected("There are 2 sites.").blind_text


@pytest.mark.parametrize("answer", ["It is due on 1 May.", "No: until 1 May, not March", "deadline is 1 May"])
def test_a_new_day_stands_in_the_fact_and_in_the_text(answer: str) -> None:
    after = corrected(answer)
    assert after.due_on == date(2027, 5, 1)
    assert "by 1 May, on site" in after.blind_text


def test_another_town_does_not_say_that_the_work_is_no_longer_on_site() -> None:
    after = corrected("It's in Cologne, not Bonn")
    assert (after.place_text, after.on_site) == ("on site in Cologne", True)
    assert "Bonn" not in after.blind_text


@pytest.mark.parametrize(
    ("answer", "place", "country"),
    [
        ("Where: Leeds", "on site in Leeds", "GB"),
        ("The customer is in Scotland.", "on site in Scotland", "GB"),
        ("It's in Reutlingen, not Bonn", "on site in Reutlingen", "DE"),
        ("Where: Reutlingen", "on site in Reutlingen", "DE"),
        ("Where: remote", "remote", ""),
    ],
)
def test_work_that_moves_stays_on_site_until_somebody_says_remote(answer: str, place: str, country: str) -> None:
    found = corrected(answer)
    assert (found.place_text, found.country, found.on_site) == (place, country, place != "remote")


TWO = "We need two things:\n1. Somebody to move 300 mailboxes from Notes\n2. A Citrix farm\nRemote, by March, we pay."


@pytest.mark.parametrize(
    ("answer", "keys"),
    [
        ("We don't need Citrix.", [("mail",)]),
        ("no Citrix, please", [("mail",)]),
        ("wir brauchen kein Citrix", [("mail",)]),
        ("We don't need Citrix but SAP.", [("mail",), ("sap",)]),
        ("We don't need SAP.", [("mail",), ("virtual-desktop",)]),
        ("No, we also need SAP.", [("mail",), ("virtual-desktop",), ("sap",)]),
    ],
)
def test_what_is_not_needed_is_no_need(answer: str, keys: list[tuple[str, ...]]) -> None:
    found = apply_correction(reading(TWO), answer, linker_keys=linker_keys, today=TODAY)
    assert [need.competency_keys for need in found.needs] == keys


def test_the_work_becomes_remote() -> None:
    after = corrected("The work is remote.")
    assert (after.place_text, after.on_site) == ("remote", False)
    assert "Bonn" not in after.blind_text


def test_a_new_sum_stands_in_the_fact_and_in_the_text() -> None:
    after = corrected("12,000 euros")
    assert after.value_eur == 12_000
    assert "we pay you 12,000 euros" in after.blind_text
    assert "9000" not in after.pays


def test_who_pays_is_replaced_within_its_sentence() -> None:
    after = corrected("The customer pays you directly.")
    assert after.pays == "The customer pays you directly"
    assert after.blind_text.endswith("on site in Bonn, the customer pays you directly.")


def test_words_that_are_removed_are_gone_everywhere() -> None:
    after = corrected("please remove the words on site in Bonn")
    assert "Bonn" not in after.blind_text + after.needs[0].text + after.title


def test_an_answer_that_changes_nothing_leaves_the_reading_as_it_was() -> None:
    assert corrected("hmm, I am not so happy with it") == reading(SAID)


@pytest.mark.parametrize(
    "answer",
    [
        "hide the word Tram",
        "Please hide Tram.",
        "Hide the name “tram”, please. By when: 1 May",
        "Bitte verbergen Sie das Wort Tram.",
        "masquez le mot Tram",
    ],
)
def test_what_its_sender_asks_to_hide_is_hidden_wherever_others_read(answer: str) -> None:
    before = reading(
        "We need somebody for Citrix at the tram works in Ghent. The Tram has 40 PCs.", subject="Tram: Citrix"
    )
    after = apply_correction(before, answer, linker_keys=linker_keys, today=TODAY)
    others_read = " ".join((after.title, after.blind_text, *(each.text for each in after.needs)))
    assert "tram" not in others_read.casefold()
    assert "40 PCs" in after.blind_text
    assert "tram" in [each.words.casefold() for each in after.masked]
    assert apply_correction(after, "It is 50 PCs.", linker_keys=linker_keys, today=TODAY).masked == after.masked


@pytest.mark.parametrize("answer", ["hide it", "They must hide the cables.", "hide the customer", "hide box"])
def test_what_names_no_word_of_the_posting_hides_nothing(answer: str) -> None:
    assert corrected(answer).masked == ()


def test_a_reply_that_names_no_word_after_all_hides_none() -> None:
    before = reading("We need somebody for Citrix and a Word macro.")
    assert apply_correction(before, "hide the word ", linker_keys=linker_keys, today=TODAY).masked == ()
