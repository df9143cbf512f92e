"""A market and a way to be fair become days of rankings, where whoever is accepted today is better known tomorrow."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from matcher.ranking.exposure import PastRanking, exposure
from matcher.ranking.order import Fairness
from matcher.ranking.rank import ALL_TOGETHER, Ranker, Ranking, build_ranker
from matcher.terms import Collaboration, Network, Opportunity
from tests.benchmarks.fairness_market import FIRST_DAY, POSTINGS_A_DAY, Market, network_on, posted, worked

READ_PLACES = 5
# The chance that the best possible firm in the first place is accepted.
ACCEPTED = 0.7
WORK_DAYS = 7

Policy = Callable[[Sequence[PastRanking]], Fairness]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One ranking: as it goes down in history, how good each able partner is, and whom the poster knew before."""

    past: PastRanking
    quality: dict[int, float]  # by id, of all who are able
    old_ties: frozenset[int]
    labelled_new: frozenset[int]


def live_through(market: Market, policy: Policy, *, seed: int, n_days: int) -> list[Ranked]:
    """Post, rank, read, accept and work for so many days; `policy` sees the rankings of the days before."""
    works = list(market.past)
    history: list[Ranked] = []
    for day in range(n_days):
        today = FIRST_DAY + timedelta(days=day)
        network = network_on(market, [one for one in works if one.ended_on <= today], today)
        ranker = build_ranker(network, market.vectors)
        fairness = policy([one.past for one in history])
        for number in range(day * POSTINGS_A_DAY, (day + 1) * POSTINGS_A_DAY):
            rng = np.random.default_rng([seed, number])
            asked, vectors = posted(market, number, today, rng)
            ranking = _ranked(ranker, asked, vectors, fairness=fairness, today=today)
            history.append(_noted(market, network, asked, ranking, today))
            works += _accepted(market, asked, ranking, day=today + timedelta(days=WORK_DAYS), rng=rng)
    return history


def _ranked(ranker: Ranker, asked: Opportunity, vectors: np.ndarray, *, fairness: Fairness, today: date) -> Ranking:
    return ranker.rank(asked, vectors, today=today, limit=10, recipe=replace(ALL_TOGETHER, fairness=fairness))


def _noted(market: Market, network: Network, asked: Opportunity, ranking: Ranking, today: date) -> Ranked:
    practice = asked.needs[0].competency_keys[0]
    able = [one for one in market.able(practice) if one in network.partners and one not in ranking.out]
    first = tuple(network.partners[one.partner_id] for one in ranking.matches)
    past = PastRanking(today, tuple(network.partners[one] for one in able), first)
    labelled = {one.partner_id for one in ranking.matches if any(each.name == "new_here" for each in one.reasons)}
    return Ranked(
        past,
        {one: market.quality[one, practice] for one in able},
        _known_to(asked.partner_id, network.collaborations),
        frozenset(labelled),
    )


def _known_to(poster: int, works: Iterable[Collaboration]) -> frozenset[int]:
    pairs = [(one.lead_id, one.partner_id) for one in works]
    return frozenset(b for a, b in pairs if a == poster) | frozenset(a for a, b in pairs if b == poster)


def _accepted(
    market: Market, asked: Opportunity, ranking: Ranking, *, day: date, rng: np.random.Generator
) -> Iterable[Collaboration]:
    """Accept some of those who are read: the better and the further up, the likelier; each becomes work that ends."""
    practice = asked.needs[0].competency_keys[0]
    for one in ranking.matches[:READ_PLACES]:
        good = market.quality.get((one.partner_id, practice), 0.0)
        if rng.random() < ACCEPTED * good * exposure(one.place):
            yield worked(market, asked.partner_id, one.partner_id, practice, day=day, rng=rng)
