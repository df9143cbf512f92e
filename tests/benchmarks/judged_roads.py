"""The roads to candidates become a table: how many firms each leads to, and how many of the right ones it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.ranking.closeness import Asked
from matcher.ranking.rank import Ranker
from tests.benchmarks.judged import RELEVANT_GRADE, Asking
from tests.benchmarks.seeds_folder import Seeds

FIRST = 20
UNITED = "all of them"


@dataclass(frozen=True, slots=True)
class Led:
    """Whom each road leads to for each need of one posting, the nearest first, and who is a right answer."""

    needs: Sequence[Mapping[str, Sequence[int]]]
    right: frozenset[int]

    def held(self, road: str, *, at: int | None = None) -> frozenset[int]:
        """Return the right firms that a road, or any, leads to for some need, among the first `at` of each road."""
        return self.right.intersection(*[[one for need in self.needs for one in _reached(need, road, at)]])

    def held_without(self, road: str, *, at: int | None = None) -> frozenset[int]:
        """Return the right firms that some other road leads to, among the first `at` of each."""
        others = [name for name in self.needs[0] if road not in (name, UNITED)]
        return frozenset[int]().union(*(self.held(name, at=at) for name in others))


def led(seeds: Seeds, ranker: Ranker, cases: Sequence[Asking]) -> list[Led]:
    """Walk every road for every need of the postings."""
    found = []
    for opportunity, vectors, judgements in cases:
        asked = ranker._asked(opportunity, vectors)
        needs = [_of_need(ranker, asked, at) for at in range(len(asked.needs))]
        right = frozenset(seeds.ids[one.partner] for one in judgements if one.grade >= RELEVANT_GRADE)
        found.append(Led(needs, right))
    return found


def as_table(found: Sequence[Led]) -> str:
    """Write as Markdown: firms a need and the share of right firms held, all of a road and its first few."""
    head = ["road", "firms a need", "right firms held", f"first {FIRST}: firms a need", "held", "by no other road"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    n_right, n_needs = sum(len(one.right) for one in found), sum(len(one.needs) for one in found)
    for road in (*found[0].needs[0], UNITED):
        numbers = []
        for at in (None, FIRST):
            n_firms = sum(len(_reached(need, road, at)) for one in found for need in one.needs)
            held = sum(len(one.held(road, at=at)) for one in found)
            numbers += [f"{n_firms / n_needs:.1f}", f"{held / n_right:.3f}"]
        alone = sum(len(one.held(road, at=FIRST) - one.held_without(road, at=FIRST)) for one in found)
        lines.append("| " + " | ".join([road, *numbers, str(alone) if road != UNITED else ""]) + " |")
    return "\n".join(lines)


def _of_need(ranker: Ranker, asked: Asked, at: int) -> dict[str, list[int]]:
    alone = Asked((asked.needs[at],), asked.vectors[at : at + 1], (asked.practices[at],), asked.poster_id)
    return {name: list(dict.fromkeys(ids.tolist())) for name, ids in ranker._roads.each(alone).items()}


def _reached(need: Mapping[str, Sequence[int]], road: str, at: int | None) -> set[int]:
    return {one for name, ids in need.items() if road in (name, UNITED) for one in ids[:at]}
