"""What the demo's story reads out of letters."""

from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import select

from jobs.digest import digest_day
from jobs.ground import Ground
from jobs.person import Person
from jobs.story import Stage, _asked, questions_in
from matcher.models import Contact, Opportunity
from matcher.store import letters
from matcher.store.letters import Draft
from tests.conftest import settings_at
from tests.factories import DAY, NOW
from tests.night.filled import fill
from web.db import transaction

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


def test_whoever_had_a_digest_of_an_earlier_day_is_asked_by_the_one_that_tells_of_it(g: Ground) -> None:
    """The worker writes today's to whoever has not got it, at whatever hour the demo is played."""
    fill(g, 1)
    with transaction(g.engine) as session:
        reader = session.scalars(select(Contact).where(Contact.email == "anna@reader00.example")).one()
        letters.write(session, Draft("digest:before", "digest", reader, {}, [(1, 4711), (2, 4712)]), at=NOW)
    assert digest_day(g, DAY, at=NOW) == 1
    with transaction(g.engine) as session:
        (opportunity_id,) = session.scalars(select(Opportunity.id)).all()
    assert _asked(Stage(g, Console()), opportunity_id) == [("anna@reader00.example", 1)]
