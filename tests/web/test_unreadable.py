"""One partner that nobody can read is a line for the steward and a number for a monitor, and no service that is ill."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from jobs import doctor_machine
from matcher import matching, profiles
from matcher.models import Partner, Unreadable
from matcher.store import health, unreadable
from tests import factories
from tests.fakes import HashEmbedder
from tests.web.test_steward import visitor
from tests.web.visiting import Visitor
from web import steward_page
from web.clock import now
from web.settings import Settings

__all__ = ["visitor"]  # a fixture


def join(session: Session, *keys: str) -> list[Partner]:
    factories.competencies(session)
    rows = [factories.firm(session, key).partner for key in keys]
    for row in rows:
        row.profile, row.changed_at = f"We move mailboxes, says {row.key}.", now() - timedelta(minutes=10)
    session.flush()
    return rows


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let profiles with the word "bad" make us stumble; return what was tried."""
    real, tried = profiles.capabilities_of, list[str]()

    def read(*told: Any, profile: str, **named: Any) -> Any:
        tried.append(profile)
        if "bad" in profile:
            raise ValueError("unreadable\0")
        return real(*told, profile=profile, **named)

    monkeypatch.setattr(profiles, "capabilities_of", read)
    return tried


def index_is(client: FlaskClient) -> str:
    return str((client.get("/healthz").json or {})["index"])


def test_one_partner_that_cannot_be_read_is_a_warning_and_not_an_ill_service(
    client: FlaskClient, session: Session, settings: Settings, tried: list[str]
) -> None:
    bad = join(session, "quay", "bad")[1]
    session.commit()
    assert index_is(client) == "2 partners changed over five minutes ago and cannot be found yet"
    assert matching.read_partners(session, now=now()) == 1
    while factories.embed(session, HashEmbedder()):
        pass
    session.commit()
    assert index_is(client) == "ok"
    assert b"counterpart_partners_unreadable 1.0" in client.get("/metrics").data
    page = steward_page.steward_page(session, address="", now=now())
    assert [(each.partner_id, each.error) for each in page.unreadable] == [(bad.id, "ValueError: unreadable")]
    said = [each.said for each in doctor_machine.of_index(settings, now=now()) if each.level == "warning"]
    assert said == ["1 partner cannot be read; what was read before still holds."]


def test_the_steward_reads_which_and_why(visitor: Visitor, session: Session, tried: list[str]) -> None:
    join(session, "bad")
    matching.read_partners(session, now=now())
    session.commit()
    page = visitor.read("/steward")
    assert "Something needs you" in page
    assert "1 partner cannot be read" in page
    assert "ValueError: unreadable" in page


def test_it_is_tried_again_after_an_hour_and_at_once_with_new_words(session: Session, tried: list[str]) -> None:
    (bad,) = join(session, "bad")
    began = now()
    for minutes in range(0, 59, 10):
        matching.read_partners(session, now=began + timedelta(minutes=minutes))
    assert len(tried) == 1
    matching.read_partners(session, now=began + unreadable.REST)
    assert len(tried) == 2
    bad.profile, bad.changed_at = "We move mailboxes.", began + timedelta(minutes=61)
    session.flush()
    assert unreadable.n_noted(session) == 0
    assert matching.read_partners(session, now=began + timedelta(minutes=62)) == 1
    assert session.query(Unreadable).count() == 0


def test_where_many_cannot_be_read_it_is_the_program_and_the_service_is_ill(
    session: Session, tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "FEW", 1)
    join(session, "bad0", "bad1")
    matching.read_partners(session, now=now())
    assert health.n_behind(session, now=now()) == 2
