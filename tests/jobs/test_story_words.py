"""What the people of the story write: due ahead of the day on which it is told, on every day of the calendar."""

from datetime import date, timedelta

import pytest

from jobs import story_words
from matcher.posting.dates import find_due, read_due

DAYS = [date(2027, 1, 1) + timedelta(days=n) for n in range(0, 800, 11)] + [date(2026, 12, 31), date(2028, 2, 29)]
SOON, FAR = timedelta(days=45), timedelta(days=160)  # an opportunity is open for 45 days, if it is not due before


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_every_posting_of_the_story_is_due_when_it_has_long_been_told(today: date) -> None:
    due = (
        read_due(story_words.form(today)["due"], today).on,
        find_due(story_words.by_mail(today), today).on,
        find_due(story_words.answers(today), today).on,
    )
    assert all(on and today + SOON < on < today + FAR for on in due), due


def test_a_month_ahead_may_be_of_the_next_year() -> None:
    assert story_words.month_ahead(date(2026, 11, 23), 2) == date(2027, 1, 1)
    assert story_words.month_ahead(date(2026, 12, 31), 12) == date(2027, 12, 1)
