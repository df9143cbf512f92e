"""What is needed is told from what the poster has."""

import pytest

from matcher.posting import PostingFacts, check_posting, questions
from tests.posting.factories import reading


def keys(text: str, **more: object) -> list[tuple[str, ...]]:
    return [need.competency_keys for need in reading(text, **more).needs]


def test_what_the_poster_does_itself_is_no_need() -> None:
    text = (
        "We won a Business Central project. We do the Business Central part ourselves, but need someone for Power BI."
    )
    assert keys(text) == [("analytics",)]


def test_a_posting_that_says_need_nowhere_is_one_need() -> None:
    found = reading("400 mailboxes from Notes to Microsoft 365.")
    assert [need.text for need in found.needs] == ["400 mailboxes from Notes to Microsoft 365."]
    assert found.needs[0].competency_keys == ("mail", "m365")


def test_what_the_poster_can_do_and_only_mentions_as_its_own_is_dropped() -> None:
    text = "We have Navision done. They want Power BI pages."
    assert keys(text, own_keys=frozenset({"business-central"})) == [("analytics",)]


def test_work_that_was_won_is_the_need_of_a_poster_who_cannot_do_it() -> None:
    assert keys("We won a SAP migration.", own_keys=frozenset({"business-central"})) == [("sap",)]


def test_each_item_of_a_list_below_we_need_is_a_need() -> None:
    text = "We need:\n- somebody for Citrix\n- SAP people\n- a helpdesk in Polish"
    assert keys(text) == [("virtual-desktop",), ("sap",), ("service-desk",)]


def test_items_below_what_we_do_are_no_needs() -> None:
    text = "We handle:\n- Citrix\n- SAP\n\nLooking for Power BI help."
    assert keys(text) == [("analytics",)]


def test_one_sentence_that_asks_for_two_people_is_two_needs() -> None:
    assert keys("We need a Citrix engineer and somebody for the SAP side.") == [("virtual-desktop",), ("sap",)]


def test_a_bracket_is_not_cut_in_two() -> None:
    found = reading("We need somebody for a weekend (SAP Basis and the Citrix farm behind it) in March.").needs
    assert [(need.text, need.competency_keys) for need in found] == [
        ("Somebody for a weekend (SAP Basis and the Citrix farm behind it) in March.", ("sap", "virtual-desktop"))
    ]


@pytest.mark.parametrize("said", ["Need help now, tonight if you can.", "Can you help us with this?"])
def test_a_call_for_help_that_does_not_say_with_what_is_about_all_that_was_said(said: str) -> None:
    [need] = reading(f"Our customer was hit, everything is encrypted, the controllers too. {said}").needs
    assert "everything is encrypted" in need.text
    [need] = reading("Our customer paints fences. We need somebody who can walk forty dogs in Galway.").needs
    assert need.text == "Walk forty dogs in Galway."


def test_sentences_about_the_same_competency_are_one_need() -> None:
    found = reading("We need a Citrix engineer. Looking for Citrix people who know printers.").needs
    assert [need.competency_keys for need in found] == [("virtual-desktop",)]
    assert "printers" in found[0].text


def test_what_the_customer_of_a_forwarded_mail_has_belongs_to_the_need() -> None:
    text = "We are still on Notes with 1,400 mailboxes. Nobody here knows how to leave Notes."
    assert "1,400 mailboxes" in reading(text).needs[0].text
    assert "1,400 mailboxes" not in reading(text, own_keys=frozenset({"mail"})).needs[0].text


def test_a_need_that_only_says_this_takes_in_the_sentence_before() -> None:
    found = reading("Their Citrix farm is slow. We cannot do this.").needs
    assert found[0].competency_keys == ("virtual-desktop",)
    assert "slow" in found[0].text


def test_there_are_at_most_six_needs() -> None:
    names = ["Citrix", "SAP", "Power BI", "Intune", "SQL Server", "Wi-Fi", "helpdesk", "Notes"]
    found = reading("\n".join(f"- We need {name} people." for name in names)).needs
    assert len(found) == 6
    assert "Notes" in found[-1].text


def test_a_need_we_are_told_not_to_fill_is_none() -> None:
    assert keys("We need Power BI. No need for SAP people.") == [("analytics",)]


@pytest.mark.parametrize(
    "text",
    [
        "Wir haben ein SAP-Projekt gewonnen. SAP machen wir selbst. Wir suchen jemanden für Power BI.",
        "Nous faisons SAP nous-mêmes. Nous cherchons un partenaire pour Power BI.",
        "Nosotros hacemos SAP. Buscamos a alguien para Power BI.",
        "Wij doen SAP zelf. We zoeken iemand voor Power BI.",
    ],
)
def test_needs_are_read_in_other_languages(text: str) -> None:
    assert keys(text) == [("analytics",)]


@pytest.mark.parametrize("text", ["need help with IT stuff", "we need someone", "Hi", "a project asap"])
def test_a_vague_posting_is_asked_what_is_needed(text: str) -> None:
    assert "what" in reading(text).missing


@pytest.mark.parametrize("text", ["Citrix", "Wanted: a plumber for a cooling tower in a data hall"])
def test_a_concrete_posting_is_not_asked_again(text: str) -> None:
    assert "what" not in reading(text).missing


def test_the_need_of_a_bare_text_is_found_in_the_subject() -> None:
    need = reading("By March, remote.", subject="Citrix upgrade").needs[0]
    assert need.competency_keys == ("virtual-desktop",)
    assert need.text.startswith("Citrix upgrade")


