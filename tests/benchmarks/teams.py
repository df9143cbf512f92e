"""Random markets of 200 candidates and 8 needs become how long the best team takes, beside the plain greedy choice."""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from matcher.teams import Candidate, TeamPerson, propose
from matcher.terms import Team
from tests.teams.rules import broken_rules

N_CANDIDATES = 200
N_NEEDS = 8
POSTER = 0
# Widest coverage of one candidate: with 3 of 8 a team needs three, with 6 mostly two.
WIDTHS = (2, 3, 6)


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of the exact choice over markets of one width, the greedy choice beside it, and what each gave."""

    width: int
    n_markets: int
    median_s: float
    slowest_s: float
    greedy_s: float
    n_proven: int
    partners: float
    partners_greedy: float


def market(
    rng: random.Random, *, width: int, n_candidates: int = N_CANDIDATES, n_needs: int = N_NEEDS
) -> list[Candidate]:
    """Draw candidates: some needs each, one to six people, one in ten at odds with two others, one in ten known."""
    return [_candidate(rng, number, width, n_candidates, n_needs) for number in range(1, n_candidates + 1)]


def greedy(candidates: Sequence[Candidate], n_needs: int = N_NEEDS) -> int:
    """Count the partners of a choice that takes whoever covers most of what is left, people and feuds unseen."""
    left, n_partners = set(range(n_needs)), 0
    while left:
        best = max(candidates, key=lambda one: (len(left.intersection(one.scores)), -one.partner_id))
        if not left.intersection(best.scores):
            break
        left -= set(best.scores)
        n_partners += 1
    return n_partners


def measure(width: int, *, n_markets: int, seed: int) -> Measured:
    """Propose a team for each market, the clock running over the proposal alone."""
    rng = random.Random(seed)
    markets = [market(rng, width=width) for _ in range(n_markets)]
    timed = [_timed(each) for each in markets]
    began = perf_counter()
    n_greedy = [greedy(each) for each in markets]
    greedy_s = (perf_counter() - began) / n_markets
    return Measured(
        width=width,
        n_markets=n_markets,
        median_s=median(seconds for _, seconds in timed),
        slowest_s=max(seconds for _, seconds in timed),
        greedy_s=greedy_s,
        n_proven=sum(team.gap == 0 for team, _ in timed),
        partners=sum(len(team.parts) for team, _ in timed) / n_markets,
        partners_greedy=sum(n_greedy) / n_markets,
    )


def as_table(found: Sequence[Measured]) -> str:
    """Write the numbers as a Markdown table."""
    lines = ["| needs of a candidate | median s | slowest s | proven | partners | greedy, s | its partners |"]
    lines.append("|" + "---|" * 7)
    for one in found:
        lines.append(
            f"| 1 to {one.width} | {one.median_s:.2f} | {one.slowest_s:.2f} | {one.n_proven}/{one.n_markets} "
            f"| {one.partners:.2f} | {one.greedy_s:.4f} | {one.partners_greedy:.2f} |"
        )
    return "\n".join(lines)


def _candidate(rng: random.Random, number: int, width: int, n_candidates: int, n_needs: int) -> Candidate:
    covered = rng.sample(range(n_needs), rng.randint(1, width))
    others = rng.sample(range(1, n_candidates + 1), 2) if rng.random() < 0.1 else []
    return Candidate(
        partner_id=number,
        scores={need: rng.random() for need in covered},
        people=tuple(_person(rng, f"person {at}", covered) for at in range(rng.randint(1, 6))),
        conflict_ids=frozenset(others) - {number},
        tied_ids=frozenset([POSTER]) if rng.random() < 0.1 else frozenset(),
    )


def _person(rng: random.Random, name: str, covered: Sequence[int]) -> TeamPerson:
    serves = frozenset(rng.sample(list(covered), rng.randint(1, len(covered))))
    return TeamPerson(name, serves, rng.choice((0, 4, 6, 8, 10, 12, 20)))


def _timed(candidates: Sequence[Candidate]) -> tuple[Team, float]:
    began = perf_counter()
    team = propose(candidates, N_NEEDS, poster_id=POSTER)
    seconds = perf_counter() - began
    broken = broken_rules(team, candidates, N_NEEDS, poster_id=POSTER)
    if broken:
        raise AssertionError(f"The team breaks a rule: {broken[0]}")
    return team, seconds


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markets", type=int, default=20, help="random markets for each width")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the numbers here as well")
    options = parser.parse_args(argv)
    found = [measure(width, n_markets=options.markets, seed=options.seed) for width in WIDTHS]
    print(as_table(found))
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in found], indent=2) + "\n")


if __name__ == "__main__":
    main()
