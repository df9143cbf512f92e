"""A trial becomes the candidates for a team: which needs each covers, how well, and with which of its people."""

from collections.abc import Sequence

import numpy as np

from matcher.ranking.arrays import FloatArray
from matcher.ranking.grounds import Trial
from matcher.ranking.grouped import Flags
from matcher.ranking.records import Records
from matcher.ranking.rules import is_free, needed_by
from matcher.ranking.score import score
from matcher.ranking.ties import Acquaintance
from matcher.ranking.weights import SIGNALS, Weights
from matcher.terms import BenchPerson, Candidate, Partner, TeamPerson

# From here on a firm is taken to cover a need: to name the competency is too little, to declare it among its own is
# enough. A need that names no competency is covered by words or past work that come near it.
COVERS = 0.35
# More than a team is ever chosen from.
OF_EACH_NEED = 60
# What is believed of a firm that lists nobody: somebody has two weeks a month.
UNLISTED_DAYS = 10


def candidates_for_team(trial: Trial, records: Records, graph: Acquaintance, weights: Weights) -> tuple[Candidate, ...]:
    """Return the partners of a trial that cover a need, in its order, scored for each need alone."""
    covered = trial.scored.signals[:, :, SIGNALS.index("coverage")] >= COVERS
    chances = [score(trial.scored.signals[[row]], weights).scores for row in range(len(trial.asked.needs))]
    tied = graph.neighbours(trial.opportunity.partner_id)
    poster = frozenset({trial.opportunity.partner_id})
    chosen = [(at, trial.partners[at]) for at in _best(covered, chances)]
    return tuple(
        Candidate(
            partner_id=partner.id,
            scores={row: float(chances[row][at]) for row in range(len(chances)) if covered[row, at]},
            people=_people(trial, records, partner),
            conflict_ids=partner.conflict_ids,
            tied_ids=poster if partner.id in tied else frozenset(),
        )
        for at, partner in chosen
    )


def _best(covered: Flags, chances: Sequence[FloatArray]) -> list[int]:
    """Return where those stand that cover most needs, and those that cover one best; equal ones in their order."""
    kept = np.argsort(-covered.sum(axis=0), kind="stable")[:OF_EACH_NEED].tolist()
    for row, scores in zip(covered, chances, strict=True):
        kept += np.argsort(-np.where(row, scores, -1.0), kind="stable")[:OF_EACH_NEED].tolist()
    return sorted({at for at in kept if covered[:, at].any()})


def _people(trial: Trial, records: Records, partner: Partner) -> tuple[TeamPerson, ...]:
    """List who is free in time and for which needs; of a firm that lists nobody, as many as it has people."""
    needs, bench = trial.asked.needs, records.people(partner.id)
    if not bench:
        anyone = range(min(partner.n_people, len(needs)))
        return tuple(TeamPerson(f"{at}", frozenset(range(len(needs))), UNLISTED_DAYS) for at in anyone)
    deadline = needed_by(trial.opportunity, trial.today)
    able = [_able(bench, records.practices_needed([need])) for need in needs]
    return tuple(
        TeamPerson(
            f"{at} {person.name}", frozenset(row for row, found in enumerate(able) if at in found), person.free_days
        )
        for at, person in enumerate(bench)
        if is_free(person, deadline)
    )


def _able(bench: Sequence[BenchPerson], practices: frozenset[str]) -> frozenset[int]:
    """Return who of a bench works in one of the practices; where nobody does, all may."""
    found = frozenset(at for at, one in enumerate(bench) if practices.intersection(one.competency_keys))
    return found or frozenset(range(len(bench)))
