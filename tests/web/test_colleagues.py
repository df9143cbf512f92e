"""The page of the letter that asks an owner about a newcomer: looking does nothing, one press decides."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matcher.models import Contact, Letter
from matcher.store import letters
from matcher.store.letters import Draft
from tests.web.visiting import NOW, Visitor, firm, links, path
from web.settings import Settings


@pytest.fixture
def people(engine: Engine) -> tuple[int, int]:
    """Write down an owner, and a newcomer at the same mail domain."""
    return firm(engine, "Quay Nets", "ana@quay.example"), firm(engine, "Quay", "bob@quay.example", state="draft")


@pytest.fixture
def page(engine: Engine, settings: Settings, people: tuple[int, int]) -> str:
    with Session(engine) as session, session.begin():
        values = {"who": "Bob <b>Moe</b> (bob@quay.example)", "firm": "Quay Nets"}
        draft = Draft("colleague:1", "colleague", session.get_one(Contact, people[0]), values, [(1, people[1])])
        letter_id = letters.write(session, draft, at=NOW)
    return path(links(settings).colleague(letter_id or 0))


def firm_of(session: Session, contact_id: int) -> str:
    session.expire_all()
    return session.get_one(Contact, contact_id).partner.name


def test_the_page_says_who_asks_and_reading_decides_nothing(
    client: FlaskClient, page: str, session: Session, people: tuple[int, int]
) -> None:
    shown = Visitor(client).read(page)
    assert "Bob &lt;b&gt;Moe&lt;/b&gt; (bob@quay.example)" in shown
    assert firm_of(session, people[1]) == "Quay"


def test_one_press_lets_a_colleague_in(
    client: FlaskClient, page: str, session: Session, people: tuple[int, int]
) -> None:
    visitor = Visitor(client)
    assert visitor.press(page, f"{page}/yes").status_code == 303
    assert firm_of(session, people[1]) == "Quay Nets"
    shown = visitor.read(page)
    assert "posts and reads for Quay Nets now." in shown
    assert "Write to help@in.counterpart.example." in shown
    assert "This is settled" in shown


def test_one_press_keeps_somebody_out_and_may_be_taken_back(
    client: FlaskClient, page: str, session: Session, people: tuple[int, int]
) -> None:
    visitor = Visitor(client)
    visitor.press(page, f"{page}/no")
    assert "does not post or read for you" in visitor.read(page)
    assert firm_of(session, people[1]) == "Quay"
    assert [each.to_address for each in session.query(Letter).filter_by(kind="answer")] == ["bob@quay.example"]
    visitor.press(page, f"{page}/yes")
    assert firm_of(session, people[1]) == "Quay Nets"


def test_a_link_made_for_something_else_opens_nothing(client: FlaskClient, settings: Settings, page: str) -> None:
    token = links(settings).held(1).rpartition("/")[2]
    assert client.get(f"/colleague/{token}").status_code == 404
