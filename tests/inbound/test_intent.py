"""What a reply asks for, by the kind of letter it answers."""

import pytest

from matcher.inbound import understand
from matcher.terms import Act


def said(text: str, kind: str = "digest", n_choices: int = 5) -> list[tuple[str, int | None, str]]:
    return [(act.verb, act.number, act.text) for act in understand(text, letter_kind=kind, n_choices=n_choices).acts]


def unclear(text: str, kind: str = "digest", n_choices: int = 5) -> str:
    found = understand(text, letter_kind=kind, n_choices=n_choices)
    assert found.acts == ()
    return found.unclear


def each(verb: str, *numbers: int) -> list[tuple[str, int | None, str]]:
    return [(verb, number, "") for number in numbers]


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
        ("not 2", each("no", 2)),
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


def test_a_bare_yes_is_asked_about_in_plain_words() -> None:
    assert unclear("yes") == 'You wrote "yes", but the letter has 5 offers. Which one? For example: 2 yes.'


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


@pytest.mark.parametrize(
    ("text", "n_choices", "acts"),
    [
        ("1 3", 3, each("choose", 1, 3)),
        ("1 and 3", 3, each("choose", 1, 3)),
        ("both", 2, each("choose", 1, 2)),
        ("all", 3, each("choose", 1, 2, 3)),
        ("please introduce 1 and 2", 3, each("choose", 1, 2)),
        ("yes", 1, each("choose", 1)),
        ("none", 3, [("none", None, "")]),
        ("no 2", 3, each("no", 2)),
        ("2 no", 3, each("no", 2)),
        ("ask 1: can you start in May?", 3, [("ask", 1, "can you start in May?")]),
        ("extend", 3, [("extend", None, "")]),
        ("close", 3, [("stop", None, "")]),
        ("withdraw", 3, [("stop", None, "")]),
    ],
)
def test_a_poster_chooses_among_the_interested(
    text: str, n_choices: int, acts: list[tuple[str, int | None, str]]
) -> None:
    assert said(text, "interested", n_choices) == acts


@pytest.mark.parametrize("text", ["yes", "both", "4", "later", "1 and none", "1 yes, 1 no"])
def test_a_poster_is_asked_when_the_choice_is_open(text: str) -> None:
    assert "For example: 1 3." in unclear(text, "interested", 3)


@pytest.mark.parametrize(
    "text",
    [
        "ok",
        "Yes",
        "correct",
        "Looks good, thanks! Best, Ana",
        "ja",
        "oui",
        "Hi,\nok\n\nBest\nAna",
        "d'accord",
        "Tak",
        "va bene",
    ],
)
def test_a_reading_is_confirmed(text: str) -> None:
    assert said(text, "confirm") == [("ok", None, "")]


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("no", [("no", None, "")]),
        ("withdraw", [("no", None, "")]),
        ("No, please cancel it", [("no", None, "")]),
        ("ok, but budget is 5000", [("ok", None, ""), ("correct", None, "budget is 5000")]),
        ("ok. Best estimate is 5000", [("ok", None, ""), ("correct", None, "Best estimate is 5000")]),
        ("yes, on-site in Berlin", [("ok", None, ""), ("correct", None, "on-site in Berlin")]),
        ("The customer pays, remote", [("correct", None, "The customer pays, remote")]),
        ("no, the budget is 5000", [("correct", None, "no, the budget is 5000")]),
    ],
)
def test_a_reading_is_corrected_or_withdrawn(text: str, acts: list[tuple[str, int | None, str]]) -> None:
    assert said(text, "confirm") == acts


@pytest.mark.parametrize("text", ["", "wrong", "not ok", "ok?"])
def test_a_confirmation_that_is_none_is_asked_about(text: str) -> None:
    assert unclear(text, "confirm")


@pytest.mark.parametrize(
    ("text", "euros"),
    [
        ("won 12000", 12000),
        ("won €12,000", 12000),
        ("won 12.000 EUR", 12000),
        ("won 12k", 12000),
        ("won 12,5k", 12500),
        ("Won 12 000 euros!", 12000),
        ("We won it: 12000 EUR in 3 months", 12000),
        ("gewonnen 12.000", 12000),
        ("gagné 12000 €", 12000),
        ("vunnit 12000", 12000),
        ("won 1.2m", 1200000),
    ],
)
@pytest.mark.parametrize("kind", ["outcome", "introduction"])
def test_a_win_is_read_with_its_amount(text: str, euros: int, kind: str) -> None:
    assert understand(text, letter_kind=kind).acts == (Act("won", amount_eur=euros),)


def test_a_loss_and_a_delay_are_read() -> None:
    assert [said(text, "outcome")[0][0] for text in ("lost", "we did not win", "perdu", "verloren")] == ["lost"] * 4
    assert [said(text, "outcome")[0][0] for text in ("not yet", "later", "noch nicht", "still open")] == ["later"] * 4


@pytest.mark.parametrize(
    "text",
    [
        "won",
        "won 12",
        "won $12000",
        "won in 2026 for 12000",
        "won maybe 12000",
        "yes",
        "",
        "won or lost?",
        "won? lost?",
    ],
)
def test_an_outcome_that_is_not_sure_is_asked_about(text: str) -> None:
    assert "For example: won 12000." in unclear(text, "outcome")


def test_an_outcome_is_confirmed_or_contradicted() -> None:
    assert said("ok", "confirm_outcome") == [("ok", None, "")]
    assert said("wrong: it was 9000", "confirm_outcome") == [("no", None, "it was 9000")]
    assert said("no", "confirm_outcome") == [("no", None, "")]
    assert unclear("it was 9000", "confirm_outcome")
    assert unclear("ok but it was 9000", "confirm_outcome")


def test_an_answer_to_a_question_is_passed_on_whole() -> None:
    assert said("no", "question") == [("text", None, "no")]
    assert said("Frankfurt.\nFrom March.", "question") == [("text", None, "Frankfurt.\nFrom March.")]
    assert unclear("  ", "question")


def test_people_who_are_introduced_are_told_to_talk_to_each_other() -> None:
    assert "each other directly" in unclear("when can we meet?", "introduction")


@pytest.mark.parametrize("kind", ["link", "", "something new"])
def test_a_letter_that_takes_no_answer_says_so(kind: str) -> None:
    assert "link" in unclear("yes", kind)
