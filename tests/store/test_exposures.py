"""What past rankings owe: bands of partners who could do the work and were seldom put forward."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matcher.models import Contact, Exposure, LiftsOfDay, Match, Opportunity
from matcher.models import Partner as Firm
from matcher.ranking.exposure import LEAST_RANKINGS
from matcher.store import exposures
from matcher.store.exposures import NEWCOMER_WAITS, WAITS, lifts_of, lifts_of_day, waiting
from matcher.terms import Capability, Network, Partner
from tests import factories as make

SMALL, LARGE = "1 to 10 people", "over 250 people"


def market(session: Session, *, n_rankings: int, days_ago: int = 1) -> Network:
    """Rank so many opportunities for a small and a large firm, both able; only the large one ever stands first."""
    poster, small, large = (make.firm(session, key) for key in ("poster", "small", "large"))
    make.competencies(session)
    for _ in range(n_rankings):
        row: Opportunity = make.opportunity(session, poster)
        row.matched_at = make.NOW - timedelta(days=days_ago)
        make.match(session, row, large.partner_id, place=1)
    session.flush()
    ids = {small.partner_id: 5, large.partner_id: 900, poster.partner_id: 40}
    firms = {one: Partner(one, f"firm{one}", f"Firm {one}", "IE", n_people=n) for one, n in ids.items()}
    return Network(firms, {}, tuple(Capability(one, "mail", "", "mail") for one in ids))


def test_a_band_that_was_passed_over_is_lifted_and_the_other_lowered(session: Session) -> None:
    known = market(session, n_rankings=LEAST_RANKINGS)
    lifts = lifts_of(session, known, now=make.NOW)
    assert lifts[SMALL] > 0 > lifts[LARGE]
    assert "11 to 50 people" not in lifts  # the poster itself is owed nothing


def test_few_rankings_owe_nothing(session: Session) -> None:
    assert lifts_of(session, market(session, n_rankings=LEAST_RANKINGS - 1), now=make.NOW) == {}


def test_rankings_of_long_ago_owe_nothing(session: Session) -> None:
    assert lifts_of(session, market(session, n_rankings=LEAST_RANKINGS, days_ago=61), now=make.NOW) == {}


def test_only_the_newest_rankings_say_what_is_owed(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exposures, "MOST_RANKINGS", LEAST_RANKINGS)
    known = market(session, n_rankings=2 * LEAST_RANKINGS)
    for row in session.query(Opportunity).order_by(Opportunity.id).limit(LEAST_RANKINGS):
        row.matched_at = make.NOW - timedelta(days=50)
        session.query(Match).filter_by(opportunity_id=row.id).update({"place": 99})
    session.flush()
    assert lifts_of(session, known, now=make.NOW)[SMALL] > 0
    monkeypatch.setattr(exposures, "MOST_RANKINGS", 1)
    assert lifts_of(session, known, now=make.NOW) == {}


def test_all_workers_of_a_night_lift_alike_though_rankings_change_meanwhile(session: Session) -> None:
    known = market(session, n_rankings=LEAST_RANKINGS)
    first = lifts_of_day(session, known, now=make.NOW, keep=True)
    assert first[SMALL] > 0
    session.execute(delete(Match))
    assert lifts_of_day(session, known, now=make.NOW, keep=True) == first
    assert lifts_of_day(session, known, now=make.NOW, keep=False) == first
    assert lifts_of_day(session, known, now=make.NOW + timedelta(days=1), keep=False) != first


def test_whoever_waits_for_one_ranking_keeps_nothing_for_others(session: Session) -> None:
    known = market(session, n_rankings=LEAST_RANKINGS)
    assert lifts_of_day(session, known, now=make.NOW, keep=False)[SMALL] > 0
    assert session.scalar(select(LiftsOfDay)) is None


def reader(session: Session, key: str, *, n_people: int, here_days: int, told_on: date | None = None) -> int:
    """Insert a firm of a size and age that was told of something on a day; return its reader's id."""
    to: Contact = make.firm(session, key)
    firm = session.get_one(Firm, to.partner_id)
    firm.n_people, firm.created_at = n_people, make.NOW - timedelta(days=here_days)
    if told_on:
        row = make.opportunity(session, to)
        sent = make.letter(session, "digest", to, [])
        shown = {"opportunity_id": row.id, "partner_id": to.partner_id, "contact_id": to.id, "letter_id": sent.id}
        session.add(Exposure(**shown, place=1, shown_on=told_on))
    session.flush()
    return to.id


def test_newcomers_wait_a_fortnight_and_small_and_young_firms_a_month_the_longest_first(session: Session) -> None:
    day, fortnight, month = make.DAY, NEWCOMER_WAITS + timedelta(days=1), WAITS + timedelta(days=1)
    large = reader(session, "large", n_people=900, here_days=400)
    small_lately = reader(session, "lately", n_people=5, here_days=400, told_on=day - fortnight)
    small_long_ago = reader(session, "long", n_people=5, here_days=400, told_on=day - month)
    small_longer_ago = reader(session, "longer", n_people=5, here_days=400, told_on=day - 2 * month)
    young_never = reader(session, "young", n_people=900, here_days=300)
    young_lately = reader(session, "young lately", n_people=900, here_days=300, told_on=day - fortnight)
    new_lately = reader(session, "new lately", n_people=900, here_days=20, told_on=day - timedelta(days=3))
    new_told = reader(session, "new told", n_people=900, here_days=80, told_on=day - fortnight)
    new_never = reader(session, "new", n_people=900, here_days=20)
    elsewhere = reader(session, "elsewhere", n_people=1, here_days=20)
    asked = [large, small_lately, small_long_ago, small_longer_ago, young_never, young_lately, new_lately, new_told]
    first = [new_never, new_told, young_never, small_longer_ago, small_long_ago]
    assert waiting(session, [*asked, new_never], today=day) == first
    assert elsewhere not in waiting(session, asked, today=day)
