"""One row that cannot be done is set aside alone: everybody else of its part is served the same night."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from jobs import digest as by_hand
from jobs import night as job
from jobs import sparing
from jobs.ground import Ground
from matcher import digest, matching, night
from matcher.models import Allotment, Contact, Digest, Introduction, Letter, Night, NightShard, Opportunity
from matcher.night import allotting, writing
from matcher.store import nights
from matcher.terms import ScoreFloor
from tests import factories as make
from tests.factories import DAY, NOW
from tests.fakes import HashEmbedder
from tests.night.filled import allotted, begin, count, fill, write_one_by_one, written
from tests.night.test_reserve import explaining
from tests.night.test_reserve import fill as fill_reserve
from tests.night.test_shards import aside
from web import steward_page
from web.db import transaction


def contact_of(g: Ground, n: int) -> int:
    with Session(g.engine) as session:
        return session.scalars(select(Contact.id).where(Contact.email == f"anna@reader{n:02}.example")).one()


def poison(monkeypatch: pytest.MonkeyPatch, *contact_ids: int) -> None:
    """Let the letters of some contacts be more than we can write."""
    real = writing._refs

    def refs(told: writing._Told) -> str:
        if told.contact_id in contact_ids:
            raise ValueError(f"no pen for {told.contact_id}")
        return real(told)

    monkeypatch.setattr(writing, "_refs", refs)


def unspeakable(monkeypatch: pytest.MonkeyPatch, title: str) -> None:
    """Let one opportunity be more than we can put into words."""
    real = writing.wording.asked_but_text

    def said(row: Any) -> dict[str, Any]:
        if row.title == title:
            raise KeyError(title)
        return real(row)

    monkeypatch.setattr(writing.wording, "asked_but_text", said)


def failed(g: Ground) -> list[tuple[str, int, int, str]]:
    with Session(g.engine) as session:
        rows = session.scalars(select(NightShard).where(NightShard.state == "failed").order_by(NightShard.id))
        return [(each.stage, each.first_id, each.n_taken, each.error) for each in rows]


def states(g: Ground) -> set[str]:
    with Session(g.engine) as session:
        return set(session.scalars(select(NightShard.state).where(NightShard.error == "")))


def plainly(g: Ground, without: int) -> list[tuple[object, ...]]:
    """List what one who writes row by row writes, without one contact."""
    with Session(g.engine) as session:
        session.get_one(Contact, without).digest = "paused"
        session.flush()
        write_one_by_one(session)
        found = written(session)
        session.rollback()
        return found


def test_a_reader_who_cannot_be_written_to_costs_nobody_else_a_letter(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(night, "CONTACTS_AT_ONCE", 20)
    fill(g, 20, n_open=3)
    bad = contact_of(g, 13)
    expected = plainly(g, without=bad)
    poison(monkeypatch, bad)
    night_id = allotted(g)
    with capture_logs() as said:
        assert job.work(g) == 1
    with Session(g.engine) as session:
        assert written(session) == expected
        assert session.get_one(Night, night_id).stage == "done"
    assert failed(g) == [("write", bad, 1, f"contact {bad}: ValueError: no pen for {bad}")]
    assert aside(said) == [(night_id, "write", 2, f"contact {bad}: ValueError: no pen for {bad}")]
    assert next(each for each in said if each["event"] == "shard set aside")["exc_info"]
    assert states(g) == {"done"}
    assert "19 readers looked at, 19 letters written, 1 of 2 shards, 1 set aside" in job.newest_line(g)
    with Session(g.engine) as session:
        (shown,) = steward_page.steward_page(session, address="", now=NOW).nights
    assert shown.set_aside == (f"1 reader got no digest: contact {bad}: ValueError: no pen for {bad}",)
    assert (job.night_due(g, at=NOW), count(g, Letter), count(g, Night)) == (0, 19, 1)  # not before tomorrow
    begin(g)  # by hand, after it was mended
    monkeypatch.undo()
    monkeypatch.setattr(job, "now", lambda: NOW)
    assert (job.work(g), count(g, Letter)) == (1, 20)


def test_an_opportunity_that_cannot_be_told_is_left_out_of_all_letters_and_noted_once(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(g, 9, n_open=3)
    with transaction(g.engine) as session:
        bad = session.scalars(select(Opportunity).order_by(Opportunity.id)).all()[1]
        bad.title, bad_id = "bad", bad.id
    unspeakable(monkeypatch, "bad")
    allotted(g)
    assert job.work(g) == 3
    assert failed(g) == [("write", bad_id, 0, f"opportunity {bad_id}: KeyError: 'bad'")]
    with Session(g.engine) as session:
        offers = [len(each.values["offers"]) for each in session.scalars(select(Letter))]
        assert offers == [2] * 9
        assert bad_id not in set(session.scalars(select(Introduction.opportunity_id)))
        (shown,) = steward_page.steward_page(session, address="", now=NOW).nights
    assert shown.set_aside == (f"Nobody was told this: opportunity {bad_id}: KeyError: 'bad'",)
    with transaction(g.engine) as session:  # of the two that some firms were told of they may be told no more
        session.execute(delete(Digest))
    assert (job.night_due(g, at=NOW), count(g, Introduction)) == (0, 18)


def test_an_offer_that_cannot_be_told_to_one_reader_costs_nothing_else(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(g, 3, n_open=2)
    allotted(g)
    bad = contact_of(g, 1)
    real = writing._left

    def left(told: Any, *there: Any) -> list[Any]:
        offers = real(told, *there)
        if told.contact_id == bad and any(one.opportunity_id == first for one in offers):
            raise ValueError("not these two")
        return offers

    with Session(g.engine) as session:
        first = session.scalars(select(Opportunity.id).order_by(Opportunity.id)).all()[0]
    monkeypatch.setattr(writing, "_left", left)
    assert job.work(g) == 1
    assert failed(g) == [("write", bad, 0, f"contact {bad}, opportunity {first}: ValueError: not these two")]
    assert (count(g, Letter), count(g, Introduction)) == (3, 5)


def test_two_bad_readers_of_one_part_are_found_both(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(night, "CONTACTS_AT_ONCE", 12)
    fill(g, 12, n_open=2)
    poison(monkeypatch, contact_of(g, 2), contact_of(g, 11))
    allotted(g)
    assert job.work(g) == 1
    assert [row[1] for row in failed(g)] == [contact_of(g, 2), contact_of(g, 11)]
    assert count(g, Letter) == 10


def test_what_fails_for_everybody_is_set_aside_as_a_part_and_not_row_by_row(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(night, "CONTACTS_AT_ONCE", 15)
    monkeypatch.setattr(sparing, "MOST", 4)
    fill(g, 15, n_open=2)
    poison(monkeypatch, *(contact_of(g, n) for n in range(15)))
    allotted(g)
    assert job.work(g) == nights.MAX_TRIES
    ((stage, _, n_taken, error),) = failed(g)
    assert (stage, n_taken) == ("write", 15)
    assert error.startswith("ValueError: no pen for ")
    assert (count(g, Letter), count(g, Introduction)) == (0, 0)


def test_a_worker_that_ends_while_it_looks_for_the_guilty_leaves_all_as_it_was(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(g, 3, n_open=2)
    bad = contact_of(g, 1)
    poison(monkeypatch, bad)
    allotted(g)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(sparing.spoilt, "note", interrupted)
        with pytest.raises(KeyboardInterrupt):
            job.work(g)
    assert (failed(g), count(g, Letter), count(g, Allotment)) == ([], 0, 6)
    assert job.work(g) == 1
    assert ([row[1] for row in failed(g)], count(g, Letter)) == ([bad], 2)


def test_a_database_that_goes_away_sets_no_row_aside(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(g, 3)
    allotted(g)
    tries = []

    def away(*_: object, **__: object) -> None:
        tries.append(1)
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(night, "write_shard", away)
        assert job.work(g) == nights.MAX_TRIES
    assert len(tries) == nights.MAX_TRIES
    assert [row[2] for row in failed(g)] == [3]


@pytest.fixture
def to_rank(g: Ground, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Write opportunities that nobody ranked, of which the third cannot be; return their ids."""
    monkeypatch.setattr(allotting, "FLOOR", ScoreFloor(score=0.0, best_few=3, score_of_few=0.0))
    g._embedder = HashEmbedder()
    with transaction(g.engine) as session:
        make.competencies(session)
        make.firm(session, "reader00")
        ids = [make.opportunity(session, make.firm(session, f"poster{n}", digest="paused")).id for n in range(6)]
    real = matching._found

    def found(ranker: Any, posted: Any, *rest: Any, **named: Any) -> Any:
        if posted.id == ids[2]:
            raise ZeroDivisionError("nothing to divide by")
        return real(ranker, posted, *rest, **named)

    monkeypatch.setattr(matching, "_found", found)
    return ids


