"""The program against trying everything."""

import random

import pytest

from matcher.teams import FOUR_EACH, SHARED, Staffing, propose
from matcher.terms import Team
from tests.teams.brute import NOBODY, Best, best_of_all
from tests.teams.markets import POSTER, market
from tests.teams.rules import broken_rules

N_MARKETS = 2_000
TWO_EACH = Staffing(people_each=2, days_each=3, needs_each=0)
ONE_NEED_EACH = Staffing(people_each=1, days_each=0, needs_each=1)
STAFFINGS = (SHARED, SHARED, TWO_EACH, ONE_NEED_EACH, FOUR_EACH)


def as_compared(team: Team, n_needs: int, candidates: dict[int, dict[int, int]]) -> Best:
    """Say a team as the brute force says its own."""
    taker = {need: part.partner_id for part in team.parts for need in part.needs}
    score = sum(candidates[one][need] for need, one in taker.items())
    takers = tuple(taker.get(need, NOBODY) for need in range(n_needs))
    members = tuple(part.partner_id for part in team.parts)
    return len(team.uncovered), len(members), -team.n_ties, -score, members, takers


@pytest.mark.slow
def test_on_two_thousand_small_markets_the_team_is_the_one_that_trying_everything_finds() -> None:
    rng = random.Random(4)
    sizes = set()
    for number in range(N_MARKETS):
        n_needs, staffing = rng.randint(1, 4), STAFFINGS[number % len(STAFFINGS)]
        candidates = market(rng, n_candidates=rng.choice((1, 2, 3, 3, 4, 5)), n_needs=n_needs)
        team = propose(candidates, n_needs, poster_id=POSTER, staffing=staffing)
        best = best_of_all(candidates, n_needs, poster_id=POSTER, staffing=staffing)
        scores = {one.partner_id: {at: round(each * 100) for at, each in one.scores.items()} for one in candidates}
        assert team.gap == 0.0, number
        assert as_compared(team, n_needs, scores) == best, number
        assert broken_rules(team, candidates, n_needs, poster_id=POSTER, staffing=staffing) == (), number
        sizes.add((len(team.parts), bool(team.uncovered)))
    assert len(sizes) >= 7  # teams of none to three, with and without needs left open
