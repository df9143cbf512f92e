"""What a firm did counts by how like the need it is, unless the poster could have done the same without it."""

from collections.abc import Iterable

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from matcher.ranking.closeness import _told_again
from matcher.ranking.weights import SIGNALS
from matcher.terms import Collaboration, Need
from tests.ranking.networks import POSTER, firm, match_of, network_of, posted, ranked, work

JOB = "bees counted by cameras over nine fields of clover near the sea for a brewery"
SAME_AGAIN = JOB.replace("nine", "ten")  # so like the other that whoever did one could have done the other
# The need names another practice, so that nothing but the text tells who has done such work.
ASKED = posted(JOB, needs=(Need(JOB, ("sap",)),))


def signals(works: Iterable[Collaboration], partner_id: int) -> dict[str, float]:
    profiles = {firm(number, practices=("sap",)): "We run SAP in Cork." for number in (2, 3, 4)}
    ranking = ranked(network_of({firm(POSTER): "We keep cows."} | profiles, works=works), ASKED)
    return dict(zip(SIGNALS, match_of(ranking, partner_id).signals[0], strict=True))


def test_work_like_the_posters_own_tells_nothing_that_it_cannot_do_itself() -> None:
    found = signals([work(9, POSTER, JOB), work(8, 2, SAME_AGAIN)], 2)
    assert found["past_work"] == 0


def test_work_done_for_the_poster_counts_though_the_poster_did_the_like() -> None:
    apart, for_poster = work(8, 2, SAME_AGAIN), work(POSTER, 3, SAME_AGAIN)
    works = [work(9, POSTER, JOB), apart, for_poster]
    assert signals(works, 3)["past_work"] > 0.5
    assert signals(works, 3)["words"] > signals(works, 2)["words"]


def test_work_done_beside_the_poster_counts() -> None:
    works = [work(9, POSTER, JOB), work(9, 2, JOB), work(8, 3, SAME_AGAIN)]
    assert signals(works, 2)["past_work"] > 0.5
    assert signals(works, 3)["past_work"] == 0


def test_each_further_piece_of_such_work_adds_to_the_words_and_another_trade_does_not() -> None:
    first, second, other = "cameras counted bees over fields", "bees over clover counted by cameras", "pipes laid"
    works = [work(9, one, first) for one in (2, 3, 4)] + [work(8, 2, second), work(8, 3, other)]
    twice, with_other, once = (signals(works, one)["words"] for one in (2, 3, 4))
    assert twice > once + 0.01
    assert with_other == pytest.approx(once, abs=1e-3)


def test_one_piece_stands_as_it_is_and_many_stay_within_one() -> None:
    lines = np.array([[[0.0, 0.0, 0.4], [0.4, 0.4, 0.4], [1.0, 1.0, 1.0], [0.9, 0.9, 0.9]]], np.float32)
    best = lines.max(axis=2)
    together = _told_again(lines, best)
    assert together[0, 0] == pytest.approx(0.4)
    assert 0.4 < together[0, 1] < 0.5
    assert 0.9 < together[0, 3] < 1
    assert_array_equal(together[0, 2], 1)


def test_no_further_piece_lowers_what_is_told_together() -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        lines = rng.random((1, 1, 6), np.float32)
        fewer = lines.copy()
        fewer[0, 0, int(rng.integers(6))] = 0
        assert _told_again(lines, lines.max(axis=2)) >= _told_again(fewer, fewer.max(axis=2)) - 1e-6
