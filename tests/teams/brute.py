"""Every way of sharing needs out among a few candidates becomes the best one, by trying them all."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, product

from matcher.teams import Candidate, Staffing

# Needs left open, partners, ties and hundredths of score as they are compared, the partners, who takes each need.
Best = tuple[int, int, int, int, tuple[int, ...], tuple[int, ...]]
NOBODY = 10**9


def best_of_all(candidates: Sequence[Candidate], n_needs: int, *, poster_id: int, staffing: Staffing) -> Best:
    """Try every candidate, or nobody, on every need; lower is better all the way."""
    known = {one.partner_id: one for one in candidates}

    @cache
    def can_carry(partner_id: int, needs: tuple[int, ...]) -> bool:
        return can_staff(known[partner_id], needs, staffing)

    willing = [one.partner_id for one in candidates if poster_id not in one.conflict_ids]
    choices = [[NOBODY, *(one for one in willing if need in known[one].scores)] for need in range(n_needs)]
    return min(
        _as_compared(takers, known, poster_id)
        for takers in product(*choices)
        if _at_peace(takers, known) and all(can_carry(*load) for load in _loads(takers))
    )


def can_staff(candidate: Candidate, needs: Sequence[int], staffing: Staffing) -> bool:
    """Put people on one need after another until all have theirs, or until nothing is left to try."""

    def staffed(left: Sequence[int], served: Mapping[int, int]) -> bool:
        if not left:
            return True
        able = [at for at, one in enumerate(candidate.people) if left[0] in one.serves and _has_time(at, served)]
        return any(
            staffed(left[1:], {**served, **{at: served.get(at, 0) + 1 for at in chosen}})
            for chosen in combinations(able, staffing.people_each)
        )

    def _has_time(at: int, served: Mapping[int, int]) -> bool:
        n_then = served.get(at, 0) + 1
        in_days = n_then * staffing.days_each <= candidate.people[at].free_days
        return in_days and (not staffing.needs_each or n_then <= staffing.needs_each)

    return staffed(needs, {})


def _loads(takers: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    for one in sorted(set(takers) - {NOBODY}):
        yield one, tuple(need for need, taker in enumerate(takers) if taker == one)


def _at_peace(takers: Sequence[int], known: Mapping[int, Candidate]) -> bool:
    members = set(takers) - {NOBODY}
    return not any(other in known[one].conflict_ids for one in members for other in members)


def _as_compared(takers: tuple[int, ...], known: Mapping[int, Candidate], poster_id: int) -> Best:
    members = tuple(sorted(set(takers) - {NOBODY}))
    n_ties = sum(poster_id in known[one].tied_ids for one in members)
    score = sum(round(known[one].scores[need] * 100) for need, one in enumerate(takers) if one != NOBODY)
    return takers.count(NOBODY), len(members), -n_ties, -score, members, takers
