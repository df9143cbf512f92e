"""Look-ups by partner."""

import pickle
from collections.abc import Sequence
from datetime import date

import pytest

from matcher.ranking import records
from matcher.ranking.lately import Lately
from matcher.ranking.records import Records
from tests.ranking.networks import POSTER, firm, network_of, work

DONE = {"Moved 1": 2024, "Moved 2": 2025, "Moved 3": 2025, "Moved 4": 2023}


def test_of_much_work_the_newest_is_looked_at_and_all_of_the_last_day_that_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "NEWEST", 1)
    works = [work(POSTER, 2, summary, ended_on=date(year, 5, 1)) for summary, year in DONE.items()]
    works += [works[1], work(POSTER, 2, "Lost 5", ended_on=date(2026, 1, 1), outcome="lost")]
    known = Records(network_of({firm(2): "We."}, works=works))
    for _ in range(2):
        assert [one.summary for one in known.told(2, frozenset({works[0].competency_key}))] == ["Moved 3", "Moved 2"]
        assert known.told(2, frozenset({"none"})) == ()


def test_what_was_made_lately_is_not_made_again_until_there_is_too_much_of_it() -> None:
    made: list[int] = []
    lately = Lately(lambda key: made.append(key) or key * 10, limit=2)
    assert [lately(1), lately(2), lately(1), lately(3), lately(1)] == [10, 20, 10, 30, 10]
    assert made == [1, 2, 3, 1]


def test_many_are_made_at_once_and_only_what_was_not_made_lately() -> None:
    made: list[list[int]] = []

    def all_of(keys: Sequence[int]) -> list[int]:
        made.append(list(keys))
        return [key * 10 for key in keys]

    lately = Lately(lambda key: key * 10, limit=3, make_all=all_of)
    assert lately(1) == 10
    assert [lately.each(keys) for keys in ([2, 1, 2], [], [1, 3, 4])] == [[20, 10, 20], [], [10, 30, 40]]
    assert made == [[2], [1, 3, 4]]  # the fourth is one too many, so all is forgotten
    assert Lately(lambda key: key * 10).each([5, 5]) == [50, 50]


def test_a_copy_in_a_file_remembers_nothing() -> None:
    known = Records(network_of({firm(2): "We."}))
    name = known.names(2)
    copied = pickle.loads(pickle.dumps(known))
    assert copied._called._known == {}
    assert copied.names(2) == name
