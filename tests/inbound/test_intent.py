"""What a reply to a digest asks for."""

import pytest

from matcher.inbound import understand
from tests.inbound.replies import each, said, unclear


@pytest.mark.parametrize(
    "text",
    [
        "2 yes",
        "yes 2",
        "2: yes",
        "2 - yes",
        "#2",
        "2",
        "Yes, 2.",
        "yes to number 2",
        "the second one please",
        "second one please",
        "Option 2!",
        "2 ok",
        "2 👍",
        "no. 2 yes",
        "2. Yes",
        "I'd like to take number 2",
        "We are very interested in #2.",
        "Hi, thanks! We'd love to do number 2. Best, Ana",
        "Hello Counterpart,\n\n2 yes\n\nBest regards\nBob\n4 High Street",
        "2 yes\n\nAna Silva\nFirm GmbH\n+49 123 456 78",
        "Ja, 2 bitte",
        "2 gerne",
        "oui pour la 2",
        "2 sí",
        "Graag nummer 2",
        "2 sim",
        "2 ja tack",
        "2 tak",
        "Ich interessiere mich für 2",
        "nous sommes intéressés par la 2",
        '"2 yes"',
    ],
)
def test_one_yes_is_read_in_many_words(text: str) -> None:
    assert said(text) == each("yes", 2)


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("2, 5", each("yes", 2, 5)),
        ("2 and 5 please", each("yes", 2, 5)),
        ("1,2,3 yes", each("yes", 1, 2, 3)),
        ("yes to 1-3", each("yes", 1, 2, 3)),
        ("all", each("yes", 1, 2, 3, 4, 5)),
        ("none", each("no", 1, 2, 3, 4, 5)),
        ("no to all", each("no", 1, 2, 3, 4, 5)),
        ("Not interested in any of them, thanks", each("no", 1, 2, 3, 4, 5)),
        ("2 yes, no to the rest", each("yes", 2) + each("no", 1, 3, 4, 5)),
        ("no 2", each("no", 2)),
        ("2 yes, not 3", each("yes", 2) + each("no", 3)),
        ("last one please", each("yes", 5)),
        ("first and third", each("yes", 1, 3)),
        ("2nd", each("yes", 2)),
        ("2yes", each("yes", 2)),
        ("Sorry, I meant 2 yes.", each("yes", 2)),
        ("2 yes, and we did it twice, with no call lost", [("yes", 2, "and we did it twice, with no call lost")]),
        ("• 2 yes", each("yes", 2)),
        ("yes for numbers 2 & 4", each("yes", 2, 4)),
        ("2 no: no people free", [("no", 2, "no people free")]),
        ("2 yes, if you have questions call me", [("yes", 2, "if you have questions call me")]),
        ("2 yes\n> 3 no", each("yes", 2)),
        ("Dziękuję, 2 tak", each("yes", 2)),
        ("Tak for mailen.\n\n2 ja tak", each("yes", 2)),
        ("2 nej tak", each("no", 2)),
        ("Takk! 2 nei takk", each("no", 2)),
        ("2 👎", each("no", 2)),
        ("We can't do 2", each("no", 2)),
        ("2 ist nichts für uns", each("no", 2)),
        ("non siamo interessati alla 2", each("no", 2)),
        ("3 no: too far", [("no", 3, "too far")]),
        ("#3: no, we're full until June", [("no", 3, "we're full until June")]),
        ("2 later", each("later", 2)),
        ("2 not now", each("later", 2)),
        ("Numéro 2: plus tard", each("later", 2)),
        ("later 2: from March", [("later", 2, "from March")]),
        ("ask 2: which region?", [("ask", 2, "which region?")]),
        ("2 ask which region?", [("ask", 2, "which region?")]),
        ("2? which region", [("ask", 2, "which region")]),
        ("2: which region is it?", [("ask", 2, "which region is it?")]),
        ("ask 2: which region?\nAnd what dates?", [("ask", 2, "which region? And what dates?")]),
        ("refer 2 to Anna@firm.example", [("refer", 2, "anna@firm.example")]),
        ("stop", [("stop", None, "")]),
        ("Please unsubscribe me", [("stop", None, "")]),
        ("2 yes, but only from March", [("yes", 2, "only from March")]),
        ("2 yes, we have 3 engineers free", [("yes", 2, "we have 3 engineers free")]),
        ("2 yes (from 1 March)", [("yes", 2, "(from 1 March)")]),
        ("2 no, but 3 yes", [("no", 2, ""), ("yes", 3, "")]),
        ("1. yes 2. no", [("yes", 1, ""), ("no", 2, "")]),
        ("2 yes. 3 no. 1 later.", [("yes", 2, ""), ("no", 3, ""), ("later", 1, "")]),
        ("yes to 2 and 5, no to 3", each("yes", 2, 5) + each("no", 3)),
        (
            "2 yes\n3 no: too far\nask 4: what budget?",
            [("yes", 2, ""), ("no", 3, "too far"), ("ask", 4, "what budget?")],
        ),
        (
            "No to 1, yes to 2, ask 3: remote, or on site?",
            [("no", 1, ""), ("yes", 2, ""), ("ask", 3, "remote, or on site?")],
        ),
        ("Sorry for the late answer, there was no time. 2 yes", each("yes", 2)),
        ("Great list! 2 no", each("no", 2)),
    ],
)
def test_a_reply_to_a_digest_becomes_acts(text: str, acts: list[tuple[str, int | None, str]]) -> None:
    assert said(text) == acts


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "no",
        "later",
        "not interested",
        "maybe 2",
        "2?",
        "2 yes?",
        "yes 2 or 3",
        "no, 2",
        "No. 2",
        "2 yes 5",
        "all but 2",
        "everything except 2",
        "2 yes if 3 no",
        "2 yes if remote",
        "2 yes, unless it is on site",
        "2 yes when the customer pays",
        "2 ja, wenn remote",
        "2 oui si c'est à distance",
        "2 sí, siempre que sea remoto",
        "2 yes, I think",
        "I'm not sure, 2 yes",
        "2 yes is wrong",
        "2 no 3 maybe",
        "not 2",
        "nicht 2",
        "everything but 3",
        "unfortunately 2",
        "> 2 yes",
        "don't refer 2 to anna@firm.example",
        "should I refer 2 to anna@firm.example?",
        "refer 2 to anna@firm.example and bob@firm.example",
        "the last two",
        "we finished 2 projects, yes",
        "2 yes\n2 no",
        "2 yes, 3 yes. No",
        "2\nno",
        "vielleicht 2",
        "I don't know about 2",
        "Can you tell me more about 2?",
        "both",
        "all 3",
        "7 yes",
        "0",
        "blah",
        "",
        "   ",
        "refer 2",
        "ask: which region?",
        "stop 2",
        "2 yes\n\nNot sure about 3.",
        "1.2 yes",
    ],
)
def test_an_ambiguous_reply_is_asked_about_and_never_guessed(text: str) -> None:
    assert "For example: " in unclear(text)


