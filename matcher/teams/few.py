"""Candidates become the best team of one or two, by weighing them all; the program is asked only for larger ones.

Most opportunities are covered by one firm or two, and there are no more than some thousand pairs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.teams.candidate import Staffing, at_odds, hundredths
from matcher.teams.staffing import most_served, staffed
from matcher.terms import Candidate, Part, Team

# Every set of needs is a column here.
MOST_NEEDS = 8

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Table:
    """Sets of needs, as bits, are columns: whether a candidate's people carry them together, and the summed scores."""

    carries: Flags  # (n_candidates, n_sets)
    worth: Numbers  # (n_candidates, n_sets), in hundredths
    tied: Numbers  # (n_candidates,), 1 for who worked with the poster
    apart: Flags  # (n_candidates, n_candidates), True for two who do not work together
    most: int  # the needs for which there is anybody at all


def best_few(candidates: Sequence[Candidate], n_needs: int, *, poster_id: int, staffing: Staffing) -> Team | None:
    """Choose the team where none, one or two partners take all that anybody covers; None where it takes more.

    Candidates stand by id; the order of teams is that of `propose`.
    """
    if n_needs > MOST_NEEDS:
        return None
    table = _table(candidates, n_needs, poster_id, staffing)
    shared = {} if not table.most else _alone(table) or _in_pairs(table)
    return None if shared is None else _team(candidates, n_needs, shared, staffing, int(table.tied[[*shared]].sum()))


def best_alone(candidates: Sequence[Candidate], n_needs: int, *, poster_id: int, staffing: Staffing) -> Team | None:
    """Choose the one partner that takes every need; None where nobody does. Candidates stand by id."""
    if n_needs > MOST_NEEDS or not candidates:
        return None
    table = _table(candidates, n_needs, poster_id, staffing)
    shared = _alone(table) if table.most == (1 << n_needs) - 1 else None
    return None if shared is None else _team(candidates, n_needs, shared, staffing, int(table.tied[[*shared]].sum()))


def carried(candidates: Sequence[Candidate], n_needs: int, staffing: Staffing) -> Flags:
    """Tell for each candidate, (n_candidates, 2 ** n_needs), which sets of needs its people can serve together.

    Source: Hall's theorem, for needs that take several people and people who serve several needs.
    """
    sets = np.arange(1 << n_needs)
    people = [(at, one) for at, candidate in enumerate(candidates) for one in candidate.people]
    whose = np.array([at for at, _ in people], np.int64)
    serves = np.array([_bits(one.serves) for _, one in people], np.int64)
    limits = np.array([most_served(one, staffing) for _, one in people], np.int64)
    covers = np.array([_bits(one.scores) for one in candidates], np.int64)
    found = np.empty((len(candidates), len(sets)), np.bool_)
    for each in sets.tolist():
        served = np.minimum(limits, np.bitwise_count(serves & each))
        n_served = np.bincount(whose, weights=served, minlength=len(candidates))
        found[:, each] = (n_served >= staffing.people_each * each.bit_count()) & (covers & each == each)
    for need in range(n_needs):  # what cannot be done in part cannot be done whole
        with_it = sets[sets >> need & 1 == 1]
        found[:, with_it] &= found[:, with_it ^ 1 << need]
    return found


def _table(candidates: Sequence[Candidate], n_needs: int, poster_id: int, staffing: Staffing) -> Table:
    carries = carried(candidates, n_needs, staffing)
    single = np.array([[hundredths(one.scores.get(need, 0)) for need in range(n_needs)] for one in candidates])
    chosen = np.arange(1 << n_needs)[:, None] >> np.arange(n_needs) & 1
    return Table(
        carries,
        worth=single.reshape(len(candidates), n_needs).astype(np.int64) @ chosen.T,
        tied=np.array([poster_id in one.tied_ids for one in candidates], np.int64),
        apart=_apart(candidates),
        most=sum(1 << need for need in range(n_needs) if carries[:, 1 << need].any()),
    )


def _apart(candidates: Sequence[Candidate]) -> Flags:
    found = np.eye(len(candidates), dtype=np.bool_)
    for at, one in enumerate(candidates):
        for to, other in enumerate(candidates) if one.conflict_ids else ():
            found[at, to] = found[to, at] = found[at, to] or at_odds(one, other)
    return found


def _alone(table: Table) -> dict[int, int] | None:
    """Find the best candidate that takes everything; the first of equals."""
    able = np.flatnonzero(table.carries[:, table.most])
    if not len(able):
        return None
    return {int(able[np.lexsort((-table.worth[able, table.most], -table.tied[able]))[0]]): table.most}


def _in_pairs(table: Table) -> dict[int, int] | None:
    """Find the best two that take everything between them, the first of equals, and what each takes."""
    n, shares = len(table.carries), _shares(table.most)
    best = np.full((n, n), -1, np.int64)
    for mine in shares:
        np.maximum(best, _worth_of_pairs(table, mine), out=best)
    best[table.apart | np.tri(n, dtype=np.bool_)] = -1
    firsts, seconds = np.nonzero(best >= 0)
    if not len(firsts):
        return None
    ties = table.tied[firsts] + table.tied[seconds]
    chosen = np.lexsort((seconds, firsts, -best[firsts, seconds], -ties))[0]
    one, other = int(firsts[chosen]), int(seconds[chosen])
    equal = [mine for mine in shares if _worth_of_pairs(table, mine)[one, other] == best[one, other]]
    mine = max(equal, key=lambda each: f"{each:b}"[::-1])  # the first need to the first that loses nothing
    return {one: mine, other: table.most ^ mine}


def _worth_of_pairs(table: Table, mine: int) -> Numbers:
    """Return what pairs are worth, (n_candidates, n_candidates), if the first takes some needs; -1: they cannot."""
    rest = table.most ^ mine
    able = table.carries[:, mine, None] & table.carries[None, :, rest]
    return np.where(able, table.worth[:, mine, None] + table.worth[None, :, rest], -1)


def _shares(most: int) -> list[int]:
    return [each for each in range(1, most) if each & most == each]


def _bits(needs: Iterable[int]) -> int:
    return sum(1 << need for need in needs)


def _team(
    candidates: Sequence[Candidate], n_needs: int, shared: dict[int, int], staffing: Staffing, n_ties: int
) -> Team:
    parts = []
    for at, share in sorted(shared.items()):
        one, needs = candidates[at], tuple(need for need in range(n_needs) if share >> need & 1)
        parts.append(
            Part(one.partner_id, needs, staffed(one, needs, staffing), sum(one.scores[need] for need in needs))
        )
    covered = sum(shared.values())
    uncovered = tuple(need for need in range(n_needs) if not covered >> need & 1)
    return Team(tuple(parts), uncovered, n_ties, sum(part.score for part in parts), gap=0.0)