def test_an_opportunity_that_cannot_be_ranked_costs_no_other_its_ranking(g: Ground, to_rank: list[int]) -> None:
    begin(g)
    job.work(g)
    assert failed(g) == [("match", to_rank[2], 1, f"opportunity {to_rank[2]}: ZeroDivisionError: nothing to divide by")]
    with Session(g.engine) as session:
        ranked = select(Opportunity.id).where(Opportunity.matched_at == NOW).order_by(Opportunity.id)
        assert session.scalars(ranked).all() == [each for each in to_rank if each != to_rank[2]]


def test_an_opportunity_that_could_not_be_ranked_begins_no_night_every_few_minutes(
    g: Ground, to_rank: list[int]
) -> None:
    begin(g)
    job.work(g)
    with transaction(g.engine) as session:
        session.execute(delete(Digest))
    later = NOW + timedelta(minutes=10)
    with transaction(g.engine) as session:
        assert night.stale.to_rank(session, before=later - night.RANK_AGAIN_AFTER) == []
    tomorrow = NOW + timedelta(days=1)
    with transaction(g.engine) as session:
        assert to_rank[2] in night.stale.to_rank(session, before=tomorrow - night.RANK_AGAIN_AFTER)


def test_an_opportunity_whose_reserve_cannot_be_explained_costs_no_other_its_offers(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "N_LISTED", 1)
    monkeypatch.setattr(digest, "MAX_OFFERS", 1)
    monkeypatch.setattr(digest, "MAX_PARTNERS", 2)
    monkeypatch.setattr(allotting, "FLOOR", ScoreFloor(score=0.0, best_few=3, score_of_few=0.0))
    fill_reserve(g)
    night_id = explaining(g)
    with Session(g.engine) as session:
        unexplained = select(Allotment.opportunity_id).where(Allotment.match_id.is_(None))
        bad, *others = sorted(set(session.scalars(unexplained)))
        n_told, n_lost = (
            len(session.scalars(select(Allotment.contact_id).where(*which)).all())
            for which in ((), (Allotment.opportunity_id == bad, Allotment.match_id.is_(None)))
        )
    assert others
    real = matching.explain

    def explain(session: Session, shelf: Any, embedder: Any, wanted: Any, **named: Any) -> Iterator[Any]:
        for each in real(session, shelf, embedder, wanted, **named):
            if each.opportunity_id == bad:
                raise ValueError("inexplicable")
            yield each

    monkeypatch.setattr(matching, "explain", explain)
    job.work(g)
    assert failed(g) == [("explain", bad, 1, f"opportunity {bad}: ValueError: inexplicable")]
    assert count(g, Letter) == n_told - n_lost
    with Session(g.engine) as session:
        assert session.get_one(Night, night_id).stage == "done"


