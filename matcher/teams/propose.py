"""Candidates become the team that a poster is shown: the fewest partners whose distinct people cover the most needs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from time import perf_counter

from matcher.teams.candidate import SHARED, Staffing, shortlist
from matcher.teams.few import best_alone, best_few
from matcher.teams.plan import Plan, named_plan_of, plan_of
from matcher.teams.program import Answer, Goal
from matcher.terms import Candidate, Part, Team

LIMIT_S = 5.0
FEW = 8  # so few candidates are quicker asked for everything at once

Stage = Callable[[Sequence[int]], list[Goal]]


def propose(
    candidates: Iterable[Candidate],
    n_needs: int,
    *,
    poster_id: int,
    staffing: Staffing = SHARED,
    limit_s: float = LIMIT_S,
) -> Team:
    """Choose the team that leaves the fewest needs open, then has the fewest partners, the most ties, the best scores.

    Ties are partners that worked with the poster before. Scores are summed over the needs, in hundredths. Among equals
    the lowest partner ids win, then the lowest takers of the first needs. `gap` is 0.0 where this is proven; otherwise
    time ran out and it says how much better the goal left open might still become.
    """
    if not n_needs:
        return Team(())
    listed = shortlist((one for one in candidates if _may_join(one, poster_id)), n_needs)
    few = best_few(listed, n_needs, poster_id=poster_id, staffing=staffing)
    return few or best_of_any_size(listed, n_needs, poster_id=poster_id, staffing=staffing, limit_s=limit_s)


def alone(candidates: Iterable[Candidate], n_needs: int, *, poster_id: int, staffing: Staffing = SHARED) -> Team | None:
    """Choose the one partner that takes every need, None where nobody does.

    It is what `propose` chooses among all, if these are the first, by ties and scores, of those that cover every need.
    """
    listed = sorted((one for one in candidates if _may_join(one, poster_id)), key=lambda one: one.partner_id)
    return best_alone(listed, n_needs, poster_id=poster_id, staffing=staffing)


def best_of_any_size(
    listed: Sequence[Candidate], n_needs: int, *, poster_id: int, staffing: Staffing, limit_s: float
) -> Team:
    """Choose from a shortlist by a mixed-integer program."""
    until = perf_counter() + limit_s
    plan = plan_of(listed, n_needs, poster_id=poster_id, staffing=staffing)
    stages: list[Stage] = [plan.size_and_worth] if len(listed) <= FEW else [plan.size, plan.worth]
    answer = _reached(plan, Answer(None, 1.0), stages, until)
    if answer.gap == 0 and len(_members(plan, answer)) < len(listed):
        answer = replace(_reached(plan, answer, [plan.next_lowest] * len(_members(plan, answer)), until), gap=0.0)
    return _shared_out(plan, answer, staffing, limit_s)


def _reached(plan: Plan, answer: Answer, stages: Iterable[Stage], until: float) -> Answer:
    """Go through stages of goals while each is reached in time; the last answer stands when a stage finds none."""
    for stage in stages:
        goals = stage(_members(plan, answer))
        if not goals:
            continue
        found = plan.program.best(goals, limit_s=until - perf_counter())
        answer = Answer(answer.values if found.values is None else found.values, found.gap)
        if answer.gap > 0 or not _members(plan, answer):
            break
    return answer


def _may_join(candidate: Candidate, poster_id: int) -> bool:
    return candidate.partner_id != poster_id and poster_id not in candidate.conflict_ids


def _members(plan: Plan, answer: Answer) -> list[int]:
    return [at for at, ways in enumerate(plan.joins) if any(answer.has(column) for column in ways)]


def _shared_out(plan: Plan, answer: Answer, staffing: Staffing, limit_s: float) -> Team:
    """Share the needs out among the members and their people, the first need to the lowest id that loses nothing."""
    members = [plan.candidates[at] for at in _members(plan, answer)]
    if not members:
        return Team((), tuple(range(plan.n_needs)), gap=answer.gap)
    final = named_plan_of(members, plan.n_needs, poster_id=plan.poster_id, staffing=staffing)
    found = final.program.best([*final.size(), *final.worth(members), *final.lowest_takers()], limit_s=limit_s)
    if found.values is None:
        return Team((), tuple(range(plan.n_needs)), gap=1.0)
    return _team(final, found, answer.gap)


def _team(plan: Plan, answer: Answer, gap: float) -> Team:
    parts = tuple(_part(plan, answer, at) for at in range(len(plan.candidates)))
    covered = {need for part in parts for need in part.needs}
    return Team(
        parts=parts,
        uncovered=tuple(need for need in range(plan.n_needs) if need not in covered),
        n_ties=sum(plan.poster_id in one.tied_ids for one in plan.candidates),
        score=sum(part.score for part in parts),
        gap=gap,
    )


def _part(plan: Plan, answer: Answer, at: int) -> Part:
    candidate = plan.candidates[at]
    needs = tuple(need for need in sorted(candidate.scores) if answer.has(plan.takes[at, need]))
    people = [
        (need, candidate.people[number].name)
        for (of, number, need), column in plan.does.items()
        if of == at and need in needs and answer.has(column)
    ]
    return Part(candidate.partner_id, needs, tuple(sorted(people)), sum(candidate.scores[need] for need in needs))
