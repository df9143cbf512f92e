"""The vector of a need in anybody's words becomes the practices that it leans towards, each with a chance.

Most people do not name what they need: "somebody outside should try to get away without paying". What firms did and
say of themselves in known competencies are the examples from which this is learned; the file of what was learned
stands in `models/leanings/`.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeAlias

import numpy as np

from matcher.ranking.arrays import FloatArray, IntArray
from matcher.terms import Need

SHIPPED = "leanings-2"
FOLDER = Path(__file__).parent / "models" / "leanings"
# How many practices a need leans towards at most, and from which chance on one counts.
MOST = 3
LEAST_CHANCE = 0.03
SURE_CHANCE = 0.35  # of the likeliest; below it nobody can tell what is meant
# That examples of a practice differ more in some directions than in others is believed less than that they do not.
SHRUNK = 3.0
# How far the log-odds of the examples spread: as far as makes a chance come true for askings that were held back.
SPREAD = 2.5

Leaning: TypeAlias = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Leanings:
    """A linear discriminant: log-odds of the practices are `vector @ slopes + shifts`, for vectors of one encoder.

    Source: Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7 (1936); the shrunk
    covariance after Friedman, Regularized discriminant analysis, JASA 84 (1989).
    """

    encoder: str
    practices: tuple[str, ...]
    slopes: FloatArray  # (n_dimensions, n_practices)
    shifts: FloatArray  # (n_practices,)

    @classmethod
    def learned(
        cls, encoder: str, vectors: FloatArray, practice_of: IntArray, practices: Sequence[str], *, worth: FloatArray
    ) -> Self:
        """Learn from examples, unit rows (n, d), the place of each one's practice (n,) and what each is worth (n,).

        Each practice has some.
        """
        of_each = [practice_of == at for at in range(len(practices))]
        means = np.stack([np.average(vectors[mine], axis=0, weights=worth[mine]) for mine in of_each])
        apart = [_scatter(vectors[mine] - mean, worth[mine]) for mine, mean in zip(of_each, means, strict=True)]
        spread = np.mean(apart, axis=0)
        spread += SHRUNK * np.trace(spread) / len(spread) * np.eye(len(spread))
        middle = means.mean(axis=0)
        slopes = np.linalg.solve(spread, (means - middle).T)
        shifts = -0.5 * np.einsum("ij,ji->i", means - middle, slopes) - middle @ slopes
        scale = SPREAD / float((vectors @ slopes + shifts).std())
        return cls(encoder, tuple(practices), (scale * slopes).astype(np.float32), (scale * shifts).astype(np.float32))

    def of(self, vectors: FloatArray) -> tuple[Leaning, ...]:
        """Return for each row (n, d) the practices it leans towards, likeliest first, and their chances in (0, 1].

        Nothing for a row of which nobody can tell.
        """
        odds = vectors @ self.slopes + self.shifts
        chances = np.exp(odds - odds.max(axis=1, keepdims=True))
        return tuple(self._likeliest(row / row.sum()) for row in chances)

    def _likeliest(self, chances: FloatArray) -> Leaning:
        first = np.argsort(-chances, kind="stable")[:MOST].tolist()
        if chances[first[0]] < SURE_CHANCE:
            return ()
        return tuple((self.practices[at], float(chances[at])) for at in first if chances[at] >= LEAST_CHANCE)

    def as_values(self) -> dict[str, Any]:
        """Return what a file holds, numbers to four digits."""
        rows = [[float(f"{each:.4g}") for each in row] for row in self.slopes.T]
        slopes = dict(zip(self.practices, rows, strict=True))
        shifts = [float(f"{each:.4g}") for each in self.shifts]
        return {"encoder": self.encoder, "shifts": shifts, "slopes": slopes}

    @classmethod
    def of_values(cls, values: Mapping[str, Any]) -> Self:
        """Read what `as_values` gave."""
        slopes = np.array(list(values["slopes"].values()), dtype=np.float32).T
        return cls(values["encoder"], tuple(values["slopes"]), slopes, np.array(values["shifts"], dtype=np.float32))


def leant(needs: Sequence[Need], vectors: FloatArray, *, encoder: str, own: Collection[str] = ()) -> tuple[Need, ...]:
    """Say of needs what they lean towards, by their vectors (n, d); as they are where the encoder is another one.

    `own` practices are what the poster does itself and speaks of without asking for it.
    """
    known = shipped_for(encoder)
    if known is None or not needs:
        return tuple(needs)
    return tuple(
        replace(need, leanings=tuple(each for each in one if each[0] not in own or each[0] in need.competency_keys))
        for need, one in zip(needs, known.of(vectors), strict=True)
    )


@cache
def shipped_for(encoder: str) -> Leanings | None:
    """Read what was learned for the vectors of an encoder ("name@revision"); None where nothing was."""
    path = FOLDER / f"{SHIPPED}.json"
    found = Leanings.of_values(json.loads(path.read_text())["leanings"]) if path.exists() else None
    return found if found and found.encoder.partition("@")[0] == encoder.partition("@")[0] else None


def _scatter(apart: FloatArray, worth: FloatArray) -> FloatArray:
    return np.asarray((apart * worth[:, None]).T @ apart / worth.sum(), dtype=np.float64)
