"""A learned model in files, with its card: rows of the table → scores and chances; only this file knows LightGBM."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import lightgbm
import numpy as np

from matcher.past.table import COLUMNS
from matcher.past.works import FloatArray, IntArray

SHIPPED = Path(__file__).parent / "models"
SETTINGS: dict[str, Any] = {
    "learning_rate": 0.06, "num_leaves": 31, "min_data_in_leaf": 100, "feature_fraction": 0.5, "bagging_fraction": 0.8,
    "bagging_freq": 1, "max_bin": 63, "force_col_wise": True, "deterministic": True, "seed": 1, "verbosity": -1,
}  # fmt: skip
# One learns the order within a work, one the chance of each; their sum orders better than either.
AIMS: dict[str, tuple[dict[str, Any], int]] = {
    "first": ({"objective": "binary", "learning_rate": 0.1}, 60),  # small and fast: chooses whom the others score
    "order": ({"objective": "lambdarank", "lambdarank_truncation_level": 100}, 150),
    "chance": ({"objective": "binary"}, 200),
}
SUMMED = ("order", "chance")


@dataclass(frozen=True, slots=True)
class Card:
    """What a model is: on what it was learned, when, how well it does, and what it must not use."""

    version: str
    learned_on: str
    data: str
    n_works: int
    must_not_use: str
    columns: Sequence[str] = COLUMNS
    measured: dict[str, float] = field(default_factory=dict)
    spreads: dict[str, float] = field(default_factory=dict)  # of the scores of each aim that are summed
    shift: float = 0.0  # log of the share of unchosen candidates that was learned from


@dataclass(frozen=True, slots=True)
class Learned:
    """Two sets of boosted trees. Source: Burges, "From RankNet to LambdaRank to LambdaMART", 2010."""

    trees: dict[str, lightgbm.Booster]
    card: Card

    def first(self, rows: FloatArray, *, n: int) -> IntArray:
        """Choose the n rows of one work that are worth scoring, in their order: their numbers."""
        raw = self._raw("first", rows)
        return np.sort(np.argsort(-raw, kind="stable")[:n])

    def scores(self, rows: FloatArray) -> FloatArray:
        """Score the rows of one work (n, n_columns of the table), higher for likelier: (n,)."""
        weighed = [self._raw(aim, rows) / spread for aim, spread in self.card.spreads.items()]
        return np.asarray(np.sum(weighed, axis=0), dtype=np.float32)

    def chances(self, rows: FloatArray) -> FloatArray:
        """Say how likely each row's partner takes part: (n,) in [0, 1]. Set right for those not learned from."""
        return np.asarray(1 / (1 + np.exp(-self._raw("chance", rows) - self.card.shift)), dtype=np.float32)

    def _raw(self, aim: str, rows: FloatArray) -> FloatArray:
        chosen = rows[:, [COLUMNS.index(name) for name in self.card.columns]]
        return np.asarray(self.trees[aim].predict(chosen, raw_score=True))

    def save(self, folder: Path = SHIPPED) -> None:
        """Write the trees and their card beside each other."""
        for aim, each in self.trees.items():
            each.save_model(folder / f"{self.card.version}.{aim}.txt")
        (folder / f"{self.card.version}.json").write_text(json.dumps(asdict(self.card), indent=1) + "\n")

    @classmethod
    def load(cls, version: str, folder: Path = SHIPPED) -> Self:
        """Read a model. Raises `FileNotFoundError` with what there is."""
        file = folder / f"{version}.json"
        if not file.exists():
            there = ", ".join(sorted(each.stem for each in folder.glob("*.json"))) or "none"
            raise FileNotFoundError(f"There is no model {version!r} in {folder}; there is: {there}.")
        trees = {aim: lightgbm.Booster(model_file=str(folder / f"{version}.{aim}.txt")) for aim in AIMS}
        return cls(trees, Card(**json.loads(file.read_text())))


@dataclass(frozen=True, slots=True)
class Lesson:
    """Candidates to learn from: rows (n, n_columns), 1 for each who took part, how many rows each work has.

    `kept` is the share of those not won that is in it.
    """

    rows: FloatArray
    took_part: IntArray
    sizes: IntArray
    kept: float


def learn(lesson: Lesson, card: Card, *, n_threads: int = 2) -> Learned:
    """Learn the columns that the card names; the card comes back with spreads and shift filled in."""
    at = [COLUMNS.index(name) for name in card.columns]
    rows = lesson.rows[:, at]
    trees = {}
    for aim, (settings, n_trees) in AIMS.items():
        data = lightgbm.Dataset(rows, lesson.took_part, group=lesson.sizes, feature_name=list(card.columns))
        trees[aim] = lightgbm.train({**SETTINGS, **settings, "num_threads": n_threads}, data, num_boost_round=n_trees)
    spreads = {aim: float(np.std(np.asarray(trees[aim].predict(rows, raw_score=True)))) for aim in SUMMED}
    return Learned(trees, replace(card, spreads=spreads, shift=math.log(lesson.kept)))
