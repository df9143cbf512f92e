"""A learned model in files, with its card: rows of the table → scores and chances; only this file knows LightGBM."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import lightgbm
import numpy as np

from matcher.past.likely import LIKELY
from matcher.past.net import Net, learn_net
from matcher.past.table import COLUMNS
from matcher.past.team import TEAM
from matcher.past.works import FloatArray, IntArray

SHIPPED = Path(__file__).parent / "models"
SETTINGS: dict[str, Any] = {
    "learning_rate": 0.06, "num_leaves": 31, "min_data_in_leaf": 100, "feature_fraction": 0.5, "bagging_fraction": 0.8,
    "bagging_freq": 1, "max_bin": 63, "force_col_wise": True, "deterministic": True, "seed": 1, "verbosity": -1,
}  # fmt: skip
WITHOUT_TEAM = (*COLUMNS, *LIKELY)
ALL_COLUMNS = (*WITHOUT_TEAM, *TEAM)
# Two look at each candidate alone; then, with how it goes with the likeliest, some learn the order within a work, some
# the chance of each, and a net learns both: their mean orders better than any of them. Some see the likely team too.
SEEDS = {"1": 1, "2": 2, "team.1": 3, "team.2": 4}
AIMS: dict[str, tuple[dict[str, Any], int]] = {
    "first": ({"objective": "binary", "learning_rate": 0.1}, 60),  # small and fast: chooses whom the others score
    "guess": ({"objective": "binary"}, 150),
    **{
        f"order.{name}": ({"objective": "lambdarank", "lambdarank_truncation_level": 100, "seed": seed}, 150)
        for name, seed in SEEDS.items()
    },
    **{f"chance.{name}": ({"objective": "binary", "seed": seed}, 200) for name, seed in SEEDS.items()},
}
NETS = {"net.1": 1, "net.team": 2}
ALONE = ("first", "guess")
SUMMED = (*(aim for aim in AIMS if aim not in ALONE), *NETS)
SEE_TEAM = tuple(aim for aim in SUMMED if ".team" in aim)


@dataclass(frozen=True, slots=True)
class Card:
    """What a model is: on what it was learned, when, how well it does, and what it must not use."""

    version: str
    learned_on: str
    data: str
    n_works: int
    must_not_use: str
    columns: Sequence[str] = ALL_COLUMNS
    measured: dict[str, float] = field(default_factory=dict)
    spreads: dict[str, float] = field(default_factory=dict)  # of the scores of each aim that are summed
    shift: float = 0.0  # log of the share of unchosen candidates that was learned from


@dataclass(frozen=True, slots=True)
class Learned:
    """Sets of boosted trees, and nets, by aim. Source: Burges, "From RankNet to LambdaRank to LambdaMART", 2010."""

    trees: dict[str, lightgbm.Booster]
    card: Card
    nets: dict[str, Net] = field(default_factory=dict)

    def first(self, rows: FloatArray, *, n: int) -> IntArray:
        """Choose the n rows of one work that are worth scoring, in their order: their numbers."""
        raw = self._raw("first", rows)
        return np.sort(np.argsort(-raw, kind="stable")[:n])

    def guess(self, rows: FloatArray) -> FloatArray:
        """Give the log-odds that each row's partner takes part, before it is known who else is likely: (n,)."""
        return self._raw("guess", rows) + self.card.shift

    def scores(self, rows: FloatArray) -> FloatArray:
        """Score the completed rows of one work (n, n_columns), higher for likelier: (n,)."""
        weighed = [self._raw(aim, rows) / spread for aim, spread in self.card.spreads.items()]
        return np.asarray(2 * np.mean(weighed, axis=0), dtype=np.float32)

    def chances(self, rows: FloatArray) -> FloatArray:
        """Say how likely each row's partner takes part: (n,) in [0, 1]. Set right for those not learned from."""
        odds = np.mean([self._raw(aim, rows) for aim in self.card.spreads if aim.startswith("chance")], axis=0)
        return np.asarray(1 / (1 + np.exp(-odds - self.card.shift)), dtype=np.float32)

    def _raw(self, aim: str, rows: FloatArray) -> FloatArray:
        if aim in self.nets:
            return self.nets[aim].scores(rows[:, _numbered(self.nets[aim].columns)])
        trees = self.trees[aim]
        return np.asarray(trees.predict(rows[:, _numbered(trees.feature_name())], raw_score=True))

    def spread(self, aim: str, rows: FloatArray) -> float:
        """Measure how far an aim's scores lie apart."""
        return float(np.std(self._raw(aim, rows)))

    def save(self, folder: Path = SHIPPED) -> None:
        """Write the trees and their card beside each other."""
        for aim, each in self.trees.items():
            each.save_model(folder / f"{self.card.version}.{aim}.txt")
        for aim, net in self.nets.items():
            net.save(folder / f"{self.card.version}.{aim}.npz")
        (folder / f"{self.card.version}.json").write_text(json.dumps(asdict(self.card), indent=1) + "\n")

    @classmethod
    def load(cls, version: str, folder: Path = SHIPPED) -> Self:
        """Read a model. Raises `FileNotFoundError` with what there is."""
        file = folder / f"{version}.json"
        if not file.exists():
            there = ", ".join(sorted(each.stem for each in folder.glob("*.json"))) or "none"
            raise FileNotFoundError(f"There is no model {version!r} in {folder}; there is: {there}.")
        card = Card(**json.loads(file.read_text()))
        files = {aim: folder / f"{version}.{aim}" for aim in (*ALONE, *card.spreads)}
        nets = {aim: Net.load(each.with_name(f"{each.name}.npz")) for aim, each in files.items() if aim in NETS}
        trees = {aim: lightgbm.Booster(model_file=f"{each}.txt") for aim, each in files.items() if aim not in NETS}
        return cls(trees, card, nets)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Candidates to learn from: rows (n, n_columns), 1 for each who took part, how many rows each work has.

    `kept` is the share of those not won that is in it. `far` (m, n_columns of `COLUMNS`) are candidates that were
    not won and stand too far back to be scored: only what chooses learns from them.
    """

    rows: FloatArray
    took_part: IntArray
    sizes: IntArray
    kept: float
    far: FloatArray


def learn(lesson: Lesson, card: Card, *, n_threads: int = 2, aims: Sequence[str] = (*ALONE, *SUMMED)) -> Learned:
    """Learn the columns that the card names; the card comes back with spreads and shift filled in."""
    trees = {aim: _grown(aim, lesson, card, n_threads) for aim in aims if aim in AIMS}
    nets = {aim: _taught(aim, lesson, card, n_threads) for aim in aims if aim in NETS}
    learned = Learned(trees, replace(card, shift=math.log(lesson.kept)), nets)
    spreads = {aim: learned.spread(aim, lesson.rows) for aim in aims if aim in SUMMED}
    return replace(learned, card=replace(learned.card, spreads=spreads))


def _taught(aim: str, lesson: Lesson, card: Card, n_threads: int) -> Net:
    seen = _seen(aim, card)
    rows, columns = lesson.rows[:, seen], [ALL_COLUMNS[at] for at in seen]
    return learn_net(rows, lesson.took_part, lesson.sizes, columns=columns, seed=NETS[aim], n_threads=n_threads)


def _grown(aim: str, lesson: Lesson, card: Card, n_threads: int) -> lightgbm.Booster:
    settings, n_trees = AIMS[aim]
    seen = _seen(aim, card)
    rows, won = lesson.rows[:, seen], lesson.took_part
    if aim == "first":
        rows, won = (
            np.concatenate([rows, lesson.far[:, seen]]),
            np.concatenate([won, np.zeros_like(won, shape=len(lesson.far))]),
        )
    group = lesson.sizes if aim.startswith("order") else None
    data = lightgbm.Dataset(rows, won, group=group, feature_name=[ALL_COLUMNS[at] for at in seen])
    return lightgbm.train({**SETTINGS, **settings, "num_threads": n_threads}, data, num_boost_round=n_trees)


def _seen(aim: str, card: Card) -> list[int]:
    """Number the columns that an aim looks at."""
    there = COLUMNS if aim in ALONE else ALL_COLUMNS if aim in SEE_TEAM else WITHOUT_TEAM
    return _numbered([name for name in card.columns if name in there])


def _numbered(columns: Sequence[str]) -> list[int]:
    return [ALL_COLUMNS.index(name) for name in columns]
