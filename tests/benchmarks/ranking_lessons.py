"""Past projects with everybody who was won → what a model is learned from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import numpy as np

from matcher.past.known import Known
from matcher.past.likely import Circles
from matcher.past.model import Card, Lesson, learn
from matcher.past.rank import N_SCORED, Candidates, found
from matcher.past.table import nearest
from matcher.past.works import FloatArray, IntArray
from tests.benchmarks.consortia import Consortia, Query, first_day

Choice: TypeAlias = Callable[[FloatArray], IntArray]  # rows of one project → the numbers of those worth scoring
LEARNED_FROM = "2022-09"  # before it, too little was known of anybody
LEARNED_SPLITS = ("history", "train")
UNCHOSEN, FAR = 300, 100  # of the candidates of a work that were not won; drawn by chance
FOLDS = range(3)  # months take turns, so that no project's partners are guessed by a model that saw them


@dataclass(frozen=True, slots=True)
class Example:
    """A project of the past: the candidates that stand best, who of them was won, some others, and its month's ties."""

    near: Candidates
    won: IntArray
    far: FloatArray
    fold: int
    circles: Circles

    @property
    def rows(self) -> FloatArray:
        return self.near.table


def learned_from(data: Consortia, known: Sequence[Query], *, until: str) -> list[Query]:
    of_splits = [each for each in known if data.splits[each.row] in LEARNED_SPLITS]
    return [each for each in of_splits if LEARNED_FROM <= each.month <= until]


def lesson_of(data: Consortia, known: Sequence[Query], card: Card, *, until: str, n_threads: int = 2) -> Lesson:
    """Collect what to learn from: all who were won and, by chance, some of those who were not.

    Candidates are those that a model chooses, as it will be when the lesson is applied; one learned on other months.
    """
    chosen = learned_from(data, known, until=until)
    choices = choices_of(list(examples_of(data, chosen)), card, n_threads=n_threads)
    return lesson_from(list(examples_of(data, chosen, choices=choices)), card, n_threads=n_threads)


def choices_of(examples: Sequence[Example], card: Card, *, n_threads: int = 2) -> list[Choice]:
    """Learn for each fold, from the months of the others, which candidates are worth scoring."""
    dice = np.random.default_rng(3)
    alone = _alone(examples, [_chosen(each, dice) for each in examples])
    models = [learn(_of(alone, _others(examples, fold)), card, aims=("first",), n_threads=n_threads) for fold in FOLDS]
    return [partial(model.first, n=N_SCORED) for model in models]


def lesson_from(examples: Sequence[Example], card: Card, *, n_threads: int = 2) -> Lesson:
    """Draw who is learned from; how each goes with the likeliest is guessed by a model learned on other months."""
    dice = np.random.default_rng(1)
    chosen = [_chosen(each, dice) for each in examples]
    alone = _alone(examples, chosen)
    completed: list[FloatArray] = [np.empty(0)] * len(examples)
    for fold in FOLDS:
        model = learn(_of(alone, _others(examples, fold)), card, aims=("guess",), n_threads=n_threads)
        for n, each in enumerate(examples):
            if each.fold == fold:
                likely = each.circles.signals(each.near.guessed(model.guess(each.rows)))
                completed[n] = np.column_stack([each.rows, likely])[chosen[n]]
    return _lesson(examples, chosen, completed)


def examples_of(data: Consortia, chosen: Sequence[Query], *, choices: Sequence[Choice] = ()) -> Iterator[Example]:
    """Find the candidates of each project whose partners can be found at all; without choices the nearest."""
    dice = np.random.default_rng(2)
    for number, month in enumerate(sorted({each.month for each in chosen})):
        of_month, fold = [each for each in chosen if each.month == month], number % len(FOLDS)
        choose = choices[fold] if choices else partial(nearest, n=N_SCORED)
        circles = Circles(Known(data.works, first_day(month)))
        for each in found(data.works, data.asked(of_month), day=first_day(month)):
            won = np.isin(each.partners, list(of_month[each.row].truth))
            near = choose(each.table)
            if won[near].any():
                beyond = np.setdiff1d(np.flatnonzero(~won), near)
                far = each.table[dice.permutation(beyond)[:FAR]]
                took_part = won[near].astype(np.int64)
                kept = replace(each, partners=each.partners[near], table=each.table[near])
                yield Example(kept, took_part, far, fold, circles)


def _chosen(each: Example, dice: np.random.Generator) -> IntArray:
    others = dice.permutation(np.flatnonzero(each.won == 0))[:UNCHOSEN]
    return np.asarray(np.concatenate([np.flatnonzero(each.won), others]))


def _alone(examples: Sequence[Example], chosen: Sequence[IntArray]) -> Lesson:
    return _lesson(examples, chosen, [each.rows[at] for each, at in zip(examples, chosen, strict=True)])


def _others(examples: Sequence[Example], fold: int) -> list[int]:
    """Number the works of all months but those of a fold."""
    return [n for n, each in enumerate(examples) if each.fold != fold]


def _lesson(examples: Sequence[Example], chosen: Sequence[IntArray], rows: Sequence[FloatArray]) -> Lesson:
    won = np.concatenate([each.won[at] for each, at in zip(examples, chosen, strict=True)])
    n_others = sum(int((each.won == 0).sum()) for each in examples)
    sizes = np.array([len(at) for at in chosen])
    far = np.concatenate([each.far for each in examples])
    return Lesson(np.concatenate(rows), won, sizes, kept=float((won == 0).sum()) / n_others, far=far)


def _of(lesson: Lesson, chosen: Sequence[int]) -> Lesson:
    """Keep some of the works."""
    begins = np.cumsum(lesson.sizes) - lesson.sizes
    at = np.concatenate([np.arange(begins[n], begins[n] + lesson.sizes[n]) for n in chosen])
    return Lesson(lesson.rows[at], lesson.took_part[at], lesson.sizes[list(chosen)], lesson.kept, lesson.far)
