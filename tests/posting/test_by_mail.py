"""Postings as people mail them: forwarded customer mails, lists, other languages."""

from datetime import date

import pytest

from tests.posting.factories import reading

FORWARDED = """\
Wir können das nicht selbst, wer macht das? Bis Ende Februar, remote ist ok, wir zahlen 850 EUR Tagessatz.

---------- Forwarded message ---------
Von: Klaus Petersen <k.petersen@hafenspedition.example>
Date: Mo., 16. Nov. 2026 um 09:12 Uhr
Subject: Angebot Exchange
To: <anna@nordlicht.example>

Sehr geehrte Frau Weber,

wir möchten unsere 240 Postfächer nach Exchange Online umziehen.
"""
OUTLOOK = """\
Wie kan dit? Deadline eind maart, wij betalen.

Van: Piet de Vries <piet@bakkerij.example>
Verzonden: dinsdag 17 november 2026 10:02
Aan: Anna Weber
Onderwerp: RE: vraag

Hoi Anna, wij willen onze Navision vervangen, met koppeling naar de kassa's in 14 winkels. Groet, Piet
"""
LISTED = """\
- Citrix engineer, 20 days, Rotterdam on site
- somebody for SAP Basis (remote)
- Power BI reports, about 10 of them

Start January, the customer pays us, we pay you 700/day
"""
NUMBERED = """\
The customer asks for the following:

1. Penetration test of the web shop
2. Awareness training for 200 people
3. Wi-Fi in two halls

We do 3 ourselves. Who does the rest? Until June, each part is invoiced to us.
"""


@pytest.mark.parametrize("text", [FORWARDED, OUTLOOK])
def test_the_header_lines_of_a_forwarded_mail_are_not_shown(text: str) -> None:
    blind = reading(text).blind_text
    for word in ("Von:", "Date:", "Subject", "To:", "Van:", "Verzonden", "Aan:", "Onderwerp", "Forwarded", "Uhr", "@"):
        assert word not in blind


@pytest.mark.parametrize("text", [FORWARDED, OUTLOOK])
def test_what_the_customer_wrote_below_a_forward_is_read(text: str) -> None:
    found = reading(text)
    assert found.needs[0].competency_keys == (("mail",) if text is FORWARDED else ("business-central",))
    assert not {"Klaus", "Petersen", "Piet", "Vries", "Weber"} & set(found.blind_text.replace(",", " ").split())


def test_each_item_of_a_bare_list_is_a_need() -> None:
    found = reading(LISTED)
    assert [need.competency_keys for need in found.needs] == [("virtual-desktop",), ("sap",), ("analytics",)]


def test_the_last_line_with_the_facts_is_no_signature() -> None:
    found = reading(LISTED)
    assert found.due_text == "Start January"
    assert found.pays == "the customer pays us; we pay you 700/day"
    assert found.missing == ()


def test_a_name_and_a_title_in_the_last_line_are_a_signature() -> None:
    assert "Weber" not in reading("We need Citrix people by May.\n\nAnna Weber, Head of Projects").blind_text


def test_items_that_the_poster_keeps_are_no_needs() -> None:
    texts = " ".join(need.text for need in reading(NUMBERED).needs)
    assert "Wi-Fi" not in texts
    assert "Penetration" in texts


def test_a_numbered_item_that_no_competency_knows_is_still_a_need() -> None:
    assert any(need.text.startswith("Awareness training for 200 people") for need in reading(NUMBERED).needs)


def test_details_in_a_list_are_no_needs_of_their_own() -> None:
    found = reading("We need somebody to move Notes:\n- 400 mailboxes\n- two sites\n- Notes 9 on Windows")
    assert len(found.needs) == 1


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Precisamos de Citrix até ao fim de janeiro, remoto.", date(2027, 1, 31)),
        ("Szukamy partnera: Citrix, do końca lutego, zdalnie.", date(2027, 2, 28)),
        ("Cerchiamo Citrix, entro fine marzo.", date(2027, 3, 31)),
        ("Procuramos Citrix em meados de maio.", date(2027, 5, 15)),
    ],
)
def test_the_day_is_read_in_portuguese_polish_and_italian(text: str, due: date) -> None:
    assert reading(text).due_on == due


@pytest.mark.parametrize(
    "text",
    [
        "Wir zahlen 850 EUR Tagessatz.",
        "Nós pagamos 400 euros por dia.",
        "We pay you by the day, 650 EUR.",
        "Płacimy 300 euro dziennie.",
    ],
)
def test_a_rate_a_day_is_not_what_the_work_is_worth(text: str) -> None:
    assert reading(f"We need Citrix people. {text}").value_eur is None


def test_a_rate_a_day_times_the_days_is_what_the_work_is_worth() -> None:
    assert reading("We need Citrix people. We pay you by the day, 650 EUR, max 25 days.").value_eur == 16_250


def test_data_that_must_stay_is_read_where_the_verb_comes_last() -> None:
    assert reading("Wir brauchen Citrix-Leute. Daten müssen in Deutschland bleiben.").jurisdiction == "DE"


def test_a_town_that_no_list_has_is_kept_as_it_was_written() -> None:
    found = reading("Il nous manque quelqu'un pour Citrix, sur place à Annecy-le-Vieux.")
    assert (found.place_text, found.on_site) == ("on site in Annecy-le-Vieux", True)


def test_a_subject_that_tells_nothing_is_not_the_title() -> None:
    assert "Citrix" in reading("Il nous manque quelqu'un pour Citrix.", subject="Recherche un partenaire").title


LABELS = {"virtual-desktop": "Virtual desktops", "database": "Databases", "sap": "SAP"}


def test_without_a_telling_sentence_the_title_is_what_it_takes_and_where() -> None:
    said = "We write good C#. The SQL Server here is slow and nobody dares to touch it, on site in Hamburg."
    assert reading(said, label_of=LABELS).title == "Databases in Hamburg"


def test_a_sentence_that_asks_for_the_work_is_a_better_title_than_a_label() -> None:
    said = "They have SAP. We need somebody to upgrade their SQL Server to 2022."
    assert reading(said, label_of=LABELS).title == "Upgrade their SQL Server to 2022"
