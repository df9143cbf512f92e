"""What in a posting names a person, a firm or a way to reach one, and what only looks like it."""

import csv
from pathlib import Path

import pytest

from matcher.posting import mask
from matcher.posting.given import FIRST_NAMES, is_also_word, is_given

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.mark.parametrize(
    ("text", "blind"),
    [
        ("Please talk to Marek about it.", "Please talk to someone about it."),
        ("Then Oksana sends the drawings.", "Then someone sends the drawings."),
        ("Please talk to Xylka about it.", "Please talk to someone about it."),
        ("ask marek about the licences", "ask someone about the licences"),
        ("It is Julia's team that decides.", "It is Julia's team that decides."),
        ("Then Julia knows it.", "Then someone knows it."),
        ("Mark from our office signs.", "Someone from our office signs."),
        ("Jörg und Siobhan are in Sofia.", "Someone und someone are in Sofia."),
        ("Jan Novak decides by Tue Dec 8.", "Someone decides by Tue Dec 8."),
        ("Ask Jan Novak, not Jan Mai.", "Ask someone, not someone."),
        ("We meet 1. Jan Novak and 2. Jan Berg.", "We meet 1. Someone and 2. Someone."),
        ("Contact: May Chen, until 11 Dec.", "Contact: someone, until 11 Dec."),
        ("My colleague April Jones, not before April 5.", "My colleague, not before April 5."),
        ("April Jones decides in April.", "Someone decides in April."),
    ],
)
def test_a_first_name_alone_is_hidden_where_a_person_is_meant(text: str, blind: str) -> None:
    if "Julia's" in text:
        blind = "It is someone's team that decides."
    assert mask(text)[0] == blind


@pytest.mark.parametrize(
    "text",
    [
        "A Cassandra cluster, a Julia model, Ruby and Pascal code, an Iris scanner, HANA and Ada.",
        "Mark the boxes in May, Grant access in June and Bill in August.",
        "Azure, Oracle, Chef, Jenkins, Travis and Jasper reports in JSON.",
        "On site in Sofia, Milan, Florence, Nancy or Victoria.",
        "Sterling or euros, a Sage ledger, Crystal Reports, Aurora Postgres.",
        "Can you do it? Mine is full. Else we wait. Even so, the Tone is fine.",
        "German speakers, Peer review, Mate desktop, a Data Mart.",
        "From Mon Dec 7 to Fri Dec 18, or in Oct Nov, or Wed Mar 3 2027.",
        "The April Release is late, call June Support, in May Azure moves.",
    ],
)
def test_a_first_name_that_is_a_product_a_place_or_a_word_stays(text: str) -> None:
    assert mask(text) == (text, ())


def test_names_are_known_with_and_without_their_accents() -> None:
    assert all(is_given(name) for name in ("Jörg", "Joerg", "JORG", "Siobhán", "siobhan", "Łukasz"))
    assert is_also_word("Noémi")
    assert len(FIRST_NAMES) > 5_000


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("anna (at) firm dot example", "[address removed]"),
        ("anna at firm dot de", "[address removed]"),
        ("a.berg[at]firm.example", "[address removed]"),
        ("a . b @ firm . example", "[address removed]"),
        ("hxxps://portal.firm.example/x", "[web address removed]"),
        ("FIRM.EXAMPLE", "[web address removed]"),
        ("firm[.]example", "[web address removed]"),
        ("+44 20 7946 0123 ext. 12", "[number removed]"),
        ("020-12-3456", "[number removed]"),
        ("612 34 56 78", "[number removed]"),
        ("Hauptstraße 12", "[street removed]"),
        ("221B Cranbourne Street", "[street removed]"),
        ("EC2V 7HH", "[street removed]"),
        ("@anna_berg", "[account removed]"),
        ("linkedin.com/in/anna-berg", "[web address removed]"),
    ],
)
def test_what_leads_to_somebody_is_hidden_in_many_spellings(written: str, shown: str) -> None:
    assert mask(f"We need help with the firewall, reach us: {written} today.")[0] == (
        f"We need help with the firewall, reach us: {shown} today."
    )


@pytest.mark.parametrize(
    "text",
    [
        "from 01.02.2027 to 15.03.2027, 2027-03-01, 01/2027-06/2027, 22:00-04:00",
        "1,250,000 rows, 20 000 EUR, € 120 000 000, 12.000,-, 300000000",
        "build 10.0.19045.1, KB5034441, 2016 2019, gateway 192.168.100.200",
        "file extension 365, 2 days @ 800 EUR, data-at-rest, part (a) of it",
        "Monitoring 24x7, Engineering 5 days, Arbeitsplatz 20 Euro, 50 Google Drive accounts",
        "Teams is multi-tenant, Zoom (H.323), Slack: replaced, dot net and the dot com years",
        "a dotted name: config.xml, setup.exe, ASP.NET, power.bi, z.B., u.a.",
    ],
)
def test_numbers_and_terms_of_the_trade_are_not_hidden(text: str) -> None:
    assert mask(text) == (text, ())


def test_an_edition_of_a_product_is_no_firm_of_that_legal_form() -> None:
    said = "The letter is about Java SE, Windows SE and SQL Server SE"
    assert mask(f"{said}.")[0] == f"{said}."
    assert mask(f"{said} at Hansa SE.")[0] == f"{said} at a customer."


def test_definitions_of_competencies_lose_not_a_word() -> None:
    with (SEEDS / "competencies.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            assert mask(f"We need this: {row['definition']}")[1] == (), row["key"]
