"""The market of the fairness benchmark is as it is said to be, and its numbers are what they are called."""

from collections import defaultdict
from dataclasses import replace
from statistics import fmean, quantiles

import pytest

from matcher.ranking.exposure import PastRanking
from tests.benchmarks.fairness import POLICIES, gini, measured, ndcg, perfect
from tests.benchmarks.fairness_days import Ranked, live_through
from tests.benchmarks.fairness_market import FIRST_DAY, N_PARTNERS, plant
from tests.ranking.bands import bands_of
from tests.ranking.networks import TODAY, firm

FIRMS = tuple(firm(number) for number in range(1, 5))
QUALITY = {1: 0.9, 2: 0.1, 3: 0.5, 4: 0.3}


def ranked(*places: int) -> Ranked:
    first = tuple(FIRMS[number - 1] for number in places)
    return Ranked(PastRanking(TODAY, FIRMS, first), QUALITY, frozenset({4}), frozenset())


@pytest.mark.parametrize("seed", [1, 2])
def test_every_band_has_the_same_spread_of_quality(seed: int) -> None:
    market = plant(seed)
    by_band: dict[str, list[float]] = defaultdict(list)
    for (partner_id, _), good in market.quality.items():
        for band in bands_of(market.partners[partner_id], FIRST_DAY):
            by_band[band].append(good)
    for values in by_band.values():
        assert fmean(values) == pytest.approx(0.5, abs=0.05)
        assert quantiles(values) == pytest.approx([0.25, 0.5, 0.75], abs=0.1)


def test_large_and_old_firms_have_more_to_show() -> None:
    market = plant(1)
    done = [market.partners[one.partner_id] for one in market.past]
    large = [one for one in market.partners.values() if one.n_people > 250]
    assert sum(one.n_people > 250 for one in done) / len(done) > 2 * len(large) / N_PARTNERS
    assert not any("here up to 90 days" in bands_of(one, FIRST_DAY) for one in done)


def test_equal_seeds_give_equal_markets_and_others_do_not() -> None:
    assert plant(1).past == plant(1).past
    assert plant(1).past != plant(2).past


def test_gini_is_nought_for_equals_and_near_one_for_one_who_has_all() -> None:
    assert gini([2, 2, 2]) == pytest.approx(0)
    assert gini([0] * 99 + [5]) == pytest.approx(0.99)
    assert gini([0, 0]) == 0


def test_ndcg_is_one_only_for_the_order_of_quality() -> None:
    assert ndcg(ranked(1, 3, 4, 2)) == pytest.approx(1)
    assert 0 < ndcg(ranked(2, 4, 3, 1)) < ndcg(ranked(1, 4, 3, 2)) < 1
    assert ndcg(replace(ranked(2, 1), past=perfect([ranked(2, 1)])[0].past)) == pytest.approx(1)


def test_old_ties_and_unlabelled_newcomers_are_counted() -> None:
    new = replace(FIRMS[0], joined_on=TODAY)
    one = replace(ranked(4), past=PastRanking(TODAY, FIRMS, (FIRMS[3], new)))
    found = measured([one])
    assert (found.most_old_ties, found.unlabelled, found.with_newcomer) == (1, 1, 1)
    assert measured([replace(one, labelled_new=frozenset({1}))]).unlabelled == 0


def test_two_days_of_the_market_show_newcomers_and_say_so() -> None:
    found = measured(live_through(plant(1), POLICIES["all rules"], seed=1, n_days=2))
    assert found.unlabelled == 0
    assert found.with_newcomer > 0.9
