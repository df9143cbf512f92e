"""Candidates become the program of a team: who joins with which people, and then who takes which need."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from matcher.teams.candidate import Staffing, at_odds, hundredths
from matcher.teams.program import Goal, Program
from matcher.teams.staffing import loads, most_served
from matcher.terms import Candidate

# Up to so many needs of one candidate its loads are listed; beyond, each of its people is a choice of its own.
MOST_LISTED = 8


@dataclass(slots=True)
class Plan:
    """A program and what its columns mean. Candidates and people are named by their place in the list."""

    candidates: Sequence[Candidate]
    n_needs: int
    poster_id: int
    program: Program = field(default_factory=Program)
    joins: list[list[int]] = field(default_factory=list)  # the ways in which each candidate can join, at most one
    lacks: list[int] = field(default_factory=list)
    offers: dict[tuple[int, int], list[int]] = field(default_factory=dict)  # candidate, need
    takes: dict[tuple[int, int], int] = field(default_factory=dict)  # candidate, need
    places: list[dict[int, int]] = field(default_factory=list)  # candidate by place
    does: dict[tuple[int, int, int], int] = field(default_factory=dict)  # candidate, person, need

    def size(self, _: Sequence[int] = ()) -> list[Goal]:
        """List what comes first: few needs left open, then few partners."""
        joins = [column for ways in self.joins for column in ways]
        return [
            Goal(dict.fromkeys(self.lacks, 1), self.n_needs + 1),
            Goal(dict.fromkeys(joins, 1), min(self.n_needs, len(self.joins)) + 1),
        ]

    def worth(self, members: Sequence[object]) -> list[Goal]:
        """List what comes next, in a team of so many: many who worked with the poster, then good scores."""
        known = [at for at, one in enumerate(self.candidates) if self.poster_id in one.tied_ids]
        self._share_out()
        scores = {column: -hundredths(self.candidates[at].scores[need]) for (at, need), column in self.takes.items()}
        return [
            Goal({column: -1 for at in known for column in self.joins[at]}, len(members) + 1),
            Goal(scores, 100 * self.n_needs + 1),
        ]

    def size_and_worth(self, _: Sequence[int]) -> list[Goal]:
        """List both at once, which is quicker while candidates are few."""
        return [*self.size(), *self.worth(self.candidates)]

    def next_lowest(self, members: Sequence[int]) -> list[Goal]:
        """Add the next place of a team, held by the lowest id that holds none; an equal team says which is enough."""
        place = {at: self.program.choice() for at in range(members[len(self.places)] + 1)}
        self.places.append(place)
        self.program.exactly(dict.fromkeys(place.values(), 1), 1)
        for at in place:
            held = {each[at]: 1 for each in self.places if at in each}
            self.program.at_most(held | dict.fromkeys(self.joins[at], -1), 0)
        is_lowest = len(place) == len(self.places)
        return [] if is_lowest else [Goal({column: at for at, column in place.items()}, len(place))]

    def lowest_takers(self) -> list[Goal]:
        """List who takes each need, the first of the candidates before the next, and nobody last."""
        taken = [{lack: len(self.joins)} for lack in self.lacks]
        for (at, need), column in self.takes.items():
            taken[need][column] = at
        return [Goal(takers, len(self.joins) + 1) for takers in taken]

    def _share_out(self) -> None:
        """Let each need that is not left open be taken by one of those who offer it."""
        for (at, need), offering in self.offers.items():
            column = self.takes[at, need] = self.program.choice()
            self.program.at_most({column: 1} | dict.fromkeys(offering, -1), 0)
        for need in range(self.n_needs):
            takers = [column for (_, taken), column in self.takes.items() if taken == need]
            self.program.exactly(dict.fromkeys([*takers, self.lacks[need]], 1), 1)


def plan_of(candidates: Sequence[Candidate], n_needs: int, *, poster_id: int, staffing: Staffing) -> Plan:
    """Write down every choice and rule but who does what; candidates stand by id."""
    plan = Plan(candidates, n_needs, poster_id)
    for at, candidate in enumerate(candidates):
        join = _join_loaded if len(candidate.scores) <= MOST_LISTED else _join_by_name
        join(plan, at, candidate, staffing)
    return _completed(plan)


def named_plan_of(candidates: Sequence[Candidate], n_needs: int, *, poster_id: int, staffing: Staffing) -> Plan:
    """Write down the same with every person a choice of its own."""
    plan = Plan(candidates, n_needs, poster_id)
    for at, candidate in enumerate(candidates):
        _join_by_name(plan, at, candidate, staffing)
    return _completed(plan)


def _completed(plan: Plan) -> Plan:
    """Ask for each need, and keep apart those who do not work together."""
    plan.lacks = [plan.program.choice() for _ in range(plan.n_needs)]
    for need, lack in enumerate(plan.lacks):
        offering = [column for (_, offered), columns in plan.offers.items() if offered == need for column in columns]
        plan.program.at_least(dict.fromkeys([*offering, lack], 1), 1)
    for (at, one), (to, other) in combinations(enumerate(plan.candidates), 2):
        if at_odds(one, other):
            plan.program.at_most(dict.fromkeys([*plan.joins[at], *plan.joins[to]], 1), 1)
    return plan


def _join_loaded(plan: Plan, at: int, candidate: Candidate, staffing: Staffing) -> None:
    """Let a candidate join with one of the largest loads of needs that its people can carry together."""
    ways = {plan.program.choice(): load for load in loads(candidate, staffing)}
    plan.joins.append(list(ways))
    plan.program.at_most(dict.fromkeys(ways, 1), 1)
    for need in sorted(set().union(*ways.values())):
        plan.offers[at, need] = [column for column, load in ways.items() if need in load]


def _join_by_name(plan: Plan, at: int, candidate: Candidate, staffing: Staffing) -> None:
    """Let a candidate join, offer what distinct people do, and ask of each of them no more than it can give."""
    join = plan.program.choice()
    plan.joins.append([join])
    for number, person in enumerate(candidate.people):
        needs = sorted(person.serves.intersection(candidate.scores))
        columns = [plan.program.choice() for _ in needs]
        plan.does |= {(at, number, need): column for need, column in zip(needs, columns, strict=True)}
        plan.program.at_most(dict.fromkeys(columns, 1), most_served(person, staffing))
    for need in sorted(candidate.scores):
        offer = plan.program.choice()
        plan.offers[at, need] = [offer]
        plan.program.at_most({offer: 1, join: -1}, 0)
        doing = _doing(plan, at, need, range(len(candidate.people)))
        plan.program.exactly(dict.fromkeys(doing, 1) | {offer: -staffing.people_each}, 0)


def _doing(plan: Plan, at: int, need: int, people: Iterable[int]) -> list[int]:
    return [plan.does[at, number, need] for number in people if (at, number, need) in plan.does]
