"""Erasing by hand: looked at first, then done, and said in numbers without a name in the log."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from structlog.testing import capture_logs

from jobs import erase
from jobs.ground import Ground
from matcher.models import Contact, Partner
from tests import factories as make
from web.db import transaction

ALDER = "anna@alder.example"


def run(g: Ground, monkeypatch: pytest.MonkeyPatch, *options: str) -> list[str]:
    monkeypatch.setattr(erase, "ground", lambda: g)
    done = CliRunner().invoke(erase.main, options)
    assert (done.exit_code, done.exception) == (0, None)
    return done.output.splitlines()


def state(g: Ground) -> tuple[str, str]:
    with transaction(g.engine) as session:
        contact = session.scalars(select(Contact)).one()
        return contact.email, session.scalars(select(Partner.state)).one()


def test_what_would_go_is_said_first_and_nothing_is_erased_by_that(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction(g.engine) as session:
        poster = make.firm(session, "alder")
        make.opportunity(session, poster)
        make.letter(session, "opened", poster, [])
    said = run(g, monkeypatch, ALDER, "--dry-run")
    assert said == [
        "Postings: 1 would go", "Letters: 1 would go", "Messages: 0 would go",
        "Alder Systems would leave: nobody else reads for it.",
    ]  # fmt: skip
    assert state(g) == (ALDER, "live")
    with capture_logs() as logged:
        said = run(g, monkeypatch, ALDER)
    assert said == ["Postings: 1", "Letters: 1", "Messages: 0", "Alder Systems has left: nobody else reads for it."]
    assert state(g) == ("1@erased.invalid", "left")
    assert "alder" not in str(logged)
    assert run(g, monkeypatch, ALDER) == ["Nothing is kept of this address."]
