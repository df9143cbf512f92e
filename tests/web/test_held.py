"""A message from an address we do not know: shown to the owner of the letter, acted on only after the button."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matcher.exchange import keep, receive
from matcher.models import Contact, InboundMessage, Partner
from matcher.store import letters
from matcher.store.letters import Draft
from tests.web.visiting import NOW, Visitor, firm, links, path
from web.inbound_post import post_of
from web.settings import Settings


@pytest.fixture
def message_id(engine: Engine, settings: Settings) -> int:
    """Let a stranger answer "ok" to the welcome letter of a firm that is not live yet."""
    contact_id = firm(engine, "Quay Nets", "ana@quay.example", state="draft")
    with Session(engine) as session, session.begin():
        contact = session.get_one(Contact, contact_id)
        letter_id = letters.write(session, Draft("welcome:1", "welcome", contact, {}, [(1, contact_id)]), at=NOW)
        to = links(settings).reply_address(letter_id or 0)
        raw = f"From: eve@home.example\nTo: {to}\nMessage-ID: <1@home.example>\nSubject: Re: your firm\n\nok\n".encode()
        message_id = keep(session, raw, envelope_from="eve@home.example", envelope_to=to, now=NOW)
        assert message_id
        receive(session, message_id, post=post_of(settings), now=NOW)
        return message_id


@pytest.fixture
def page(settings: Settings, message_id: int) -> str:
    return path(links(settings).held(message_id))


def state(session: Session, message_id: int) -> tuple[str, str]:
    session.expire_all()
    return session.get_one(InboundMessage, message_id).state, session.query(Partner).one().state


def test_the_owner_reads_who_wrote_what_and_reading_does_nothing(
    client: FlaskClient, page: str, session: Session, message_id: int
) -> None:
    shown = Visitor(client).read(page)
    assert "eve@home.example" in shown
    assert ">ok<" in shown
    assert state(session, message_id) == ("held", "draft")


@pytest.mark.parametrize(
    ("sender", "said"),
    [("eve@home.example", "from an address that we do not know"), ("ana@quay.example", "in your name, but no mail")],
)
def test_the_owner_reads_what_is_doubtful_about_it(
    client: FlaskClient, page: str, engine: Engine, message_id: int, sender: str, said: str
) -> None:
    with Session(engine) as session, session.begin():
        session.get_one(InboundMessage, message_id).sender = sender
    shown = " ".join(Visitor(client).read(page).split())
    assert f"answered one of your letters {said}" in shown


def test_the_button_does_what_the_message_asked_for(
    client: FlaskClient, page: str, session: Session, message_id: int
) -> None:
    Visitor(client).press(page)
    assert state(session, message_id) == ("done", "live")
    assert "dealt with" in Visitor(client).read(page)


def test_the_button_pressed_twice_acts_once(client: FlaskClient, page: str) -> None:
    visitor = Visitor(client)
    shown = visitor.read(page)
    token = shown.split('name="csrf_token" value="')[1].split('"')[0]
    client.post(page, data={"csrf_token": token})
    client.post(page, data={"csrf_token": token})
    assert "This message was dealt with already." in visitor.read(page)
