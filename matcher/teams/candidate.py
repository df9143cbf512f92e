"""Candidates become the few that are worth looking at, and people are counted by one rule or another."""

from collections.abc import Iterable
from dataclasses import dataclass

from matcher.terms import Candidate

# How far down each need's own ranking candidates are still looked at, and as many again that cover the most needs.
TOP_OF_NEED = 50


@dataclass(frozen=True, slots=True)
class Staffing:
    """How people are counted: each need takes `people_each` distinct ones, each for `days_each` days a month.

    One person serves at most `needs_each` needs of an opportunity; 0: as many as its free days allow.
    """

    people_each: int = 1
    days_each: int = 3
    needs_each: int = 0


# Half a week a month for each need: whoever is free for two weeks can take three small ones.
SHARED = Staffing()
# What a vendor used to ask of a firm: four people for each competency, none of them counted twice.
FOUR_EACH = Staffing(people_each=4, days_each=0, needs_each=1)


def shortlist(candidates: Iterable[Candidate], n_needs: int, *, top: int = TOP_OF_NEED) -> tuple[Candidate, ...]:
    """Keep the best candidates of each need and those that cover the most needs, by id."""
    listed = sorted(candidates, key=lambda one: one.partner_id)
    kept = {one.partner_id for one in sorted(listed, key=lambda one: -len(one.scores))[:top]}
    for need in range(n_needs):
        covering = [one for one in listed if need in one.scores]
        kept.update(one.partner_id for one in sorted(covering, key=lambda one: -one.scores[need])[:top])
    return tuple(one for one in listed if one.partner_id in kept and one.scores)


def at_odds(one: Candidate, other: Candidate) -> bool:
    """Tell whether either of two will not work with the other."""
    return other.partner_id in one.conflict_ids or one.partner_id in other.conflict_ids


def hundredths(score: float) -> int:
    """Round a score so that sums are exact; a smaller difference is none."""
    return round(score * 100)
