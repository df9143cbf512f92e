"""What a reply asks for, by the kind of letter it answers, where that is no digest."""

import pytest

from matcher.inbound import understand
from matcher.posting.money import EUR_PER, SIGNS
from matcher.terms import Act
from tests.inbound.replies import each, said, unclear


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
        "👍",
        "Yes. Thank you very much for the quick work. Best regards, Ana",
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


@pytest.mark.parametrize("text", ["", "wrong", "not ok", "ok?", "maybe", "yes maybe", "ok, not really", "no problem"])
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
        ("won EUR 12.000,-", 12000),
        ("won 12 kEUR", 12000),
        ("gewonnen 12 Tsd", 12000),
        ("vinto 12mila euro", 12000),
    ],
)
@pytest.mark.parametrize("kind", ["outcome", "introduction"])
def test_a_win_is_read_with_its_amount(text: str, euros: int, kind: str) -> None:
    assert understand(text, letter_kind=kind).acts == (Act("won", amount_eur=euros),)


def test_a_loss_and_a_delay_are_read() -> None:
    assert [said(text, "outcome")[0][0] for text in ("lost", "we did not win", "perdu", "verloren")] == ["lost"] * 4
    assert [said(text, "outcome")[0][0] for text in ("not yet", "later", "noch nicht", "still open")] == ["later"] * 4


@pytest.mark.parametrize("sign", ["US$", "A$", "NOK", "kr", "HUF", "US dollars", "Swiss francs", *EUR_PER, *SIGNS])
def test_an_amount_in_another_currency_is_never_taken_for_euros(sign: str) -> None:
    for text in (f"won 12000 {sign}", f"won {sign} 12.000", f"won 12.000,- {sign}", f"Won 12k {sign}."):
        if sign in ("EUR", "€", "EURO", "EUROS"):
            assert understand(text, letter_kind="outcome").acts == (Act("won", amount_eur=12000),)
        else:
            assert "give the amount in euros" in unclear(text, "outcome")


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
        "won £9,500",
        "won 12000 if they sign",
        "hopefully won 12000",
        "almost won 12000",
        "won 12000€/month",
        "won 12000 EUR + 3000 EUR support",
        "not lost",
        "I lost your number",
        "We lost a lot of time",
    ],
)
def test_an_outcome_that_is_not_sure_is_asked_about(text: str) -> None:
    assert "For example: won 12000." in unclear(text, "outcome")


def test_an_outcome_is_confirmed_or_contradicted() -> None:
    assert said("ok", "confirm_outcome") == [("ok", None, "")]
    assert said("wrong: it was 9000", "confirm_outcome") == [("no", None, "it was 9000")]
    assert said("no", "confirm_outcome") == [("no", None, "")]
    assert said("we lost it", "confirm_outcome") == [("lost", None, "")]
    assert understand("won 9000", letter_kind="confirm_outcome").acts == (Act("won", amount_eur=9000),)
    for text in ("not sure", "no problem", "no idea", "no?", "ok if they paid"):
        assert unclear(text, "confirm_outcome")
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
