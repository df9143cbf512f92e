"""Matching: each opportunity once, whoever comes to it; by hand what is left is told, and a look ranks nothing."""

import threading
from collections.abc import Callable
from datetime import datetime
from time import sleep
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from jobs import match, refresh, saying, tasks
from jobs.ground import Ground, now
from matcher import matching
from matcher.matching import Shelf
from matcher.models import Match, Opportunity, Partner
from matcher.ranking.embed import Embedder
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


def unmatched(g: Ground) -> list[int]:
    with transaction(g.engine) as session:
        return postings.unmatched(session, limit=10)


def written(g: Ground, opportunity_id: int) -> tuple[list[int], datetime | None]:
    """Give the matches of an opportunity, by their ids, and when they were made."""
    with transaction(g.engine) as session:
        ids = session.scalars(select(Match.id).where(Match.opportunity_id == opportunity_id).order_by(Match.id)).all()
        return list(ids), session.get_one(Opportunity, opportunity_id).matched_at


@pytest.fixture
def one(three: Ground) -> tuple[Ground, int]:
    """Give an opportunity without matches that a firm fits."""
    with transaction(three.engine) as session:
        make.competencies(session)
        to = make.firm(session, "fjord")
        session.get_one(Partner, to.partner_id).profile = "We move mailboxes to Exchange Online."
        opportunity_id = make.opportunity(session, make.firm(session, "alder")).id
    refresh.refresh(three)
    return three, opportunity_id


def test_what_was_matched_since_the_sweep_looked_is_not_matched_again(
    one: tuple[Ground, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    g, opportunity_id = one
    listed, real = threading.Event(), postings.unmatched

    def look_and_wait(*told: Any, **named: Any) -> list[int]:
        found = real(*told, **named)
        listed.set()
        job.join()
        return found

    job = threading.Thread(target=lambda: listed.wait(10) and match.match_soon(g, opportunity_id))
    job.start()
    monkeypatch.setattr(postings, "unmatched", look_and_wait)
    ranked: list[int] = []
    monkeypatch.setattr(matching, "ranked", noting(ranked))
    assert match.match_waiting(g) == 3
    assert sorted(ranked) == sorted(set(ranked))
    assert written(g, opportunity_id)[0]


def noting(ranked: list[int], meanwhile: Callable[[], object] = lambda: None) -> Callable[..., object]:
    """Rank as ever and note for which opportunity; do something before its matches are written."""
    real = matching.ranked

    def rank(session: Session, shelf: Shelf, embedder: Embedder, row: Opportunity, *, now: datetime) -> object:
        ranked.append(row.id)
        found = real(session, shelf, embedder, row, now=now)
        meanwhile()
        return found

    return rank


def test_two_workers_share_what_was_left_behind_and_a_job_waits_for_whoever_is_at_it(
    one: tuple[Ground, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    g, opportunity_id = one
    other = Ground(g.app, g.settings, g.engine, _embedder=HashEmbedder())
    at_it, go, ranked = threading.Event(), threading.Event(), []
    monkeypatch.setattr(matching, "ranked", noting(ranked, lambda: (at_it.set(), go.wait(10))))
    first = threading.Thread(target=lambda: match.match_one(g, opportunity_id, at=now()))
    first.start()
    assert at_it.wait(10)
    assert match.match_one(other, opportunity_id, at=now()) is None
    job = threading.Thread(target=lambda: match.match_soon(other, opportunity_id))
    job.start()
    job.join(3 * match.POLL_S)
    assert job.is_alive()
    go.set()
    for each in (first, job):
        each.join(10)
    assert ranked == [opportunity_id]
    assert opportunity_id not in unmatched(g)


def test_a_ranking_of_what_was_rewritten_meanwhile_is_not_written_and_the_new_words_are_ranked(
    one: tuple[Ground, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    g, opportunity_id = one

    def rewrite() -> None:
        with transaction(g.engine) as session:
            session.execute(update(Opportunity).values(n_asked=Opportunity.n_asked + 1, matched_at=None))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(matching, "ranked", noting([], rewrite))
        assert match.match_one(g, opportunity_id, at=make.NOW) == 0
    assert written(g, opportunity_id) == ([], None)
    assert match.match_one(g, opportunity_id, at=make.NOW) == 1
    assert written(g, opportunity_id)[1] == make.NOW


def test_by_hand_an_opportunity_with_matches_is_ranked_anew(one: tuple[Ground, int]) -> None:
    g, opportunity_id = one
    assert match.match_one(g, opportunity_id, at=make.NOW) == 1
    before = written(g, opportunity_id)
    assert match.match_one(g, opportunity_id, at=now()) == 0
    assert written(g, opportunity_id) == before
    said = CliRunner().invoke(match.main, ["--opportunity", str(opportunity_id)])
    assert said.output.splitlines()[-1] == "Matches found: 1"
    assert written(g, opportunity_id) != before


def test_an_opportunity_that_makes_us_stumble_holds_up_no_other(
    one: tuple[Ground, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    g, opportunity_id = one
    first, real = unmatched(g)[0], matching.ranked

    def stumble(session: Session, shelf: Shelf, embedder: Embedder, row: Opportunity, *, now: datetime) -> object:
        if row.id == first:
            raise ValueError("no such need")
        return real(session, shelf, embedder, row, now=now)

    monkeypatch.setattr(matching, "ranked", stumble)
    assert first < opportunity_id
    said = CliRunner().invoke(match.main, [])
    assert (said.exit_code, said.output.splitlines()[-1]) == (0, "Opportunities matched: 2")
    assert unmatched(g) == [first]


def test_a_step_of_the_sweep_that_fails_is_told_once_the_others_are_done(
    one: tuple[Ground, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    g, opportunity_id = one

    def fails(_: Ground) -> None:
        raise ValueError("a text that nobody can embed")

    monkeypatch.setattr(refresh, "refresh", fails)
    with pytest.raises(ValueError, match="nobody can embed"):
        tasks.sweep(g)
    assert written(g, opportunity_id)[0]


def test_a_sweep_that_is_asked_to_end_ends_before_its_next_step(one: tuple[Ground, int]) -> None:
    g, _ = one
    before = unmatched(g)
    g.stopping.set()
    tasks.sweep(g)
    assert match.match_waiting(g) == 0
    assert unmatched(g) == before
