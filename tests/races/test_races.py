"""A few rounds of each race; `python -m tests.races` runs a thousand."""

from collections.abc import Iterator
from typing import Any

import pytest

from jobs.ground import Ground, ground_on
from tests import factories as make
from tests.races import answers, messages, nights
from tests.races.race import Broken, Race, Tally, holds, rounds
from web import create_app
from web.db import transaction
from web.settings import Settings

FEW = 8
RACES = (*answers.RACES, *nights.RACES, *messages.RACES)


@pytest.fixture
def g(settings: Settings) -> Ground:
    g = ground_on(create_app(settings))
    with transaction(g.engine) as session:
        make.competencies(session)
    return g


@pytest.fixture
def race(request: pytest.FixtureRequest, g: Ground) -> Iterator[Race]:
    made = request.param(g)
    yield made
    made.close()


def last(race: Race, g: Ground, *, times: int) -> Tally:
    *_, tally = rounds(race, g.engine, times=times, seed=1)
    return tally


@pytest.mark.parametrize("race", RACES, ids=lambda each: each.name, indirect=True)
def test_whoever_is_first_what_must_hold_holds(race: Race, g: Ground) -> None:
    tally = last(race, g, times=FEW)
    assert tally.broken == []
    assert tally.won.total() == FEW


class Stumbling:
    """A race in which one breaks a promise, the next one stumbles and a third one waits in vain."""

    name, head_start_s = "stumbling", 0.0

    def prepare(self, k: int) -> tuple[Any, Any]:
        return lambda: k, lambda: 1 // (k - 2)

    def judge(self, first: int, second: int) -> str:
        holds(first != 1, "first is one")
        if first == 3:
            raise TimeoutError  # without a word, as a future raises it
        return "nobody"

    def close(self) -> None:
        """Nothing was started."""


def test_a_broken_promise_and_a_stumble_are_counted_and_the_rounds_go_on(g: Ground) -> None:
    tally = last(Stumbling(), g, times=4)
    assert (tally.n_rounds, tally.won) == (4, {"nobody": 1})
    assert [each.partition(": ")[2] for each in tally.broken] == [
        f"{Broken.__name__}: first is one", "ZeroDivisionError: integer division or modulo by zero",
        "TimeoutError: ",
    ]  # fmt: skip
