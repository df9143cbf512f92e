"""What the demo's story reads out of letters."""

from pathlib import Path

import pytest

from jobs.person import Person
from jobs.story import questions_in
from tests.conftest import settings_at

LETTER = """Please answer 3 questions by reply:

- By when? A date, a month or “as soon as possible” will do.
- Where is the work: remote, or on site in which town?
- Who pays whom: you the partner, or the customer
  directly? For example “you invoice us 600 euros a day”.

Hidden from them until you agree to an introduction:
- “0161 496 0122” is shown as “[number removed]”
- “Dave” is shown as “someone”

Something else private in it? Reply, for example, “hide the word Tram”.
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_what_a_letter_asks_is_a_question_of_it(end: str) -> None:
    assert questions_in(LETTER.replace("\n", end)) == [
        "By when?",
        "Where is the work: remote, or on site in which town?",
        "Who pays whom: you the partner, or the customer directly?",
    ]


def test_words_that_a_letter_wraps_are_found_in_it(tmp_path: Path) -> None:
    settings = settings_at("", tmp_path)
    kept = settings.folder / "mailbox" / "anna@quay.example" / "new"
    kept.mkdir(parents=True)
    for each in ("cur", "tmp"):
        (kept.parent / each).mkdir()
    (kept / "1.M1P1Q1.here").write_text("X-Counterpart-Letter: answer\n\nYour yes is with\nthe poster.\n")
    found = Person("anna@quay.example", settings).wait_for("answer", containing="is with the poster")
    assert found.message["X-Counterpart-Letter"] == "answer"
