"""Messages of one sender read by several workers at one moment: one after the other, so that all come out right."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from matcher import exchange
from matcher.exchange import receiving
from matcher.exchange.receiving import Post
from matcher.models import Contact, InboundMessage, Letter, Opportunity
from tests import factories as make
from tests.factories import DOMAIN, NOW, SECRET

TEXT = "We need somebody who moves 380 mailboxes to Exchange Online by 31 January 2027 in Leeds. The customer pays us."


def keep_all(engine: Engine, *addresses: str) -> list[int]:
    with Session(engine) as session, session.begin():
        make.competencies(session)
        return [
            exchange.keep(
                session, make.mail("ann@firm.example", each, TEXT), envelope_from="", envelope_to=each, now=NOW
            )
            or 0
            for each in addresses
        ]


def read_at_once(engine: Engine, message_ids: list[int], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let as many workers as messages begin together, each with its own transaction."""
    together, read = Barrier(len(message_ids)), receiving.read_again

    def meets(*given: object) -> object:
        together.wait(timeout=20)
        return read(*given)  # type: ignore[arg-type]

    def receive(message_id: int) -> str:
        with Session(engine) as session, session.begin():
            return exchange.receive(session, message_id, post=Post(SECRET, DOMAIN), now=NOW)

    monkeypatch.setattr(receiving, "read_again", meets)
    with ThreadPoolExecutor(len(message_ids)) as workers:
        return list(workers.map(receive, message_ids))


def test_two_first_messages_at_once_found_one_contact_and_both_are_answered(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = keep_all(engine, f"post@{DOMAIN}", f"join@{DOMAIN}")
    verdicts = read_at_once(engine, ids, monkeypatch)
    assert [each.partition(":")[0] for each in verdicts] == ["posting", "joined"]
    with Session(engine) as session:
        assert session.scalar(select(func.count(Contact.id))) == 1
        assert sorted(session.scalars(select(Letter.kind))) == ["confirm", "welcome"]


def test_an_ok_to_what_is_being_read_anew_opens_nothing(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        make.competencies(session)
        opportunity_id = make.opportunity(session, make.firm(session, "alder"), state="draft").id

    def confirm() -> str:
        with Session(engine) as session, session.begin():
            row = session.get_one(Opportunity, opportunity_id)  # as it was
            return exchange.confirm(session, row, how="", shown=0, now=NOW).heading

    with ThreadPoolExecutor(1) as other, Session(engine) as session:
        exchange.correct(session, session.get_one(Opportunity, opportunity_id), "The budget is 5000 euros", now=NOW)
        saying_ok = other.submit(confirm)
        wait_for_waiting(engine)
        session.commit()
        assert saying_ok.result(timeout=20) == "It was read again in the meantime."
    with Session(engine) as session:
        assert session.get_one(Opportunity, opportunity_id).state == "draft"


def test_what_is_extended_while_its_last_day_ends_stays_open(engine: Engine) -> None:
    over = datetime(2027, 1, 1, 12, tzinfo=UTC)
    with Session(engine) as session, session.begin():
        opportunity_id = make.opportunity(session, make.firm(session, "alder")).id

    def lapse() -> int:
        with Session(engine) as session, session.begin():
            return exchange.lapse(session, now=over)

    with ThreadPoolExecutor(1) as other, Session(engine) as session:
        exchange.extend(session, session.get_one(Opportunity, opportunity_id), now=over)
        lapsing = other.submit(lapse)
        wait_for_waiting(engine)
        session.commit()
        assert lapsing.result(timeout=20) == 0
    with Session(engine) as session:
        row = session.get_one(Opportunity, opportunity_id)
        assert (row.state, row.closes_on) == ("open", date(2027, 1, 31))


def wait_for_waiting(engine: Engine) -> None:
    """Wait until somebody waits for what somebody else holds."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _ in range(200):
        with engine.connect() as connection:
            if connection.scalar(waiting):
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_a_flood_that_arrives_at_once_is_counted_as_one(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.exchange.floods.MAX_UNKNOWN_PER_HOUR", 2)
    ids = keep_all(engine, *[f"help@{DOMAIN}"] * 4)
    verdicts = read_at_once(engine, ids, monkeypatch)
    assert verdicts.count("explained how to write to us") == 2
    with Session(engine) as session:
        assert sorted(session.scalars(select(InboundMessage.state))) == ["done", "done", "refused", "refused"]
