"""A number without a verb is a yes only when nothing beside it asks, wants to know more first or declines."""

import pytest

from tests.inbound.replies import each, said, unclear

QUESTIONS = [
    ("2, what languages do they speak?", "what languages do they speak?"),
    ("For 2, when could they start?", "when could they start?"),
    ("2. Are they free in May?", "Are they free in May?"),
    ("Zu 2, wie hoch ist das Budget?", "wie hoch ist das Budget?"),
    ("Pour le 2, quel est le budget ?", "quel est le budget ?"),
    ("2, ¿cuál es el presupuesto?", "cuál es el presupuesto?"),
    ("2, is this remote?", "is this remote?"),
    ("2, can you tell me more first?", "can you tell me more first?"),
    ("the second one, what is the budget?", "what is the budget?"),
    ("2 and what is the budget?", "and what is the budget?"),
    ("2, which region?\nAnd what dates?", "which region? And what dates?"),
]


@pytest.mark.parametrize("kind", ["digest", "interested"])
@pytest.mark.parametrize(("text", "question"), QUESTIONS)
def test_a_question_that_begins_with_a_number_is_passed_on(text: str, question: str, kind: str) -> None:
    assert said(text, kind) == [("ask", 2, question)]


@pytest.mark.parametrize("kind", ["digest", "interested"])
@pytest.mark.parametrize(
    "text",
    [
        "2, we need to know their rate first",
        "2, please send more details",
        "2, tell me more",
        "2, I would like to know more",
        "2, more info please",
        "2, which region",
        "2, do they speak German.",
        "2, what would we be paid? Please tell us before we decide.",
        "2, but first we want to see the profile",
        "2, wir müssen erst den Preis kennen",
        "2, mehr Infos bitte",
        "2, wann können sie anfangen",
        "2, il faut d'abord le budget",
        "2, plus d'informations svp",
        "2, primero el presupuesto",
        "2, eerst meer informatie",
        "2, prima di decidere vorrei sapere il prezzo",
        "2, primeiro o preço",
        "2, först priset",
        "2, najpierw cena",
        "1, 2. When can they start?",
        "all, what are the budgets?",
        "2\nWhat is the budget?",
        "2\n\nWhat is the budget?",
        "2 please\nbut tell me the rate",
        "What do they cost?\n2",
        "1\n2\n\nPlease tell us more about their people",
        "2, thanks, when can we talk?",
        "2, could you put us in touch?",
        "2, too expensive",
        "2, passt nicht",
        "2, leider zu teuer",
        "2, sorry",
        "2\nToo far away",
    ],
)
def test_a_number_that_is_not_yet_a_yes_is_asked_about(text: str, kind: str) -> None:
    assert "Did you mean yes to " in unclear(text, kind)


def test_the_question_back_shows_every_way_to_answer() -> None:
    assert unclear("2, tell me more", "interested") == (
        "You wrote “2, tell me more”. Did you mean yes to 2? For example: 2 yes. Or: 2 no. Or: ask 2: which region?"
    )
    assert "Did you mean yes to 1 and 3? For example: 1 3 yes. Or: 1 3 no." in unclear("1 3, tell me more")


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("2 yes. Is it remote?", [("choose", 2, "Is it remote?")]),
        ("2 yes, tell me more", [("choose", 2, "tell me more")]),
        ("2: yes\nWhat is the budget?", each("choose", 2)),
        ("yes\n2, what is the budget?", [("choose", 2, "what is the budget?")]),
        ("Hi, how are you?\n2", each("choose", 2)),
        ("1 and 3 please, thanks!", each("choose", 1, 3)),
        ("1 and 3. Looking forward!", [("choose", 1, "Looking forward"), ("choose", 3, "Looking forward")]),
        ("2, no problem", each("choose", 2)),
        ("2, no rush at all", each("choose", 2)),
        ("2 yes. That's all.", each("choose", 2)),
        ("2 ja, das ist alles", each("choose", 2)),
        ("1 3, that is all for now", each("choose", 1, 3)),
        ("2, our first choice", [("choose", 2, "our first choice")]),
        ("2, sorry for the delay", [("choose", 2, "sorry for the delay")]),
        ("2, we can start in the first week of May", [("choose", 2, "we can start in the first week of May")]),
        ("2\n\nAnna Huber\nFirst Line Support", each("choose", 2)),
        ("2\n\nFirm GmbH\nMehr Informationen unter www.firm.example/?a=b", each("choose", 2)),
    ],
)
def test_a_yes_beside_a_question_and_a_number_beside_courtesy_stay(
    text: str, acts: list[tuple[str, int | None, str]]
) -> None:
    assert said(text, "interested") == acts
