"""Titles: the work in the words that asked for it, never half a sentence."""

import pytest

from tests.posting.factories import reading


@pytest.mark.parametrize(
    ("said", "title"),
    [
        (
            "We need somebody who moves the Notes mailboxes to Exchange Online over a weekend and stays for the "
            "Monday morning.",
            "Move the Notes mailboxes to Exchange Online over a weekend",
        ),
        ("We need somebody who runs the helpdesk and trains our staff.", "Run the helpdesk and train our staff"),
        (
            "We need somebody who carries the helpdesk, answers the phone, and writes reports for us.",
            "Carry the helpdesk, answer the phone, and write reports for us",
        ),
        (
            "We need somebody who does the Wi-Fi, does not sell us phones and goes when it works.",
            "Do the Wi-Fi, do not sell us phones and go when it works",
        ),
        (
            "We need somebody who moves mailboxes and calendars to Exchange Online.",
            "Move mailboxes and calendars to Exchange Online",
        ),
    ],
)
def test_all_verbs_of_a_title_have_one_form(said: str, title: str) -> None:
    assert reading(said).title == title


@pytest.mark.parametrize(
    ("said", "title"),
    [
        (
            "We need somebody who knows Citrix and tidies the printers.",
            "Somebody who knows Citrix and tidies the printers",
        ),
        ("We need somebody who has done this with Citrix.", "Somebody who has done this with Citrix"),
        ("Wir suchen jemanden, der Citrix auf 40 PCs bringt.", "Jemand, der Citrix auf 40 PCs bringt"),
        ("Wij zoeken iemand die Citrix op 40 laptops zet.", "Iemand die Citrix op 40 laptops zet"),
        ("Nous cherchons quelqu'un qui sait migrer Notes vers Exchange.", "Migrer Notes vers Exchange"),
        ("Buscamos alguien que pueda migrar Notes a Exchange.", "Migrar Notes a Exchange"),
    ],
)
def test_a_title_keeps_who_is_wanted_where_the_verb_alone_would_be_no_sentence(said: str, title: str) -> None:
    assert reading(said).title == title


@pytest.mark.parametrize("prefix", ["VB: ", "VB: SV: ", "ENC: ", "PILNE: ", "Dringend: ", "[EXTERN] WG: "])
def test_signs_of_forwarding_and_of_haste_are_no_part_of_a_title(prefix: str) -> None:
    assert reading("We need help.", subject=f"{prefix}Citrix upgrade for a bank").title == "Citrix upgrade for a bank"


def test_a_long_title_is_cut_before_its_last_and() -> None:
    said = "Orders and invoices of the Exchange archive with two builders' merchant chains and the public hospitals"
    assert reading("We need help.", subject=said).title == (
        "Orders and invoices of the Exchange archive with two builders' merchant chains"
    )


def test_a_long_title_is_not_cut_between_two_that_belong_together() -> None:
    said = "Keep the Exchange calendars in step between the old mother company in Leeds and the daughters in Ghent"
    assert reading("We need help.", subject=said).title.endswith("…")


def test_no_bracket_of_a_cut_title_stays_open() -> None:
    said = "Citrix for one of our asset managers (11 people in Mayfair, two more in Dublin, one of them on the move)"
    assert reading("We need help.", subject=said).title == "Citrix for one of our asset managers"


def test_what_was_taken_out_leaves_no_mark_in_the_title() -> None:
    assert "removed" not in reading("We need somebody who fixes Citrix, call 0660 555 0142 today.").title
