"""Where the best have their offers of the day, those behind them are asked, and told why."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs import digest as job_of_day
from jobs import night as job
from jobs.ground import Ground
from matcher import digest, matching, night
from matcher.models import (
    Allotment,
    Contact,
    Introduction,
    Letter,
    Match,
    NightShard,
    Opportunity,
    Partner,
    Reserve,
)
from matcher.night import allotting
from matcher.store import matched, matches
from matcher.store.matched import Found
from matcher.terms import Reserve as Behind
from matcher.terms import ScoreFloor
from tests import factories as make
from tests.factories import DAY, NOW
from tests.fakes import HashEmbedder
from tests.night.filled import begin
from web.db import transaction

N_FIRMS, N_OPEN = 4, 3


@pytest.fixture(autouse=True)
def _one_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """List one match an opportunity, tell each reader of one, ask two of each, and take whoever is found."""
    monkeypatch.setattr(matching, "N_LISTED", 1)
    monkeypatch.setattr(digest, "MAX_OFFERS", 1)
    monkeypatch.setattr(digest, "MAX_PARTNERS", 2)
    monkeypatch.setattr(allotting, "FLOOR", ScoreFloor(score=0.0, best_few=3, score_of_few=0.0))


def fill(g: Ground) -> None:
    """Write firms of which the first is the best, and opportunities that all of them could take."""
    g._embedder = HashEmbedder()
    with transaction(g.engine) as session:
        make.competencies(session)
        posters = [make.firm(session, f"poster{n}", digest="paused") for n in range(N_OPEN)]
        for each in posters:
            make.opportunity(session, each)
        for n in range(N_FIRMS):
            row = session.get_one(Partner, make.firm(session, f"reader{n}").partner_id)
            row.profile = "We move mailboxes to Exchange Online. " + "We sell printers. " * n
        session.flush()
        matching.read_partners(session, now=NOW)
        while make.embed(session, g.embedder):
            pass


def asked(session: Session) -> list[tuple[int, int]]:
    pairs = session.execute(select(Introduction.opportunity_id, Introduction.partner_id))
    return sorted((row[0], row[1]) for row in pairs)


def test_those_in_reserve_are_asked_and_told_why_they_match(g: Ground) -> None:
    fill(g)
    begin(g)
    job.work(g)
    with transaction(g.engine) as session:
        pairs = asked(session)
        assert len({partner for _, partner in pairs}) == len(pairs) == N_FIRMS
        assert len({opportunity for opportunity, _ in pairs}) == 2
        found = {(each.opportunity_id, each.partner_id): each for each in session.scalars(select(Match))}
        behind = [found[each] for each in pairs if found[each].place > 1]
        assert len(behind) == N_FIRMS - 1  # all list the same one
        assert all(each.why_you and each.why_them and each.reasons and each.signals for each in behind)
        said = {session.get_one(Letter, row.id).values["offers"][0]["why"] for row in session.scalars(select(Letter))}
        assert said == {found[each].why_you for each in pairs}
        stages = session.scalars(select(NightShard.stage).distinct().order_by(NightShard.stage)).all()
        assert stages == ["explain", "match", "write"]
    assert job.newest_line(g) == (
        f"Night of {DAY}, done: 3 opportunities ranked, 3 matches found, 1 of 1 shards; 2 opportunities gone back to, "
        "3 matches explained, 1 of 1 shards; 4 readers looked at, 4 letters written, 2 of 2 shards"
    )


def test_a_place_in_reserve_is_the_one_that_the_whole_ranking_gives(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(g)
    begin(g)
    job.work(g)
    monkeypatch.setattr(matching, "N_LISTED", 25)
    with transaction(g.engine) as session:
        for row in session.scalars(select(Opportunity)).all():
            stored = {each.partner_id: each for each in matches.for_poster(session, row.id, limit=25)}
            whole = matching.ranked(session, g.shelf, g.embedder, row, now=NOW).matches
            excluded = {partner for opportunity, partner in asked(session) if opportunity == row.id}
            assert excluded <= set(stored)
            assert not excluded & {each.partner_id for each in whole}
            right = {each.partner_id: each.score for each in whole}
            kept = session.get_one(Reserve, row.id)
            for partner_id, score in zip(kept.partner_ids, kept.scores, strict=True):
                assert partner_id in excluded or score == pytest.approx(right[partner_id], abs=1e-6)


def explaining(g: Ground) -> int:
    """Go through a night until some of the reserve are to be explained."""
    night_id = begin(g)
    assert night_id
    assert job.step(g, night_id, "match", "one") == "shard"
    assert job.step(g, night_id, "match", "one") == "explain"
    return night_id


def test_whoever_left_meanwhile_is_not_told(g: Ground) -> None:
    fill(g)
    night_id = explaining(g)
    with transaction(g.engine) as session:
        gone = session.scalar(select(Allotment.partner_id).where(Allotment.match_id.is_(None)).limit(1))
        row = session.get_one(Partner, gone)
        row.state, row.changed_at = "left", NOW
    job.work(g)
    with transaction(g.engine) as session:
        assert gone not in {partner for _, partner in asked(session)}
        assert len(asked(session)) == N_FIRMS - 1
        assert night.nights.night(session, night_id).stage == "done"


def test_where_explaining_fails_the_others_are_told(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(g)
    explaining(g)
    monkeypatch.setattr(matching, "explain", lambda *_, **__: 1 / 0)
    job.work(g)
    with transaction(g.engine) as session:
        failed = session.scalars(select(NightShard.error).where(NightShard.state == "failed")).all()
        assert set(failed) == {f"opportunity {n}: ZeroDivisionError: division by zero" for n in (1, 2)}
        assert len(asked(session)) == 1  # the one that was listed


def test_by_hand_a_day_tells_the_same(g: Ground) -> None:
    fill(g)
    with transaction(g.engine) as session:
        rows = session.scalars(select(Opportunity)).all()
        found = list(matching.ranked_many(session, g.shelf, g.embedder, rows, now=NOW))
        matched.replace_many(session, found, version="v", at=NOW)
    [told] = job.preview(g, at=NOW, day=DAY)
    assert told == f"{DAY}: 4 letters with 4 offers of 2 opportunities"
    assert job_of_day.digest_day(g, DAY, at=NOW) == N_FIRMS
    with transaction(g.engine) as session:
        assert len(asked(session)) == N_FIRMS
        made_from = session.scalars(select(Introduction.match_id)).all()
        assert None not in made_from


def test_nobody_in_reserve_is_offered_its_own_work_nor_twice_nor_what_is_too_far_off(g: Ground) -> None:
    fill(g)
    with transaction(g.engine) as session:
        row = session.scalars(select(Opportunity).order_by(Opportunity.id)).first()
        assert row
        readers = allotting.readers_of(session, DAY)
        firms = list(session.scalars(select(Partner.id).where(Partner.key.like("reader%")).order_by(Partner.id)))
        told = session.scalars(select(Partner).where(Partner.id == firms[1])).one()
        contact = next(each for each in allotting_contacts(session) if each.partner_id == told.id)
        make.asked(session, row, contact)
        behind = Behind((row.partner_id, *firms), (0.9, 0.5, 0.5, 0.1, 0.5))
        matched.replace_many(session, [Found(row.id, (), None, behind)], version="v", at=NOW)
        contacts = [each.id for each in allotting_contacts(session)]
        floor = replace(allotting.FLOOR, score=0.17)
        offers = matches.offers(session, contact_ids=contacts, floor=floor, today=DAY)
        assert {one.partner_id for one in offers} == {firms[0], firms[3]}
        assert {one.match_id for one in offers} == {None}
        assert matches.firms_with_offers(session, floor=floor, today=DAY) == [firms[0], firms[3]]
        full = replace(floor, full_at=1)
        assert matches.offers(session, contact_ids=contacts, floor=full, today=DAY) == []
        assert matches.firms_with_offers(session, floor=full, today=DAY) == []
        assert not readers  # nothing had been ranked then


def test_whom_a_night_explained_and_did_not_tell_is_offered_once(g: Ground) -> None:
    fill(g)
    with transaction(g.engine) as session:
        row = session.scalars(select(Opportunity).order_by(Opportunity.id)).first()
        assert row
        firm = session.scalars(select(Partner).where(Partner.key == "reader1")).one()
        matched.replace(session, row.id, (), version="v", at=NOW, reserve=Behind((firm.id,), (0.5,)))
        explained = make.match(session, row, firm.id, score=0.5, place=2)
        contacts = [each.id for each in allotting_contacts(session)]
        [offer] = matches.offers(session, contact_ids=contacts, floor=allotting.FLOOR, today=DAY)
        assert (offer.match_id, offer.partner_id) == (explained.id, firm.id)


def test_the_best_few_that_nobody_reaches_the_floor_for_are_not_others_each_day(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allotting, "FLOOR", ScoreFloor(score=2.0, best_few=1, score_of_few=0.0))
    fill(g)
    for n in range(N_OPEN + 1):
        at = NOW + timedelta(days=n)
        monkeypatch.setattr(job, "now", lambda at=at: at)
        with transaction(g.engine) as session:
            night.begin_day(session, at.date(), now=at)
        job.work(g)
    with transaction(g.engine) as session:
        opportunities = [opportunity for opportunity, _ in asked(session)]
        assert len(opportunities) == len(set(opportunities)) == N_OPEN
        row = session.scalars(select(Opportunity)).first()
        assert row
        places = [each.place for each in matches.for_poster(session, row.id, limit=25)]
        assert places == [1, 2]  # whoever is ranked now stands behind whoever was asked


def allotting_contacts(session: Session) -> list[Contact]:
    return list(session.scalars(select(Contact)))


def test_a_new_ranking_takes_the_place_of_the_old_reserve(g: Ground) -> None:
    fill(g)
    with transaction(g.engine) as session:
        row = session.scalars(select(Opportunity)).first()
        assert row
        matched.replace(session, row.id, (), version="v", at=NOW, reserve=Behind((7, 8), (0.5, 0.4)))
        assert session.get_one(Reserve, row.id).partner_ids == [7, 8]
        session.expire_all()
        matched.replace_many(session, [Found(row.id, (), None)], version="v", at=NOW)
        assert session.scalars(select(Reserve)).all() == []


def test_a_poster_is_told_of_all_that_could_be_asked_up_to_as_many_as_are(g: Ground) -> None:
    fill(g)

    def n_found(session: Session, row: Opportunity, most: int) -> int:
        return matches.n_found(session, row.id, floor=allotting.FLOOR, today=DAY, most=most)

    with transaction(g.engine) as session:
        row = session.scalars(select(Opportunity)).first()
        assert row
        assert n_found(session, row, 25) == 0
        matching.match(session, g.shelf, g.embedder, row.id, now=NOW)
        assert n_found(session, row, 25) == len(session.get_one(Reserve, row.id).partner_ids) + 1 > 2
        assert n_found(session, row, 2) == 2


def another(session: Session, old: Match, why_you: str) -> Match:
    """Write a match between the same two under another version."""
    new = Match(
        opportunity_id=old.opportunity_id, partner_id=old.partner_id, version="newer", place=old.place,
        score=old.score, reasons=old.reasons, why_you=why_you, why_them=old.why_them, signals=old.signals,
        created_at=NOW,
    )  # fmt: skip
    session.add(new)
    session.flush()
    return new


def test_of_two_matches_the_newer_is_told_and_one_that_was_named_and_is_gone_is_not(g: Ground) -> None:
    fill(g)
    night_id = explaining(g)
    assert job.step(g, night_id, "explain", "one") == "shard"
    with transaction(g.engine) as session:
        offers = session.scalars(select(Allotment).order_by(Allotment.contact_id)).all()
        behind = next(one for one in offers if one.match_id is None)
        named = next(one for one in offers if one.match_id is not None)
        of_both = select(Match).where(Match.opportunity_id == behind.opportunity_id)
        newer = another(session, session.scalars(of_both.where(Match.partner_id == behind.partner_id)).one(), "Newer.")
        replaced = session.get_one(Match, named.match_id)
        session.delete(replaced)
        session.flush()
        another(session, replaced, "Found anew.")
        told, left, newest = behind.contact_id, named.contact_id, newer.id
    job.work(g)
    with transaction(g.engine) as session:
        letters = {each.contact_id: each.values["offers"] for each in session.scalars(select(Letter))}
        assert [one["why"] for one in letters[told]] == ["Newer."]
        asked_of = session.scalars(select(Introduction).where(Introduction.contact_id == told)).one()
        assert asked_of.match_id == newest
        assert "Found anew." not in {one["why"] for one in letters.get(left, [])}
        assert len(letters) == N_FIRMS - 1
