"""Signing in: a link by mail, a button, a cookie; and no word about who is known."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from matcher.models import Contact, Letter
from matcher.tokens import seal
from tests.web.visiting import NOW, Visitor, firm, links, path
from web.settings import Settings


def test_a_known_and_an_unknown_address_hear_the_same_and_only_the_known_one_gets_a_letter(
    visitor: Visitor, engine: Engine, session: Session
) -> None:
    firm(engine, "Quay Nets", "ana@quay.example")
    known = visitor.press("/sign-in", email="ana@quay.example")
    unknown = visitor.press("/sign-in", email="nobody@quay.example")
    assert (known.status_code, known.location, known.text) == (unknown.status_code, unknown.location, unknown.text)
    assert visitor.read(known.location) == visitor.read(unknown.location)
    assert [each.to_address for each in session.scalars(select(Letter))] == ["ana@quay.example"]


def test_opening_the_link_signs_nobody_in_and_the_button_does(
    visitor: Visitor, engine: Engine, settings: Settings
) -> None:
    contact_id = firm(engine, "Quay Nets", "ana@quay.example")
    link = path(links(settings).sign_in(contact_id))
    assert "Sign in as Quay Nets" in visitor.read(link)
    assert visitor.client.get("/partner").location == "/sign-in"
    assert visitor.press(link).location == "/partner"
    assert "Quay Nets" in visitor.read("/partner")


def test_signing_out_closes_the_page(visitor: Visitor, engine: Engine, settings: Settings) -> None:
    contact_id = firm(engine, "Quay Nets", "ana@quay.example")
    visitor.press(path(links(settings).sign_in(contact_id)))
    visitor.press("/partner", "/sign-out")
    assert visitor.client.get("/partner").location == "/sign-in"


def test_a_forged_link_leads_nowhere_and_an_old_one_says_that_it_has_expired(
    visitor: Visitor, engine: Engine, settings: Settings
) -> None:
    contact_id = firm(engine, "Quay Nets", "ana@quay.example")
    yesterday = NOW.date() - timedelta(days=1)
    old = seal(settings.secret_key, "sign-in", contact_id, expires_on=yesterday)
    forged = seal("another secret", "sign-in", contact_id, expires_on=NOW.date())
    assert visitor.client.get(f"/in/{old}").status_code == 410
    assert visitor.client.get(f"/in/{forged}").status_code == 404
    assert visitor.client.get("/partner").location == "/sign-in"


def test_what_is_not_an_address_is_named_and_kept(visitor: Visitor) -> None:
    answer = visitor.press("/sign-in", email="ana at quay")
    assert answer.status_code == 422
    assert "“ana at quay” is not a mail address" in answer.text
    assert 'value="ana at quay"' in answer.text


def test_a_sign_in_form_from_another_site_does_nothing(client: FlaskClient, engine: Engine, session: Session) -> None:
    firm(engine, "Quay Nets", "ana@quay.example")
    assert client.post("/sign-in", data={"email": "ana@quay.example"}).status_code == 400
    assert session.scalars(select(Letter)).all() == []


def test_the_cookie_of_a_contact_who_is_gone_leads_to_the_form(
    visitor: Visitor, engine: Engine, settings: Settings
) -> None:
    contact_id = firm(engine, "Quay Nets", "ana@quay.example")
    visitor.press(path(links(settings).sign_in(contact_id)))
    with Session(engine) as session, session.begin():
        session.execute(delete(Contact).where(Contact.id == contact_id))
    answer = visitor.client.get("/partner", follow_redirects=True)
    assert (answer.status_code, answer.request.path) == (200, "/sign-in")
    assert visitor.press("/sign-in", email="ana@quay.example").location == "/sign-in/sent"
