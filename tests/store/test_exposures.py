"""What past rankings owe: bands of partners who could do the work and were seldom put forward."""

from datetime import timedelta

from sqlalchemy.orm import Session

from matcher.models import Opportunity
from matcher.ranking.exposure import LEAST_RANKINGS
from matcher.store.exposures import lifts_of
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
