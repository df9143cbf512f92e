"""What a model is learned from: everybody who was won, guessed only by models that did not see the month."""

from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import pytest

from matcher.past.model import ALL_COLUMNS, Card, Lesson, learn
from matcher.past.rank import completed, narrowed
from matcher.past.table import COLUMNS, nearest
from matcher.past.works import FloatArray, IntArray
from tests.benchmarks.consortia import Consortia, Query, queries
from tests.benchmarks.ranking_lessons import FOLDS, Example, choices_of, examples_of, lesson_from
from tests.past import toy

CARD = Card("toy", "2026-11-22", "made up", 0, "nothing")
ODDS = ALL_COLUMNS.index("guess")


@pytest.fixture(scope="module")
def data() -> Consortia:
    works = toy.works(n_early=40, n_told=60)
    months = [date.fromordinal(int(day)).isoformat()[:7] for day in works.days]
    keys = [f"work {n}" for n in range(len(months))]
    return Consortia(works, keys, ["earlier"] * 40 + ["train"] * 60, months, [f"firm {n}" for n in range(25)])


def asked(data: Consortia) -> list[Query]:
    return [each for each in queries(data) if each.month >= "0001-03"]


@pytest.fixture(scope="module")
def examples(data: Consortia) -> list[Example]:
    return list(examples_of(data, asked(data)))


def guesses(lesson: Lesson) -> FloatArray:
    return lesson.rows[:, ODDS]


def test_everybody_who_was_won_is_learned_from(examples: list[Example]) -> None:
    lesson = lesson_from(examples, CARD, n_threads=1)
    assert lesson.rows.shape == (lesson.sizes.sum(), len(ALL_COLUMNS))
    assert lesson.took_part.sum() == sum(each.won.sum() for each in examples)
    assert lesson.kept == 1.0  # there are few others here, so that none is left out


def with_others_won(examples: list[Example], fold: int) -> list[Example]:
    """Deal out anew who was won by the works of a fold."""
    dice = np.random.default_rng(5)
    return [replace(each, won=dice.permutation(each.won)) if each.fold == fold else each for each in examples]


def test_whom_a_work_won_does_not_change_who_of_its_month_is_worth_scoring(examples: list[Example]) -> None:
    fold = examples[0].fold
    one, two = (choices_of(each, CARD, n_threads=1) for each in (examples, with_others_won(examples, fold)))
    same = [
        all(np.array_equal(a(each.rows, n=5), b(each.rows, n=5)) for each in examples)
        for a, b in zip(one, two, strict=True)
    ]
    assert same == [each == fold for each in FOLDS]


def test_a_month_is_learned_from_by_those_whom_its_own_choice_kept(data: Consortia, examples: list[Example]) -> None:
    choices = [partial(_the_first, n=n) for n in (6, 8, 10)]
    for each in examples_of(data, asked(data), choices=choices):
        assert len(each.near.partners) == len(each.rows) == len(each.won) == (6, 8, 10)[each.fold]


def _the_first(rows: FloatArray, *, n: int) -> IntArray:
    return np.arange(n)


def test_whom_a_work_won_does_not_change_what_is_guessed_of_its_month(examples: list[Example]) -> None:
    fold = examples[0].fold
    other = with_others_won(examples, fold)
    one, two = (lesson_from(each, CARD, n_threads=1) for each in (examples, other))
    begins = np.cumsum(one.sizes) - one.sizes
    for n, each in enumerate(examples):
        mine = slice(begins[n], begins[n] + one.sizes[n])
        same = np.array_equal(np.sort(guesses(one)[mine]), np.sort(guesses(two)[mine]))
        assert same or each.fold != fold
    assert not np.array_equal(np.sort(guesses(one)), np.sort(guesses(two)))


def test_candidates_are_completed_in_the_columns_that_were_learned(examples: list[Example]) -> None:
    learned = learn(lesson_from(examples, CARD, n_threads=1), CARD, n_threads=1)
    example = examples[-1]
    kept = narrowed(example.near, learned, n=12)
    whole = completed(kept, learned, example.circles)
    assert whole.table.shape == (12, len(ALL_COLUMNS))
    np.testing.assert_allclose(whole.table[:, ODDS], learned.guess(kept.table), rtol=1e-5)
    assert np.isfinite(learned.scores(whole.table)).all()


def test_the_nearest_stand_best_by_all_signals_with_places() -> None:
    rows = np.zeros((4, len(COLUMNS)), dtype=np.float32)
    rows[:, COLUMNS.index("place_by_words")] = [3, 1, 2, 0]
    rows[3, COLUMNS.index("place_by_meaning")] = 9
    assert nearest(rows, n=2).tolist() == [1, 2]