def test_a_need_without_a_product_is_about_what_the_subject_names() -> None:
    text = "They need somebody to sit beside the clerks for a week. Our own part is Navision."
    found = reading(text, subject="Citrix trainer wanted", own_keys=frozenset({"business-central"}))
    assert found.needs[0].competency_keys == ("virtual-desktop",)


def test_a_title_is_the_subject_without_its_prefixes() -> None:
    assert reading("We need help.", subject="Fwd: RE: Citrix upgrade for a bank").title == "Citrix upgrade for a bank"


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("We need somebody who moves the mail to Exchange Online.", "Move the mail to Exchange Online"),
        ("We need somebody who does the cabling.", "Do the cabling"),
        ("We look for a partner who can run penetration tests.", "Run penetration tests"),
    ],
)
def test_a_title_names_the_work_not_who_is_wanted(said: str, title: str) -> None:
    assert reading(said).title == title


def test_a_title_is_short_and_names_no_customer() -> None:
    text = "We need somebody for Citrix at Contoso Foods Ltd, " + "with printers and thin clients, " * 5
    title = reading(text).title
    assert len(title) <= 80
    assert "Contoso" not in title
    assert "Citrix" in title


def test_a_title_names_the_work_not_the_complaint() -> None:
    assert reading("We are stuck. Our client wants Intune on 300 PCs.").title == "Our client wants Intune on 300 PCs"


def test_nothing_is_missing_when_form_and_text_say_all() -> None:
    found = reading("We need Citrix people.", facts=PostingFacts("1 March", "remote", "we pay you"))
    assert found.missing == ()


def test_missing_facts_are_asked_for_one_by_one() -> None:
    missing = reading("We need Citrix people.").missing
    assert missing == ("due", "place", "pays")
    assert len(questions(missing)) == 3
    assert all(one.endswith((".", "?")) for one in questions(("what", *missing)))


def test_an_empty_posting_is_refused_with_what_to_do() -> None:
    assert check_posting(" \n ") == "The posting is empty. Write in one or two sentences what you need and for when."


def test_a_posting_that_is_too_long_is_refused_with_its_length() -> None:
    assert "20,001 characters" in check_posting("x" * 20_001)
    assert check_posting("x" * 20_000) == ""


def test_what_the_poster_does_and_names_without_asking_for_it_is_no_need() -> None:
    text = "My templates for SQL Server sit in ten agencies. I need somebody who knows which person to phone."
    assert keys(text, own_keys=frozenset({"database"})) == [()]
    assert keys(text) == [("database",)]


def test_a_need_in_another_language_is_told_by_its_english() -> None:
    text = "Dzień dobry, jestem informatykiem w mleczarni. Mamy serwer i drukarki. Potrzebuję kogoś na kopie zapasowe."
    found = reading(text).needs
    assert len(found) == 1
    assert "kopie" in found[0].text


def test_competencies_are_found_in_the_english_of_a_text_that_names_none_itself() -> None:
    assert keys("Wir suchen jemanden für einen Penetrationstest an unserem Portal.") == [("pentest",)]
    assert keys("Vi söker en som kan göra penetrationstest av vår app.") == [("pentest",)]


def test_what_a_text_names_in_its_own_language_goes_before_its_english() -> None:
    assert keys("Wir suchen Leute für Citrix und einen Penetrationstest.") == [("virtual-desktop",)]


def test_the_only_need_begins_with_the_subject() -> None:
    text = "Somebody who knows the old ones. Our own part is Navision."
    (need,) = reading(text, subject="Fwd: Citrix farm in trouble").needs
    assert need.text.startswith("Citrix farm in trouble. ")


def test_what_the_subject_names_comes_first_of_what_the_only_need_names() -> None:
    text, subject = "We look for somebody who reads SAP tables.", "Power BI pages"
    assert keys(text, subject=subject) == [("analytics", "sap")]
    assert keys(text, subject=subject, own_keys=frozenset({"analytics"})) == [("sap",)]
    assert keys("We need:\n- SAP people\n- a helpdesk in Polish", subject=subject) == [("sap",), ("service-desk",)]


def test_of_a_subject_what_the_poster_does_itself_is_left_out() -> None:
    (need,) = reading("Somebody who knows the old ones.", subject="Citrix upgrade - we write apps").needs
    assert "we write apps" not in need.text


def test_a_subject_over_two_needs_says_nothing_of_either() -> None:
    text = "We need:\n- somebody for Citrix\n- SAP people"
    assert not any("Autumn" in need.text for need in reading(text, subject="Autumn plans").needs)


def test_a_small_i_between_clauses_is_english_only_before_an_english_verb() -> None:
    text = "Brakuje kogoś, kto opisze, co robi Citrix, i przepisze fakturowanie. Dane zostają w Unii."
    assert reading(text).needs[0].text.endswith("co robi Citrix, i przepisze fakturowanie.")
    both = "somebody for Citrix please, i do the Navision part"
    assert [need.competency_keys for need in reading(both).needs] == [("virtual-desktop",)]


@pytest.mark.parametrize(
    "counted", ["And, second thing,", "Another thing:", "Und die zweite Sache:", "The second part,"]
)
def test_what_is_counted_on_is_a_need_of_its_own(counted: str) -> None:
    text = f"We need somebody for Citrix. {counted} the office crowd still like Wi-Fi in the yard. We do cabling."
    assert [need.competency_keys for need in reading(text).needs] == [("virtual-desktop",), ("network",)]


def test_what_is_counted_on_and_names_nothing_is_no_need_of_its_own() -> None:
    text = "We need somebody for Citrix. Another thing: the car park is behind the house."
    assert [need.competency_keys for need in reading(text).needs] == [("virtual-desktop",)]