@pytest.mark.parametrize(
    ("text", "numbers", "acts"),
    [
        ("all", (2, 4, 5), each("yes", 2, 4, 5)),
        ("both", (3, 5), each("yes", 3, 5)),
        ("none", (2, 5), each("no", 2, 5)),
        ("4 yes, no to the rest", (2, 4, 5), each("yes", 4) + each("no", 2, 5)),
        ("the last one", (2, 4, 5), each("yes", 5)),
        ("first one", (2, 4, 5), each("yes", 2)),
        ("third one", (2, 4, 5), each("yes", 5)),
        ("second one", (2, 4, 5), []),  # number 2, or the second in the list, which is 4?
        ("second one", (3, 5), each("yes", 5)),
        ("3 yes", (2, 4, 5), []),
        ("yes", (4,), each("yes", 4)),
        ("refer to anna@firm.example", (4,), [("refer", 4, "anna@firm.example")]),
        ("yes", (), []),
    ],
)
def test_groups_and_places_mean_the_numbers_that_the_letter_shows(
    text: str, numbers: tuple[int, ...], acts: list[tuple[str, int | None, str]]
) -> None:
    found = understand(text, letter_kind="digest", numbers=numbers).acts
    assert [(act.verb, act.number, act.text) for act in found] == acts


def test_a_number_that_the_letter_skips_is_told_with_those_it_has() -> None:
    found = understand("3 yes", letter_kind="digest", numbers=(2, 4, 5)).unclear
    assert found == "You wrote about number 3, but the letter has 3 offers: 2, 4, 5. For example: 4 yes."


def test_a_condition_is_answered_with_a_way_out() -> None:
    assert unclear("2 yes if remote") == (
        "You wrote “2 yes if remote”, which depends on something. Ask first, or leave that out. "
        "For example: ask 2: which region?"
    )


def test_a_bare_yes_is_asked_about_in_plain_words() -> None:
    assert unclear("yes") == "You wrote “yes”, but the letter has 5 offers. Which one? For example: 2 yes."


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ('the "fax" thing?', "digest", "We could not read “the 'fax' thing?” as an answer to a letter with 5 offers."),
        ("it rained “a lot”", "outcome", "We could not tell from “it rained 'a lot'” how it went."),
        ("1 yes, 1 no", "digest", "You wrote both “yes” and “no” about number 1. Which one holds?"),
        ("1 yes, 1 no", "interested", "You wrote both “yes” and “no” about number 1. Which one holds?"),
    ],
)
def test_a_question_back_quotes_and_speaks_as_all_letters_do(text: str, kind: str, said: str) -> None:
    assert unclear(text, kind).startswith(said)


def test_a_number_out_of_range_is_named() -> None:
    assert unclear("7 yes").startswith("You wrote about number 7, but the letter has 5 offers.")
    assert unclear("2 yes", n_choices=1).endswith("For example: 1 yes.")


def test_a_long_reply_is_quoted_shortly() -> None:
    assert len(unclear("blah " * 500)) < 200


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("yes", each("yes", 1)),
        ("Yes please!", each("yes", 1)),
        ("no", each("no", 1)),
        ("no: capacity", [("no", 1, "capacity")]),
        ("no thanks, too busy", [("no", 1, "too busy")]),
        ("later", each("later", 1)),
        ("ask: which region?", [("ask", 1, "which region?")]),
        ("refer to anna@firm.example", [("refer", 1, "anna@firm.example")]),
        ("yes, we can start in May", [("yes", 1, "we can start in May")]),
    ],
)
def test_one_offer_needs_no_number(text: str, acts: list[tuple[str, int | None, str]]) -> None:
    assert said(text, n_choices=1) == acts


def test_a_danish_thank_you_is_no_polish_yes() -> None:
    assert unclear("Tak for mailen.", n_choices=1)
    assert unclear("Mange tak for tilbuddet!", n_choices=1)
    assert unclear("Tak skal I have!", n_choices=1)
    assert said("Tak for mailen, men nej tak.", n_choices=1) == each("no", 1)
    assert said("Tak, chętnie", n_choices=1) == each("yes", 1)
