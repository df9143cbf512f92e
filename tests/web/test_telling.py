"""A partner tells of its people and badges on its page: shown back first, and held after one button."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher.models import Badge, BenchPerson, Competency
from tests.web.visiting import Visitor, firm, links, path, practice
from web.settings import Settings


@pytest.fixture
def visitor(client: FlaskClient, engine: Engine, settings: Settings) -> Visitor:
    practice(engine, "azure", "Azure")
    with Session(engine) as session, session.begin():
        session.add(
            Competency(
                key="d-work", kind="designation", label="Modern Work", definition="", synonyms=[], practices=["azure"]
            )
        )
    quay, found = firm(engine, "Quay Nets", "ana@quay.example"), Visitor(client)
    found.press(path(links(settings).sign_in(quay)))
    return found


def n_people(session: Session) -> int:
    session.expire_all()
    return len(session.scalars(select(BenchPerson)).all())


def test_people_hold_after_the_button_and_are_listed(visitor: Visitor, session: Session) -> None:
    visitor.press("/partner/tell", text="2 more Azure admins, seniors, free now")
    assert "2 more people, senior: Azure · free now, 10 days a month" in visitor.read("/partner/tell")
    assert n_people(session) == 0
    visitor.press("/partner/tell", "/partner/tell/ok")
    assert n_people(session) == 2
    shown = visitor.read("/partner/tell")
    assert "Person 2, senior" in shown
    assert "Is this right?" not in shown
    visitor.client.post("/partner/tell/ok", data={})
    assert n_people(session) == 2


def test_what_is_missing_is_asked_and_the_next_words_complete_it(visitor: Visitor, session: Session) -> None:
    visitor.press("/partner/tell", text="2 more Azure admins")
    shown = visitor.read("/partner/tell")
    assert "Are they juniors, seniors or architects?" in shown
    assert "Yes, this is right" not in shown
    visitor.press("/partner/tell", "/partner/tell/ok")
    assert n_people(session) == 0
    visitor.press("/partner/tell", text="juniors, free now")
    assert "2 more people, junior" in visitor.read("/partner/tell")


def test_a_badge_is_marked_as_ones_own_word(visitor: Visitor, session: Session) -> None:
    visitor.press("/partner/tell", text="We are Solutions Partner for Modern Work")
    assert "nobody checked" in visitor.read("/partner/tell")
    visitor.press("/partner/tell", "/partner/tell/ok")
    assert session.scalars(select(Badge)).one().source.startswith("your own page on")
    assert "posters read that nobody checked it" in visitor.read("/partner")


def test_what_is_not_understood_is_said(visitor: Visitor, session: Session) -> None:
    visitor.press("/partner/tell", text="We are Solutions Partner for gardening")
    assert "we know no badge of that name" in visitor.read("/partner/tell")
    visitor.press("/partner/tell", text="hm")
    assert "We could not tell what to change." in visitor.read("/partner/tell")


def test_nobody_else_gets_in(client: FlaskClient, visitor: Visitor) -> None:
    visitor.press("/partner", "/sign-out")
    assert client.get("/partner/tell").location == "/sign-in"
    assert visitor.press("/sign-in", "/partner/tell", text="Beth has left").status_code == 403
    assert visitor.press("/sign-in", "/partner/tell/ok").status_code == 403
