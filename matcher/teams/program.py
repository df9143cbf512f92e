"""Columns, rows and goals in order of weight become the best whole-number answer, with its proof or its gap."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Goals are joined into one sum while it tells all of its values apart: the solver lets a whole number be off by 1e-6.
MOST_VALUES = 100_000

Sum = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Goal:
    """A sum of columns to be made as small as can be, and how many values it can take."""

    terms: Sum
    n_values: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The value of each column, none where no answer was found in time, and the relative gap; 0.0: proven best."""

    values: NDArray[np.float64] | None
    gap: float

    def has(self, column: int) -> bool:
        """Tell whether a yes-or-no column is a yes."""
        return self.values is not None and bool(self.values[column] > 0.5)

    def total(self, terms: Sum) -> int:
        """Return a sum of whole columns."""
        if self.values is None:
            raise ValueError("There is no answer whose columns could be summed.")
        return round(float(sum(self.values[column] * times for column, times in terms.items())))


class Program:
    """A mixed-integer program that grows column by column and row by row; every column lies in [0, 1]."""

    def __init__(self) -> None:
        self._whole: list[int] = []
        self._rows: list[tuple[Sum, float, float]] = []

    def choice(self) -> int:
        """Add a column that is 0 or 1."""
        return self._added(1)

    def at_most(self, terms: Sum, limit: float) -> None:
        self._rows.append((terms, -math.inf, limit))

    def at_least(self, terms: Sum, limit: float) -> None:
        self._rows.append((terms, limit, math.inf))

    def exactly(self, terms: Sum, value: float) -> None:
        self._rows.append((terms, value, value))

    def best(self, goals: Iterable[Goal], *, limit_s: float) -> Answer:
        """Reach the goals one after another, none at the price of an earlier one; the rows then hold them.

        Where time runs out, what was reached until then is the answer, with the gap of the goal left open.
        """
        answer = Answer(None, 1.0)
        until = perf_counter() + limit_s
        for group in packed(goals):
            found = self._lowest(_joined(group), limit_s=until - perf_counter())
            if found.values is None:
                return Answer(answer.values, found.gap)
            answer = found
            if answer.gap > 0:
                break
            for goal in group:
                self.at_most(goal.terms, answer.total(goal.terms))
        return answer

    def _lowest(self, goal: Sum, *, limit_s: float) -> Answer:
        if limit_s <= 0:
            return Answer(None, 1.0)
        from scipy.optimize import Bounds, milp  # half a second that jobs without a team need not wait

        costs = np.zeros(len(self._whole))
        costs[list(goal)] = list(goal.values())
        found = milp(
            costs,
            integrality=np.array(self._whole),
            bounds=Bounds(0, 1),
            constraints=self._limits(),
            options={"mip_rel_gap": 0.0, "time_limit": limit_s},
        )
        if found.x is None:
            return Answer(None, 1.0)
        is_proven = found.status == 0 and found.fun - found.mip_dual_bound < 0.5
        return Answer(found.x, 0.0 if is_proven else float(found.mip_gap))

    def _limits(self) -> Any:
        """Lay the rows out as SciPy wants them: a `LinearConstraint`."""
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csr_array

        columns = [column for terms, _, _ in self._rows for column in terms]
        times = [float(each) for terms, _, _ in self._rows for each in terms.values()]
        ends = np.cumsum([0, *(len(terms) for terms, _, _ in self._rows)])
        matrix = csr_array((times, columns, ends), shape=(len(self._rows), len(self._whole)))
        return LinearConstraint(matrix, [low for _, low, _ in self._rows], [high for _, _, high in self._rows])

    def _added(self, whole: int) -> int:
        self._whole.append(whole)
        return len(self._whole) - 1


def packed(goals: Iterable[Goal]) -> list[list[Goal]]:
    """Group goals that follow one another, as many as one sum can hold apart."""
    groups: list[list[Goal]] = []
    for goal in goals:
        n_values = math.prod(one.n_values for one in groups[-1]) if groups else math.inf
        if n_values * goal.n_values > MOST_VALUES:
            groups.append([])
        groups[-1].append(goal)
    return groups


def _joined(goals: Sequence[Goal]) -> Sum:
    """Weigh each goal so that the smallest step of it outweighs all that follow."""
    joined: dict[int, int] = {}
    weight = 1
    for goal in reversed(goals):
        for column, times in goal.terms.items():
            joined[column] = joined.get(column, 0) + weight * times
        weight *= goal.n_values
    return joined
