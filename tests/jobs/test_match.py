"""Matching by hand: what is left is told while it works, and a look alone ranks nothing."""

import threading
from time import sleep

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from jobs import match, saying
from jobs.ground import Ground
from matcher.models import Match, Opportunity
from matcher.store import postings
from tests import factories as make
from tests.fakes import HashEmbedder
from web.db import transaction


@pytest.fixture
def three(g: Ground, monkeypatch: pytest.MonkeyPatch) -> Ground:
    """Give three opportunities, of which one was ranked already."""
    monkeypatch.setattr(match, "ground", lambda: g)
    g._embedder = HashEmbedder()
    with transaction(g.engine) as session:
        to = make.firm(session, "quay")
        for ranked in (False, False, True):
            make.opportunity(session, to, matched_at=make.NOW if ranked else None)
    return g


def test_whoever_waits_for_matches_reads_how_many_are_left(three: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saying, "EVERY_S", 0.01)
    real = match.match_one

    def slow(*told: object, **named: object) -> int:
        sleep(0.3)
        return real(*told, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(match, "match_one", slow)
    said = CliRunner().invoke(match.main, []).output.splitlines()
    wanted = ["Opportunities left to rank: 2", "Opportunities left to rank: 1", "Opportunities matched: 2"]
    assert [each for each in said if each in wanted] == wanted
    assert len(said) == len(set(said))


def test_a_line_that_cannot_be_had_ends_nothing_and_the_thread_ends_with_the_block() -> None:
    def away() -> str:
        raise ConnectionError("the database is away")

    with saying.every_now_and_then(away, every_s=0.01):
        sleep(0.1)
        assert "progress" in [each.name for each in threading.enumerate()]
    assert "progress" not in [each.name for each in threading.enumerate()]


def test_a_dry_run_counts_what_would_be_ranked_and_ranks_nothing(three: Ground) -> None:
    with transaction(three.engine) as session:
        ids = sorted(session.scalars(select(Opportunity.id)))
    dry = [CliRunner().invoke(match.main, ["--dry-run", *more]).output for more in ([], ["--opportunity", str(ids[2])])]
    assert dry == ["Opportunities that would be ranked: 2\n", "Opportunities that would be ranked: 1\n"]
    none = CliRunner().invoke(match.main, ["--dry-run", "--opportunity", "999999"]).output
    assert none == "Opportunities that would be ranked: 0\n"
    with transaction(three.engine) as session:
        assert session.scalar(select(func.count()).select_from(Match)) == 0
        assert postings.n_unmatched(session) == 2
