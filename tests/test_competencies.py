"""Competencies are found in texts under every name they go by."""

import time

import pytest

from matcher.competencies import Linker, describe
from matcher.terms import Competency

PRACTICES = (
    Competency(
        "m365",
        "practice",
        "Microsoft 365",
        "Mailboxes and files in Microsoft's cloud.",
        ("M365", "exchange online", "tenant migration"),
        ("BPOS", "Office 365"),
    ),
    Competency("sap", "practice", "SAP", "Running SAP systems.", ("S/4HANA", "SAP basis"), ("SAP R/3",)),
    Competency(
        "custom-dev", "practice", "Custom software", "Software to order.", (".NET", "C#", "software development")
    ),
    Competency("identity", "practice", "Identity and access management", "Who may sign in.", ("ADFS", "SSO", "PAM")),
    Competency(
        "data-platform", "practice", "Data platforms", "Data in one place.", ("ADF pipelines", "data warehouse")
    ),
    Competency("network", "practice", "Networks", "Cables and switches.", ("wi-fi", "firewalls")),
    Competency("teams-voice", "practice", "Teams telephony", "Calls in Teams.", ("SBC",), ("Lync", "SMS")),
    Competency("virtualization", "practice", "Server virtualization", "Many servers on few machines.", ("vmware",)),
    Competency("hosting", "practice", "Hosting", "Servers for others.", ("private cloud",)),
    Competency("hardware", "practice", "Hardware supply", "Buying machines.", ("laptops",)),
    Competency("legacy", "practice", "Legacy platforms", "Old programs.", ("Delphi", "SharePoint")),
    Competency("asp", "practice", "Rented programs", "Programs for rent.", ("ASP rental",), replaced_by=("hosting",)),
)
VENDOR = (
    Competency("c10-virtualization", "competency", "Virtualization", "Hyper-V.", replaced_by=("c18-datacenter",)),
    Competency("c18-datacenter", "competency", "Datacenter", "Servers.", practices=("virtualization", "network")),
    Competency("s-sales", "specialization", "Sales", "Dynamics Sales.", practices=("m365",)),
    Competency("c10-round", "competency", "Round And Round", "Replaced by itself.", replaced_by=("c10-round",)),
)
LINKER = Linker((*PRACTICES, *VENDOR))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("from BPOS to Office-365", ("m365",)),
        ("SAP S/4 HANA and s4hana", ("sap",)),
        ("written in .NET", ("custom-dev",)),
        ("the net price of a C# course", ("custom-dev",)),
        ("two SBCs and a Lync server", ("teams-voice",)),
        ("Data\nWarehouse", ("data-platform",)),
        ("a firewall", ("network",)),
        ("wi-fi", ("network",)),
        ("ADFS", ("identity",)),
        ("adfs", ("identity",)),
    ],
)
def test_a_practice_is_found_under_every_spelling_of_its_names(text: str, keys: tuple[str, ...]) -> None:
    assert LINKER.keys(text) == keys


@pytest.mark.parametrize(
    "text",
    [
        "the net price",
        "ADF alone is not ADFS",
        "sapling",
        "our partner network",
        "moved the data. Warehouse is full",
        "use a pam spray",
        "our sales people",
    ],
)
def test_words_that_only_look_like_a_practice_are_left_alone(text: str) -> None:
    found = LINKER.keys(text)
    assert found == (("identity",) if "ADFS" in text else ())


def test_the_longest_name_wins_and_mentions_do_not_overlap() -> None:
    mentions = LINKER.link("SAP basis and SAP")
    assert [(one.words, one.start) for one in mentions] == [("SAP basis", 0), ("SAP", 14)]


def test_a_vendor_badge_leads_to_the_practices_it_is_evidence_of() -> None:
    assert LINKER.keys("gold Datacenter partner") == ("virtualization", "network")


def test_a_withdrawn_badge_leads_on_through_its_successor() -> None:
    assert LINKER.keys("silver Virtualization") == ("virtualization", "network")


def test_a_practice_that_was_replaced_leads_to_its_successor() -> None:
    assert LINKER.keys("ASP rental") == ("hosting",)


@pytest.mark.parametrize("slip", ["Sharepiont", "sharepont", "shaarepoint", "SHAREPIONT", "dephi"])
def test_a_slip_of_the_pen_in_a_product_is_read_as_the_product(slip: str) -> None:
    assert LINKER.keys(f"a {slip} farm") == ("legacy",)


@pytest.mark.parametrize("word", ["Delhi", "wmware", "sdelphi", "spa", "frewalls"])
def test_another_word_is_no_slip(word: str) -> None:
    assert LINKER.keys(f"near {word} we") == ()


def test_a_thing_named_in_passing_stands_behind_what_is_named_later() -> None:
    assert LINKER.keys("our laptops, and more laptops, lost the firewall") == ("network", "hardware")


@pytest.mark.parametrize(
    ("text", "belief"),
    [
        ("hosting", "everyday alone is a name"),
        ("hosting for a clinic", "everyday"),
        ("hosting for a clinic on vmware", "name"),
        ("sixty laptops", "passing"),
        ("hosting a webinar", "denied"),
        ("flowers", ""),
    ],
)
def test_a_name_is_believed_as_far_as_its_words_go(text: str, belief: str) -> None:
    assert LINKER.named(text).belief == ("name" if belief == "everyday alone is a name" else belief)


def test_hosting_guests_is_no_hosting() -> None:
    assert LINKER.keys("we are hosting a webinar at our partner network day") == ()


def test_a_badge_replaced_by_itself_leads_nowhere() -> None:
    assert LINKER.keys("Round and Round") == ()


def test_an_everyday_word_is_a_badge_only_beside_a_word_that_says_so() -> None:
    assert LINKER.keys("better sales") == ()
    assert LINKER.keys("our Sales specialization") == ("m365",)


def test_keys_come_most_mentioned_first_then_by_position() -> None:
    assert LINKER.keys("vmware, SAP, wi-fi, SAP") == ("sap", "virtualization", "network")


def test_mentions_tell_where_they_stand_in_the_text() -> None:
    text = "Need ADFS and BPOS"
    assert [text[one.start :][: len(one.words)] for one in LINKER.link(text)] == ["ADFS", "BPOS"]


def test_a_description_says_label_definition_and_other_names() -> None:
    assert describe(PRACTICES[0]) == (
        "Microsoft 365: Mailboxes and files in Microsoft's cloud. "
        "Also: M365, exchange online, tenant migration. Formerly: BPOS, Office 365."
    )


def test_a_long_text_is_linked_in_two_milliseconds() -> None:
    text = ("We need someone who moves 400 mailboxes from BPOS to Office 365 and does SAP Basis. " * 30)[:2000]
    LINKER.link(text)
    fastest = min(_seconds(text) for _ in range(20))
    assert fastest < 0.002


def _seconds(text: str) -> float:
    started = time.perf_counter()
    LINKER.link(text)
    return time.perf_counter() - started
