"""A candidate's people become the largest loads of needs that they can carry at the same time, and who does what."""

from collections.abc import Sequence

from matcher.teams.candidate import Staffing
from matcher.terms import Candidate, TeamPerson


def loads(candidate: Candidate, staffing: Staffing) -> list[frozenset[int]]:
    """List the sets of needs that its people can serve together and to which no need could be added.

    Source: Hall's theorem, for needs that take several people and people who serve several needs.
    """
    needs = sorted(candidate.scores)
    too_much = _overloads(candidate, needs, staffing)
    carried: list[int] = []
    for load in sorted(range(1, 1 << len(needs)), key=lambda one: (-one.bit_count(), one)):
        if not any(load & over == over for over in too_much) and not any(load & more == load for more in carried):
            carried.append(load)
    return [frozenset(need for at, need in enumerate(needs) if load >> at & 1) for load in carried]


def most_served(person: TeamPerson, staffing: Staffing) -> int:
    """Return how many needs a person can serve at the same time."""
    limit = staffing.needs_each or len(person.serves)
    return min(limit, person.free_days // staffing.days_each) if staffing.days_each else limit


def staffed(candidate: Candidate, needs: Sequence[int], staffing: Staffing) -> tuple[tuple[int, str], ...]:
    """Say which people do which need, by need; the needs are some that they can carry together."""
    from scipy.sparse import coo_array  # a tenth of a second that jobs without a team need not wait
    from scipy.sparse.csgraph import maximum_flow

    people, source, sink = candidate.people, 0, 1
    who = range(2 + len(needs), 2 + len(needs) + len(people))
    ways = [(source, 2 + at, staffing.people_each) for at in range(len(needs))]
    ways += [(one, sink, most_served(person, staffing)) for one, person in zip(who, people, strict=True)]
    serving = [(at, number) for at, need in enumerate(needs) for number, one in enumerate(people) if need in one.serves]
    ways += [(2 + at, who[number], 1) for at, number in serving]
    begins, ends, limits = zip(*ways, strict=True)
    n = 2 + len(needs) + len(people)
    flow = maximum_flow(coo_array((limits, (begins, ends)), shape=(n, n), dtype="int32").tocsr(), source, sink).flow
    return tuple(sorted((needs[at], people[number].name) for at, number in serving if flow[2 + at, who[number]] > 0))


def _overloads(candidate: Candidate, needs: list[int], staffing: Staffing) -> list[int]:
    """List the smallest sets of needs, as bits, for which there are too few people."""
    serves = [sum(1 << at for at, need in enumerate(needs) if need in one.serves) for one in candidate.people]
    limits = [most_served(one, staffing) for one in candidate.people]
    found: list[int] = []
    for few in sorted(range(1, 1 << len(needs)), key=lambda one: (one.bit_count(), one)):
        n_served = sum(min(limit, (mask & few).bit_count()) for mask, limit in zip(serves, limits, strict=True))
        if n_served < staffing.people_each * few.bit_count() and not any(few & less == less for less in found):
            found.append(few)
    return found
