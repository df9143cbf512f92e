"""What is known of whoever posts is hidden wherever it stands in the posting, also where no rule would see a name."""

import pytest

from matcher.posting import Own, apply_correction, mask
from tests.posting.factories import TODAY, linker_keys, reading

NORDLICHT = Own("Nordlicht IT GmbH", ("Anneliese Bergström", "Sales"))
TEXT = "Nordlicht has won a move of 380 mailboxes to Exchange Online in Kiel. Bergström knows the plant."


def test_a_firm_that_writes_from_a_free_mailbox_is_hidden_in_every_field() -> None:
    read = reading(
        TEXT, subject="Exchange Online for Nordlicht", sender_domain="gmail.com", own=NORDLICHT,
    )  # fmt: skip
    said = f"{read.title} {read.blind_text} {' '.join(each.text for each in read.needs)} {read.pays}"
    assert "nordlicht" not in said.casefold()
    assert "bergström" not in said.casefold()
    assert "Our firm has won a move of 380 mailboxes to Exchange Online in Kiel." in read.blind_text


@pytest.mark.parametrize(
    ("firm", "text"),
    [
        ("SVA Systems Ltd", "SVA does the servers"),
        ("Harbour Systems Ltd", "Harbour does the servers, in a harbour"),
        ("Blue Line Consulting", "Blue Line does the servers"),
        ("Müller & Söhne GmbH", "Müller & Söhne does the servers"),
        ("nordlicht", "nordlicht does the servers"),
    ],
)
def test_a_firms_name_is_known_without_its_legal_form_and_its_trade(firm: str, text: str) -> None:
    blind, _ = mask(f"We need help with Intune. {text}.", own=Own(firm), linker_keys=linker_keys)
    assert "ur firm does the servers" in blind


def test_a_domain_of_three_letters_names_its_firm_in_capitals() -> None:
    blind, _ = mask("SVA does the servers. The vpn stays.", sender_domain="sva.example")
    assert blind == "Our firm does the servers. The vpn stays."


@pytest.mark.parametrize(
    "firm", ["Exchange Experts", "Cloud Services", "Notes", "gmail.com", "", "Citrix Solutions GmbH"]
)
def test_a_firm_that_is_called_as_its_trade_loses_no_word_of_it(firm: str) -> None:
    text = "Exchange and Citrix as cloud services, Notes goes."
    assert mask(text, own=Own(firm), linker_keys=linker_keys)[0] == text


def test_a_correction_gives_no_more_away_than_the_posting() -> None:
    before = reading("We need somebody for Intune in Kiel.", sender_domain="nordlicht.example")
    answer = "where: on site at Nordlicht in Kiel\nwe also need Citrix, ask Bergström of SVA"
    after = apply_correction(
        before, answer, linker_keys=linker_keys, sender_domain="nordlicht.example",
        own=Own("SVA", ("Anneliese Bergström",)), today=TODAY,
    )  # fmt: skip
    said = f"{after.title} {after.blind_text} {after.place_text} {' '.join(each.text for each in after.needs)}"
    assert "Citrix" in said
    assert all(each not in said for each in ("Nordlicht", "SVA", "Bergström"))
