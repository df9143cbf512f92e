"""A team and the rules it must keep become the sentences that say which it breaks, none for a sound one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from matcher.teams.candidate import SHARED, Staffing, at_odds
from matcher.terms import Candidate, Part, Team


def broken_rules(
    team: Team, candidates: Iterable[Candidate], n_needs: int, *, poster_id: int, staffing: Staffing = SHARED
) -> tuple[str, ...]:
    """Name every rule that a team breaks, with the numbers; it asks nothing of whether a better team exists."""
    known = {one.partner_id: one for one in candidates}
    strangers = [part.partner_id for part in team.parts if part.partner_id not in known]
    if strangers:
        return tuple(f"Partner {one} is no candidate." for one in strangers)
    found = [*_of_needs(team, n_needs), *_of_pairs(team, known, poster_id)]
    for part in team.parts:
        found += _of_people(part, known[part.partner_id], staffing)
    return tuple(found)


def _of_needs(team: Team, n_needs: int) -> Iterator[str]:
    times = Counter(need for part in team.parts for need in part.needs)
    times.update(team.uncovered)
    yield from (f"Need {need} is named {times[need]} times." for need in range(n_needs) if times[need] != 1)
    yield from (f"Partner {part.partner_id} has nothing to do." for part in team.parts if not part.needs)


def _of_pairs(team: Team, known: Mapping[int, Candidate], poster_id: int) -> Iterator[str]:
    members = [known[part.partner_id] for part in team.parts]
    for one in members:
        if one.partner_id == poster_id or poster_id in one.conflict_ids:
            yield f"Partner {one.partner_id} cannot work for {poster_id}."
    for one, other in combinations(members, 2):
        if at_odds(one, other):
            yield f"Partners {one.partner_id} and {other.partner_id} do not work together."


def _of_people(part: Part, candidate: Candidate, staffing: Staffing) -> Iterator[str]:
    firm, by_name = f"Partner {part.partner_id}", {one.name: one for one in candidate.people}
    for need in part.needs:
        names = {name for served, name in part.people if served == need}
        if need not in candidate.scores:
            yield f"{firm} does not cover need {need}."
        if len(names) != staffing.people_each:
            yield f"{firm} has {len(names)} people on need {need}; it takes {staffing.people_each}."
    for name, n_served in sorted(Counter(name for _, name in part.people).items()):
        person = by_name[name]
        if any(need not in person.serves for need, who in part.people if who == name):
            yield f"{firm}: {name} cannot do what is asked."
        if n_served * staffing.days_each > person.free_days:
            yield f"{firm}: {name} is free for {person.free_days} days, not for {n_served * staffing.days_each}."
        if 0 < staffing.needs_each < n_served:
            yield f"{firm}: {name} is counted {n_served} times; {staffing.needs_each} is the most."
