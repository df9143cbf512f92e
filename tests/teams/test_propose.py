"""The team that is proposed, in cases small enough to see."""

import random

import pytest

from matcher.teams import FOUR_EACH, SHARED, Candidate, TeamPerson, alone, propose
from matcher.teams.candidate import shortlist
from matcher.teams.few import best_few
from matcher.teams.propose import best_of_any_size
from matcher.terms import Part, Team
from tests.teams.markets import market
from tests.teams.rules import broken_rules

POSTER = 100
VIRTUALIZATION, DIRECTORY, MAIL = range(3)


def firm(partner_id: int, *needs: int, score: float = 0.5, **facts: object) -> Candidate:
    """Make a firm that covers some needs with one person who can do them all."""
    told = {"people": (TeamPerson("Ann", frozenset(needs)),)} | facts
    return Candidate(partner_id, dict.fromkeys(needs, score), **told)  # type: ignore[arg-type]


def members(team: Team) -> list[int]:
    return [part.partner_id for part in team.parts]


def bench(n_people: int, n_needs: int) -> Candidate:
    """Make a firm of many people who all can do everything."""
    able = frozenset(range(n_needs))
    return firm(1, *able, people=tuple(TeamPerson(f"person {at:03}", able) for at in range(n_people)))


def test_one_architect_for_virtualization_directory_and_mail_is_one_firm() -> None:
    architect = firm(1, VIRTUALIZATION, DIRECTORY, MAIL)
    others = [firm(2, VIRTUALIZATION, score=0.9), firm(3, DIRECTORY, score=0.9), firm(4, MAIL, score=0.9)]
    team = propose([*others, architect], 3, poster_id=POSTER)
    assert team == Team((Part(1, (0, 1, 2), ((0, "Ann"), (1, "Ann"), (2, "Ann")), 1.5),), score=1.5)


def test_an_architect_with_too_few_free_days_needs_a_second_firm() -> None:
    busy = firm(1, 0, 1, 2, people=(TeamPerson("Ann", frozenset({0, 1, 2}), free_days=2 * SHARED.days_each),))
    team = propose([busy, firm(2, 2, score=0.1)], 3, poster_id=POSTER)
    assert [(part.partner_id, part.needs) for part in team.parts] == [(1, (0, 1)), (2, (2,))]


@pytest.mark.parametrize(("n_people", "n_competencies"), [(3, 0), (4, 1), (16, 4), (17, 4), (20, 5)])
def test_by_the_old_rule_a_firm_holds_one_competency_for_every_four_people(n_people: int, n_competencies: int) -> None:
    team = propose([bench(n_people, 6)], 6, poster_id=POSTER, staffing=FOUR_EACH)
    assert 6 - len(team.uncovered) == n_competencies
    assert broken_rules(team, [bench(n_people, 6)], 6, poster_id=POSTER, staffing=FOUR_EACH) == ()


@pytest.mark.parametrize(("n_people", "n_lacking"), [(119, 1), (120, 0)])
def test_by_the_old_rule_thirty_competencies_take_a_hundred_and_twenty_people(n_people: int, n_lacking: int) -> None:
    team = propose([bench(n_people, 30)], 30, poster_id=POSTER, staffing=FOUR_EACH)
    assert (len(team.uncovered), team.gap) == (n_lacking, 0.0)
    assert len({name for part in team.parts for _, name in part.people}) == 4 * (30 - n_lacking)


def test_by_the_old_rule_the_one_architect_holds_nothing() -> None:
    team = propose([firm(1, VIRTUALIZATION, DIRECTORY, MAIL)], 3, poster_id=POSTER, staffing=FOUR_EACH)
    assert team == Team((), (VIRTUALIZATION, DIRECTORY, MAIL))


def test_two_firms_that_do_not_work_together_are_in_no_team() -> None:
    at_odds = firm(1, 0, score=0.9, conflict_ids=frozenset({2}))
    team = propose([at_odds, firm(2, 1), firm(3, 0, score=0.1)], 2, poster_id=POSTER)
    assert members(team) == [2, 3]


def test_a_firm_that_will_not_work_with_the_poster_is_in_no_team() -> None:
    team = propose([firm(1, 0, conflict_ids=frozenset({POSTER})), firm(POSTER, 0)], 1, poster_id=POSTER)
    assert (team.parts, team.uncovered) == ((), (0,))


def test_a_need_that_nobody_covers_is_named_and_the_rest_is_done() -> None:
    team = propose([firm(1, 0), firm(2, 2)], 3, poster_id=POSTER)
    assert (members(team), team.uncovered) == ([1, 2], (1,))


