"""A told partner asks on its offer's page where it stands, and reads the smallest change that brings it forward."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from jobs import why_not
from jobs.ground import Ground, ground_on
from matcher import matching
from matcher.models import Introduction, Opportunity, Partner, RankerModel, WhyNot
from matcher.ranking.model import SHIPPED, WEIGHTS
from matcher.store import letters
from matcher.store.letters import Draft
from tests import factories
from tests import factories as make
from tests.fakes import HashEmbedder
from tests.web.visiting import NOW, Visitor, links, path, plain
from web import clock
from web.settings import Settings

EMBEDDER = HashEmbedder()


@pytest.fixture
def g(app: Flask) -> Ground:
    there = ground_on(app)
    there._embedder = EMBEDDER
    return there


@pytest.fixture
def told(session: Session, settings: Settings) -> str:
    """Tell seven firms of an opportunity, one of them with an old profile; return the path of that one's offer."""
    factories.competencies(session)
    poster, late = factories.firm(session, "poster"), factories.firm(session, "late")
    good = [factories.firm(session, f"good{number}") for number in range(6)]
    for each in (*good, late):
        each.partner.practices, each.partner.profile_on = ["mail"], NOW.date()
        each.partner.changed_at, each.partner.profile = NOW - timedelta(days=1), "We look after mail."
    late.partner.profile_on = NOW.date() - timedelta(days=3000)
    row = factories.opportunity(session, poster)
    for each in (*good, late):
        asked = factories.asked(session, row, each)
    matching.read_partners(session, now=NOW)
    while make.embed(session, EMBEDDER):
        pass
    draft = Draft("digest:late", "digest", late, {"day": NOW.date().isoformat(), "offers": []}, [(1, asked.id)])
    letter_id = letters.write(session, draft, at=NOW)
    assert letter_id
    session.commit()
    return "/" + links(settings).offer(letter_id, 1).split("/", 3)[3]


def work(g: Ground, session: Session) -> int:
    """Do what the job that the page deferred would do; return how many questions were answered."""
    jobs = session.execute(text("SELECT args FROM procrastinate_jobs WHERE task_name = 'why_not' ORDER BY id")).all()
    session.commit()
    keys = ("opportunity_id", "partner_id")
    return sum(why_not.answer_one(g, *(args[key] for key in keys), at=clock.now()) for (args,) in jobs)


def test_a_told_partner_reads_the_change_that_would_bring_it_forward(
    client: FlaskClient, told: str, g: Ground, session: Session
) -> None:
    visitor = Visitor(client)
    assert "Where do I stand?" in visitor.read(told)
    assert visitor.press(told, f"{told}/standing").status_code == 303
    waiting = visitor.read(told)
    assert 'data-state="waiting"' in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    assert work(g, session) == 1
    shown = plain(visitor.read(told))
    assert "You are not among the first 5. If it is true, you could look through your profile and confirm it" in shown
    assert "that alone would bring you to place" in shown
    assert 'data-state="found"' in visitor.read(f"{told}/standing")
    assert "Good" not in shown
    assert "Poster" not in shown


def test_asking_twice_costs_nothing(client: FlaskClient, told: str, g: Ground, session: Session) -> None:
    visitor = Visitor(client)
    for _ in range(3):
        visitor.press(told, f"{told}/standing")
    assert work(g, session) == 1
    visitor.client.post(f"{told}/standing", data={"csrf_token": token(visitor, told)})
    assert work(g, session) == 0
    assert session.query(WhyNot).count() == 1


def test_the_change_made_on_its_page_brings_it_to_the_place_that_was_named(
    client: FlaskClient, told: str, g: Ground, session: Session, settings: Settings
) -> None:
    visitor = Visitor(client)
    visitor.press(told, f"{told}/standing")
    work(g, session)
    row = session.query(WhyNot).one()

    promised = row.sentence.rsplit("place ", 1)[1].partition(" ")[0]
    late = session.query(Partner).filter_by(key="late").one()
    visitor.press(path(links(settings).sign_in(late.contacts[0].id)))
    same = {"name": late.name, "profile": late.profile, "country": "IE", "practices": ["mail"]}
    assert visitor.press("/partner/edit", **same).location == "/partner"
    assert "We have noted that all of it still holds." in visitor.read("/partner")
    assert "may have changed since" in visitor.read(told)
    visitor.press(told, f"{told}/standing")
    work(g, session)
    session.expire_all()

    assert f"You are among the first 5, at place {promised}" in plain(visitor.read(told))


def test_what_an_older_model_answered_is_no_answer_of_the_one_that_ranks_now(
    client: FlaskClient, told: str, g: Ground, session: Session
) -> None:
    visitor = Visitor(client)
    visitor.press(told, f"{told}/standing")
    assert work(g, session) == 1
    values = {"version": "learned-1", "weights": asdict(WEIGHTS), "state": "accepted"}
    session.add(RankerModel(**values, card=asdict(SHIPPED.card), learned_at=NOW, chosen_at=NOW))
    session.commit()
    assert "You are not among the first 5" not in plain(visitor.read(told))
    visitor.press(told, f"{told}/standing")
    assert work(g, session) == 1
    assert "You are not among the first 5" in plain(visitor.read(told))


def test_looking_asks_nothing(client: FlaskClient, told: str, session: Session) -> None:
    client.get(told)
    client.get(f"{told}/standing")
    assert session.query(WhyNot).count() == 0


