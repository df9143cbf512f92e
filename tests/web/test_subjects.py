"""A subject keeps what it says, whatever the length of the titles in it."""

import pytest

from web.wording import short_title

LONG = "Move the Notes mailboxes to Exchange Online over a weekend, in Cork and in two other towns"


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ("Noted: “Mail” is not for you.", "Noted: “Mail” is not for you."),
        (
            f"Your yes to “{LONG}” is with the poster.",
            "Your yes to “Move the Notes mailboxes to Exchange…” is with the poster.",
        ),
        (f"“{LONG}” closes on 23 November 2026, before a reminder would come, so please say yes or no now.", ""),
        ("Nothing in quotes " * 9, "Nothing in quotes Nothing in quotes Nothing in quotes Nothing in quotes…"),
    ],
)
def test_the_title_gives_way_to_what_is_said_of_it(said: str, subject: str) -> None:
    found = short_title(said, 78)
    assert len(found) <= 78
    assert found == subject or (not subject and found.startswith("“Move the Notes…” closes on 23 November"))
