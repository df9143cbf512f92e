"""Nobody is told by facts that are no longer so: what changed since a ranking is ranked anew, or not told."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from jobs import night as job
from jobs.ground import Ground
from matcher import matching, night
from matcher.models import Allotment, Contact, Letter, Match, Opportunity, Partner
from matcher.night import allotting
from matcher.store import stale
from matcher.terms import ScoreFloor
from tests import factories as make
from tests.factories import DAY, NOW
from tests.fakes import HashEmbedder
from tests.night.filled import begin, fill
from web.db import transaction

RANKED = NOW - timedelta(hours=3)


@pytest.fixture
def ranked(g: Ground, monkeypatch: pytest.MonkeyPatch) -> Ground:
    """Rank two firms for one opportunity, three hours ago; all of them were as they are a day before."""
    monkeypatch.setattr(allotting, "FLOOR", ScoreFloor(score=0.0, best_few=3, score_of_few=0.0))
    g._embedder = HashEmbedder()
    with transaction(g.engine) as session:
        make.competencies(session)
        make.opportunity(session, make.firm(session, "poster", digest="paused"), jurisdiction="US")
        for n in range(2):
            row = session.get_one(Partner, make.firm(session, f"reader{n}").partner_id)
            row.profile, row.jurisdictions = "We move mailboxes to Exchange Online.", ["US"]
        session.flush()
        matching.read_partners(session, now=NOW)
        while make.embed(session, g.embedder):
            pass
        session.execute(update(Partner).values(changed_at=NOW - timedelta(days=1)))
    rank(g)
    return g


def rank(g: Ground) -> None:
    with transaction(g.engine) as session:
        for row in session.scalars(select(Opportunity)):
            assert matching.match(session, g.shelf, g.embedder, row.id, now=RANKED) == 2


def change(g: Ground, key: str, **facts: object) -> None:
    with transaction(g.engine) as session:
        changed = update(Partner).where(Partner.key == key).values(changed_at=NOW - timedelta(hours=1), **facts)
        session.execute(changed)


def to_rank(g: Ground) -> list[int]:
    with transaction(g.engine) as session:
        return stale.to_rank(session, before=NOW - timedelta(hours=20))


def told(g: Ground) -> list[str]:
    assert begin(g)
    job.work(g)
    with Session(g.engine) as session:
        return sorted(session.scalars(select(Letter.to_address)))


def test_what_was_ranked_lately_is_left_as_it_is(ranked: Ground) -> None:
    assert to_rank(ranked) == []
    assert told(ranked) == ["anna@reader0.example", "anna@reader1.example"]


def test_a_firm_that_a_rule_forbids_since_its_ranking_is_not_told(ranked: Ground) -> None:
    change(ranked, "reader0", jurisdictions=["EU"])
    assert len(to_rank(ranked)) == 1
    assert told(ranked) == ["anna@reader1.example"]


def test_a_poster_that_changed_since_has_its_work_ranked_anew(ranked: Ground) -> None:
    change(ranked, "poster", conflict_keys=["reader1"])
    assert len(to_rank(ranked)) == 1
    assert told(ranked) == ["anna@reader0.example"]


def test_a_firm_that_was_not_found_changes_no_ranking(ranked: Ground) -> None:
    with transaction(ranked.engine) as session:
        make.firm(session, "elsewhere")
    change(ranked, "elsewhere")
    assert to_rank(ranked) == []


def test_what_an_open_night_has_allotted_is_not_ranked_anew_before_it_is_told(ranked: Ground) -> None:
    night_id = begin(ranked)
    assert night_id
    with transaction(ranked.engine) as session:
        assert night.advance(session, night_id, now=NOW) == "write"
    change(ranked, "reader0", jurisdictions=["EU"])
    assert to_rank(ranked) == []
    with transaction(ranked.engine) as session:
        session.execute(delete(Allotment))
    assert len(to_rank(ranked)) == 1


@pytest.mark.parametrize(("changed", "told"), [("reader00", ["anna@reader01.example"]), ("poster0", [])])
def test_a_digest_by_hand_tells_nothing_of_before_a_change(g: Ground, changed: str, told: list[str]) -> None:
    fill(g, 2)
    with transaction(g.engine) as session:
        session.execute(update(Partner).values(changed_at=RANKED))
        session.execute(update(Match).values(created_at=RANKED))
    change(g, changed)
    assert allotted_by_hand(g) == told


def test_a_match_of_before_a_change_is_not_told_because_others_were_ranked_after_it(g: Ground) -> None:
    """As when a letter came too late whose reader had been asked, and was left out, when the others were ranked."""
    fill(g, 2)
    with transaction(g.engine) as session:
        session.execute(update(Partner).values(changed_at=RANKED))
        session.execute(update(Match).values(created_at=RANKED))
        session.execute(update(Opportunity).values(matched_at=NOW))
    change(g, "reader00")
    assert allotted_by_hand(g) == ["anna@reader01.example"]


def allotted_by_hand(g: Ground) -> list[str]:
    with transaction(g.engine) as session:
        found = allotting.allot(session, allotting.readers_of(session, DAY), day=DAY)
        return [session.get_one(Contact, each.contact_id).email for each in found]
