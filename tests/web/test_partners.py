"""A partner's own page: what it shows to whom, and its buttons for pausing, leaving and the digest."""

import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matcher import exchange
from matcher.models import BenchPerson, Collaboration, Contact
from tests.web.visiting import NOW, Visitor, firm, profile, sign_in, the_firm
from web.settings import Settings


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
