"""The poster's page is read in few statements, however much has happened to the posting."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from matcher.models import Match
from tests.web.market import Market

N_STATEMENTS = 6  # the opportunity, what its words are called, who said what, their history, the matches, a count


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Collect what is asked of the database during a block."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_however_many_have_answered_the_page_asks_the_database_no_more(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.opened()
    yes, question, also_yes = (each for each, _ in market.asked(opportunity_id))
    market.says(yes, "yes", "Two people are free.")
    market.says(also_yes, "yes", "One is.")
    market.says(question, "ask", "How many mailboxes?")
    with statements(market.engine) as asked:
        page = client.get(market.page(opportunity_id)).text
    assert "Two people are free." in page
    assert "How many mailboxes?" in page
    assert "Moved 300 mailboxes in 2024." in page
    assert len(asked) <= N_STATEMENTS


def test_the_list_that_the_page_waits_for_takes_two(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.post()
    market.matched(opportunity_id)
    with statements(market.engine) as asked:
        listed = client.get(market.draft(opportunity_id) + "/matches").text
    assert listed.count("<li") == 3
    assert len(asked) == 2


def test_whoever_is_new_here_is_said_to_be_new_however_much_else_is_said(client: FlaskClient, market: Market) -> None:
    opportunity_id = market.post()
    market.matched(opportunity_id)

    def add(session: Session) -> None:
        first = session.scalars(select(Match).where(Match.place == 1)).one()
        more = [_reason(name, f"does {name}") for name in ("coverage", "words", "free")]
        first.reasons = [*first.reasons, *more, _reason("new_here", "new here")]  # last, as the ranking puts it

    market.do(add)
    for path in (market.draft(opportunity_id), market.page(opportunity_id)):
        first, second, *_ = client.get(f"{path}/matches").text.split("</li>")
        assert first.count("new here") == 1
        assert "does coverage" in first
        assert "new here" not in second


def _reason(name: str, words: str) -> dict[str, object]:
    said = {"evidence": words, "evidence_for_poster": words}
    return {"name": name, "value": 1, "weight": 0, "private": False} | said
