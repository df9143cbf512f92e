"""A subject keeps what it says, whatever the length of the titles in it; numbers are written as people write them."""

import pytest

from web.wording import counted, short, short_title

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


@pytest.mark.parametrize(
    ("title", "cut"),
    [
        ("Exchange 移行" + "とメールボックス" * 9, "Exchange 移行" + "とメールボックス" * 6 + "…"),
        ("移" * 90, "移" * 59 + "…"),
        ("Move " + "mailboxes " * 12, "Move" + " mailboxes" * 5 + "…"),
    ],
)
def test_a_title_with_few_blanks_keeps_most_of_its_room(title: str, cut: str) -> None:
    assert short(title) == cut


def test_a_large_number_is_written_with_its_thousands() -> None:
    said = [counted(n, "firm", "firms") for n in (0, 1, 2, 118_000)]
    assert said == ["0 firms", "1 firm", "2 firms", "118,000 firms"]
