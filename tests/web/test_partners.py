"""Joining by a short form, saying ok to how it was read, and the partner's own page."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher import exchange
from matcher.models import BenchPerson, Collaboration, Contact, Letter, Partner
from matcher.posting.languages import find_languages
from tests.web.filling import form_for
from tests.web.visiting import NOW, Visitor, firm, links, path, practice
from web.settings import Settings

WORDS = "We are six people in Porto and move manufacturers from SQL Server to Azure. No websites, please."
FORM = {"firm": "Douro Dados", "email": "Ana@Douro.example", "country": "", "text": WORDS}


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    return Visitor(client)


@pytest.fixture
def quay(engine: Engine) -> int:
    return firm(engine, "Quay Nets", "ana@quay.example", country="IE", sources={"country": "your form of 2026-11-02"})


def sign_in(visitor: Visitor, contact_id: int, settings: Settings) -> None:
    visitor.press(path(links(settings).sign_in(contact_id)))


def profile(contact_id: int, settings: Settings) -> str:
    return path(links(settings).profile(contact_id))


def letters(session: Session) -> list[tuple[str, str]]:
    session.expire_all()
    rows = session.scalars(select(Letter).order_by(Letter.id))
    return [(each.kind, each.to_address) for each in rows]


def the_firm(session: Session) -> Partner:
    session.expire_all()
    return session.scalars(select(Partner)).one()


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


def test_the_menu_says_that_this_is_the_own_page(visitor: Visitor, quay: int, settings: Settings) -> None:
    sign_in(visitor, quay, settings)
    assert '<a href="/sign-in" aria-current="page">Your page</a>' in visitor.read("/partner")


def test_the_own_page_says_where_each_fact_came_from(visitor: Visitor, quay: int, settings: Settings) -> None:
    sign_in(visitor, quay, settings)
    shown = visitor.read("/partner")
    assert "Ireland" in shown
    assert "your form of 2026-11-02" in shown


@pytest.mark.parametrize("path", ["/partner", "/partner/edit", "/partner/leave"])
def test_who_is_not_signed_in_is_led_to_the_door(client: FlaskClient, path: str) -> None:
    assert client.get(path).location == "/sign-in"


@pytest.mark.parametrize("act", ["edit", "digest", "pause", "resume", "leave"])
def test_who_is_not_signed_in_changes_nothing(visitor: Visitor, quay: int, session: Session, act: str) -> None:
    answer = visitor.press("/sign-in", f"/partner/{act}", name="Mine now", digest="paused", hour="7")
    assert answer.status_code == 403
    row = the_firm(session)
    assert (row.name, row.state, row.contacts[0].digest) == ("Quay Nets", "live", "daily")


@pytest.mark.parametrize(
    ("facts", "digest", "of_offers", "of_abilities"),
    [
        ({}, "daily", "Your digest brings what fits", "We are still reading your words"),
        ({}, "paused", "You get no digest at present", "We are still reading your words"),
        ({"state": "paused", "read_at": NOW}, "daily", "while you are paused", "could not tell from your words"),
        ({"state": "draft", "profile": ""}, "daily", "They come once you are live", "no words of yours"),
        ({"state": "left", "profile": ""}, "daily", "<p>None.</p>", "it is erased"),
    ],
)
def test_the_own_page_promises_only_what_comes(
    visitor: Visitor, engine: Engine, session: Session, settings: Settings, facts: dict[str, Any], digest: str,
    of_offers: str, of_abilities: str,
) -> None:  # fmt: skip
    contact_id = firm(engine, "Quay Nets", "ana@quay.example", **facts)
    session.get_one(Contact, contact_id).digest = digest
    session.commit()
    sign_in(visitor, contact_id, settings)
    shown = visitor.read("/partner")
    assert of_offers in shown
    assert of_abilities in shown
    assert "as soon as there is work" not in shown


def test_a_person_free_for_one_day_is_free_for_one_day(
    visitor: Visitor, session: Session, quay: int, settings: Settings
) -> None:
    firm_id = session.get_one(Contact, quay).partner_id
    for name, free_days in (("Bo", 1), ("Cy", 12)):
        session.add(BenchPerson(partner_id=firm_id, name=name, level="senior", free_days=free_days))
    session.commit()
    sign_in(visitor, quay, settings)
    assert re.findall(r"\d+ days? a month", visitor.read("/partner")) == ["1 day a month", "12 days a month"]


def test_a_partner_sees_nothing_of_another(
    visitor: Visitor, engine: Engine, session: Session, quay: int, settings: Settings
) -> None:
    other = firm(engine, "Harbour Bits", "bo@harbour.example", profile="We restore backups nobody tested.")
    third = firm(engine, "Inland Ops", "cy@inland.example")
    ids = [session.get_one(Contact, each).partner_id for each in (other, third)]
    session.add(BenchPerson(partner_id=ids[0], name="Bo", level="senior"))
    session.add(
        Collaboration(
            lead_id=ids[1], partner_id=ids[0], started_on=date(2025, 1, 1), ended_on=date(2025, 3, 1), outcome="won",
            summary="restored a brewery",
        )
    )  # fmt: skip
    session.commit()
    sign_in(visitor, quay, settings)
    shown = visitor.read("/partner") + visitor.read("/partner/edit")
    assert all(words not in shown for words in ("Harbour", "nobody tested", "brewery", "Bo,", "harbour.example"))
    sign_in(visitor, other, settings)
    assert "Restored a brewery" in visitor.read("/partner")


def test_a_change_is_kept_with_its_source(
    visitor: Visitor, engine: Engine, session: Session, quay: int, settings: Settings
) -> None:
    practice(engine, "network", "Networks")
    sign_in(visitor, quay, settings)
    changed = {
        "name": "Quay Nets", "profile": "We lay cables.", "country": "IE", "city": "Cork", "n_people": "1,200",
        "languages": "Polish, German, en", "jurisdictions": "EU, United Kingdom", "clearances": "sc-uk",
        "practices": ["network"], "industries": ["Retail"], "max_eur": "90.000",
    }  # fmt: skip
    assert visitor.press("/partner/edit", **changed).location == "/partner"
    row = the_firm(session)
    assert (row.city, row.n_people, row.max_eur, row.practices) == ("Cork", 1200, 90000, ["network"])
    assert (row.languages, row.jurisdictions, row.clearances) == (["pl", "de", "en"], ["EU", "UK"], ["SC-UK"])
    assert row.sources["city"].startswith("your own page on")
    assert row.sources["country"] == "your form of 2026-11-02"


def test_a_country_that_is_named_later_sets_the_hour_of_the_digest(
    visitor: Visitor, engine: Engine, session: Session, settings: Settings
) -> None:
    """It was one of UTC for good: seven in the morning came at four in the afternoon in Tokyo."""
    contact_id = firm(engine, "Kawa Nets", "ana@kawa.example")
    sign_in(visitor, contact_id, settings)
    assert "UTC time" in visitor.read("/partner")
    visitor.press("/partner/edit", name="Kawa Nets", profile="Kawa Nets looks after networks.", country="JP")
    assert "Asia/Tokyo time" in visitor.read("/partner")
    visitor.press("/partner/edit", name="Kawa Nets", profile="Kawa Nets looks after networks.", country="IE")
    assert the_firm(session).contacts[0].timezone == "Europe/Dublin"
    the_firm(session).contacts[0].timezone = "Asia/Tokyo"  # they may have a reason for another one
    session.commit()
    visitor.press("/partner/edit", name="Kawa Nets", profile="Kawa Nets looks after networks.", country="FR")
    assert the_firm(session).contacts[0].timezone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("written", "euros"),
    [
        ("2.500,00", 2500), ("12000.50", 12000), ("€2,500.00", 2500), ("2 500 EUR", 2500), ("1’200’000", 1200000),
        ("3.000", 3000), ("0", 0), ("900", 900),
    ],
)  # fmt: skip
def test_cents_are_not_read_as_thousands(
    visitor: Visitor, session: Session, quay: int, settings: Settings, written: str, euros: int
) -> None:
    sign_in(visitor, quay, settings)
    same = {"name": "Quay Nets", "profile": "Quay Nets looks after networks.", "country": "IE"}
    assert visitor.press("/partner/edit", **same, min_eur=written).location == "/partner"
    assert the_firm(session).min_eur == euros


def test_a_firm_that_speaks_norwegian_is_found_by_whoever_asks_for_it(
    visitor: Visitor, session: Session, quay: int, settings: Settings
) -> None:
    sign_in(visitor, quay, settings)
    same = {"name": "Quay Nets", "profile": "Quay Nets looks after networks.", "country": "IE"}
    visitor.press("/partner/edit", **same, languages="English, Norwegian, nb")
    assert the_firm(session).languages == ["en", *find_languages("Norwegian must be spoken.")]


def test_clearances_are_kept_as_postings_ask_for_them(
    visitor: Visitor, session: Session, quay: int, settings: Settings
) -> None:
    sign_in(visitor, quay, settings)
    same = {"name": "Quay Nets", "profile": "Quay Nets looks after networks.", "country": "IE"}
    written = "SC, dv cleared, BPSS, ü2, SC-UK, hemmelig-no"
    assert visitor.press("/partner/edit", **same, clearances=written).location == "/partner"
    assert the_firm(session).clearances == ["SC-UK", "DV-UK", "BPSS-UK", "Ü2-DE", "HEMMELIG-NO"]


def test_saving_the_form_as_it_stands_changes_nothing(visitor: Visitor, quay: int, settings: Settings) -> None:
    sign_in(visitor, quay, settings)
    same = {"name": "Quay Nets", "profile": "Quay Nets looks after networks.", "country": "IE"}
    visitor.press("/partner/edit", **same)
    assert "Nothing was changed." in visitor.read("/partner")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("n_people", "a dozen", "“a dozen” is not a whole number"),
        ("n_people", "1.5", "“1.5” is not a whole number"),
        ("n_people", "²", "“²” is not a whole number"),
        ("min_eur", "2,5k", "“2,5k” is not a whole number"),
        ("min_eur", "$2,500", "“$2,500” is not a whole number"),
        ("max_eur", "1.20.000", "“1.20.000” is not a whole number"),
        ("languages", "Klingon", "“Klingon” is not known here"),
        ("jurisdictions", "Atlantis", "“Atlantis” is not a place we know"),
        ("founded", "12", "Founded: write a year"),
        ("profile", "", "The profile is empty."),
    ],
)
def test_a_fact_that_cannot_be_is_named_and_nothing_is_written(
    visitor: Visitor, session: Session, quay: int, settings: Settings, field: str, value: str, sentence: str
) -> None:
    sign_in(visitor, quay, settings)
    answer = visitor.press("/partner/edit", **{"name": "New name", "profile": "Words.", "country": "IE", field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert value in answer.text
    assert "too much to read" not in answer.text
    assert the_firm(session).name == "Quay Nets"


def test_a_browser_sends_a_number_as_it_was_typed(visitor: Visitor, quay: int, settings: Settings) -> None:
    """Of what a box of type number does not understand, such as “2 500 EUR”, browsers send nothing."""
    sign_in(visitor, quay, settings)
    boxes = re.findall(r"<input[^>]*>", visitor.read("/partner/edit"))
    written = [each for each in boxes if re.search(r'name="(?:n_people|founded|min_eur|max_eur)"', each)]
    assert len(written) == 4
    assert all('type="text"' in each and 'inputmode="numeric"' in each for each in written)


def test_pause_and_resume(visitor: Visitor, session: Session, quay: int, settings: Settings) -> None:
    sign_in(visitor, quay, settings)
    visitor.press("/partner", "/partner/pause")
    assert the_firm(session).state == "paused"
    assert "You are paused" in visitor.read("/partner")
    visitor.press("/partner", "/partner/resume")
    assert the_firm(session).state == "live"


def test_a_pause_pressed_twice_and_an_ok_beside_it_are_told_how_it_stands(
    visitor: Visitor, session: Session, quay: int, settings: Settings
) -> None:
    sign_in(visitor, quay, settings)
    for _ in range(2):
        visitor.press("/partner", "/partner/pause")
    assert "You are paused already." in visitor.read("/partner")
    visitor.press("/partner", f"{profile(quay, settings)}/ok")
    shown = visitor.read(profile(quay, settings))
    assert "Quay Nets is paused." in shown
    assert "live already" not in shown
    for _ in range(2):
        visitor.press("/partner", "/partner/resume")
    assert "You are live already." in visitor.read("/partner")
    assert the_firm(session).state == "live"


def test_leaving_is_asked_about_first_and_then_erases_the_words(
    visitor: Visitor, session: Session, quay: int, settings: Settings
) -> None:
    sign_in(visitor, quay, settings)
    assert "What is erased" in visitor.read("/partner/leave")
    assert the_firm(session).state == "live"
    visitor.press("/partner/leave")
    row = the_firm(session)
    assert (row.state, row.profile) == ("left", "")
    assert visitor.client.get("/partner").location == "/sign-in"


def test_the_digest_is_chosen_on_the_own_page(
    visitor: Visitor, session: Session, quay: int, settings: Settings
) -> None:
    sign_in(visitor, quay, settings)
    visitor.press("/partner", "/partner/digest", digest="weekly", hour="16")
    row = the_firm(session).contacts[0]
    assert (row.digest, row.digest_hour) == ("weekly", 16)


def test_who_was_erased_is_no_reader_any_more(
    visitor: Visitor, engine: Engine, session: Session, quay: int, settings: Settings
) -> None:
    session.add(Contact(partner_id=session.get_one(Contact, quay).partner_id, email="bo@quay.example", name="Bo Berg"))
    session.commit()
    sign_in(visitor, quay, settings)
    assert "Bo Berg" in visitor.read("/partner")
    with Session(engine) as other, other.begin():
        exchange.erase(other, "bo@quay.example", now=NOW)
    shown = visitor.read("/partner")
    assert ("Ana of Quay Nets" in shown, "erased" in shown, "Bo Berg" in shown) == (True, False, False)
