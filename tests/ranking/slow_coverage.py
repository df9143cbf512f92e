"""How well a partner covers a need, weighed one partner after the other: what the columns of facts must agree with."""

import math

from matcher.ranking.coverage import (
    BENCH_ASKED,
    BENCH_BUSY_SHARE,
    BOUGHT_DISCOUNT,
    DECLARED,
    HEIGHTS,
    LOST_DISCOUNT,
    LOST_MORE_DISCOUNT,
    MENTIONED,
    WORK_WON,
    Covering,
)
from matcher.ranking.graph import faded
from matcher.ranking.rules import is_free
from matcher.terms import Need


class SlowCovering(Covering):
    """Coverage on one day for one deadline, straight from the records."""

    def of_need(self, partner_id: int, need: Need) -> float:
        """Return in [0, 1] how well a need is covered: its best competency, and all of them on average."""
        values = [self.value(partner_id, key, need.level) for key in need.competency_keys]
        return 0.6 * max(values) + 0.4 * sum(values) / len(values) if values else 0.0

    def free_share(self, partner_id: int, need: Need) -> float:
        """Return 1 if somebody able is free in time, 0.5 if that is not known, 0 if all are busy or below the level."""
        able = self._records.able(partner_id, self._records.practices_needed([need]))
        if not able:
            return 0.5
        good = [one for one in able if HEIGHTS.get(one.level, 0) >= HEIGHTS[need.level]]
        return 1.0 if any(is_free(one, self._needed_by) for one in good) else 0.0

    def value(self, partner_id: int, key: str, level: str = "") -> float:
        """Return in [0, 1] how well a partner covers a competency, with people of the level asked for."""
        practices = self._practices_of(key)
        declared = not practices.isdisjoint(self._records.partners[partner_id].practices)
        _, badge_worth = self._badge(partner_id, key, practices)
        work_doubt, believed = self._work(partner_id, practices)
        mentioned = bool(practices & self._records.mentioned(partner_id))
        doubt = (1 - badge_worth) * (1 - self._bench(partner_id, practices, level)) * work_doubt
        doubt *= 1 - (DECLARED if declared else MENTIONED if mentioned else 0)
        return (1 - doubt) * believed

    def _bench(self, partner_id: int, practices: frozenset[str], level: str) -> float:
        """Return what the best person is worth, free or busy."""
        worth = BENCH_ASKED[level]
        worths = [worth.get(one.level, 0.0) for one in self._free(partner_id, practices)]
        worths += [worth.get(one.level, 0.0) * BENCH_BUSY_SHARE for one in self._records.able(partner_id, practices)]
        return max(worths, default=0.0)

    def _work(self, partner_id: int, practices: frozenset[str]) -> tuple[float, float]:
        """Return the doubt that all work won in it leaves, and how far to believe the rest."""
        done = [one for one in self._records.works(partner_id) if one.competency_key in practices]
        weights = [(one.outcome, faded(one.ended_on, self._today)) for one in done]
        doubt = math.prod(1 - WORK_WON * weight for outcome, weight in weights if outcome == "won")
        lost = sum(weight for outcome, weight in weights if outcome == "lost")
        all_done = sum(weight for _, weight in weights)
        believed = (1 - LOST_DISCOUNT * lost / (1 + all_done)) * self._own_share(partner_id, practices, all_done)
        return doubt, believed * self._record(partner_id)

    def _record(self, partner_id: int) -> float:
        """Return how far a firm is believed by how much more it lost than won, in whatever trade."""
        done = [(one.outcome, faded(one.ended_on, self._today)) for one in self._records.works(partner_id)]
        lost, all_done = sum(weight for outcome, weight in done if outcome == "lost"), sum(weight for _, weight in done)
        return 1 - LOST_MORE_DISCOUNT * max(0.0, 2 * lost - all_done) / (1 + all_done)

    def _own_share(self, partner_id: int, practices: frozenset[str], all_done: float) -> float:
        """Return how far a firm does such work itself, as told from what it led and had others do."""
        led = [one for one in self._records.bought(partner_id) if one.competency_key in practices]
        bought = sum(faded(one.ended_on, self._today) for one in led)
        return 1 - BOUGHT_DISCOUNT * bought / (1 + all_done + bought)
