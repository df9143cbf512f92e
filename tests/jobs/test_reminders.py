"""What time brings, by hand: said before it is done, and done once."""

from datetime import date, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs import reminders
from jobs.ground import Ground, now
from matcher import exchange
from matcher.exchange import ending
from matcher.models import Letter, Opportunity
from tests import factories as make


def test_a_dry_run_says_what_is_due_and_neither_closes_nor_writes_anything(
    g: Ground, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    poster, partner = make.firm(session, "poster"), make.firm(session, "quay")
    row = make.opportunity(session, poster, closes_on=date(2026, 1, 5))
    make.asked(session, row, partner, state="accepted")
    session.commit()
    monkeypatch.setattr(reminders, "ground", lambda: g)
    for _ in range(2):
        said = CliRunner().invoke(reminders.main, ["--dry-run"])
        assert "Opportunities closed: 1 due (dry run: nothing was stored)" in said.output.splitlines()
    session.expire_all()
    assert session.get_one(Opportunity, row.id).state == "open"
    assert session.scalar(select(func.count(Letter.id))) == 0
    due = reminders.preview(g, at=now())
    assert (reminders.remind_all(g, at=now()), reminders.preview(g, at=now())["opportunities closed"]) == (due, 0)


def test_a_step_that_stumbles_keeps_none_behind_it_from_being_done(
    g: Ground, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make.opportunity(session, make.firm(session, "poster"), closes_on=date(2026, 1, 5))
    session.commit()

    def stumbles(_: Session, *, now: datetime) -> int:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr(exchange, "ask_for_outcomes", stumbles)
    with pytest.raises(KeyError, match="a mistake of ours"):
        reminders.remind_all(g, at=now())
    session.expire_all()
    assert session.get_one(Opportunity, row.id).state == "closed"


def test_one_row_that_makes_us_stumble_keeps_no_other_of_its_step_waiting(
    g: Ground, session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    poster = make.firm(session, "poster")
    rows = [make.opportunity(session, poster, closes_on=date(2026, 1, 5)) for _ in range(3)]
    for n, row in enumerate(rows):
        make.asked(session, row, make.firm(session, f"quay{n}"), state="accepted")
    session.commit()
    first, bad, last = (row.id for row in rows)
    real = ending.tell_those_who_wait

    def tell(of: Session, row: Opportunity, *, lapsed: bool, now: datetime) -> None:
        real(of, row, lapsed=lapsed, now=now)
        if row.id == bad:
            raise KeyError("its words")

    monkeypatch.setattr(ending, "tell_those_who_wait", tell)
    for _ in range(2):
        with pytest.raises(KeyError, match="its words"):
            reminders.remind_all(g, at=now())
    session.expire_all()
    assert [session.get_one(Opportunity, each).state for each in (first, bad, last)] == ["closed", "open", "closed"]
    kinds = session.scalars(select(Letter.kind).order_by(Letter.id)).all()
    assert kinds.count("waitlisted") == 2
    assert f"opportunity {bad} makes us stumble: KeyError" in caplog.messages
