"""The floor of a day's letters does what it is for, and no harm: measured on the market of the fairness benchmark."""

from matcher.digest import FLOOR_SHARE
from tests.benchmarks.fairness import LARGEST_RATIO, SMALLEST_RATIO, with_lifts
from tests.benchmarks.fairness_days import live_through
from tests.benchmarks.fairness_letters import tell
from tests.benchmarks.fairness_market import plant

NEW, LARGE = "here up to 90 days", "over 250 people"


def test_the_new_and_small_are_heard_and_those_who_are_told_are_hardly_worse() -> None:
    history = live_through(plant(1), with_lifts, seed=1, n_days=12)
    without, floored = (tell(history, floor_share=share) for share in (0.0, FLOOR_SHARE))
    assert floored.never < 0.3 * without.never
    assert floored.bands[NEW].ratio > without.bands[NEW].ratio + 0.5
    assert floored.quality > 0.96 * without.quality
    assert floored.value > 0.92 * without.value  # of the first days, on which all of them wait
    assert SMALLEST_RATIO <= floored.bands[LARGE].ratio <= LARGEST_RATIO