def test_fewer_partners_come_before_old_ties_and_old_ties_before_better_scores() -> None:
    known = {"tied_ids": frozenset({POSTER})}
    alone, tied, better = firm(1, 0, 1, score=0.1), firm(2, 0, 1, score=0.2, **known), firm(3, 0, 1, score=0.9)
    pair = [firm(4, 0, score=1.0, **known), firm(5, 1, score=1.0, **known)]
    assert members(propose([alone, *pair], 2, poster_id=POSTER)) == [1]
    assert members(propose([alone, *pair, better, tied], 2, poster_id=POSTER)) == [2]
    assert members(propose([alone, *pair, better], 2, poster_id=POSTER)) == [3]


def test_among_equals_the_lowest_ids_are_taken_and_the_first_need_goes_to_the_lowest() -> None:
    team = propose(
        [firm(one, 0, 1, people=(TeamPerson("A", frozenset({0, 1}), 3),)) for one in (9, 3, 5)], 2, poster_id=0
    )
    assert [(part.partner_id, part.needs) for part in team.parts] == [(3, (0,)), (5, (1,))]


def test_the_order_in_which_candidates_are_named_does_not_matter() -> None:
    rng = random.Random(8)
    for _ in range(20):
        candidates = market(rng, n_candidates=12, n_needs=5)
        team = propose(candidates, 5, poster_id=99)
        assert propose(rng.sample(candidates, 12), 5, poster_id=99) == team


def test_an_opportunity_without_candidates_or_needs_has_an_empty_team() -> None:
    assert propose([], 2, poster_id=POSTER) == Team((), (0, 1))
    assert propose([firm(1, 0)], 0, poster_id=POSTER) == Team(())


def test_without_time_the_gap_says_that_nothing_is_proven() -> None:
    assert propose([firm(one, one) for one in range(3)], 3, poster_id=POSTER, limit_s=0.0).gap == 1.0


def test_teams_of_one_and_two_are_those_that_the_program_proves() -> None:
    rng, sizes = random.Random(12), set()
    for _ in range(60):
        n_needs, n_candidates = rng.randint(2, 5), rng.randint(6, 14)
        listed = shortlist(market(rng, n_candidates=n_candidates, n_needs=n_needs), n_needs)
        willing = [one for one in listed if 99 not in one.conflict_ids]
        few = best_few(willing, n_needs, poster_id=99, staffing=SHARED)
        proven = best_of_any_size(willing, n_needs, poster_id=99, staffing=SHARED, limit_s=60)
        sizes.add(len(few.parts) if few else 3)
        assert few is None or as_told(few) == as_told(proven)
        assert (few is None) == (len(proven.parts) > 2)
    assert sizes == {1, 2, 3}


def test_the_one_who_takes_everything_is_found_among_the_first_few_who_cover_it() -> None:
    rng, n_found = random.Random(5), 0
    for _ in range(200):
        n_needs = rng.randint(2, 3)
        everybody = market(rng, n_candidates=16, n_needs=n_needs)
        first = [one for one in sorted(everybody, key=in_order) if len(one.scores) == n_needs][:4]
        found = alone(first, n_needs, poster_id=99)
        n_found += found is not None
        assert found is None or as_told(found) == as_told(propose(everybody, n_needs, poster_id=99))
    assert n_found > 50


def in_order(one: Candidate) -> tuple[int, int, int]:
    return -len(one.tied_ids), -sum(round(score * 100) for score in one.scores.values()), one.partner_id


def test_nobody_takes_everything_alone_where_a_need_is_nobodys_or_there_is_nobody() -> None:
    assert alone([firm(1, 0)], 2, poster_id=POSTER) is None
    assert alone([], 2, poster_id=POSTER) is None
    assert alone([firm(1, 0, 1, conflict_ids=frozenset({POSTER}))], 2, poster_id=POSTER) is None


def as_told(team: Team) -> tuple[object, ...]:
    """Leave out which of several able people does what, and the last digits of sums."""
    parts = [(part.partner_id, part.needs, round(part.score, 6)) for part in team.parts]
    return parts, team.uncovered, team.n_ties, round(team.score, 6), team.gap


def test_the_best_of_each_need_and_those_who_cover_most_are_looked_at() -> None:
    weak, wide = firm(9, 0, score=0.1), firm(2, 0, 1, 2, score=0.05)
    best = [firm(one, one % 3, score=0.5) for one in range(3, 9)]
    found = shortlist([weak, wide, *best], 3, top=2)
    assert [one.partner_id for one in found] == [2, 3, 4, 5, 6, 7, 8]