def test_two_workers_that_note_one_at_once_give_it_two_numbers(g: Ground) -> None:
    fill(g, 6)
    night_id = allotted(g)
    with transaction(g.engine) as session:
        first = nights.claim(session, night_id, "write", worker="one", now=NOW)
    assert first
    numbers = []
    for contact_id in (1, 2):
        with transaction(g.engine) as session:
            who = sparing.Spoilt(contact_id=contact_id)
            numbers.append(sparing.spoilt.note(session, first, who, error="x\0y", at=NOW))
    assert numbers == [3, 4]


def test_by_hand_too_a_reader_who_cannot_be_written_to_costs_nobody_else_a_letter(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_hand, "ground", lambda: g)
    monkeypatch.setattr(by_hand, "now", lambda: NOW)
    fill(g, 8, n_open=2)
    bad = contact_of(g, 3)
    poison(monkeypatch, bad)
    ran = CliRunner().invoke(by_hand.main, ["--day", str(DAY)])
    assert (ran.exit_code, count(g, Letter), count(g, Introduction)) == (1, 7, 14)
    assert f"Digests written: 7. Not written: those of contact {bad}; the log says why." in ran.stderr
    poison(monkeypatch, *(contact_of(g, n) for n in range(8)))
    monkeypatch.setattr(by_hand, "MOST", 0)
    assert isinstance(CliRunner().invoke(by_hand.main, ["--day", str(DAY)]).exception, ValueError)
