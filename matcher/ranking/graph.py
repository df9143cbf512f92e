"""Past collaborations become a graph that knows old ties and shared partners; the only file that knows networkx."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import networkx as nx

from matcher.terms import Collaboration

NETWORKX = nx.__version__
HALF_LIFE_DAYS = 4 * 365
WORTH = {"won": 1.0, "lost": 0.3}
# Who worked for the candidate is known to it from the other side of the table: worth half.
OTHER_WAY = 0.5


@dataclass(frozen=True, slots=True)
class Tie:
    """What two partners did together: strength in [0, 1], the works where the candidate did the part, newest first."""

    strength: float = 0.0
    works: tuple[Collaboration, ...] = ()
    n_works: int = 0

    @property
    def last_year(self) -> int:
        """Give the year of the newest work that the candidate did, 0 for none."""
        return self.works[0].ended_on.year if self.works else 0


class CollaborationGraph:
    """Who did work for whom; an edge goes from the lead to the partner that did the missing part."""

    def __init__(self, collaborations: Iterable[Collaboration]) -> None:
        self._graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
        self._hub_worth: dict[int, float] = {}
        for one in collaborations:
            self._insert(one)
        for partner_id in self._graph:
            self._weigh(partner_id)

    def add(self, collaboration: Collaboration) -> None:
        """Put one more collaboration in; only the two partners' own numbers are computed anew."""
        self._insert(collaboration)
        self._weigh(collaboration.lead_id)
        self._weigh(collaboration.partner_id)

    def neighbours(self, partner_id: int) -> frozenset[int]:
        """Return everybody the partner worked with, on either side."""
        if partner_id not in self._graph:
            return frozenset()
        return frozenset(nx.all_neighbors(self._graph, partner_id))

    def prior(self, poster: int, partner: int, *, today: date, competency_keys: frozenset[str] = frozenset()) -> Tie:
        """Say what the partner did for the poster; work in one of the competencies counts in full, other work half."""
        done = self._works(poster, partner)
        returned = self._works(partner, poster)
        total = sum(_worth(one, today) * _likeness(one, competency_keys) for one in done)
        total += OTHER_WAY * sum(_worth(one, today) * _likeness(one, frozenset()) for one in returned)
        newest_first = sorted(done, key=lambda one: (one.ended_on, one.summary), reverse=True)
        return Tie(1 - math.exp(-total), tuple(newest_first), len(done) + len(returned))

    def common_partners(self, a: int, b: int) -> frozenset[int]:
        """Return those who worked with both."""
        return self.neighbours(a) & self.neighbours(b)

    def closeness(self, a: int, b: int) -> float:
        """Return the Adamic-Adar number of two partners, squeezed into [0, 1): shared partners with few ties say more.

        Source: Adamic and Adar, Friends and neighbors on the web, Social Networks 25 (2003).
        """
        total = sum(self._hub_worth[one] for one in sorted(self.common_partners(a, b)))
        return total / (1 + total)

    def around(self, partner_id: int, *, limit: int) -> tuple[int, ...]:
        """Return partners of the partner, then partners of those, most shared partners first, ties by id."""
        near = self.neighbours(partner_id)
        shared: dict[int, float] = {}
        for one in near:
            for other in self.neighbours(one) - near - {partner_id}:
                shared[other] = shared.get(other, 0.0) + self._hub_worth[one]
        further = sorted(shared, key=lambda one: (-round(shared[one], 9), one))
        return (*sorted(near), *further)[:limit]

    def _insert(self, one: Collaboration) -> None:
        self._graph.add_edge(one.lead_id, one.partner_id, work=one)

    def _weigh(self, partner_id: int) -> None:
        n_neighbours = len(self.neighbours(partner_id))
        self._hub_worth[partner_id] = 1 / math.log(1 + max(n_neighbours, 2))

    def _works(self, lead: int, partner: int) -> list[Collaboration]:
        edges: dict[Any, Any] = self._graph.get_edge_data(lead, partner) or {}
        return [edge["work"] for edge in edges.values()]


def faded(ended_on: date, today: date) -> float:
    """Return what is left of a piece of evidence, in (0, 1]: half after four years, all of it while work goes on."""
    return float(0.5 ** (max((today - ended_on).days, 0) / HALF_LIFE_DAYS))


def _worth(one: Collaboration, today: date) -> float:
    return WORTH.get(one.outcome, 0.0) * faded(one.ended_on, today)


def _likeness(one: Collaboration, competency_keys: frozenset[str]) -> float:
    return 1.0 if one.competency_key in competency_keys else 0.5
