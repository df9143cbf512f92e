"""Seeds become small random markets: few candidates, few needs, people who are short of time, feuds and old ties."""

import random
from collections.abc import Sequence

from matcher.teams import Candidate, TeamPerson

POSTER = 99


def market(rng: random.Random, *, n_candidates: int, n_needs: int) -> list[Candidate]:
    """Draw candidates whose scores are coarse, so that many teams are equally good."""
    ids = rng.sample(range(1, 50), n_candidates)
    return [_candidate(rng, one, ids, n_needs) for one in ids]


def _candidate(rng: random.Random, partner_id: int, ids: Sequence[int], n_needs: int) -> Candidate:
    covered = rng.sample(range(n_needs), rng.randint(1, n_needs))
    at_odds = {one for one in [*ids, POSTER] if rng.random() < 0.12} - {partner_id}
    return Candidate(
        partner_id=partner_id,
        scores={need: rng.choice((0.25, 0.5, 0.755)) for need in covered},
        people=tuple(_person(rng, f"{at}", n_needs) for at in range(rng.randint(1, 4))),
        conflict_ids=frozenset(at_odds),
        tied_ids=frozenset({POSTER}) if rng.random() < 0.3 else frozenset(),
    )


def _person(rng: random.Random, name: str, n_needs: int) -> TeamPerson:
    serves = frozenset(rng.sample(range(n_needs), rng.randint(1, n_needs)))
    return TeamPerson(name, serves, rng.choice((0, 3, 5, 6, 9, 20)))
