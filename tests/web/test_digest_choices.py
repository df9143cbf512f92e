"""How often a digest comes: on the page of its link, and by the one click of a mail program."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher.models import Contact, Suppression
from matcher.wording import day
from tests.web.visiting import NOW, Visitor, firm, links, path
from web.settings import Settings


@pytest.fixture
def contact_id(engine: Engine) -> int:
    return firm(engine, "Quay Nets", "ana@quay.example")


@pytest.fixture
def choices(settings: Settings, contact_id: int) -> str:
    return path(links(settings).digest(contact_id))


@pytest.fixture
def one_click(settings: Settings, contact_id: int) -> str:
    return path(links(settings).one_click_unsubscribe(contact_id))


def stopped(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Suppression.email)))


def test_looking_changes_nothing(visitor: Visitor, choices: str, one_click: str, session: Session) -> None:
    visitor.read(choices)
    assert visitor.client.get(one_click).location == choices
    assert stopped(session) == []


def test_one_click_needs_no_cookie_and_no_page(visitor: Visitor, one_click: str, session: Session) -> None:
    answer = visitor.client.post(one_click, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert "no more digests" in answer.text
    assert stopped(session) == ["ana@quay.example"]


def test_one_click_twice_is_as_good_as_once(visitor: Visitor, one_click: str, session: Session) -> None:
    assert [visitor.client.post(one_click).status_code for _ in range(2)] == [200, 200]
    assert stopped(session) == ["ana@quay.example"]


def test_one_click_with_a_token_made_for_something_else_stops_nobody(
    visitor: Visitor, settings: Settings, contact_id: int, session: Session
) -> None:
    token = links(settings).sign_in(contact_id).rpartition("/")[2]
    assert visitor.client.post(f"/u/{token}").status_code == 404
    assert stopped(session) == []


def test_weekly_at_nine_is_kept(visitor: Visitor, choices: str, contact_id: int, session: Session) -> None:
    visitor.press(choices, digest="weekly", hour="9")
    row = session.get_one(Contact, contact_id)
    assert (row.digest, row.digest_hour) == ("weekly", 9)
    assert "Your digest comes on Mondays, at 9:00 (UTC)." in visitor.read(choices)


def test_a_pause_is_said_as_one(visitor: Visitor, choices: str) -> None:
    visitor.press(choices, digest="paused", hour="7")
    assert "No digest comes until you choose one again." in visitor.read(choices)


def test_the_page_stops_the_digest_and_a_new_choice_brings_it_back(
    visitor: Visitor, choices: str, session: Session
) -> None:
    visitor.press(choices, f"{choices}/stop")
    assert stopped(session) == ["ana@quay.example"]
    assert "You get no digests at present" in visitor.read(choices)
    visitor.press(choices, digest="daily", hour="7")
    assert stopped(session) == []


@pytest.mark.parametrize("wrong", [{"digest": "hourly", "hour": "9"}, {"digest": "weekly", "hour": "21"}, {}])
def test_a_choice_that_is_none_is_refused_and_nothing_is_kept(
    visitor: Visitor, choices: str, contact_id: int, session: Session, wrong: dict[str, str]
) -> None:
    assert visitor.press(choices, **wrong).status_code == 422
    assert session.get_one(Contact, contact_id).digest == "daily"


def test_a_choice_without_the_page_behind_it_is_refused(visitor: Visitor, choices: str, session: Session) -> None:
    assert visitor.client.post(f"{choices}/stop").status_code == 400
    assert stopped(session) == []


def test_a_pause_until_a_day_is_shown_and_ends_with_one_press(
    visitor: Visitor, choices: str, contact_id: int, session: Session
) -> None:
    row = session.get_one(Contact, contact_id)
    row.paused_until, row.digest = NOW.date() + timedelta(days=9), "weekly"
    session.commit()
    assert f"from {day(NOW.date() + timedelta(days=10))} on" in visitor.read(choices)
    visitor.press(choices, digest="weekly", hour="9")
    assert "once you press" in visitor.read(choices)
    visitor.press(choices, f"{choices}/resume")
    session.refresh(row)
    assert (row.paused_until, row.digest, row.digest_hour) == (None, "weekly", 9)
    assert "Your digests are paused" not in visitor.read(choices)


def test_not_for_now_ends_with_one_press_as_often_as_before(
    visitor: Visitor, choices: str, contact_id: int, session: Session
) -> None:
    for digest in ("weekly", "paused"):
        visitor.press(choices, digest=digest, hour="9")
    assert "They come again, on Mondays as before, once you resume." in visitor.read(choices)
    visitor.press(choices, f"{choices}/resume")
    row = session.get_one(Contact, contact_id)
    assert (row.digest, row.digest_hour) == ("weekly", 9)
    assert "Your digests are paused" not in visitor.read(choices)


def test_the_link_of_a_digest_resumes_no_paused_firm(
    visitor: Visitor, choices: str, contact_id: int, session: Session
) -> None:
    session.get_one(Contact, contact_id).partner.state = "paused"
    session.commit()
    visitor.press(choices, f"{choices}/resume")
    session.expire_all()
    assert session.get_one(Contact, contact_id).partner.state == "paused"
