"""What a poster reads: of those who could be asked, and of those who fit less well, how many a reader would choose."""

from collections.abc import Sequence

from matcher.terms import FLOOR
from tests.benchmarks.judged import PLACES, RELEVANT_GRADE, TRAP_PLACES, Case
from tests.benchmarks.seeds_folder import Seeds


def as_table(seeds: Seeds, cases: Sequence[Case]) -> str:
    """Count in three parts of each list of ten, as a Markdown table: firms a posting, and how many are right."""
    rows = {f"first {TRAP_PLACES} of the order": 0, f"first {TRAP_PLACES} that could be asked": 1, "fit less well": 2}
    parts = [_parts(seeds, case) for case in cases]
    lines = ["| what | firms | a posting | right | share |", "|---|---|---|---|---|"]
    for name, at in rows.items():
        found = [is_right for one in parts for is_right in one[at]]
        share = sum(found) / max(len(found), 1)
        lines.append(f"| {name} | {len(found)} | {len(found) / len(cases):.1f} | {sum(found)} | {share:.2f} |")
    return "\n".join(lines)


def _parts(seeds: Seeds, case: Case) -> tuple[list[bool], list[bool], list[bool]]:
    """Say of the first five, of the first five that could be asked and of whoever could not: who is a good answer."""
    right = {one.partner for one in case.judgements if one.grade >= RELEVANT_GRADE}
    listed = [
        (seeds.network.partners[one.partner_id].key in right, FLOOR.asks(one.score, place=one.place))
        for one in case.ranking.matches[:PLACES]
    ]
    asked, near = ([is_right for is_right, could in listed if could is wanted] for wanted in (True, False))
    return [is_right for is_right, _ in listed[:TRAP_PLACES]], asked[:TRAP_PLACES], near