def close(session: Session) -> None:
    session.query(Opportunity).one().state = "closed"


def meet(session: Session) -> None:
    late = session.query(Partner).filter_by(key="late").one()
    session.query(Introduction).filter_by(partner_id=late.id).one().state = "introduced"


@pytest.mark.parametrize("settle", [close, meet])
def test_what_is_closed_or_settled_cannot_be_asked_about(
    client: FlaskClient, told: str, session: Session, settle: Callable[[Session], None]
) -> None:
    visitor = Visitor(client)
    csrf = token(visitor, told)
    settle(session)
    session.commit()
    assert "Where do I stand?" not in visitor.read(told)
    client.post(f"{told}/standing", data={"csrf_token": csrf})
    assert session.query(WhyNot).count() == 0


def test_whoever_was_not_told_has_no_way_to_ask(client: FlaskClient, told: str, session: Session) -> None:
    """Neither another number of the letter nor a forged token opens the question."""
    csrf = token(Visitor(client), told)
    for forged in (told[:-1] + "2", told.replace("/offer/", "/offer/a")):
        assert client.post(f"{forged}/standing", data={"csrf_token": csrf}).status_code in (404, 410)
    assert session.query(WhyNot).count() == 0


def test_a_partner_asks_at_most_ten_times_a_day(client: FlaskClient, told: str, session: Session) -> None:
    late = session.query(Partner).filter_by(key="late").one()
    poster = session.query(Partner).filter_by(key="poster").one()
    for _ in range(10):
        other = factories.opportunity(session, poster.contacts[0])
        session.add(WhyNot(opportunity_id=other.id, partner_id=late.id, version="x", asked_at=clock.now()))
    session.commit()
    visitor = Visitor(client)
    visitor.press(told, f"{told}/standing")
    assert "ask again tomorrow" in visitor.read(told)
    assert session.query(WhyNot).count() == 10


def test_a_conflict_is_never_named_because_it_would_name_the_poster(
    client: FlaskClient, told: str, g: Ground, session: Session
) -> None:
    session.query(Partner).filter_by(key="poster").one().conflict_keys = ["late"]
    session.commit()
    visitor = Visitor(client)
    visitor.press(told, f"{told}/standing")
    assert work(g, session) == 1
    shown = plain(visitor.read(told))
    assert "You are not among the first 5. No change of one or two of your own facts would be enough." in shown
    assert "work with the other" not in shown


def test_a_question_that_kills_the_worker_is_given_up_and_said_so(
    client: FlaskClient, told: str, g: Ground, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(matching, "why_not", die)
    visitor = Visitor(client)
    visitor.press(told, f"{told}/standing")
    for _ in range(3):
        with pytest.raises(RuntimeError, match="killed"):
            work(g, session)
    assert work(g, session) == 0
    assert "We could not work it out" in visitor.read(told)


def test_the_sweep_answers_what_a_lost_job_left_behind(
    client: FlaskClient, told: str, g: Ground, session: Session
) -> None:
    Visitor(client).press(told, f"{told}/standing")
    assert why_not.answer_waiting(g) == 0
    session.query(WhyNot).one().asked_at -= timedelta(minutes=2)
    session.commit()
    assert why_not.answer_waiting(g) == 1


def test_a_question_that_makes_us_stumble_holds_up_no_other_and_is_given_up(
    client: FlaskClient, told: str, g: Ground, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    Visitor(client).press(told, f"{told}/standing")
    row = session.query(WhyNot).one()
    row.asked_at -= timedelta(minutes=2)
    bad = session.query(Partner).filter_by(key="good0").one()
    before = row.asked_at - timedelta(minutes=2)  # it is asked about first
    session.add(WhyNot(opportunity_id=row.opportunity_id, partner_id=bad.id, version=row.version, asked_at=before))
    session.commit()
    real = matching.why_not

    def stumble(*given: Any, partner_key: str, **named: Any) -> Any:
        if partner_key == "good0":
            raise ValueError("no place for it")
        return real(*given, partner_key=partner_key, **named)

    monkeypatch.setattr(matching, "why_not", stumble)
    with pytest.raises(ValueError, match="no place for it"):
        why_not.answer_waiting(g)
    session.expire_all()
    assert {each.partner_id for each in session.query(WhyNot) if each.answered_at} == {row.partner_id}
    for _ in range(2):
        with pytest.raises(ValueError, match="no place for it"):
            why_not.answer_waiting(g)
    assert why_not.answer_waiting(g) == 0


@pytest.mark.parametrize("n_older", [1, 2])
def test_what_an_older_ranker_left_unanswered_is_answered_by_the_one_of_now(
    client: FlaskClient, told: str, g: Ground, session: Session, n_older: int
) -> None:
    Visitor(client).press(told, f"{told}/standing")
    row = session.query(WhyNot).one()
    same = {"opportunity_id": row.opportunity_id, "partner_id": row.partner_id, "asked_at": row.asked_at}
    row.version, row.asked_at = "older-1", row.asked_at - timedelta(minutes=3)
    if n_older == 2:
        session.add(WhyNot(**same | {"version": "older-2", "asked_at": row.asked_at - timedelta(minutes=9)}))
    session.commit()
    assert why_not.answer_waiting(g) == 1
    assert why_not.answer_waiting(g) == 0


def token(visitor: Visitor, page: str) -> str:
    return visitor.read(page).split('name="csrf_token" value="')[1].split('"')[0]
