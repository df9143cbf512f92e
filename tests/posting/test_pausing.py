"""A short reply that wants no digests for a while names the day from which they may come again."""

from datetime import date, timedelta

import pytest

from matcher.posting.pausing import Pause, away_until, read_pause

TODAY = date(2026, 11, 23)  # a Monday
DECEMBER, JANUARY, MONDAY = date(2026, 12, 1), date(2027, 1, 5), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "back_on"),
    [
        ("pause until 1 December", DECEMBER),
        ("Please pause my digests until 1 December. Thanks!", DECEMBER),
        ("pause 2 weeks", TODAY + timedelta(days=14)),
        ("Pause for two weeks please", TODAY + timedelta(days=14)),
        ("snooze until Friday", date(2026, 11, 27)),
        ("pause until next week", MONDAY),
        ("Please pause me until Monday, I'm on holiday", MONDAY),
        ("Pause until 5 January. I’m on leave until then.", JANUARY),
        ("I'm on holiday until Monday, please pause", MONDAY),
        ("I'm on holiday until 5 January. Please pause my digests.", JANUARY),
        ("We are away, please pause until 5 January", JANUARY),
        ("On holiday until Monday - no digests please", MONDAY),
        ("No digests until Monday please, I'm on vacation", MONDAY),
        ("Bitte pausieren bis 1. Dezember", DECEMBER),
        ("Bitte pausieren bis Montag, ich bin im Urlaub", MONDAY),
        ("pausiere 3 Wochen", TODAY + timedelta(days=21)),
        ("pause jusqu'au 5 janvier", JANUARY),
        ("pausa hasta el 1 de diciembre", DECEMBER),
        ("pauze tot 1 december", DECEMBER),
        ("pausa i två veckor", TODAY + timedelta(days=14)),
    ],
)
def test_a_pause_ends_on_the_day_that_is_named(text: str, back_on: date) -> None:
    assert read_pause(text, TODAY) == Pause(back_on)


@pytest.mark.parametrize(
    ("text", "back_on"),
    [
        ("I'm on holiday until Monday", MONDAY),
        ("I’m on holiday until Monday", MONDAY),
        ("On leave until 4 January, back on 5 January", JANUARY),
        ("Ich bin im Urlaub bis Montag", MONDAY),
        ("en vacances jusqu'au 5 janvier", JANUARY),
        ("de vacaciones hasta el lunes", MONDAY),
        ("in ferie fino al 5 gennaio", JANUARY),
        ("de férias até 5 de janeiro", JANUARY),
        ("på semester till 5 januari", JANUARY),
        ("na urlopie do 5 stycznia", JANUARY),
    ],
)
def test_to_be_away_is_no_wish_and_names_a_day_to_ask_about(text: str, back_on: date) -> None:
    assert read_pause(text, TODAY) is None
    assert away_until(text, TODAY) == back_on


@pytest.mark.parametrize("text", ["pause", "Pause please.", "pause until further notice", "pausieren"])
def test_a_plain_pause_ends_with_another_word(text: str) -> None:
    assert read_pause(text, TODAY) == Pause()


def test_a_day_that_cannot_be_read_is_asked_for() -> None:
    assert read_pause("pause until after the move", TODAY) == Pause(unread="until after the move")


@pytest.mark.parametrize(
    "text",
    [
        "2 yes",
        "pause 2",
        "pause the project",
        "We are away",
        "I am on holiday until Monday. In urgent cases call Bob.",
        "I am on holiday until Monday.\nYour mail is not forwarded.",
        "no, I'm on holiday until Monday",
        "pause until Monday, I'm on holiday. 2 yes",
        "I'm on holiday until Monday, please pause the project",
        "the customer is on holiday until Monday",
        "We are on holiday when you need us",
        "ask 2: is there a pause until 1 December?",
    ],
)
def test_what_says_more_or_something_else_is_no_pause(text: str) -> None:
    assert read_pause(text, TODAY) is None
