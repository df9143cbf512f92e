"""Works to come → their candidates as the model sees them, and the partners ranked; batch by batch of one day."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from matcher.past.guess import Guess
from matcher.past.known import Known
from matcher.past.likely import Circles
from matcher.past.signals import Scene
from matcher.past.table import candidates, table
from matcher.past.works import Asked, FloatArray, IntArray, Works

BATCH = 100  # asked works at once; a signal of a batch takes 4 bytes for each of them and each partner
OF_EACH_ROAD = 1000
N_SCORED = 1700


class Model(Protocol):
    """Chooses rows of a table, guesses log-odds, and scores completed rows: higher for likelier; only order counts."""

    def first(self, rows: FloatArray, *, n: int) -> IntArray: ...

    def guess(self, rows: FloatArray) -> FloatArray: ...

    def scores(self, rows: FloatArray) -> FloatArray: ...


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of one asked work (its row in `Asked`): partner numbers, and a row of the table for each.

    `lead` and `alike` are of the work, as in `Guess`.
    """

    row: int
    partners: IntArray
    table: FloatArray
    lead: int = -1
    alike: FloatArray = field(default_factory=lambda: np.empty(0, dtype=np.float32))

    def guessed(self, odds: FloatArray) -> Guess:
        """Say how likely each is to a first model."""
        return Guess(self.partners, odds, self.lead, self.alike)


def found(works: Works, asked: Asked, *, day: float, of_each: int = OF_EACH_ROAD) -> Iterator[Candidates]:
    """Find the candidates of works that begin on or after a day, from what was known before it; never the lead."""
    known = Known(works, day)
    scene = Scene(known)
    for start in range(0, len(asked), BATCH):
        batch = asked.rows(np.arange(start, min(start + BATCH, len(asked))))
        likeness = scene.comparing.likeness(batch)
        of_pair = scene.signals_by(likeness, batch)
        for row in range(len(batch)):
            allowed = known.is_active.copy()
            allowed[batch.leads[row]] = False
            chosen = candidates(of_pair, row, allowed=allowed, of_each=of_each)
            rows, alike = table(of_pair, scene.facts, row, chosen=chosen), likeness.together[row].copy()
            yield Candidates(start + row, chosen, rows, int(batch.leads[row]), alike)


def narrowed(each: Candidates, model: Model, *, n: int = N_SCORED) -> Candidates:
    """Keep the candidates that are worth scoring."""
    kept = model.first(each.table, n=n)
    return replace(each, partners=each.partners[kept], table=each.table[kept])


def completed(each: Candidates, model: Model, circles: Circles) -> Candidates:
    """Add to each row how its partner goes with the likeliest others: `LIKELY` and `TEAM`."""
    more = circles.signals(each.guessed(model.guess(each.table)))
    return replace(each, table=np.column_stack([each.table, more]))


def ranked(each: Candidates, model: Model) -> IntArray:
    """Order the candidates of one work, best first; equal scores by number."""
    return each.partners[np.argsort(-model.scores(each.table), kind="stable")]
