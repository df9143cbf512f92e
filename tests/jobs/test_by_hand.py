"""Jobs by hand that are told what there is not: a sentence that says what to do, and nothing is changed."""

import pytest
from click import Command
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from jobs import learn, match
from jobs.ground import ground_on
from matcher.models import RankerModel
from matcher.ranking.version import RANKER_VERSION
from tests import factories
from tests.fakes import HashEmbedder


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    """Let jobs by hand stand on our database."""
    g = ground_on(app)
    g._embedder = HashEmbedder()
    for job in (learn, match):
        monkeypatch.setattr(job, "ground", lambda: g)


@pytest.mark.parametrize(
    ("job", "arguments", "said"),
    [
        (learn.main, ["--back-to", "service-0"], "--back-to service-0: There is no version 'service-0'"),
        (learn.main, ["--back-to", ""], "--back-to : There is no version ''"),
        (learn.main, ["--dry-run", "--back-to", "hand-3"], "--dry-run and --back-to do not go together"),
        (match.main, ["--opportunity", "1", "--version", "service-0"], "--version service-0: There is no version"),
        (match.main, ["--opportunity", "99", "--version", RANKER_VERSION], "--opportunity 99: there is none"),
        (match.main, ["--opportunity", "99"], "--opportunity 99: there is none of this number."),
        (match.main, ["--opportunity", "2"], "--opportunity 2: it is closed, so nobody is ranked"),
        (match.main, ["--opportunity", "9" * 20], "is not in the range"),
        (match.main, ["--opportunity", "1", "--version", ""], "--version : There is no version ''"),
        (match.main, ["--opportunity", "1", "--why-not", ""], "--why-not : there is no such partner"),
        (match.main, ["--why-not", "quay", "--dry-run"], "--why-not and --dry-run do not go together"),
        (match.main, ["--version", RANKER_VERSION], f"--version {RANKER_VERSION} needs --opportunity as well"),
    ],
)
def test_what_there_is_not_is_named(session: Session, job: Command, arguments: list[str], said: str) -> None:
    poster = factories.firm(session, "poster")
    factories.opportunity(session, poster)
    factories.opportunity(session, poster).state = "closed"
    session.commit()
    done = CliRunner().invoke(job, arguments)
    assert said in done.output
    assert done.exit_code == 2
    assert session.query(RankerModel).count() == 0


def test_learning_by_hand_says_what_it_lacks_and_keeps_nothing(session: Session) -> None:
    done = CliRunner().invoke(learn.main, ["--dry-run"])
    assert (
        done.output.splitlines()[-1]
        == f"There are 0 outcomes to learn from, and it takes 40. {RANKER_VERSION} goes on ranking."
    )
    assert done.exit_code == 0
    assert session.query(RankerModel).count() == 0
