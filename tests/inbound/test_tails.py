"""Below "ok" and a blank line a signature, a wish or a legal notice changes nothing; a sentence or a fact does."""

import time

import pytest

from matcher.inbound import understand
from matcher.terms import Act

SIGNATURES = [
    "Anna Huber\nSenior Consultant",
    "Anna Huber\nFjord Systems GmbH\nAm Sandtorkai 5\n20457 Hamburg\nTel. +49 40 123456",
    "Anna Huber\nHead of Cloud, Zurich",
    "Anna Huber | Fjord GmbH | Munich, Germany | remote first",
    "Anna Huber\n\nFjord Systems GmbH\nwww.fjord.example",
    "Anna Weber\nProjektleiterin\nGeschäftsführer: Peter Klein, HRB 123456\nUSt-IdNr. DE123456789",
    "Anna Weber\nDirectrice commerciale, SARL Fjord Systèmes\n12 rue de la Paix, 75002 Paris",
    "Will Smith\nSales Director\nM: +44 7700 900123",
    "Schönes Wochenende!\nAnna",
    "Beste Grüße aus Hamburg,\nAnna",
    "Have a nice weekend",
    "Bonne journée",
    "Looking forward to it!\n\nAnna",
    "Sent from Spark",
    "Let me know if you have any questions.\n\nAnna Huber\nFjord GmbH",
    "Anna Huber\nSenior Consultant\n\nThis e-mail is confidential and intended only for the\nperson it is addressed to."
    " If you are not that\nperson, please delete it.",
]
CHANGES = [
    "The place is Leeds, not London.",
    "We also need somebody for SAP.",
    "Wir brauchen auch jemanden für SAP.",
    "Please hide the word Tram.",
    "Hide Tram",
    "But remote",
    "Only in May",
    "Not Leeds",
    "remote",
    "Remote",
    "Leeds",
    "On site in Leeds",
    "Vor Ort in Leeds",
    "Budget 5000",
    "Budget: 5000",
    "Where: Hamburg",
    "5000 EUR",
    "31 March 2027",
    "until 5 May",
    "Java Developers",
    "German and English",
    "SAP S/4HANA\nAzure Landing Zones",
    "Looking forward, but it is remote",
    "Our customer is Acme Ltd",
]


@pytest.mark.parametrize("tail", SIGNATURES)
@pytest.mark.parametrize("answer", ["ok", "Yes.", "passt", "d'accord", "👍"])
def test_an_ok_over_a_signature_or_a_wish_is_an_ok(answer: str, tail: str) -> None:
    for kind in ("confirm", "confirm_outcome"):
        assert understand(f"{answer}\n\n{tail}", letter_kind=kind).acts == (Act("ok"),)


@pytest.mark.parametrize("tail", CHANGES)
def test_an_ok_over_anything_else_is_a_correction(tail: str) -> None:
    acts = understand(f"ok\n\n{tail}", letter_kind="confirm").acts
    assert [act.verb for act in acts] == ["ok", "correct"]
    assert acts[1].text == tail.rstrip(".").removeprefix("But ").removeprefix("Only ")
    assert understand(f"ok\n\n{tail}", letter_kind="confirm_outcome").acts == ()


@pytest.mark.parametrize("tail", ["It is remote", "Hide Tram", "Leeds", "New York"])
def test_the_signature_below_a_correction_is_no_part_of_it(tail: str) -> None:
    said = f"ok\n\n{tail}\n\nAnna Huber\nFjord GmbH\n20457 Hamburg"
    assert understand(said, letter_kind="confirm").acts == (Act("ok"), Act("correct", text=tail))


def test_a_no_over_a_signature_is_a_no() -> None:
    assert understand(f"no\n\n{SIGNATURES[1]}", letter_kind="confirm").acts == (Act("no"),)
    assert understand(f"no\n\n{SIGNATURES[1]}", letter_kind="confirm_outcome").acts == (Act("no"),)


@pytest.mark.parametrize("kind", ["outcome", "introduction", "confirm_outcome"])
def test_the_numbers_of_a_signature_are_no_amount_that_was_won(kind: str) -> None:
    assert understand(f"won 12000\n\n{SIGNATURES[1]}", letter_kind=kind).acts == (Act("won", amount_eur=12000),)


@pytest.mark.parametrize("tail", ["Anna Huber\n\n" * 1_600, "Aa\n" * 6_000, "@" * 20_000, "A-" * 10_000, "1 " * 9_000])
def test_the_longest_tail_is_read_in_a_moment(tail: str) -> None:
    began = time.process_time()
    assert understand(f"ok\n\n{tail}", letter_kind="confirm")
    assert time.process_time() - began < 3
