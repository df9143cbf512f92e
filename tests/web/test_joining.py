"""Joining by a short form, and saying ok to how it was read."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher.models import Letter
from tests.web.filling import form_for
from tests.web.visiting import Visitor, firm, practice, profile, sign_in, the_firm
from web.settings import Settings

WORDS = "We are six people in Porto and move manufacturers from SQL Server to Azure. No websites, please."
FORM = {"firm": "Douro Dados", "email": "Ana@Douro.example", "country": "", "text": WORDS}


def letters(session: Session) -> list[tuple[str, str]]:
    session.expire_all()
    rows = session.scalars(select(Letter).order_by(Letter.id))
    return [(each.kind, each.to_address) for each in rows]


def test_the_form_makes_a_partner_in_draft_and_a_letter(visitor: Visitor, session: Session) -> None:
    answer = visitor.press("/join", **FORM)
    assert answer.location == "/join/sent"
    assert "Ana@Douro.example" in visitor.read("/join/sent")
    row = the_firm(session)
    assert (row.name, row.state, row.n_people) == ("Douro Dados", "draft", 6)
    assert letters(session) == [("welcome", "ana@douro.example")]


def test_a_double_tap_on_the_form_makes_one_firm_and_one_letter(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    form = form_for(client.get("/join").text, "/join").fields | FORM
    cookie = client.get_cookie("session")
    assert cookie
    together = Barrier(4)

    def press() -> int:
        twin = app.test_client()
        twin.set_cookie("session", cookie.value)
        together.wait(timeout=20)
        return twin.post("/join", data=form).status_code

    with ThreadPoolExecutor(4) as taps:
        assert [each.result() for each in [taps.submit(press) for _ in range(4)]] == [303] * 4
    assert (the_firm(session).name, letters(session)) == ("Douro Dados", [("welcome", "ana@douro.example")])


def test_the_country_chosen_in_the_form_counts(visitor: Visitor, session: Session) -> None:
    visitor.press("/join", **{**FORM, "country": "IE", "text": "We move mailboxes for solicitors."})
    assert the_firm(session).country == "IE"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": ""}, "The profile is empty."),
        ({"text": "network " * 3_000}, "at most 20,000 can be read"),
        ({"email": "ana.douro.example"}, "“ana.douro.example” is not a mail address"),
        ({"firm": " "}, "Your firm: it is empty."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    visitor: Visitor, session: Session, wrong: dict[str, str], sentence: str
) -> None:
    answer = visitor.press("/join", **{**FORM, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert all(value in answer.text for name, value in FORM.items() if name not in wrong)
    assert letters(session) == []


@pytest.mark.parametrize("state", ["live", "paused", "draft", "left"])
def test_a_stranger_with_the_address_of_a_partner_changes_nothing_and_learns_nothing(
    visitor: Visitor, engine: Engine, session: Session, state: str
) -> None:
    firm(engine, "Quay Nets", "ana@quay.example", state=state)
    answer = visitor.press("/join", **{**FORM, "email": "ana@quay.example"})
    assert answer.location == "/join/sent"
    assert the_firm(session).profile == "Quay Nets looks after networks."
    assert letters(session) == [("sign-in", "ana@quay.example")]


@pytest.mark.parametrize("state", ["draft", "left"])
def test_who_is_signed_in_joins_with_a_proven_address(
    visitor: Visitor, engine: Engine, session: Session, settings: Settings, state: str
) -> None:
    contact_id = firm(engine, "quay.example", "ana@quay.example", state=state, profile="")
    sign_in(visitor, contact_id, settings)
    assert "/join" in visitor.read("/partner")
    visitor.press("/join", **{**FORM, "email": "ana@quay.example"})
    assert the_firm(session).profile == WORDS
    assert letters(session) == [("welcome", "ana@quay.example")]


def test_the_profile_page_shows_how_it_was_read_and_looking_confirms_nothing(
    visitor: Visitor, engine: Engine, session: Session, settings: Settings
) -> None:
    practice(engine, "azure", "Azure foundations", synonyms=("Azure",))
    visitor.press("/join", **FORM)
    shown = visitor.read(profile(the_firm(session).contacts[0].id, settings))
    assert "Azure foundations" in shown
    assert "Portugal" in shown
    assert the_firm(session).state == "draft"


def test_ok_on_the_profile_page_makes_it_live(visitor: Visitor, session: Session, settings: Settings) -> None:
    visitor.press("/join", **FORM)
    page = profile(the_firm(session).contacts[0].id, settings)
    visitor.press(page, f"{page}/ok")
    assert the_firm(session).state == "live"
    shown = visitor.read(page)
    assert "<h1>Douro Dados is live</h1>" in shown
    assert "<title>Douro Dados is live · Counterpart</title>" in shown


def test_ok_to_a_page_that_shows_older_words_makes_nobody_live(
    visitor: Visitor, session: Session, settings: Settings
) -> None:
    visitor.press("/join", **FORM)
    page = profile(the_firm(session).contacts[0].id, settings)
    reading = re.search(r'name="reading" value="(\w+)"', visitor.read(page))
    assert reading
    visitor.press("/join", **{**FORM, "firm": "Mallory Ltd"})
    visitor.press(page, f"{page}/ok", reading=reading[1])
    assert the_firm(session).state == "draft"
    assert "It was read again in the meantime." in visitor.read(page)


@pytest.mark.parametrize(("state", "where"), [("draft", "Add a sentence below."), ("live", ">on your page</a>")])
def test_who_is_asked_for_a_sentence_is_told_where_to_write_it(
    visitor: Visitor, engine: Engine, settings: Settings, state: str, where: str
) -> None:
    shown = visitor.read(profile(firm(engine, "Quay Nets", "ana@quay.example", state=state), settings))
    assert where in shown
    assert ("<textarea" in shown) is (state == "draft")


def test_a_correction_is_read_and_asked_about_once_more(visitor: Visitor, session: Session, settings: Settings) -> None:
    visitor.press("/join", **FORM)
    page = profile(the_firm(session).contacts[0].id, settings)
    visitor.press(page, f"{page}/correct", text="We speak Portuguese and German.")
    assert the_firm(session).state == "draft"
    assert "de" in the_firm(session).languages
    assert letters(session) == [("welcome", "ana@douro.example")] * 2
