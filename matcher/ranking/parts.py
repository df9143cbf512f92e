"""A trial becomes the candidates for a team: which needs each covers, how well, and with which of its people."""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

import numpy as np

from matcher.ranking.arrays import FloatArray, IntArray
from matcher.ranking.columns import Codes
from matcher.ranking.coverage import HEIGHTS
from matcher.ranking.grounds import Trial
from matcher.ranking.grouped import Flags, any_of
from matcher.ranking.records import Records
from matcher.ranking.rules import are_free, needed_by
from matcher.ranking.score import score
from matcher.ranking.tables import People
from matcher.ranking.ties import Acquaintance
from matcher.ranking.weights import SIGNALS, Weights
from matcher.terms import FLOOR, Candidate, Need, TeamPerson

# From here on a firm is taken to cover a need: to name the competency is too little, to declare it among its own is
# enough. A need that names no competency is covered by words or past work that come near it.
COVERS = 0.35
# Whoever has less than this share of the best score for a need does not take it: the fewest firms that cover everything
# are not just any.
LEAST_SHARE = 0.1
# More than a team is ever chosen from.
OF_EACH_NEED = 60
# So many of those that could do everything alone are asked for their people first.
ALONE = 8
# What is believed of a firm that lists nobody: somebody has two weeks a month.
UNLISTED_DAYS = 10


def candidates_for_team(
    trial: Trial, records: Records, graph: Acquaintance, weights: Weights, *, alone: bool = False
) -> tuple[Candidate, ...]:
    """Return the partners of a trial that cover a need, in its order, scored for each need alone.

    `alone`: only the best few of those that cover every need, which is mostly all there is to look at.
    """
    chances = [score(trial.scored.signals[[row]], weights).scores for row in range(len(trial.asked.needs))]
    covered = _worth_it(_covered(trial), np.stack(chances))
    tied = graph.neighbours(trial.opportunity.partner_id)
    poster = frozenset({trial.opportunity.partner_id})
    firms, of_all = records.partners.table, trial.rows
    chosen = _best_alone(covered, chances, firms.id.values[of_all], tied) if alone else _best(covered, chances)
    rows = of_all[chosen].tolist()
    ids = [firms.id[row] for row in rows]
    crews = _crews(trial, records, ids, [firms.n_people[row] for row in rows])
    return tuple(
        Candidate(
            partner_id=partner_id,
            scores={need: float(chances[need][at]) for need in range(len(chances)) if covered[need, at]},
            people=people,
            conflict_ids=firms.conflict_ids[row],
            tied_ids=poster if partner_id in tied else frozenset(),
        )
        for at, row, partner_id, people in zip(chosen, rows, ids, crews, strict=True)
    )


def _covered(trial: Trial) -> Flags:
    """Tell which firms are taken to cover which need; where a level is asked for, not those whose able are below it."""
    found = np.asarray(trial.scored.signals[:, :, SIGNALS.index("coverage")] >= COVERS)
    free = trial.scored.signals[:, :, SIGNALS.index("free")]
    for row, need in enumerate(trial.asked.needs):
        if need.level:
            found[row] &= free[row] > 0
    return found


def _worth_it(covered: Flags, chances: FloatArray) -> Flags:
    """Leave out who covers a need far worse than the best, where that one is good enough to be asked."""
    best = np.where(covered, chances, 0).max(axis=1, initial=0, keepdims=True)
    return np.asarray(covered & ((chances >= LEAST_SHARE * best) | (best < FLOOR.score)))


def _best(covered: Flags, chances: Sequence[FloatArray]) -> list[int]:
    """Return where those stand that cover most needs, and those that cover one best; equal ones in their order."""
    kept = np.argsort(-covered.sum(axis=0), kind="stable")[:OF_EACH_NEED].tolist()
    for row, scores in zip(covered, chances, strict=True):
        kept += np.argsort(-np.where(row, scores, -1.0), kind="stable")[:OF_EACH_NEED].tolist()
    return sorted({at for at in kept if covered[:, at].any()})


def _best_alone(covered: Flags, chances: Sequence[FloatArray], ids: IntArray, tied: frozenset[int]) -> list[int]:
    """Return where those stand that cover every need, of whom a team would take the first that has the people."""
    found = np.flatnonzero(covered.all(axis=0))
    worth = sum((np.round(each[found].astype(np.float64) * 100) for each in chances), start=np.zeros(len(found)))
    known = np.isin(ids[found], np.fromiter(tied, np.int64, len(tied)))
    return sorted(found[np.lexsort((ids[found], -worth, ~known))][:ALONE].tolist())


def _crews(
    trial: Trial, records: Records, partner_ids: Sequence[int], n_people: Sequence[int]
) -> Iterator[tuple[TeamPerson, ...]]:
    """List of each firm who is free in time and for which needs; where it lists nobody, as many as it has people."""
    needs, deadline = trial.asked.needs, needed_by(trial.opportunity, trial.today)
    everybody, benches = records.everybody, [records.rows_of_people(each) for each in partner_ids]
    rows, n_each = np.concatenate([np.zeros(0, np.int32), *benches]), [len(bench) for bench in benches]
    whose = np.repeat(np.arange(len(benches)), n_each)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(n_each) - n_each, n_each)
    serves = sum(
        (_able(records, rows, whose, need, len(benches)).astype(np.int64) << at for at, need in enumerate(needs)),
        start=np.zeros(len(rows), np.int64),
    )
    people: list[list[TeamPerson]] = [[] for _ in benches]
    for at in np.flatnonzero(are_free(everybody, rows, deadline)).tolist():
        row = int(rows[at])
        name = f"{place[at]} {everybody.name[row]}"
        people[whose[at]].append(TeamPerson(name, _needs_of(int(serves[at])), everybody.free_days[row]))
    for bench, found, n in zip(n_each, people, n_people, strict=True):
        yield tuple(found) if bench else _unlisted(min(n, len(needs)), len(needs))


def _able(records: Records, rows: Codes, whose: IntArray, need: Need, n_firms: int) -> Flags:
    """Tell who works in what a need asks for, at its level or above; in a firm where nobody works in it, all may."""
    found = records.work_in(rows, records.practices_needed([need]))
    return np.asarray((found | ~any_of(found, whose, n_firms)[whose]) & _at_level(records.everybody, rows, need))


def _at_level(everybody: People, rows: Codes, need: Need) -> Flags:
    """Tell who is as good as a need asks for; whoever states no level is not, as in the score."""
    heights = np.array([HEIGHTS.get(one, 0) for one in everybody.level.words] or [0])
    return np.asarray(heights[everybody.level.codes[rows]] >= HEIGHTS[need.level])


@cache
def _unlisted(n_people: int, n_needs: int) -> tuple[TeamPerson, ...]:
    return tuple(TeamPerson(f"{at}", frozenset(range(n_needs)), UNLISTED_DAYS) for at in range(n_people))


@lru_cache(maxsize=4096)
def _needs_of(bits: int) -> frozenset[int]:
    return frozenset(need for need in range(bits.bit_length()) if bits >> need & 1)
