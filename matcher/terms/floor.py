"""How good a match must be for its partner to be asked: one rule for the day's letters and for the poster's list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScoreFloor:
    """How good a match must be to be offered; the best few of each opportunity, and its team, may be a little worse."""

    score: float
    best_few: int
    score_of_few: float
    full_at: int = 25  # partners asked: from here on nobody in reserve is

    def asks(self, score: float, *, place: int, in_team: bool = False) -> bool:
        """Tell whether a match is good enough: score in [0, 1], place from 1, whether it takes a need in the team."""
        return score >= self.score or ((place <= self.best_few or in_team) and score >= self.score_of_few)


# Under it an offer is noise in somebody's inbox. On the judged postings 0.17 offers 3.3 firms a posting and keeps 66 of
# the 78 ranked firms that answer exactly; 0.12 keeps 69, with 7 more firms that are wrong and 12 that nobody judged.
# Where nobody reaches it, the best three are asked all the same: a poster must not wait for nothing.
FLOOR = ScoreFloor(score=0.17, best_few=3, score_of_few=0.06)
