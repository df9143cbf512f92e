"""Others read a posting without the names in it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.posting import PostingFacts, mask
from matcher.posting.blind import cover
from matcher.posting.sentences import letter
from matcher.terms import Masked
from tests.posting.factories import linker_keys, reading

LETTER = """Dear Anna,

our customer Contoso Foods plc in Leeds runs SQL 2016 on VMware and S/4HANA. Contoso wants it gone by 12.03.2027.
Ask Gillian Harbord (g.harbord@contosofoods.example, +44 20 7946 0958), see www.contosofoods.example/it.
Budget 20,000 EUR. Anna Berg knows the plant.

Best regards,
Tom Fielding
Fjordpost IT
0171 555 0123
"""


def test_customer_people_and_addresses_are_hidden() -> None:
    blind, _ = mask(LETTER, sender_domain="fjordpost.example")
    for private in ("Contoso", "Gillian", "Harbord", "@", "7946", "Anna", "Berg", "Tom", "Fjordpost", "0171", "www."):
        assert private not in blind


def test_products_versions_dates_and_sums_stay() -> None:
    blind, _ = mask(LETTER)
    for public in ("SQL 2016", "VMware", "S/4HANA", "12.03.2027", "20,000 EUR", "Leeds"):
        assert public in blind


def test_greeting_and_signature_are_gone() -> None:
    blind, _ = mask(LETTER)
    assert blind.startswith("Our customer in Leeds runs")
    assert blind.endswith("knows the plant.")


def test_what_was_hidden_is_listed_with_its_kind() -> None:
    _, masked = mask("For Contoso Foods plc, ask a.berg@contoso.example or +49 30 1234567.")
    kinds = {one.words: one.kind for one in masked}
    assert kinds["Contoso Foods plc"] == "customer"
    assert kinds["a.berg@contoso.example"] == "address"
    assert kinds["+49 30 1234567"] == "phone"


@pytest.mark.parametrize(
    "name",
    [
        "Muster Werft GmbH & Co. KG",
        "Dupont Logistique SAS",
        "Rossi Acciai S.p.A.",
        "Kowalski Meble sp. z o.o.",
        "Novak Stroje s.r.o.",
        "Virtanen Metalli Oy",
        "Hansen Fisk ApS",
        "Nagy Malom Kft",
        "Silva Vinhos Lda",
    ],
)
def test_a_legal_form_gives_a_customer_away(name: str) -> None:
    blind, masked = mask(f"We need Citrix people at {name} by March.")
    assert blind == "We need Citrix people at a customer by March."
    assert name in {one.words for one in masked}


@pytest.mark.parametrize(
    ("text", "blind"),
    [
        ("Our customer Acme Tools needs Citrix.", "Our customer needs Citrix."),
        ("The Contoso Foods Ltd rollout is late.", "The customer rollout is late."),
        ("My colleague Anna Berg knows.", "My colleague knows."),
        ("Call Herr Feldkirchner today.", "Call someone today."),
        ("T. Achenbach decides.", "Someone decides."),
        ("The co-op, Swan River Pool, wants Power BI.", "The co-op, a customer, wants Power BI."),
        ("It is at Leeds Hospital.", "It is at a customer."),
        ("A mill (Anna, 0171 555 0123) wants Citrix.", "A mill (contact removed) wants Citrix."),
    ],
)
def test_the_blind_text_reads_as_english(text: str, blind: str) -> None:
    assert mask(text)[0] == blind


@pytest.mark.parametrize(
    "text",
    [
        "We need Microsoft Teams, Azure DevOps and Power BI people.",
        "Our customer Microsoft 365 tenant is full.",
        "IBM AS/400 and Oracle Database, Citrix NetScaler.",
        "ASP.NET and Node.js on SQL 2016, build 10.0.19045.",
        "The data stays in the European Union, start after Easter.",
        "Somebody from Outlook support in New York.",
        "Pentest Bürger-App und Exchange Migration",
        "Ready by 03.04.2027 please.",
        "Call 24x7, 1,400 mailboxes, 20 000 EUR, 2027-03-01.",
    ],
)
def test_public_names_are_never_hidden(text: str) -> None:
    assert mask(text) == (text, ())


def test_words_that_name_a_competency_are_nobodys_name() -> None:
    assert mask("We run Blue Yonder today.")[0] != "We run Blue Yonder today."
    assert mask("We run Blue Yonder today.", linker_keys=lambda words: ("erp",))[0] == "We run Blue Yonder today."


def test_a_name_known_from_an_address_is_hidden_wherever_it_stands() -> None:
    blind, _ = mask("New one, Hadleigh Timber & Board, write to s.oakley@hadleightimber.example. Oakley likes Citrix.")
    assert "Hadleigh" not in blind
    assert "Oakley" not in blind


def test_one_word_of_an_address_gives_a_name_away() -> None:
    assert mask("The mill, Hadleigh, asks. Write to info@hadleigh.example.")[0] == (
        "The mill, a customer, asks. Write to [address removed]."
    )


def test_a_domain_made_of_the_words_shown_instead_is_not_hidden_again() -> None:
    blind, _ = mask("Removed? Write to a@b.example.", sender_domain="removed.example")
    assert blind == "Removed? Write to [address removed]."


def test_a_name_that_comes_back_in_what_is_shown_instead_is_cut_out() -> None:
    masked = (Masked("customer", "Acme", "firm"), Masked("customer", "firm", "Acme"))
    assert "Acme" not in cover("We left Acme.", masked)


def test_a_first_name_that_is_also_a_word_stays_a_word() -> None:
    assert mask("Will you do it in April or May? Frank answers help.")[0].startswith("Will you do it in April or May?")


def test_a_forwarded_chain_loses_its_greetings_signatures_and_address_lines() -> None:
    chain = (
        "See below.\n\nThanks, Audrey\n\n> From: Gill Hart <g.hart@fens.example>\n"
        "> Hello Audrey, we need Citrix help.\n> Kind regards, Gill"
    )
    blind, _ = mask(chain)
    assert ">" not in blind
    assert "See below." in blind
    assert "we need Citrix help." in blind
    assert "Audrey" not in blind
    assert "Hart" not in blind


def test_no_field_of_a_reading_tells_the_customer() -> None:
    found = reading(
        "We need Citrix people.",
        subject="Citrix at Contoso Foods Ltd",
        facts=PostingFacts(due="before Contoso closes in March", place="Contoso plant, Lyon", pays="Contoso pays"),
    )
    told = " ".join((found.title, found.blind_text, found.due_text, found.place_text, found.pays))
    assert "Contoso" not in told
    assert "Lyon" in found.place_text


def test_a_line_that_only_looks_like_a_greeting_or_a_closing_is_kept() -> None:
    assert letter("Beste Lösung gesucht").body == "Beste Lösung gesucht"
    assert letter("Best practice wanted for Citrix.\nWe need it soon, and we mean it.").signature == ""


NAMES = st.sampled_from(
    [
        "Contoso Foods Ltd",
        "Anna Berg",
        "a@b.example",
        "+44 20 7946 0958",
        "Citrix",
        "our customer",
        "a customer",
        "someone",
    ]
)
ANY_TEXT = st.one_of(st.text(max_size=400), st.lists(st.one_of(NAMES, st.text(max_size=12)), max_size=25).map(" ".join))


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT, st.text(max_size=40), st.sampled_from(["", "fjordpost.example", "gmail.com", ".", "a"]))
def test_hidden_words_never_stand_in_the_blind_text(text: str, subject: str, domain: str) -> None:
    blind, masked = mask(text, sender_domain=domain, subject=subject)
    for one in masked:
        assert re.search(rf"(?<!\w){re.escape(one.words)}(?!\w)", blind) is None


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT, st.text(max_size=40))
def test_reading_never_fails_and_repeats_exactly(text: str, subject: str) -> None:
    first = reading(
        text, subject=subject, facts=PostingFacts(due=subject, place=subject, pays=text[:50], value=subject)
    )
    assert first == reading(
        text, subject=subject, facts=PostingFacts(due=subject, place=subject, pays=text[:50], value=subject)
    )
    assert len(first.title) <= 80
    assert len(first.needs) <= 6


@pytest.mark.parametrize(
    "text", ["A " * 10_000, "Aa " * 6_600, "1 " * 10_000, "a@" * 10_000, "- x\n" * 5_000, "," * 20_000, "A-" * 10_000]
)
def test_the_longest_posting_is_read_in_seconds(text: str) -> None:
    assert reading(text[:20_000]).needs is not None


def test_known_keys_are_found_through_the_linker() -> None:
    assert linker_keys("Citrix") == ("virtual-desktop",)
